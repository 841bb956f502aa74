# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What has to be so, besides the stacks before it being gone, before a stack is asked for."""

from __future__ import annotations

from collections import Counter
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Sequence

from .._aws.errors import CREDENTIALS
from .._aws.errors import AwsCallError
from .._aws.errors import survivable
from .._aws.looks import Looks
from .._resources.ecs import CLUSTER
from .._resources.holding import in_vpc
from .._resources.interfaces import Interface
from .._resources.interfaces import interfaces
from .._resources.interfaces import named
from .._resources.members import MEMBERS
from .._resources.resource import Resource
from .clearings import StackClearings
from .clearings import rows_of
from .held import MOST_NAMED
from .held import Held
from .inventory import Inventory
from .reader import StackReader
from .state import DONE
from .state import StackState
from .tasks import StackTasks
from .types import MEMBERS_GONE
from .types import NETWORK_INTERFACES_GONE
from .types import TASKS_STOPPED

VPC = "AWS::EC2::VPC"
HOLDERS = (VPC, CLUSTER)  # in which others may have what no gate waits for
LATE_LOOKS = 10  # at what was cleared, and that other looks show a little longer


class Gates:
    """``clients``: makes a boto3 client from the name of its service. ``problems``: what could not be looked at."""

    def __init__(
        self,
        reader: StackReader,
        inventory: Inventory,
        tasks: StackTasks,
        clients: Callable[[str], Any],
        clearings: StackClearings,
    ) -> None:
        self._reader = reader
        self._inventory = inventory
        self._tasks = tasks
        self._clients = clients
        self._clearings = clearings
        self._kept: dict[str, frozenset[str]] = {}
        self._prepared = False
        self._held_after: Counter[str] = Counter()
        self.problems: dict[str, None] = {}

    def prepare(self, states: Iterable[StackState]) -> None:
        """Make what the gates of these stacks will need, while nothing waits for it: boto3 takes up to a second for a
        client of EC2."""
        if not self._prepared and any(NETWORK_INTERFACES_GONE in state.spec.only_when for state in states):
            self._prepared = True
            self._clients("ec2")

    def why_closed(self, state: StackState) -> str:
        """What has to end first; empty when the stack may be asked for. Raises :class:`Held` when nothing of this run
        will end it, and :class:`AwsCallError` when it can not be seen."""
        going = self._clearings.goes_on(state)
        if going:
            return going
        # As long as it is held, nothing is lost of it but what holds it: it may not go.
        early = HOLDERS
        try:
            closed = self._closed(state)
            early = ()
            return closed or self._clearings.why_closed(state) or self._closed_after_failure(state)
        except Held as held:
            # What nothing of this run ends by itself may be what is cleared, and need a look or two to be seen gone.
            reason = self._clearings.why_closed(state, early)
            self._held_after[state.spec.name] += not reason
            if reason or (self._clearings.has_cleared(state) and self._held_after[state.spec.name] <= LATE_LOOKS):
                return reason or "what held it was cleared, and still shows"
            uncleared = self._clearings.why_uncleared(state)
            if uncleared:
                raise Held(held.blockers, f"{held}. {uncleared}") from held
            raise

    def still_held(self, state: StackState) -> tuple[str, list[dict[str, Any]]]:
        """What is sure to have a stack fail once more, in words and as it is returned; empty for nothing. Raises
        :class:`AwsCallError`."""
        found = self._clearings.still_held(state)
        return " ".join(dict.fromkeys(item.blocker.reason for item in found)), rows_of(found, state)

    def _closed(self, state: StackState) -> str:
        looks = {
            TASKS_STOPPED: self._tasks.why_closed,
            NETWORK_INTERFACES_GONE: self._attached,
            MEMBERS_GONE: self._members,
        }
        for gate in state.spec.only_when:
            reason = looks[gate](state)
            if reason and gate == NETWORK_INTERFACES_GONE:
                # Some of these stay as long as what others have made in it.
                return self._clearings.why_closed(state, (VPC,)) or reason
            if reason:
                return reason
        return ""

    def _closed_after_failure(self, state: StackState) -> str:
        if state.failed_in_network and NETWORK_INTERFACES_GONE not in state.spec.only_when:
            return self._by_hand(state, self._vpcs(state))
        return ""

    def let_go(self, states: Iterable[StackState]) -> None:
        """Stop with what is done for stacks whose time is over."""
        for state in states:
            self._clearings.let_go(state)

    def _vpcs(self, state: StackState) -> list[str]:
        return [item.physical_id for item in self._inventory.of(state) if item.type == VPC]

    def _attached(self, state: StackState) -> str:
        vpcs = self._vpcs(state)
        if not vpcs:
            return ""
        left = self._not_of([state], interfaces(self._clients("ec2"), vpcs))
        if left:
            left = self._not_of(self._inventory.after(state), left)
            going = self._going(state)
            left = [item for item in left if going.intersection((item.vpc_id, item.subnet_id))]
        # Those of a gateway or an endpoint that was made by hand stay as long as that does.
        made = [item for item in left if any(thing.type in _HOLDING for thing in item.of)]
        if left and len(made) < len(left):
            return told(left)
        return self._by_hand(state, vpcs) or told(made)

    def _members(self, state: StackState) -> str:
        """What other stacks of this run have in namespaces, hosted zones and clusters of this one. What nobody here
        owns is not waited for: AWS says so, and it may be cleared."""
        others = [other for other in self._inventory.others(state) if other.phase != DONE]
        waiting = {other.spec.name for other in self._inventory.after(state)}
        owned = self._inventory.owned(other for other in others if other.spec.name not in waiting)
        if not owned:
            return ""
        waits: dict[str, None] = {}
        with Looks(self._clients) as looks:
            for item in self._inventory.of(state):
                for member in MEMBERS[item.type](looks, item.physical_id) if item.type in MEMBERS else ():
                    if member in owned:
                        waits.setdefault(f"{member.physical_id} of {owned[member].spec.name} is in {item.physical_id}")
            for gap in looks.gaps():
                self._note(f"What else is in {state.spec.name} is not all known. {gap['action']}: {gap['message']}")
        return "; ".join(list(waits)[:MOST_NAMED])

    def _not_of(self, states: Iterable[StackState], left: Sequence[Interface]) -> list[Interface]:
        """Without those that go only with these stacks."""
        owned = {named(item) for item in self._inventory.owned(states)} if left else set()
        return [item for item in left if not item.is_of(owned)]

    def _by_hand(self, state: StackState, vpc_ids: Sequence[str]) -> str:
        """What others have in the VPCs of a stack, and what belongs to stacks of this run that will still go."""
        if not any(self._strangers(state, vpc_ids, [state]).values()):
            return ""
        rows = self._strangers(state, vpc_ids, [state, *self._inventory.after(state)])
        going = self._going(state) if any(rows.values()) else set()
        kept = [row for vpc_id in vpc_ids if vpc_id in going for row in rows[vpc_id]]
        others = self._inventory.owned(self._inventory.others(state)) if kept else {}
        waits, blockers = [], []
        for row in kept:
            owner = others.get(Resource(row["type"], row["id"]))
            if owner is not None and owner.phase != DONE:
                waits.append(f"{row['id']} of {owner.spec.name} is there")
            else:
                blockers.append(row if owner is None else {**row, "owner": owner.spec.name})
        if waits:
            return "; ".join(waits)
        if blockers:
            raise Held(blockers)
        return ""

    def _strangers(
        self, state: StackState, vpc_ids: Sequence[str], owners: Sequence[StackState]
    ) -> dict[str, list[dict[str, Any]]]:
        """What is in each VPC of a stack and none of these owns."""
        owned = self._inventory.owned(owners)
        region = self._clients("ec2").meta.region_name
        with Looks(self._clients) as looks:
            rows = {vpc_id: in_vpc(looks, vpc_id, owned, region) for vpc_id in vpc_ids}
            for gap in looks.gaps():
                self._note(f"What else is in {state.spec.name} is not all known. {gap['action']}: {gap['message']}")
        return rows

    def _going(self, state: StackState) -> set[str]:
        """Physical ids of what the stack does not keep."""
        if state.stack_id not in self._kept:
            try:
                self._kept[state.stack_id] = self._reader.kept(state.stack_id)
            except AwsCallError as error:
                if error.kind == CREDENTIALS or survivable(error):
                    raise
                self._kept[state.stack_id] = frozenset()
                self._note(f"What {state.spec.name} keeps is not known, so all of it is taken to go. {error.advice()}")
        kept = self._kept[state.stack_id]
        return {item.physical_id for item in self._inventory.of(state) if item.logical_id not in kept}

    def _note(self, problem: str) -> None:
        self.problems.setdefault(problem)


_HOLDING = frozenset(("AWS::EC2::NatGateway", "AWS::EC2::VPCEndpoint"))


def told(rows: Sequence[Interface]) -> str:
    """What is left, for a person who has to find out whose it is. Empty when nothing is."""
    if not rows:
        return ""
    words = [item.words() for item in rows[:MOST_NAMED]]
    if len(rows) > MOST_NAMED:
        words.append(f"and {len(rows) - MOST_NAMED} more")
    what = "1 network interface is" if len(rows) == 1 else f"{len(rows)} network interfaces are"
    return f"{what} left in {', '.join(sorted({item.vpc_id for item in rows}))}: {'; '.join(words)}"
