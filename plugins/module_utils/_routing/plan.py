# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which rules there are to be, and how those that are there become them. No AWS."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import Iterable
from typing import Mapping
from typing import Sequence

from . import conditions as c
from .types import LAST
from .types import MARKED
from .types import SHARED
from .types import Condition
from .types import Rule
from .types import Wanted

CREATE = "create"
MODIFY = "modify"
MOVE = "move"
DELETE = "delete"


class NoRoom(Exception):
    """There is no free priority for a rule where it has to be."""


@dataclass(frozen=True)
class Step:
    """``rule``: as it is to be; of one that is to be deleted, as it is."""

    what: str
    rule: Rule


def mark(name: str, kind: str) -> str:
    """The value of our tag."""
    return f"{name}/{kind}"


def name_of(value: str) -> str:
    """Of which route a rule with this value of our tag is."""
    return value.rpartition("/")[0]


def is_of(rule: Rule, name: str) -> bool:
    """Whether a rule is one of this route."""
    return rule.mark in (mark(name, MARKED), mark(name, SHARED))


def origins(rules: Iterable[Rule], groups: Iterable[str]) -> list[Rule]:
    """The rules that others have made by which requests come to one of these target groups."""
    wanted_groups = set(groups)
    return [rule for rule in rules if not rule.mark and wanted_groups & set(rule.live)]


def wanted(
    origin: Rule, conditions: Sequence[Condition], weights: Mapping[str, int] | None, new: str
) -> list[Wanted]:
    """The rules that are to be in front of one, in their order. ``weights``: of ``current`` and ``new``, None for no
    share."""
    own = () if origin.is_default else origin.conditions
    found = []
    if conditions:
        found.append(Wanted(origin, MARKED, (*own, *conditions), {new: 1}))
    if weights is not None:
        shares = {origin.live[0]: weights["current"], new: weights["new"]}
        found.append(Wanted(origin, SHARED, own or (c.EVERYTHING,), shares))
    return found


def in_the_way(rules: Iterable[Rule], want: Wanted) -> list[Rule]:
    """Rules of others in front of this one that take all requests it is for."""
    before = [rule for rule in rules if not rule.mark and rule.priority < want.origin.priority]
    return [rule for rule in before if c.takes_all_of(rule.conditions, want.conditions)]


def steps(rules: Sequence[Rule], wants: Sequence[Wanted], name: str) -> list[Step]:
    """What has to be done with one listener. Raises :class:`NoRoom`."""
    mine = [rule for rule in rules if is_of(rule, name)]
    kept: dict[int, Rule] = {}
    for number, want in enumerate(wants):
        for rule in mine:
            fits = rule.mark == mark(name, want.kind) and c.same(rule.conditions, want.conditions)
            if fits and rule not in kept.values():
                kept[number] = rule
                break
    taken = {rule.priority for rule in rules}
    made: list[Step] = []
    for origin in dict.fromkeys(want.origin.arn for want in wants):
        numbers = [number for number, want in enumerate(wants) if want.origin.arn == origin]
        own = [kept.get(number) for number in numbers]
        for number, priority in _places(rules, [wants[number] for number in numbers], own, taken):
            made += _steps_of(wants[numbers[number]], kept.get(numbers[number]), priority, name)
    gone = [rule for rule in mine if rule not in kept.values()]
    return [*made, *(Step(DELETE, rule) for rule in gone)]


def after(rules: Sequence[Rule], done: Iterable[Step]) -> list[Rule]:
    """The rules once this is done."""
    found = {rule.arn: rule for rule in rules}
    for number, step in enumerate(done):
        if step.what == DELETE:
            found.pop(step.rule.arn, None)
        else:
            found[step.rule.arn or f"new {number}"] = step.rule
    return sorted(found.values(), key=lambda rule: rule.priority)


def _places(
    rules: Sequence[Rule], wants: Sequence[Wanted], kept: Sequence[Rule | None], taken: set[int]
) -> list[tuple[int, int]]:
    """The priority of each rule in front of one origin, by its number among them. They come directly before it: in
    front of a rule of somebody else they could take requests that are for that one."""
    origin = wants[0].origin
    low = max((rule.priority for rule in rules if not rule.mark and rule.priority < origin.priority), default=0)
    upper, found = origin.priority, []
    for number in reversed(range(len(wants))):
        rule = kept[number]
        if rule is not None and low < rule.priority < upper:
            priority = rule.priority
        else:
            free = [item for item in range(min(upper - 1, LAST), low, -1) if item not in taken]
            if not free:
                raise NoRoom(f"{low or 'the first one'} and {'the last one' if origin.is_default else origin.priority}")
            # A place is left for the rule that shares, so that none has to be moved for it.
            leave = len(free) > 1 and number == len(wants) - 1 and wants[number].kind == MARKED
            priority = free[1] if leave else free[0]
            taken.add(priority)
        found.append((number, priority))
        upper = priority
    return found[::-1]


def _steps_of(want: Wanted, rule: Rule | None, priority: int, name: str) -> list[Step]:
    if rule is None:
        made = Rule("", want.origin.listener, priority, want.conditions, want.groups, mark=mark(name, want.kind))
        return [Step(CREATE, made)]
    found = []
    if rule.priority != priority:
        rule = replace(rule, priority=priority)
        found.append(Step(MOVE, rule))
    if dict(rule.groups) != dict(want.groups) or not rule.plain:
        found.append(Step(MODIFY, replace(rule, groups=want.groups, plain=True)))
    return found
