# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Clearing what holds one stack up: what can be undone first, then the rest, each looked at anew afterwards."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Executor
from typing import Any
from typing import Callable
from typing import Collection
from typing import Mapping
from typing import Sequence

from .._aws.errors import FORM
from .._aws.errors import AwsCallError
from .._aws.errors import other_form
from .._aws.errors import survivable
from .._aws.looks import Looks
from .._aws.looks import client_of
from .._resources.blocker import PROTECTION
from .._resources.blocker import Amount
from .._resources.blocker import added
from .._resources.blocker import amounts_told
from .._resources.clearing import NotCleared
from .._resources.clearing import Work
from .._resources.lookup import Lookups
from .._resources.ours import Ours
from .._resources.ours import Resource
from .._resources.registry import TYPES
from .cleared import Cleared
from .finding import Found
from .finding import contents
from .finding import is_protected
from .finding import protections
from .words import called

ROUNDS = 2  # of clearing one resource, to which others may write meanwhile
LOOKS = 30  # at a protection that was switched off, which services show late
PAUSE = 2.0  # seconds between two of these
STUCK = "Not tried, since something else holds its stack that can not be cleared."
STOPPED = "It was stopped before it was done: run this again to go on."


class Job:
    """One stack, once. ``resources``: what the stack owns, as it was read just now, of types that are agreed to.
    ``unagreed``: what else it owns, whose protections keep it, so that nothing is to be lost beside them.
    ``run`` is for a thread of its own; all else may be read meanwhile.

    ``rows``: what is cleared, as it stands. ``stuck``: what can not be cleared, for which nothing of the stack was.
    ``gaps``: what could not be looked at."""

    def __init__(
        self,
        clients: Callable[[str], Any],
        stack_id: str,
        ours: Ours,
        resources: Collection[Resource],
        unagreed: Collection[Resource] = (),
    ) -> None:
        self._clients = clients
        self._stack_id = stack_id
        self._ours = ours
        self._resources = resources
        self._unagreed = unagreed
        self._stop = threading.Event()
        self.rows: list[Cleared] = []
        self.stuck: list[Found] = []
        self.gaps: list[dict[str, Any]] = []

    def stop(self) -> None:
        """End soon. What is done by then stays done."""
        self._stop.set()

    def reason(self) -> str:
        """Why it is not all cleared; empty if it is."""
        told = [f"{called(item.resource)}: {item.blocker.reason}" for item in self.stuck]
        told += [f"{called(row.resource)} is not cleared: {row.reason}" for row in self.rows if row.reason]
        return " ".join(told)

    def look(self) -> None:
        """Only find what would be cleared. Raises :class:`AwsCallError` for credentials that have ended."""
        with self._looks() as looks:
            found = [*protections(looks, self._ours, self._resources), *contents(looks, self._ours, self._resources)]
            stays = protections(looks, self._ours, self._unagreed)
            self.gaps = looks.gaps()
        self.stuck = [item for item in found if not item.blocker.clear and item.blocker.certain] + stays
        grouped: dict[tuple[Resource, bool], list[Found]] = {}
        for item in found:
            if item.blocker.clear:
                grouped.setdefault((item.resource, item.protection), []).append(item)
        reason = STUCK if self.stuck else ""
        self.rows = [
            Cleared(resource, items, protection, reason=reason) for (resource, protection), items in grouped.items()
        ]

    def run(self, pool: Executor) -> None:
        """``pool``: for several resources at the same time. Raises :class:`AwsCallError` for credentials that have
        ended."""
        self.look()
        if self.stuck:
            return
        own = [row for row in self.rows if row.protection]
        list(pool.map(lambda row: self._one(row, self._lift), own))
        rest = [row for row in self.rows if not row.protection]
        if any(row.reason for row in own):
            for row in rest:
                row.reason = "Not tried, since its stack would not go anyway."
            return
        list(pool.map(lambda row: self._one(row, self._clear), rest))

    def put_back(self) -> list[str]:
        """Undo what can be undone, for a stack that did not go. What could not be, in words."""
        problems = []
        for row in self.rows:
            undo, row.undo = row.undo, None
            if undo is None:
                continue
            try:
                # With pauses between tries, although it was told to stop: it would stay as it is for good.
                with Looks(self._clients, time.sleep) as looks:
                    looks.tried(undo)
                # What was in one is lost, whatever else of it is as before.
                row.put_back = row.protection
            except AwsCallError as error:
                if not self._is_gone(row.resource):
                    problems.append(_not_put_back(row, error.advice()))
            except NotCleared as error:
                problems.append(_not_put_back(row, str(error)))
            except FORM as error:
                told = other_form(error, TYPES[row.resource.type].lookup.action)
                problems.append(_not_put_back(row, told.advice()))
        return problems

    def _is_gone(self, resource: Resource) -> bool:
        """Whether one is sure to be gone. Raises nothing: what is wrong with the credentials has been said, and others
        are to be put back."""
        try:
            with self._looks() as looks:
                return Lookups(looks).there([resource])[resource] is False
        except AwsCallError:
            return False

    def _looks(self) -> Looks:
        return Looks(self._clients, self._stop.wait)

    def _one(self, row: Cleared, clear: Callable[[Looks, Cleared], None]) -> None:
        """Clear one, and say why if that is not done."""
        if self._stop.is_set():
            row.reason = STOPPED
            return
        row.going = True
        try:
            with self._looks() as looks:
                clear(looks, row)
        except AwsCallError as error:
            row.reason = error.advice()
        except NotCleared as error:
            row.reason = str(error)
        except FORM as error:
            row.reason = other_form(error, TYPES[row.resource.type].lookup.action).advice()
        row.going = False

    def _lift(self, looks: Looks, row: Cleared) -> None:
        """Switch a protection off, and see that it is."""
        name, physical_id = row.resource.type, row.resource.physical_id
        protection = TYPES[name].protection
        switch = protection.switch if protection else None
        if protection is None or switch is None:
            return
        client = looks.clients(client_of(protection.action))
        row.undo = lambda: switch(client, physical_id, True)
        try:
            looks.tried(lambda: switch(client, physical_id, False))
        except AwsCallError as error:
            # Without an answer it may have been done.
            row.undo = row.undo if survivable(error) else None
            raise
        row.done = (PROTECTION,)
        for _look in range(LOOKS):
            if not is_protected(looks, row.resource):
                if looks.gaps():
                    raise NotCleared(f"Whether it was switched off could not be looked at. {_told(looks.gaps())}")
                return
            self._stop.wait(PAUSE)
            if self._stop.is_set():
                raise NotCleared(STOPPED)
        raise NotCleared(f"It still shows as protected {LOOKS * PAUSE:g} s after that was switched off.")

    def _clear(self, looks: Looks, row: Cleared) -> None:
        """Clear what is in one, or beside it, and see that nothing of it is left."""
        clearing = TYPES[row.resource.type].clearing
        if clearing is None:
            return
        if clearing.put_back is not None:
            row.undo = lambda: self._undo(row)
        left = list(row.found)
        for _round in range(ROUNDS):
            before = row.done
            done = clearing.clear(self._work(looks, row), row.resource.physical_id)
            if self._stop.is_set():
                raise NotCleared(STOPPED)  # with what was told of it until then
            row.done = tuple(added([*before, *done]))
            # What was looked at once for the other rounds may have changed since.
            with self._looks() as anew:
                found = contents(anew, self._ours, [row.resource])
                gaps = [*looks.gaps(), *anew.gaps()]
            left = [item for item in found if item.blocker.certain]
            unseen = [gap for gap in gaps if not _was_told(gap, self.gaps)]
            if unseen:
                raise NotCleared(f"Whether anything is left could not be looked at. {_told(unseen)}")
            if not left:
                return
        raise NotCleared(_still(left))

    def _undo(self, row: Cleared) -> None:
        clearing = TYPES[row.resource.type].clearing
        if clearing is not None and clearing.put_back is not None:
            with self._looks() as looks:
                clearing.put_back(self._work(looks, row), row.resource.physical_id)

    def _work(self, looks: Looks, row: Cleared) -> Work:
        before = row.done

        def told(amounts: Sequence[Amount]) -> None:
            row.done = tuple(added([*before, *amounts]))

        account = self._ours.place.account
        return Work(looks, self._stack_id, account, told, self._stop.is_set, self._stop.wait, self._ours)


def _told(gaps: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(f"{gap['action']}: {gap['message']}" for gap in gaps)


def _was_told(gap: Mapping[str, Any], gaps: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the same could not be looked at before, alone or together with others."""
    before = ", ".join(about for other in gaps if other["action"] == gap["action"] for about in other["about"])
    return any(other["action"] == gap["action"] for other in gaps) and all(about in before for about in gap["about"])


def _not_put_back(row: Cleared, why: str) -> str:
    if not row.protection:
        return f"What was changed of {called(row.resource)} while it was cleared could not be put back: {why}"
    return f"{called(row.resource)} is without {row.without()}, and that could not be put back: {why}"


def _still(left: Sequence[Found]) -> str:
    """What is there after all rounds, and so was made meanwhile or does not go."""
    words = "; ".join(amounts_told(item.blocker.amounts) or item.blocker.reason for item in left)
    return (
        f"After {ROUNDS} rounds there is still: {words}. Something makes it anew, or keeps it: end that, then run this "
        "again."
    )
