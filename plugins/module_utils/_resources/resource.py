# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is known of a type of resource: one row for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Mapping
from typing import Sequence

from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.looks import Looks
from .blocker import Blocker
from .clearing import Clearing
from .leftover import LeftoverKind
from .ours import Ours
from .ours import Resource
from .protection import Protection

Answer = Mapping[str, Any]
Ids = Sequence[str]


@dataclass(frozen=True)
class Lookup:
    """One way to ask whether resources of a type are there.

    ``action``: IAM action of the call. ``ask``: its arguments for some ids. ``there``: ids that the answer shows as
    there. ``most``: ids per call. ``absent``: error codes with which the service says that they are not there.
    ``absent_words``: what the message has in it then, of a service that answers so for whatever it does not like.
    ``alike``: only ids for which this is equal go into one call. ``fits``: whether an id says all that the call needs.
    ``ended``: whether AWS has ended the service. ``ends``: of a lookup of one, the day on which AWS deletes it, in ISO
    8601, although it counts as gone; empty if there is none.
    """

    action: str
    ask: Callable[[Ids], dict[str, Any]]
    there: Callable[[Answer, Ids], Iterable[str]]
    most: int = 1
    absent: frozenset[str] = frozenset()
    absent_words: str = ""
    alike: Callable[[str], str] = lambda physical_id: ""
    fits: Callable[[str], bool] = bool
    ended: bool = False
    ends: Callable[[Answer], str] = lambda answer: ""

    def says_absent(self, error: AwsCallError) -> bool:
        """Whether an error says that there is no such resource."""
        known = error.code in self.absent and self.absent_words in error.message.lower()
        return known or error.kind == MISSING


def last_part(arn: str) -> str:
    """What comes after the last slash of an ARN."""
    return arn.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class ResourceType:
    """``name``: CloudFormation's type, or the kind of leftover of what no stack can own. ``command``: words of the AWS
    command with which a person removes one, by its physical id. ``arn``: its service and first word in an ARN, as in
    ``ec2:subnet``, of one whose stacks are known by their tags. ``arn_id``: the physical id in an ARN: what
    CloudFormation calls a resource, see "Return values" of each type, is mostly the last part of its ARN, or all of it.
    ``inside``: what one is in, and cannot outlive; None if it is that itself.
    ``leftover``: what is known of it as a leftover, if it can be one. ``protection``: from deletion, which it can have
    of its own. ``held_by``: finds what keeps some of these, by their ids, from being deleted and is none of ours; pairs
    with the id. ``clearing``: what of their own, or in them, holds them up, and how it is cleared.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
    """

    name: str
    command: Callable[[str], Ids]
    lookup: Lookup
    arn: str = ""
    arn_id: Callable[[str], str] = last_part
    inside: Callable[[str], Resource | None] = lambda physical_id: None
    leftover: LeftoverKind | None = None
    protection: Protection | None = None
    held_by: Callable[[Looks, Ours, Ids], list[tuple[str, Blocker]]] | None = None
    clearing: Clearing | None = None


def by(words: str) -> Callable[[str], Ids]:
    """A command that ends with the id."""
    return lambda physical_id: (*words.split(), physical_id)


def whole(arn: str) -> str:
    """All of an ARN."""
    return arn


def one(action: str, parameter: str, absent: str, many: bool = False, absent_words: str = "") -> Lookup:
    """A call that takes one id (in a list, if ``many``), and fails with this code, and these words in its message, if
    there is no such resource."""
    return Lookup(
        action=action,
        ask=lambda ids: {parameter: list(ids) if many else ids[0]},
        there=lambda answer, ids: ids,
        absent=frozenset((absent,)),
        absent_words=absent_words,
    )
