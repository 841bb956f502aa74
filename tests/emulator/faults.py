# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that can be switched on. All are off at the start and after ``clear()``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

#: Ways in which AWS shows that an export is in use: the call refused; the stack back in its earlier status, reason in
#: the events (ansible/ansible#60606, aws/aws-cdk#604); DELETE_FAILED.
EXPORT_IN_USE = ("refuse", "bounce", "fail")


class _Services:
    """Some service names, all of them, or none."""

    def __init__(self) -> None:
        self._all = False
        self._names: set[str] = set()

    def add(self, names: Iterable[str] | None) -> None:
        if names is None:
            self._all = True
        else:
            self._names.update([names] if isinstance(names, str) else names)

    def __contains__(self, name: str) -> bool:
        return self._all or name in self._names


@dataclass
class _ResourceFault:
    stack: str
    logical_id: str
    reason: str
    remaining: int | None


class Faults:
    """The switches, and the questions that the emulator asks of them."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Everything off."""
        self._lingering = _Services()
        self._orphaning = _Services()
        self._deaf = _Services()
        self._hanging = _Services()
        self._late = _Services()
        self._late_seconds = 0.0
        self._late_taken: set[str] = set()
        self._resources: list[_ResourceFault] = []
        self._log_returns = 0
        self._log_returned: Counter[str] = Counter()
        self.app_mesh_is_gone = False
        self.service_linked_role_is_in_use = False
        self.denied: set[str] = set()
        self.throttled: tuple[float, frozenset[str] | None] = (0.0, None)
        self.server_error_fraction = 0.0
        self.cut_fraction = 0.0
        self.delay = 0.0
        self.calls_until_expiry: int | None = None
        self.stale_read_count = 0
        self.ghost_read_count = 0
        self.export_in_use_shows = "fail"

    # ECS, Cloud Map, logs

    def linger(self, services: Iterable[str] | None = None) -> None:
        """Tasks of these services (None: all) stay DEACTIVATING when drained, until StopTask is called on them."""
        self._lingering.add(services)

    def lingers(self, service: str) -> bool:
        return service in self._lingering

    def orphan_instances(self, services: Iterable[str] | None = None) -> None:
        """Cloud Map instances of these services stay registered after their task is gone."""
        self._orphaning.add(services)

    def orphans_instances(self, service: str) -> bool:
        return service in self._orphaning

    def ignore_sigterm(self, services: Iterable[str] | None = None) -> None:
        """Tasks of these services are killed after the 30 s stop timeout instead of ending by themselves."""
        self._deaf.add(services)

    def ignores_sigterm(self, service: str) -> bool:
        return service in self._deaf

    def hang_service(self, name: str) -> None:
        """The service never drains, whatever is done."""
        self._hanging.add([name])

    def hangs(self, service: str) -> bool:
        return service in self._hanging

    def late_task(self, services: Iterable[str] | None = None, seconds: float = 20.0) -> None:
        """One more task of each of these services shows up this many AWS seconds after it was scaled to 0."""
        self._late.add(services)
        self._late_seconds = seconds

    def take_late_task(self, service: str) -> float | None:
        """When a late task of this service shows up, or None; once per service."""
        if service not in self._late or service in self._late_taken:
            return None
        self._late_taken.add(service)
        return self._late_seconds

    def log_groups_come_back(self, times: int = 1) -> None:
        """A deleted log group that is still written to is created again, this many times each."""
        self._log_returns = times

    def take_log_group_return(self, name: str) -> bool:
        """Whether this deleted log group comes back now; counts it."""
        if self._log_returned[name] >= self._log_returns:
            return False
        self._log_returned[name] += 1
        return True

    # CloudFormation

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

    def app_mesh_gone(self) -> None:
        """Every deletion of an ``AWS::AppMesh::*`` resource fails."""
        self.app_mesh_is_gone = True

    def service_linked_role_in_use(self) -> None:
        """Deletions of service-linked roles fail: something in another region uses them."""
        self.service_linked_role_is_in_use = True

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

    # Calls

    def deny(self, action: str) -> None:
        """AccessDenied for an action such as ``ecs:StopTask``, also when CloudFormation needs it for a deletion."""
        self.denied.add(action)

    def throttle(self, fraction: float, actions: Iterable[str] | None = None) -> None:
        """This fraction of calls (of these actions) is throttled."""
        self.throttled = (fraction, frozenset(actions) if actions is not None else None)

    def server_errors(self, fraction: float) -> None:
        """This fraction of calls is answered with status 500."""
        self.server_error_fraction = fraction

    def cut_connections(self, fraction: float) -> None:
        """This fraction of connections is closed without an answer, after the call was carried out."""
        self.cut_fraction = fraction

    def slow(self, seconds: float) -> None:
        """Every answer takes this many real seconds longer."""
        self.delay = seconds

    def expire_credentials(self, after_calls: int) -> None:
        """After this many further calls, every call is refused because the token has expired."""
        self.calls_until_expiry = after_calls
