# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What the stacks of a run own. It is what decides whose a task or an interface is; names decide nothing."""

from __future__ import annotations

from typing import Iterable
from typing import Mapping

from .._resources.resource import Resource
from .reader import StackReader
from .state import StackState
from .types import DELETE_COMPLETE
from .types import WENT
from .types import StackResource


class Inventory:
    """``states``: the stacks of the run, by name. What an earlier look saw in a stack is taken, all else is read once,
    when it is needed."""

    def __init__(self, reader: StackReader, states: Mapping[str, StackState]) -> None:
        self._reader = reader
        self._states = states
        self._read: dict[str, list[StackResource]] = {}

    def of(self, state: StackState) -> list[StackResource]:
        """The resources that a stack has, or had when it was looked at. Raises :class:`AwsCallError`."""
        return [item for item in self.ever(state) if item.status != DELETE_COMPLETE]

    def ever(self, state: StackState) -> list[StackResource]:
        """The same with those that it has deleted, in a deletion that failed later. Raises :class:`AwsCallError`."""
        name = state.spec.name
        if name not in self._read:
            given = state.spec.resources
            self._read[name] = self._reader.resources(state.stack_id) if given is None else list(given)
        return [item for item in self._read[name] if item.physical_id]

    def owned(self, states: Iterable[StackState]) -> dict[Resource, StackState]:
        """What these stacks own, each with its stack. Raises :class:`AwsCallError`."""
        return {Resource(item.type, item.physical_id): state for state in states for item in self.of(state)}

    def after(self, state: StackState) -> list[StackState]:
        """The stacks that are there and asked for only when this one is gone, at whatever distance."""
        found = {state.spec.name}
        more = True
        while more:
            later = {name for name, other in self._states.items() if found.intersection(other.after)}
            more = not later <= found
            found |= later
        return [other for other in self.others(state) if other.spec.name in found]

    def others(self, state: StackState) -> list[StackState]:
        """The other stacks of the run that are there."""
        return [other for other in self.all() if other is not state and other.outcome not in WENT]

    def all(self) -> list[StackState]:
        """The stacks of the run that are, or were, there."""
        return [state for state in self._states.values() if state.stack_id]
