# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._routing import plan as p
from ansible_collections.workshop.lifecycle.plugins.module_utils._routing.types import LAST
from ansible_collections.workshop.lifecycle.plugins.module_utils._routing.types import Rule
from hypothesis import given
from hypothesis import strategies as st

NEW = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x", "Values": ["new"]}}
DEFAULT = Rule("default", "l", LAST + 1, groups={"old": 1})
SHARE = {"current": 9, "new": 1}


def path(value):
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": [value]}}


def rule(priority, group="other", **more):
    return Rule(f"r{priority}", "l", priority, (path(f"/{priority}"),), {group: 1}, **more)


def brought(rules, wants):
    """The rules once they are as they are to be; their ARNs are given as AWS would."""
    done = [
        replace(step, rule=replace(step.rule, arn=step.rule.arn or f"made{number}"))
        for number, step in enumerate(p.steps(rules, wants, "web"))
    ]
    return p.after(rules, done)


def wants(origin=DEFAULT, conditions=(NEW,), weights=None):
    return p.wanted(origin, conditions, weights, "new")


def numbers(rules):
    return [item.priority for item in rules if item.mark]


@pytest.mark.parametrize(
    ("others", "origin", "weights", "expected"),
    [
        ((), DEFAULT, None, [LAST - 1]),
        ((), DEFAULT, SHARE, [LAST - 1, LAST]),
        ((LAST,), DEFAULT, None, None),
        ((LAST - 1,), DEFAULT, None, [LAST]),
        ((LAST - 1,), DEFAULT, SHARE, None),
        ((5,), rule(8, "old"), SHARE, [6, 7]),
        ((5,), rule(7, "old"), None, [6]),
        ((), rule(1, "old"), None, None),
        ((5, 9), rule(8, "old"), None, [6]),
    ],
)
def test_the_place_is_directly_before_the_rule_of_the_service(others, origin, weights, expected):
    rules = [*map(rule, others), *{origin.arn: origin, "default": DEFAULT}.values()]
    if expected is None:
        with pytest.raises(p.NoRoom):
            p.steps(rules, wants(origin, weights=weights), "web")
    else:
        assert numbers(brought(rules, wants(origin, weights=weights))) == expected


def test_the_share_of_a_rule_has_its_conditions_and_of_the_default_action_all_paths():
    shop = rule(8, "old")
    assert wants(shop, (), SHARE)[0].conditions == shop.conditions
    assert wants(DEFAULT, (), SHARE)[0].conditions == (path("/*"),)
    assert wants(DEFAULT, (), SHARE)[0].groups == {"old": 9, "new": 1}


def test_what_another_route_has_made_is_neither_changed_nor_gone_by():
    theirs = [replace(rule(3, "old"), mark="site/marked"), replace(rule(4), mark="webs/shared")]
    assert p.origins([*theirs, DEFAULT], ["old"]) == [DEFAULT]
    assert p.steps([*theirs, DEFAULT], [], "web") == []


def test_a_group_that_gets_nothing_is_no_way_to_it():
    assert p.origins([replace(DEFAULT, groups={"old": 0, "other": 1})], ["old"]) == []


STATES = st.builds(
    lambda others, origin, mine: [
        *(rule(number) for number in others - {origin}),
        *(replace(rule(n), mark=f"web/{kind}") for n, kind in mine.items() if n not in others | {origin}),
        rule(origin, "old"),
        replace(DEFAULT, groups={"other": 1}),
    ],
    st.sets(st.integers(1, 12)),
    st.integers(4, 12),
    st.dictionaries(st.integers(1, 14), st.sampled_from(["marked", "shared"]), max_size=4),
)


@given(STATES, st.booleans(), st.booleans())
def test_whatever_was_there(rules, marked, shared):
    """Others keep their rules, ours are between the rule of the service and what is before that, in their order, and
    nothing is left to do."""
    origin = p.origins(rules, ["old"])[0]
    wanted = p.wanted(origin, (NEW,) if marked else (), SHARE if shared else None, "new")
    try:
        after = brought(rules, wanted)
    except p.NoRoom:
        return
    assert [item for item in after if not item.mark] == sorted(
        (item for item in rules if not item.mark), key=lambda item: item.priority
    )
    ours = [item for item in after if item.mark]
    assert [item.mark for item in ours] == ["web/marked"] * marked + ["web/shared"] * shared
    before = max((item.priority for item in after if not item.mark and item.priority < origin.priority), default=0)
    assert all(before < item.priority < origin.priority for item in ours)
    assert len({item.priority for item in after}) == len(after) and p.steps(after, wanted, "web") == []
