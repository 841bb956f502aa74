# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""One way to ask whether resources of a type are there, and to remove them by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Mapping
from typing import Sequence

Answer = Mapping[str, Any]
Ids = Sequence[str]


@dataclass(frozen=True)
class Look:
    """One way to ask whether resources of a type are there.

    ``client``: name of the boto3 client. ``action``: IAM action of the call. ``ask``: its arguments for some ids.
    ``there``: ids that the answer shows as there. ``most``: ids per call. ``absent``: error codes with which the
    service says that they are not there. ``alike``: only ids for which this is equal go into one call. ``ends``:
    whether AWS has ended the service. ``within``: type and id of what a resource is in, and cannot outlive; empty if it
    is that itself. ``remove``: words of the AWS command that removes a resource.
    """

    client: str
    action: str
    ask: Callable[[Ids], dict[str, Any]]
    there: Callable[[Answer, Ids], Iterable[str]]
    remove: Callable[[str], Ids]
    most: int = 1
    absent: frozenset[str] = frozenset()
    alike: Callable[[str], str] = lambda resource_id: ""
    ends: bool = False
    within: Callable[[str], tuple[str, str] | tuple[()]] = lambda resource_id: ()


def command(*words: str) -> Callable[[str], Ids]:
    return lambda resource_id: (*words, resource_id)
