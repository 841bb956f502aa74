# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of CloudFormation."""

from __future__ import annotations

from dataclasses import dataclass

#: Ways in which AWS shows that an export is in use: the call refused; the stack back in its earlier status, reason in
#: the events (ansible/ansible#60606, aws/aws-cdk#604); DELETE_FAILED.
EXPORT_IN_USE = ("refuse", "bounce", "fail")


@dataclass
class _ResourceFault:
    stack: str
    logical_id: str
    reason: str
    remaining: int | None


@dataclass
class Recreation:
    """Somebody creates a deleted stack again ``seconds`` AWS seconds after its end. ``template``: None for its own."""

    seconds: float
    template: str | None
    remaining: int


class StackSwitches:
    """The switches, and the questions that CloudFormation asks of them."""

    def clear(self) -> None:
        self._resources: list[_ResourceFault] = []
        self._recreations: dict[str, Recreation] = {}
        self.stale_read_count = 0
        self.ghost_read_count = 0
        self.export_in_use_shows = "fail"
        self.events_lack_tokens = False
        self.deletions_begin_after = 0.0
        self.roles_keep_policies = False
        self._hidden_owners: set[str] = set()
        self._left_behind: dict[tuple[str, str], str] = {}

    def fail_resource(self, stack: str, logical_id: str, reason: str, times: int | None = None) -> None:
        """Deletions of this resource fail with ``reason``, ``times`` times (None: always)."""
        self._resources.append(_ResourceFault(stack, logical_id, reason, times))

    def take_resource_failure(self, stack: str, logical_id: str) -> str | None:
        """The reason why this deletion fails, or None; counts it."""
        for fault in self._resources:
            if (fault.stack, fault.logical_id) == (stack, logical_id) and fault.remaining != 0:
                if fault.remaining is not None:
                    fault.remaining -= 1
                return fault.reason
        return None

    def recreate(self, stack: str, seconds: float = 0.0, template: str | None = None, times: int = 1) -> None:
        """When the stack of this name is gone, somebody creates one of the same name: another stack, with its own id.

        :param seconds: AWS seconds between the end of the old and the start of the new one
        :param template: body of the new one's template; None for that of the old one, with its parameters
        :param times: how many times in all
        """
        self._recreations[stack] = Recreation(seconds, template, times)

    def take_recreation(self, stack: str) -> Recreation | None:
        """How a deleted stack is created again, or None; counts it."""
        recreation = self._recreations.get(stack)
        if recreation is None or recreation.remaining <= 0:
            return None
        recreation.remaining -= 1
        return recreation

    def stale_reads(self, count: int, after_deletion: int = 0) -> None:
        """The first ``count`` DescribeStacks after a DeleteStack still show the old status.

        The first ``after_deletion`` after its end still show the stack as DELETE_IN_PROGRESS.
        """
        self.stale_read_count = count
        self.ghost_read_count = after_deletion

    def export_in_use(self, shows: str) -> None:
        """How DeleteStack on a stack with an imported export shows: one of EXPORT_IN_USE."""
        if shows not in EXPORT_IN_USE:
            raise ValueError(f"{shows!r} is none of {', '.join(EXPORT_IN_USE)}")
        self.export_in_use_shows = shows

    def events_without_tokens(self) -> None:
        """Events from now on do not say which request they belong to.

        AWS's do: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html. A look-alike
        may know no tokens.
        """
        self.events_lack_tokens = True

    def begin_deletions_late(self, seconds: float) -> None:
        """A DeleteStack that is accepted shows nowhere, in no status and no event, for so many AWS seconds: a guess."""
        self.deletions_begin_after = seconds

    def policies_stay_on_roles(self) -> None:
        """CloudFormation does not take the policies of others off a role, so that the role stays as well."""
        self.roles_keep_policies = True

    def hide_owner(self, physical_id: str) -> None:
        """DescribeStackResources does not find the stack of this physical id, as if no stack had it."""
        self._hidden_owners.add(physical_id)

    def hides_owner(self, physical_id: str) -> bool:
        return physical_id in self._hidden_owners

    def leave_behind(self, stack: str, logical_id: str, status: str = "DELETE_FAILED") -> None:
        """The stack ends DELETE_COMPLETE without this resource's deletion, which keeps ``status``.

        AWS documents DELETE_SKIPPED for what is kept; that others are possible is a guess, from the values of
        ResourceStatus: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResourceSummary.html
        """
        self._left_behind[stack, logical_id] = status

    def left_behind(self, stack: str, logical_id: str) -> str | None:
        """The status in which a deletion leaves this resource; None if it is deleted."""
        return self._left_behind.get((stack, logical_id))
