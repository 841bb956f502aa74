# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Calls that remove leftovers, with what becomes of the leftovers when a call fails."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Sequence

from .._aws.errors import CREDENTIALS
from .._aws.errors import MISSING
from .._aws.errors import UNREACHABLE
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .leftover_look import Look
from .leftover import ABSENT
from .leftover import FAILED
from .leftover import REMOVED
from .leftover import Leftover
from .leftover import Outcome
from .._aws.reading import Reading

_ABSENT = frozenset(("InstanceNotFound", "ResourceNotFoundException", "ServiceNotFound"))


class RemovalCalls:
    """``clients``: makes a boto3 client from the name of its service. ``outcomes``: what became of each leftover."""

    def __init__(self, clients: Callable, reading: Reading) -> None:
        self.look = Look(clients, reading)
        self.outcomes: dict[Leftover, Outcome] = {}
        self._clients = clients
        self._reading = reading
        self._hopeless: AwsCallError | None = None

    def call(self, items: Sequence[Leftover], action: str, service: str, method: str, **arguments: Any) -> Any:
        """The answer, with all items noted as removed; or None, with what became of each noted."""
        try:
            answer = self.ask(action, service, method, **arguments)
        except AwsCallError as error:
            for item in items:
                self.outcomes[item] = self.outcome_of(item, error)
            return None
        self.outcomes.update(dict.fromkeys(items, Outcome(REMOVED)))
        return answer

    def ask(self, action: str, service: str, method: str, **arguments: Any) -> Any:
        """The answer. Raises :class:`AwsCallError`, at once if an earlier call has shown that none will succeed."""

        def ask() -> Any:
            with aws_call(action):
                return getattr(self._clients(service), method)(**arguments)

        if self._hopeless is not None:
            raise self._hopeless
        try:
            return self._reading.tried(ask)
        except AwsCallError as error:
            if error.kind in (CREDENTIALS, UNREACHABLE):
                self._hopeless = error
            raise

    def outcome_of(self, item: Leftover, error: AwsCallError) -> Outcome:
        """What an error means for a leftover."""
        if error.code in _ABSENT or error.kind == MISSING:
            return Outcome(ABSENT)
        # X-Ray says InvalidRequestException for this too:
        # https://docs.aws.amazon.com/xray/latest/api/API_DeleteGroup.html#API_DeleteGroup_Errors
        if error.code == "InvalidRequestException" and self._is_gone(item):
            return Outcome(ABSENT)
        return Outcome(FAILED, error.advice())

    def _is_gone(self, item: Leftover) -> bool:
        try:
            return self.look.there([item])[item] is False
        except AwsCallError:
            return False
