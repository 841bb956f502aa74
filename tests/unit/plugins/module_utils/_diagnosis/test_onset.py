# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.onset import onset
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.onset import unlikely


def series(text):
    """One request a second: ``.`` went well, ``x`` failed."""
    return [(float(second), sign == "x") for second, sign in enumerate(text)]


def test_nothing_failed():
    assert onset(series("....")) is None and onset([]) is None


@pytest.mark.parametrize(
    ("text", "since", "exact", "until", "count", "of", "before"),
    [
        ("." * 31 + "x" * 12, 31, True, None, 12, 12, (0, 31)),
        ("...x", 3, True, None, 1, 1, (0, 3)),
        ("x", 0, False, None, 1, 1, (0, 0)),
        # A few failures before do not hide that it became many.
        ("." * 30 + "x" + "." * 29 + "x." * 20, 60, True, None, 20, 40, (1, 60)),
        # Each tenth, all the time.
        (".........x" * 9, 9, False, None, 9, 81, (0, 9)),
        # It is over: that so many go well is no chance.
        ("....xxxx.....", 4, True, 7, 4, 4, (0, 4)),
        # Half of them fail, and that two go well says nothing.
        (".......x.x.x.x..", 7, True, None, 4, 9, (0, 7)),
    ],
)
def test_since_when_and_how_often(text, since, exact, until, count, of, before):
    found = onset(series(text))
    assert (found.since, found.exact, found.until) == (since, exact, until)
    assert (found.count, found.of, found.before) == (count, of, before)


def test_order_does_not_matter():
    requests = series("....xxxx.....")
    assert onset(requests[::-1]) == onset(requests)


def test_no_request_tells_nothing_of_a_rate():
    assert not unlikely(1.0, 0) and unlikely(1.0, 1) and not unlikely(0.1, 9) and unlikely(0.1, 30)
