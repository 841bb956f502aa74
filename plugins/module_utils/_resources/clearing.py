# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What holds resources up that stacks own, and how it is cleared by those who agree to lose it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Sequence

from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .ours import Ours


class NotCleared(Exception):
    """It could not be cleared, and no other try soon will do it. Its text says why, and what to do."""


@dataclass(frozen=True)
class Work:
    """What a :class:`Clearing` works with. ``looks``: clients, calls that are tried again, and listings.
    ``stack_id``: of the stack that owns the resource. ``account``: of that stack. ``ours``: what stacks of the run own,
    those nested in this one included. ``told``: takes how much is done so far. ``stopped``: whether to stop soon, which
    a long clearing asks between its calls; what it returns then is not taken for all. ``sleep``: waits so many
    seconds."""

    looks: Looks
    stack_id: str
    account: str
    told: Callable[[Sequence[Amount]], None]
    stopped: Callable[[], bool]
    sleep: Callable[[float], None]
    ours: Ours = Ours()

    def client(self, service: str) -> Any:
        """The boto3 client of a service."""
        return self.looks.clients(service)


@dataclass(frozen=True)
class Clearing:
    """One row of what holds up resources of a type.

    ``detect``: finds what holds some of these up, by their ids; pairs with the id. Read-only and cheap, with numbers
    (``Blocker.amounts``) as far as AWS tells them cheaply. ``Blocker.clear`` is the type of the row, and empty for what
    can not be cleared, whose reason says why. What cannot be looked at is a gap of ``looks``.
    ``clear``: clears what holds one up, by its id, and returns how much that was. May be called again at any time: it
    looks for itself at what there is. Raises :class:`AwsCallError` or :class:`NotCleared`.
    ``detects``, ``clears``: IAM actions of both, beside those of the lookup of the type.
    ``lost``: what is lost by clearing, in words: C(all objects, with all their versions).
    ``source``: page of AWS that says that it holds. ``put_back``: undoes ``clear`` if the stack did not go after all;
    None where nothing can. ``in_vain``: minutes that CloudFormation goes on trying while it holds; 0 for a few.
    """

    detect: Callable[[Looks, Ours, Sequence[str]], list[tuple[str, Blocker]]]
    clear: Callable[[Work, str], list[Amount]]
    detects: tuple[str, ...]
    clears: tuple[str, ...]
    lost: str
    source: str
    put_back: Callable[[Work, str], None] | None = None
    in_vain: int = 0
