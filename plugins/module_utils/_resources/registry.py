# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""All rows: what this collection knows of types of resources and kinds of leftovers."""

from __future__ import annotations

import re
import shlex
from typing import Any
from typing import Iterable
from typing import Mapping

from . import acm
from . import appmesh
from . import athena
from . import autoscaling
from . import backup
from . import cloudmap
from . import cloudmap_others
from . import cloudwatch
from . import codebuild
from . import cognito
from . import dynamodb
from . import ec2
from . import ecr
from . import ecs
from . import ecs_cluster
from . import efs
from . import elbv2
from . import functions
from . import general
from . import iam
from . import iam_users
from . import kms
from . import logs
from . import protected
from . import rds
from . import route53
from . import s3
from . import sns
from . import ssm
from . import tagged
from . import xray
from .blocker import PROTECTION
from .blocker import Blocker
from .leftover import Leftover
from .leftover import LeftoverKind
from .leftover import Removal
from .resource import Resource
from .resource import ResourceType
from .resource import last_part

_SERVICES = (
    *(appmesh, athena, backup, autoscaling, codebuild, cognito, dynamodb, ec2, ecr, elbv2),
    *(iam, kms, logs, protected, rds, s3, cloudwatch, xray, ssm),
    *(ecs, ecs_cluster, cloudmap, cloudmap_others, efs, functions),
    *(acm, iam_users, route53, sns, tagged),
)

#: By CloudFormation's type, and what no stack can own by its kind.
TYPES: dict[str, ResourceType] = {row.name: row for service in _SERVICES for row in service.TYPES}
#: By kind of leftover, in the order in which they are removed.
KINDS: dict[str, ResourceType] = {row.leftover.name: row for row in TYPES.values() if row.leftover}
_LEFTOVERS = {row.leftover.name: row.leftover for row in TYPES.values() if row.leftover}
_ARNS = {row.arn: row for row in TYPES.values() if row.arn}


def inside(resource: Resource) -> Resource | None:
    """What a resource is in, and cannot outlive; None if it is that itself, or if nobody knows."""
    row = TYPES.get(resource.type)
    find = row.inside if row else ec2.PARTS.get(resource.type)
    return find(resource.physical_id) if find else None


def kind_of(item: Leftover) -> LeftoverKind:
    """What is known of its kind."""
    return _LEFTOVERS[item.kind]


def leftover_of(row: Mapping[str, Any]) -> Leftover:
    """A leftover from a row of a survey."""
    details = row.get("details") or {}
    return Leftover(row["kind"], row.get("name") or row["id"], row["id"], row.get("service_id"), details=details)


def resource_of(item: Leftover) -> Resource:
    """A leftover as what can be looked up."""
    return resource_at(item.id) if item.kind == tagged.TAGGED else Resource(KINDS[item.kind].name, item.key)


def looked_up_by(item: Leftover) -> str:
    """The IAM action with which it is looked up."""
    row = TYPES.get(resource_of(item).type)
    return row.lookup.action if row else general.ACTION


def removed_by(items: Iterable[Leftover]) -> list[tuple[Removal, list[Leftover]]]:
    """How these are removed, in the order in which they are, without those that only a person removes."""
    order = {name: place for place, name in enumerate([*KINDS, *tagged.REMOVABLE])}
    found: dict[str, tuple[Removal, list[Leftover]]] = {}
    for item in items:
        removal, name = _LEFTOVERS[item.kind].removal, item.kind
        if item.kind == tagged.TAGGED:
            name = resource_of(item).type
            row = tagged.REMOVABLE.get(name)
            removal = row.removal if row else None
        if removal:
            found.setdefault(name, (removal, []))[1].append(item)
    return [found[name] for name in sorted(found, key=order.__getitem__)]


def owned_as(item: Leftover) -> Resource:
    """A leftover as a stack would own it, without an id if none can."""
    return Resource(KINDS[item.kind].name, item.owned_as)


def resource_at(arn: str) -> Resource:
    """What an ARN names. A type that is not known here is told as in ``sqs:queue``, with the ARN as the id."""
    service, path = arn.split(":")[2], arn.split(":", 5)[-1]
    word = path.split("/")[-2] if service == "appmesh" else path.replace(":", "/").split("/")[0]
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
    word = "bucket" if arn.split(":")[2:5] == ["s3", "", ""] else word
    # A classic load balancer has no kind before its name:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancing.html
    word = "classic" if service == "elasticloadbalancing" and re.fullmatch("loadbalancer/[^/]+", path) else word
    name = f"{service}:{word}"
    row = _ARNS.get(name)
    return Resource(row.name, row.arn_id(arn)) if row else general.at(arn, name) or Resource(name, arn)


def own_protection(type_name: str, physical_id: str, stack_name: str, certain: bool = True) -> Blocker:
    """What keeps a stack whose own resource is protected from deletion. ``certain``: whether the stack is sure not to
    keep that resource anyway."""
    protection = TYPES[type_name].protection
    reason = f"Its {type_name} {physical_id} is protected from deletion by itself."
    command = protection.lift(physical_id) if protection else ()
    return Blocker(
        type_name,
        physical_id,
        last_part(physical_id),
        reason,
        command,
        stack_name,
        certain,
        amounts=(PROTECTION,),
        clear=type_name if protection and protection.switch else "",
        lost="its protection, and with the stack the resource itself",
    )


def how_to_remove(resource: Resource, region: str) -> str:
    """A command line of the AWS CLI that removes a resource; empty for a type that is not known."""
    row = TYPES.get(resource.type)
    if not resource.physical_id or not (row or general.is_identified(resource.type, resource.physical_id)):
        return ""
    place = ("--region", region) if region else ()
    words = row.command(resource.physical_id) if row else general.command(resource.type, resource.physical_id)
    return shlex.join(["aws", *words, *place])
