# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What clearings are made of: calls, waiting, and which stack owns something."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.looks import client_of
from .._aws.looks import operation_of
from .clearing import NotCleared
from .clearing import Work
from .ours import Resource
from .owner import beside

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore

FIRST_PAUSE = 2.0
LONGEST_PAUSE = 20.0
MOST_NAMED = 5


def call(work: Work, action: str, /, **arguments: Any) -> Mapping[str, Any]:
    """The answer to one call, named by its IAM action; tried again for what may pass. Raises :class:`AwsCallError`."""
    return call_with(work, client_of(action), action, **arguments)


def call_with(work: Work, service: str, action: str, /, **arguments: Any) -> Mapping[str, Any]:
    """The same by another client than the action's own."""
    operation = xform_name(operation_of(action))

    def ask() -> Mapping[str, Any]:
        with aws_call(action):
            return getattr(work.client(service), operation)(**arguments)

    return work.looks.tried(ask)


def listed(work: Work, action: str, key: str, /, **arguments: Any) -> list[Any]:
    """What a call that lists has under ``key``, on all pages. Raises :class:`AwsCallError`."""
    pages = work.looks.tried(lambda: work.looks.pages(action, **arguments))
    return [item for page in pages for item in page.get(key) or ()]


def listed_if_there(work: Work, action: str, key: str, /, **arguments: Any) -> list[Any]:
    """The same; nothing where AWS says that what it is listed of is not there."""
    found: list[Any] = []
    unless((), lambda: found.extend(listed(work, action, key, **arguments)))
    return found


def unless(error_codes: Sequence[str], step: Callable[[], Any]) -> bool:
    """Whether a step was taken; not, if AWS answers with one of these codes, or that there is no such thing."""
    try:
        step()
    except AwsCallError as error:
        if error.code not in error_codes and error.kind != MISSING:
            raise
        return False
    return True


def wait(work: Work, seconds: float, left: Callable[[], Sequence[str]], until: str) -> bool:
    """Wait until ``left`` names nothing any more. False if it was told to stop. Raises :class:`NotCleared` after so
    many seconds, with what is left and ``until``: what was waited for, as in C(until they are gone)."""
    waited, pause = 0.0, FIRST_PAUSE
    while True:
        names = list(left())
        if not names:
            return True
        if work.stopped():
            return False
        if waited >= seconds:
            more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            words = ", ".join(names[:MOST_NAMED]) + more
            raise NotCleared(f"Waited {seconds:g} s {until}: {words}. Run this again when that has changed.")
        work.sleep(pause)
        waited += pause
        pause = min(1.5 * pause, LONGEST_PAUSE)


def owner_of(work: Work, type_name: str, physical_id: str) -> str:
    """The name of the live stack, ours or not, that owns it, and with which it goes; empty if none does. Raises
    :class:`AwsCallError`."""
    itself = Resource(type_name, physical_id)
    if itself in work.ours.owned:
        return work.ours.owned[itself]
    owned = work.looks.tried(lambda: beside(work.client("cloudformation"), physical_id))
    return owned.get(itself, "")
