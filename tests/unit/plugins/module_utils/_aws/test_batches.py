# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.batches import batches


def test_all_are_in_one_batch_each_in_their_order():
    assert batches("abcde", 2) == [["a", "b"], ["c", "d"], ["e"]]
    assert batches((), 2) == [] and batches([1, 2], 2) == [[1, 2]]
