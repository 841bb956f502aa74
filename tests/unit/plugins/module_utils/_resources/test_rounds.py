# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.rounds import Rounds
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import Leftover
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import Outcome

MADE_BY_AWS = Leftover("log_group", "/aws/x", "/aws/x")
REMADE = Leftover("log_group", "shop-FlowLogs", "shop-FlowLogs")
GROUP = Leftover("xray_group", "shop", "shop")


def played(found, quiet, action="removed", settle=10):
    """What became of each, and what was done in which order, where each look finds the next of ``found``."""
    done = []
    looks = iter(found)

    def look():
        done.append("look")
        return next(looks)

    def remove(items):
        return {item: Outcome(action) for item in items}

    rounds = Rounds(look, remove, done.append, settle, quiet)
    return list(rounds.run(lambda item: item == REMADE)), done


@pytest.mark.parametrize(
    ("found", "quiet", "done"),
    [
        ([[]], None, ["look"]),
        ([[GROUP]], None, ["look"]),
        ([[MADE_BY_AWS], []], None, ["look", 10, "look"]),
        ([[REMADE], [REMADE]], None, ["look", 10, "look"]),
        ([[MADE_BY_AWS]], 60, ["look"]),
        ([[REMADE], []], 60, ["look", 10, "look"]),
        ([[MADE_BY_AWS, GROUP]], 4, [6, "look"]),
        ([[]], 10, ["look"]),
    ],
)
def test_log_groups_get_the_time_to_come_back(found, quiet, done):
    outcomes, seen = played(found, quiet)
    assert seen == done
    assert outcomes == [(item, Outcome("removed")) for items in found for item in items]


@pytest.mark.parametrize("action", ["failed", "absent"])
def test_what_was_not_removed_is_not_looked_for_again(action):
    assert played([[REMADE, GROUP]], None, action)[1] == ["look"]


def test_what_was_done_before_an_error_is_told():
    looks = iter([[REMADE]])

    def look():
        for found in looks:
            return found
        raise ValueError

    rounds = Rounds(look, lambda items: dict.fromkeys(items, Outcome("removed")), lambda seconds: None, 1, None)
    seen = []
    with pytest.raises(ValueError):
        for pair in rounds.run(lambda item: False):
            seen.append(pair)
    assert seen == [(REMADE, Outcome("removed"))]
