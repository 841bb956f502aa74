# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Removing leftovers, each kind in its own way."""

from __future__ import annotations

from typing import Callable
from typing import Iterator
from typing import Sequence

from .removal_calls import RemovalCalls
from .deregistration import Deregistration
from .leftover import ABSENT
from .leftover import FAILED
from .leftover import Leftover
from .leftover import Outcome
from .._aws.reading import Reading
from .._survey.types import CLOUD_MAP_INSTANCE
from .._survey.types import LOG_GROUP
from .._survey.types import SSM_PARAMETER
from .._survey.types import TASK_DEFINITION
from .._survey.types import XRAY_GROUP
from .._survey.types import XRAY_SAMPLING_RULE

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteTaskDefinitions.html
DEFINITIONS_PER_CALL = 10
# Five calls at once, then one a second:
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
DEFINITION_CALLS_AT_ONCE = 5
PAUSE = 1.0
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html
PARAMETERS_PER_CALL = 10


class Removal:
    """``clients``: makes a boto3 client from the name of its service. ``timeout``: seconds for what AWS does later."""

    def __init__(
        self,
        clients: Callable,
        reading: Reading,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        timeout: float,
    ) -> None:
        self._calls = RemovalCalls(clients, reading)
        self._sleep = sleep
        self._deregistration = Deregistration(self._calls, clock, sleep, timeout)

    def there(self, items: Sequence[Leftover]) -> dict[Leftover, bool | None]:
        """For each item: True, False, or None if that may not be read. Raises :class:`AwsCallError`."""
        return self._calls.look.there(items)

    def remove(self, items: Sequence[Leftover]) -> dict[Leftover, Outcome]:
        """Remove these, and tell what became of each."""
        call = self._calls.call
        for item in _of(items, LOG_GROUP):
            call([item], "logs:DeleteLogGroup", "logs", "delete_log_group", logGroupName=item.id)
        for item in _of(items, XRAY_GROUP):
            call([item], "xray:DeleteGroup", "xray", "delete_group", GroupName=item.id)
        for item in _of(items, XRAY_SAMPLING_RULE):
            call([item], "xray:DeleteSamplingRule", "xray", "delete_sampling_rule", RuleName=item.id)
        for batch in _batches(_of(items, SSM_PARAMETER), PARAMETERS_PER_CALL):
            self._parameters(batch)
        for number, batch in enumerate(_batches(_of(items, TASK_DEFINITION), DEFINITIONS_PER_CALL)):
            if number >= DEFINITION_CALLS_AT_ONCE:
                self._sleep(PAUSE)
            self._task_definitions(batch)
        self._deregistration.deregister(_of(items, CLOUD_MAP_INSTANCE))
        return self._calls.outcomes

    def _parameters(self, batch: Sequence[Leftover]) -> None:
        names = [item.id for item in batch]
        answer = self._calls.call(batch, "ssm:DeleteParameters", "ssm", "delete_parameters", Names=names) or {}
        for item in batch:
            if item.id in answer.get("InvalidParameters", []):
                self._calls.outcomes[item] = Outcome(ABSENT)

    def _task_definitions(self, batch: Sequence[Leftover]) -> None:
        action = "ecs:DeleteTaskDefinitions"
        arns = [item.id for item in batch]
        answer = self._calls.call(batch, action, "ecs", "delete_task_definitions", taskDefinitions=arns) or {}
        for failure in answer.get("failures", []):
            words = [failure[key] for key in ("reason", "detail") if failure.get(key)]
            for item in batch:
                if item.id == failure.get("arn"):
                    self._calls.outcomes[item] = Outcome(FAILED, f"{action} answered {': '.join(words)}")


def _of(items: Sequence[Leftover], kind: str) -> list[Leftover]:
    return [item for item in items if item.kind == kind]


def _batches(items: Sequence[Leftover], size: int) -> Iterator[Sequence[Leftover]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
