# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""From a scope to its stacks in their order, with all that is told of them."""

from __future__ import annotations

from os.path import commonprefix
from typing import Any
from typing import Callable
from typing import Collection
from typing import Iterator
from typing import Mapping
from typing import Sequence

from .._aws.errors import OTHER
from .._aws.errors import AwsCallError
from .._aws.looks import Looks
from .._aws.rate import Rate
from .._stacks.listing import StackLister
from .._stacks.types import DELETE_COMPLETE
from .._stacks.types import StackView
from .match import DEPLOYS
from .match import LeftOut
from .match import Scope
from .match import doubles
from .match import matched
from .match import why_not
from .near import near_names
from .order import Order
from .order import OrderError
from .order import Said
from .order import ordered
from .reader import ScopeReader
from .reader import whole
from .rows import row
from .signals import found
from .strangers import outsiders
from .strangers import strays
from .survivors import survivors
from .template import deploys
from .template import readings_of
from .types import Found
from .types import Stack

MOST_ASKED = 30  # deleted stacks that are asked for their tags, a call each
_NOTHING = Order((), (), (), ())
_OF_THE_ORDER = ("cloudformation:GetTemplate", "cloudformation:ListStackResources")


def order_problem(said: Sequence[Said], names: Sequence[str]) -> str:
    """What is wrong with what a user says of the order; empty if nothing is."""
    for item in said:
        if not (item.after or item.not_after):
            return f"order says nothing of {item.stack}: give after or not_after."
        for name in (item.stack, *item.after, *item.not_after):
            if name not in names:
                near = near_names(name, names)
                hint = f" Did you mean {' or '.join(near)}?" if near else ""
                return f"order names {name}, which is no stack of the scope.{hint}"
    return ""


def exception_problem(scope: Scope, ours: Sequence[Stack], live: Collection[str]) -> str:
    """Why a stack would go that the scope seems to except; empty if none would."""
    inside = {part.view.name: stack.name for stack in ours for part in stack.parts[1:]}
    names = [stack.name for stack in ours]
    for name in scope.excepted:
        if name in inside:
            return f"scope.except names {name}, but it is nested in {inside[name]}, with which it goes: name that."
        near = [other for other in near_names(name, names) if other in names]
        if name not in live and near:
            return f"scope.except names {name}, which is no stack. Did you mean {' or '.join(near)}?"
    return ""


class ScopeRun:
    """``parse``: as of :class:`ScopeReader`. ``imports``: whether it is asked which stacks import what ours export, a
    call for each export. ``deleted``: whether stacks that are gone are looked for, too. ``workshop``: whose stacks they
    are, empty if no tag is looked at."""

    def __init__(
        self,
        looks: Looks,
        parse: Callable[[str], Mapping[str, Any]],
        imports: bool = False,
        deleted: bool = False,
        turn: Rate | None = None,
        workshop: str = "",
    ) -> None:
        self._workshop = workshop
        self._looks = looks
        self._reader = ScopeReader(looks, parse)
        self._imports = imports
        self._deleted = deleted
        self._lister = StackLister(looks.clients("cloudformation"), (turn or Rate()).wait)

    def take(self, scope: Scope, said: Sequence[Said] = ()) -> dict[str, Any]:
        """What is returned. Raises :class:`OrderError` and :class:`AwsCallError`."""
        live = self._looks.needed(lambda: self._lister.described(scope.names))
        fits = matched(scope, (live or {}).values(), self._workshop)
        if fits.refused:
            raise OrderError(" ".join(f"{item.stack} is named, but {item.because}." for item in fits.refused))
        stacks = whole((live or {}).values())
        read = self._reader.read([stacks[view.name] for view in fits.views])
        readings = readings_of(read)
        lands = [stack for stack in read if stack.name not in scope.names and deploys(stack, readings)]
        ours = [stack for stack in read if stack not in lands]
        names = [stack.name for stack in ours]
        problem = exception_problem(scope, ours, live or ()) or (order_problem(said, names) if ours else "")
        if problem:
            raise OrderError(problem)
        others = [stack for name, stack in sorted(stacks.items()) if name not in names]
        readings = {**readings_of(others), **readings}
        edges = found(ours, others, readings) if ours else Found()
        order = ordered(ours, edges, said) if ours else _NOTHING
        exports = {name: stack.name for stack in ours for part in stack.parts for name in part.view.exports}
        # Where there is no other stack, none can import.
        importers = self._reader.importers(sorted(exports)) if self._imports and others else {}
        left_out = [*fits.left_out, *(LeftOut(stack.name, DEPLOYS) for stack in lands)]
        # What the scope was made to leave out is not offered again.
        out = {*scope.excepted, *(item.stack for item in left_out)}
        meant = [stack for stack in others if stack.name not in out and not why_not(stack.view, False)[0]]
        past = self._past(scope, names, live is not None)
        gaps = self._looks.gaps()
        rows = {stack.name: row(stack, order) for stack in ours}
        return {
            "stacks": list(rows.values()),
            "groups": groups([[rows[name] for name in level] for level in order.levels], past["deleted"], scope),
            "edges": [edge.row() for edge in order.edges],
            "dropped": [item.row() for item in order.dropped if item.edge.after in names],
            "levels": [list(level) for level in order.levels],
            "outsiders": outsiders(edges.edges, names, importers, exports),
            "strays": strays(ours, meant, found(meant, ours, readings).edges),
            "survivors": survivors(ours, readings),
            "left_out": [{"stack": item.stack, "because": item.because} for item in left_out],
            **past,
            "doubts": [*order.warnings, *_in_vain(scope, ours, live or ()), *_unread(gaps)],
            "gaps": gaps,
        }

    def _past(self, scope: Scope, ours: Sequence[str], known: bool) -> dict[str, Any]:
        """Stacks of the scope that were deleted within 90 days, whether one has ever been seen, and if none has, what
        may be meant."""
        nothing = {"deleted": [], "seen": True if ours else None, "near_names": []}
        if not known or (ours and not self._deleted):
            return nothing
        views = self._looks.needed(self._lister.listed)
        if views is None:
            return nothing
        gone = [view for view in views if view.status == DELETE_COMPLETE and view.name not in ours]
        deleted = [view.name for view in matched(scope, self._tagged(scope, gone)).views]
        if ours or deleted:
            return {**nothing, "deleted": deleted, "seen": True}
        ever = [view.name for view in views if not view.nested]
        meant = scope.prefix or commonprefix(scope.names)
        return {**nothing, "seen": False, "near_names": near_names(meant, ever) if meant else []}

    def _tagged(self, scope: Scope, gone: Sequence[StackView]) -> list[StackView]:
        """Deleted stacks, the newest of them with their tags if the scope has some: a listing does not show them."""
        newest = sorted(gone, key=lambda view: (view.deleted is None, view.deleted), reverse=True)
        asked = [view for view in newest if not view.nested and not scope.matches(view)] if scope.tags else []
        if len(asked) > MOST_ASKED:
            words = f"of {len(asked)} deleted stacks, only the newest {MOST_ASKED} were asked for their tags"
            self._looks.note(AwsCallError(OTHER, "TooMany", words, "cloudformation:DescribeStacks"))
        found = {view.stack_id: view for view in gone}
        for view in asked[:MOST_ASKED]:
            described = self._looks.at(view.name, lambda key=view.stack_id: self._lister.by_id(key))
            if described is not None:
                found[view.stack_id] = described
        return list(found.values())


def groups(levels: Sequence[Sequence[Mapping[str, Any]]], deleted: Sequence[str], scope: Scope) -> list[dict[str, Any]]:
    """The table of groups: one for each level, and one for stacks that are gone. If there is none at all, what the
    scope says by name: who looks further looks for something that could only be of the scope."""
    found = [
        {"group": f"level_{number}", "phase": number, "stacks": list(rows)} for number, rows in enumerate(levels, 1)
    ]
    names = list(deleted)
    if not found and not names:
        names = [name for name in dict.fromkeys((*scope.names, scope.prefix)) if name]
    gone = {"group": "deleted", "phase": 1, "stacks": [{"name": name} for name in names]}
    return [*found, gone] if names else found


def _in_vain(scope: Scope, ours: Sequence[Stack], live: Collection[str]) -> Iterator[str]:
    """What a scope says in vain. Of nothing nothing can be excepted."""
    yield from (f"scope.names has {name} more than once." for name in doubles(scope.names))
    missing = [name for name in scope.excepted if ours and name not in live]
    yield from (f"scope.except names {name}, which is no stack." for name in missing)


def _unread(gaps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What the order is not found in."""
    for gap in gaps:
        if gap["action"] in _OF_THE_ORDER:
            yield f"What {', '.join(gap['about'])} comes after is not all known. {gap['action']}: {gap['message']}"
