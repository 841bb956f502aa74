# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Deregistering Cloud Map instances, which goes on for a while after it has been asked for."""

from __future__ import annotations

from typing import Callable
from typing import Sequence

from .._aws.errors import DENIED
from .._aws.errors import AwsCallError
from .removal_calls import RemovalCalls
from .leftover import FAILED
from .leftover import REMOVED
from .leftover import Leftover
from .leftover import Outcome

# It is being deregistered already: https://docs.aws.amazon.com/cloud-map/latest/api/API_DeregisterInstance.html
_UNDER_WAY = "DuplicateRequest"
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 4.0


class Deregistration:
    """``timeout``: seconds until an instance that is still registered counts as failed."""

    def __init__(
        self, calls: RemovalCalls, clock: Callable[[], float], sleep: Callable[[float], None], timeout: float
    ) -> None:
        self._calls = calls
        self._clock = clock
        self._sleep = sleep
        self._timeout = timeout

    def deregister(self, items: Sequence[Leftover]) -> None:
        """Ask for all, then wait for all. What became of them is in the outcomes of the calls."""
        waiting: dict[Leftover, str] = {}
        for item in items:
            try:
                waiting[item] = self._begin(item)
            except AwsCallError as error:
                self._calls.outcomes[item] = self._calls.outcome_of(item, error)
        self._wait(waiting)

    def _begin(self, item: Leftover) -> str:
        """The id of the operation; empty if an earlier one goes on."""
        try:
            answer = self._calls.ask(
                "servicediscovery:DeregisterInstance",
                "servicediscovery",
                "deregister_instance",
                ServiceId=item.service_id,
                InstanceId=item.id,
            )
        except AwsCallError as error:
            if error.code == _UNDER_WAY:
                return ""
            raise
        return answer["OperationId"]

    def _wait(self, waiting: dict[Leftover, str]) -> None:
        deadline = self._clock() + self._timeout
        pause = FIRST_PAUSE
        while waiting:
            for item in list(waiting):
                outcome = self._outcome(item, waiting)
                if outcome is not None:
                    self._calls.outcomes[item] = outcome
                    del waiting[item]
            if waiting and self._clock() >= deadline:
                late = f"It is still registered {self._timeout:g} s after it was deregistered. Run this again."
                self._calls.outcomes.update(dict.fromkeys(waiting, Outcome(FAILED, late)))
                return
            if waiting:
                self._sleep(min(pause, max(0.0, deadline - self._clock())))
                pause = min(2 * pause, LONGEST_PAUSE)

    def _outcome(self, item: Leftover, waiting: dict[Leftover, str]) -> Outcome | None:
        """None while it goes on."""
        try:
            if waiting[item]:
                return self._operation(waiting[item])
            return None if self._calls.look.there([item])[item] else Outcome(REMOVED)
        except AwsCallError as error:
            if error.kind == DENIED and waiting[item]:
                waiting[item] = ""  # the list of instances tells as well
                return None
            return self._calls.outcome_of(item, error)

    def _operation(self, operation_id: str) -> Outcome | None:
        # https://docs.aws.amazon.com/cloud-map/latest/api/API_Operation.html
        answer = self._calls.ask(
            "servicediscovery:GetOperation", "servicediscovery", "get_operation", OperationId=operation_id
        )["Operation"]
        if answer["Status"] == "SUCCESS":
            return Outcome(REMOVED)
        if answer["Status"] == "FAIL":
            words = [answer[key] for key in ("ErrorCode", "ErrorMessage") if answer.get(key)]
            return Outcome(FAILED, f"servicediscovery:DeregisterInstance ended with {': '.join(words) or 'FAIL'}")
        return None
