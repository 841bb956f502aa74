# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which stacks seem to be one workshop, where nobody has said it: by a tag, by how their names begin, by what they use.

It is a guess. What holds is the scope that comes of it: that one takes in these stacks and no other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from typing import Collection
from typing import Iterable
from typing import Iterator
from typing import Mapping
from typing import Sequence

from .._stacks.types import StackView
from .match import LEAST
from .match import Scope
from .match import matched
from .match import why_not

#: Keys of tags whose values name what stacks belong to, the most telling first.
TAG_KEYS = ("workshop", "project", "application")
# What put the stacks of a workshop together.
TAG, PREFIX, EDGES, ALONE = "tag", "prefix", "edges", "alone"

#: What shows that one stack uses another, by the names of the one that is used and of the one that uses it.
Links = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Workshop:
    """``stacks``: sorted names. ``joined``: those of them that only edges put there, each with what shows it.
    ``scope``: takes in just these. ``linked``: stacks of others that use it, or that it uses."""

    name: str
    by: str
    stacks: tuple[str, ...]
    joined: Mapping[str, str]
    scope: Scope
    linked: tuple[str, ...]


@dataclass
class _Group:
    """``names``: what ``base`` gathers. ``joined``: what edges put there besides."""

    base: Scope
    names: list[str]
    joined: list[str] = field(default_factory=list)

    @property
    def stacks(self) -> set[str]:
        return {*self.names, *self.joined}


def grouped(
    views: Sequence[StackView],
    links: Links,
    besides: Collection[str] = (),
    tag_keys: Sequence[str] = TAG_KEYS,
) -> list[Workshop]:
    """All stacks that may be of a workshop, each in one, sorted by name.

    ``views``: all stacks of a region that are not deleted, nested ones as well. ``besides``: names of more that are of
    none. ``tag_keys``: in lower case.
    """
    candidates = {view.name: view for view in views if not why_not(view, False)[0] and view.name not in besides}
    others = [view for view in views if view.name not in besides]
    links = {pair: shown for pair, shown in links.items() if candidates.keys() >= {*pair} and pair[0] != pair[1]}
    groups = _gathered(candidates, links, tag_keys)
    _let_go(groups, links)
    groups = [group for group in groups if len(group.names) > 1 or group.base.tags]
    apart: list[list[str]] = []
    while True:
        placed = {name for group in groups for name in group.stacks}
        apart = _join(groups, _components(candidates.keys() - placed, links), links)
        if not _merge(groups, links):
            break
    groups += [_Group(Scope(), names) for names in apart]
    return sorted((_workshop(group, others, links) for group in groups), key=lambda item: (item.name, item.stacks))


def _gathered(candidates: Mapping[str, StackView], links: Links, tag_keys: Sequence[str]) -> list[_Group]:
    """Stacks with the same tag, and of the others those whose names begin alike."""
    tagged: dict[tuple[str, str], list[tuple[str, str]]] = {}
    bare = []
    for name, view in sorted(candidates.items()):
        lower = {key.lower(): key for key in view.tags}
        found = next((item for item in tag_keys if len(view.tags.get(lower.get(item, ""), "")) >= LEAST), None)
        if found is None:
            bare.append(name)
        else:
            key = lower[found]
            tagged.setdefault((found, view.tags[key]), []).append((key, name))
    groups = []
    for (_key, value), members in tagged.items():
        written = Counter(key for key, _name in members).most_common(1)[0][0]
        groups.append(_Group(Scope(tags={written: value}), [name for _key, name in members]))
    return [*groups, *(_Group(Scope(prefix), names) for prefix, names in _by_prefix(bare, links))]


def _by_prefix(names: Sequence[str], links: Links, words: int = 0) -> Iterator[tuple[str, list[str]]]:
    """Several names with the words that they begin with, a hyphen after them. C(words): how many these share.

    Further words divide them where each has several stacks, and none uses another: C(shop-dev-) and C(shop-prod-), but
    not C(shop-service-) and C(shop-db-). They also divide off a single stack, as C(shop-devices), where those of the
    others use each other.
    """
    alike: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        alike.setdefault(tuple(name.split("-")[: words + 1]), []).append(name)
    groups = list(alike.values())
    several = [group for group in groups if len(group) > 1]
    divided = (
        several
        and (len(several) == len(groups) or all(_held(group, links) for group in several))
        and not any(_linked(group, set(names) - set(group), links) for group in several)
    )
    if words == 0 or divided:
        for group in several:
            yield from _by_prefix(group, links, words + 1)
        return
    prefix = "-".join(names[0].split("-")[:words]) + "-"
    if len(prefix) >= LEAST:
        yield prefix, list(names)


def _let_go(groups: Sequence[_Group], links: Links) -> None:
    """Let go of stacks whose names begin alike and that have nothing to do with each other, where one other group alone
    uses them: what uses a stack says more than its name."""
    whose = {name: number for number, group in enumerate(groups) for name in group.names}
    for number, group in enumerate(groups):
        names = set(group.names)
        if group.base.tags or _held(names, links):
            continue
        for name in sorted(names):
            users = {whose.get(user, number) for used, user in links if used == name}
            if users and number not in users and len(users) == 1:
                group.names.remove(name)


def _join(groups: Sequence[_Group], loose: Iterable[list[str]], links: Links) -> list[list[str]]:
    """Put stacks of no group where the one group is that they have to do with; those that are left."""
    left = []
    for names in loose:
        near = [group for group in groups if _linked(names, group.stacks, links)]
        if len(near) == 1:
            near[0].joined += names
        else:
            left.append(names)
    return left


def _merge(groups: list[_Group], links: Links) -> bool:
    """Put a group, unless somebody has said by a tag what belongs to it, to the only other one that uses it; whether
    there was one."""
    for group in groups:
        users = [
            other
            for other in groups
            if other is not group and any(used in group.stacks and user in other.stacks for used, user in links)
        ]
        if len(users) == 1 and not (group.base.tags and users[0].base.tags):
            pair = sorted((group, users[0]), key=lambda item: (bool(item.base.tags), len(item.stacks)))
            pair[1].joined += sorted(pair[0].stacks)
            groups.remove(pair[0])
            return True
    return False


def _components(names: Iterable[str], links: Links) -> list[list[str]]:
    """The names in groups between which no edge leads."""
    near: dict[str, set[str]] = {name: set() for name in names}
    for used, user in links:
        if used in near and user in near:
            near[used].add(user)
            near[user].add(used)
    left, found = set(near), []
    while left:
        group: set[str] = set()
        waiting = {min(left)}
        while waiting:
            name = waiting.pop()
            group.add(name)
            waiting |= near[name] - group
        left -= group
        found.append(sorted(group))
    return found


def _held(names: Collection[str], links: Links) -> bool:
    """Whether one of them uses another."""
    return any(used in names and user in names for used, user in links)


def _linked(names: Collection[str], others: Collection[str], links: Links) -> set[str]:
    """Those of the others that one of these names uses, or that use it."""
    return {
        other for pair in links for name, other in (pair, pair[::-1]) if name in names and other in others
    }


def _workshop(group: _Group, views: Sequence[StackView], links: Links) -> Workshop:
    base, stacks = group.base, sorted(group.stacks)
    name = base.prefix.rstrip("-") or next(iter(base.tags.values()), stacks[0])
    if base.tags:
        by, edges_put = TAG, sorted(group.joined)
    elif base.prefix:
        by, edges_put = PREFIX, sorted(group.joined)
    else:
        by, edges_put = (EDGES, stacks) if len(stacks) > 1 else (ALONE, [])
    return Workshop(
        name=name,
        by=by,
        stacks=tuple(stacks),
        joined={each: _shown(each, group, links) for each in edges_put},
        scope=_exact(base, stacks, views),
        linked=tuple(sorted(_linked(stacks, {view.name for view in views} - set(stacks), links))),
    )


def _shown(name: str, group: _Group, links: Links) -> str:
    """What shows that a stack has to do with others of these, best with those that no edges put there; nothing if only
    its name, and what others that are called like it have to do with them."""
    shown = {
        (other not in group.names, words)
        for pair, words in links.items()
        for each, other in (pair, pair[::-1])
        if each == name and other in group.stacks
    }
    return min(shown, default=(False, ""))[1]


def _exact(base: Scope, stacks: Sequence[str], views: Sequence[StackView]) -> Scope:
    """A scope that takes in these stacks alone, by what they have in common as far as that goes."""
    takes = {view.name for view in matched(base, views).views}
    missing, excepted = sorted(set(stacks) - takes), sorted(takes - set(stacks))
    scope = Scope(base.prefix, base.tags, tuple(missing), tuple(excepted))
    taken = [view.name for view in matched(scope, views).views]
    if len(missing) + len(excepted) >= len(stacks) or taken != list(stacks):
        return Scope(names=tuple(stacks))
    return scope
