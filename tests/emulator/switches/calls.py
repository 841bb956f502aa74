# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of single API calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ..limits import Limits
from ..odd_answers import KINDS

#: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: works also when denied explicitly.
_NEVER_DENIED = frozenset({"sts:getcalleridentity"})


@dataclass
class OddAnswer:
    """What calls are answered with instead of being carried out: a kind of odd answer, or an error of AWS by its code.
    ``remaining``: how many more; None for all."""

    pattern: str
    remaining: int | None
    kind: str = ""
    code: str = ""
    message: str = ""
    status: int = 400


class CallSwitches:
    """The switches, and the questions that the server asks of them."""

    #: the time in AWS seconds
    now: Callable[[], float]

    def clear(self) -> None:
        self.denied: set[tuple[str, str | None]] = set()
        self.throttled: tuple[float, frozenset[str] | None] = (0.0, None)
        self.server_error_fraction = 0.0
        self.cut_fraction = 0.0
        self.cut_before_fraction = 0.0
        self.delay: tuple[float, float] = (0.0, 1.0)
        self.calls_until_expiry: int | None = None
        self.expires_by = ""
        self.rates: Limits | None = None
        self.disabled_regions: set[str] = set()
        self._odd_answers: list[OddAnswer] = []

    def deny(self, action: str, caller: str | None = None) -> None:
        """AccessDenied for an action such as ``ecs:StopTask`` or ``ecs:*``, also when CloudFormation needs it.

        ``caller``: id of an access key, which alone lacks the action (None: everybody lacks it). CloudFormation calls
        the services with the rights of whoever asked it to delete a stack:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
        """
        self.denied.add((action.lower(), caller))

    def allow(self, action: str, caller: str | None = None) -> None:
        """Take back a ``deny``."""
        self.denied.discard((action.lower(), caller))

    def denies(self, action: str, caller: str = "") -> bool:
        """Whether the caller lacks this action. IAM's actions are not case-sensitive."""
        wanted = action.lower()
        return wanted not in _NEVER_DENIED and any(
            whom in (None, caller) and fnmatchcase(wanted, pattern) for pattern, whom in self.denied
        )

    def answer_oddly(self, action: str, kind: str, times: int | None = None) -> None:
        """An action such as ``xray:GetGroups`` or ``xray:*`` is answered by something that is not AWS, ``times`` times
        (None: always): one of the ``KINDS`` of :mod:`tests.emulator.odd_answers`."""
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is none of {', '.join(KINDS)}")
        self._odd_answers.append(OddAnswer(action.lower(), times, kind=kind))

    def refuse(self, action: str, code: str, message: str, status: int = 400, times: int | None = None) -> None:
        """An action is refused with an error code of AWS, ``times`` times (None: always)."""
        self._odd_answers.append(OddAnswer(action.lower(), times, code=code, message=message, status=status))

    def odd_kind(self, action: str) -> str:
        """The kind of odd answer that this call gets; empty if it gets none."""
        odd = self._odd_answer(action)
        return odd.kind if odd else ""

    def take_odd_answer(self, action: str) -> OddAnswer | None:
        """What this call is answered with instead of being carried out; counts it."""
        odd = self._odd_answer(action)
        if odd is not None and odd.remaining is not None:
            odd.remaining -= 1
        return odd

    def _odd_answer(self, action: str) -> OddAnswer | None:
        wanted = action.lower()
        fitting = (odd for odd in self._odd_answers if odd.remaining != 0 and fnmatchcase(wanted, odd.pattern))
        return next(fitting, None)

    def throttle(self, fraction: float, actions: Iterable[str] | None = None) -> None:
        """This fraction of calls (of these actions) is throttled."""
        self.throttled = (fraction, frozenset(actions) if actions is not None else None)

    def limits(self, on: bool = True, *, real: bool = False) -> None:
        """Calls beyond the rates that AWS grants an account are throttled, as counted in AWS (or ``real``) seconds."""
        clock = time.monotonic if real else self.now
        self.rates = Limits(clock) if on else None

    def server_errors(self, fraction: float) -> None:
        """This fraction of calls is answered with status 500."""
        self.server_error_fraction = fraction

    def cut_connections(self, fraction: float, *, before: bool = False) -> None:
        """This fraction of connections is closed without an answer, after the call was carried out, or ``before``."""
        if before:
            self.cut_before_fraction = fraction
        else:
            self.cut_fraction = fraction

    def slow(self, seconds: float, fraction: float = 1.0) -> None:
        """This fraction of answers takes this many real seconds longer."""
        self.delay = (seconds, fraction)

    def expire_credentials(self, after_calls: int, of: str = "") -> None:
        """After this many further calls (``of`` an action), every call is refused because the token has expired.

        Deletions of stacks that are under way go on: CloudFormation works with a session that it has made from the
        caller's credentials. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
        """
        self.calls_until_expiry, self.expires_by = after_calls, of

    def disable_region(self, region: str) -> None:
        """The account has not opted in to this region: its calls are refused.

        https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
        """
        self.disabled_regions.add(region)
