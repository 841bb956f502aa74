# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.times import ago_to_iso
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.times import iso_to_ago


def test_there_and_back():
    assert iso_to_ago(ago_to_iso(90.0)) == pytest.approx(90.0, abs=5.0)


def test_a_time_to_come_is_now():
    assert iso_to_ago(ago_to_iso(-3600.0)) == 0.0


@pytest.mark.parametrize("text", ["", "yesterday", "2026-10-01T16:00:00"])
def test_what_is_no_time_with_a_zone(text):
    with pytest.raises(ValueError):
        iso_to_ago(text)
