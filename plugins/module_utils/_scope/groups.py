# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which stacks seem to be one workshop, where nobody has said it: by a tag, by how their names begin, by what they use.

It is a guess. What holds is the scope that comes of it: that one takes in these stacks and no other.
"""

from __future__ import annotations

from dataclasses import dataclass
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

Link = frozenset[str]  # the names of two stacks of which one uses the other


@dataclass(frozen=True)
class Workshop:
    """``stacks``: sorted names. ``joined``: those of them that only edges put there, beside others. ``scope``: takes in
    just these. ``linked``: stacks of others that use it, or that it uses."""

    name: str
    by: str
    stacks: tuple[str, ...]
    joined: tuple[str, ...]
    scope: Scope
    linked: tuple[str, ...]


def grouped(
    views: Sequence[StackView],
    links: Collection[Link],
    besides: Collection[str] = (),
    tag_keys: Sequence[str] = TAG_KEYS,
) -> list[Workshop]:
    """All stacks that may be of a workshop, each in one, sorted by name.

    ``views``: all stacks of a region that are not deleted, nested ones as well. ``besides``: names of more that are of
    none.
    """
    candidates = {view.name: view for view in views if not why_not(view, False)[0] and view.name not in besides}
    others = [view for view in views if view.name not in besides]
    gathered = _gathered(candidates, links, tag_keys)
    loose = sorted(candidates.keys() - {name for _base, names in gathered for name in names})
    joined: list[list[str]] = [[] for _group in gathered]
    apart: list[list[str]] = []
    for names in _components(loose, links):
        near = [number for number, (_base, members) in enumerate(gathered) if any(_linked(names, members, links))]
        if len(near) == 1:
            joined[near[0]] += names
        else:
            apart.append(names)
    found = [
        _workshop(base, PREFIX if base.prefix else TAG, names, more, others, links)
        for (base, names), more in zip(gathered, joined)
    ]
    found += [_workshop(Scope(), EDGES if len(names) > 1 else ALONE, names, (), others, links) for names in apart]
    return sorted(found, key=lambda item: (item.name, item.stacks))


def _gathered(
    candidates: Mapping[str, StackView], links: Collection[Link], tag_keys: Sequence[str]
) -> list[tuple[Scope, list[str]]]:
    """Stacks with the same tag, and of the others those whose names begin alike."""
    tagged: dict[tuple[str, str], list[str]] = {}
    bare = []
    for name, view in sorted(candidates.items()):
        lower = {key.lower(): key for key in view.tags}
        key = next((lower[item] for item in tag_keys if len(view.tags.get(lower.get(item, ""), "")) >= LEAST), None)
        if key is None:
            bare.append(name)
        else:
            tagged.setdefault((key, view.tags[key]), []).append(name)
    by_tag = [(Scope(tags={key: value}), names) for (key, value), names in tagged.items()]
    return [*by_tag, *((Scope(prefix), names) for prefix, names in _by_prefix(bare, links))]


def _by_prefix(names: Sequence[str], links: Collection[Link], words: int = 0) -> Iterator[tuple[str, list[str]]]:
    """Several names with the words that they begin with, a hyphen after them. C(words): how many these share.

    Further words divide them where each has several stacks, and no edge leads from one to another: C(shop-dev-) and
    C(shop-prod-), but not C(shop-service-) and C(shop-db-).
    """
    alike: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        alike.setdefault(tuple(name.split("-")[: words + 1]), []).append(name)
    groups = list(alike.values())
    divided = all(len(group) > 1 for group in groups) and not any(
        any(_linked(group, set(names) - set(group), links)) for group in groups
    )
    if words == 0 or divided:
        for group in groups:
            if len(group) > 1:
                yield from _by_prefix(group, links, words + 1)
        return
    prefix = "-".join(names[0].split("-")[:words]) + "-"
    if len(prefix) >= LEAST:
        yield prefix, list(names)


def _components(names: Iterable[str], links: Collection[Link]) -> list[list[str]]:
    """The names in groups between which no edge leads."""
    left = dict.fromkeys(names)
    found = []
    while left:
        group = [left.popitem()[0]]
        for name in group:
            near = [other for other in left if frozenset((name, other)) in links]
            group += near
            for other in near:
                del left[other]
        found.append(sorted(group))
    return sorted(found)


def _linked(names: Collection[str], others: Collection[str], links: Collection[Link]) -> Iterator[str]:
    """Those of the others that have an edge with one of these names, or it with them."""
    for link in links:
        for name in link:
            if name in others and any(item in names for item in link - {name}):
                yield name


def _workshop(
    base: Scope,
    by: str,
    names: Sequence[str],
    joined: Sequence[str],
    views: Sequence[StackView],
    links: Collection[Link],
) -> Workshop:
    stacks = sorted({*names, *joined})
    scope = _exact(base, stacks, views)
    name = base.prefix.rstrip("-") or next(iter(base.tags.values()), stacks[0])
    linked = sorted(set(_linked(stacks, {view.name for view in views} - set(stacks), links)))
    return Workshop(name, by, tuple(stacks), tuple(sorted(joined)), scope, tuple(linked))


def _exact(base: Scope, stacks: Sequence[str], views: Sequence[StackView]) -> Scope:
    """A scope that takes in these stacks alone, by what they have in common as far as that goes."""
    takes = {view.name for view in matched(base, views).views}
    missing, excepted = sorted(set(stacks) - takes), sorted(takes - set(stacks))
    if len(missing) + len(excepted) >= len(stacks):
        return Scope(names=tuple(stacks))
    return Scope(base.prefix, base.tags, tuple(missing), tuple(excepted))
