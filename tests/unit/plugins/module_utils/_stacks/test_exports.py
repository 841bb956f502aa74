# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.exports import export_in_use


@pytest.mark.parametrize(
    ("words", "export", "importers"),
    [
        ("Export shop:VpcId cannot be deleted as it is in use by web", "shop:VpcId", ("web",)),
        ("Export a-b cannot be deleted as it is in use by web and api-2", "a-b", ("web", "api-2")),
        ("Export x cannot be deleted as it is in use by a, b and c. ", "x", ("a", "b", "c")),
        ("Export x cannot be deleted as it is in use by a and b and c", "x", ("a", "b", "c")),
        ("Delete canceled. Cannot delete export x as it is in use by web.", "x", ("web",)),
        ("cloudformation:DeleteStack answered ValidationError: Export x cannot be deleted as it is in use by y", "x",
         ("y",)),
    ],
)  # fmt: skip
def test_who_uses_what(words, export, importers):
    found = export_in_use(words)
    assert (found.export, found.importers) == (export, importers)
    assert found.words.endswith(".") and not found.words.endswith(". ") and not found.words.endswith("..")


@pytest.mark.parametrize("words", ["", "Internal Failure", "The following resource(s) failed to delete: [Export]."])
def test_other_words(words):
    assert export_in_use(words) is None
