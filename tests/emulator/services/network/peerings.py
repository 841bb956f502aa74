# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPC peerings: other accounts ask for them, and filters find them, at which moto does not look.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcPeeringConnections.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import FilterNotImplementedError
from moto.ec2.models import ec2_backends
from moto.ec2.responses.vpc_peering_connections import VPCPeeringConnections

from ...patching import Patches
from ...world import ACCOUNT_ID, world

_FILTERS: dict[str, Callable[[Any], str]] = {
    "vpc-peering-connection-id": lambda peering: peering.id,
    "status-code": lambda peering: peering.status["Code"],
    "requester-vpc-info.vpc-id": lambda peering: peering.vpc.id,
    "requester-vpc-info.owner-id": lambda peering: peering.vpc.owner_id,
    "accepter-vpc-info.vpc-id": lambda peering: peering.peer_vpc.id,
    "accepter-vpc-info.owner-id": lambda peering: peering.peer_vpc.owner_id,
}


def describe_vpc_peering_connections(self: VPCPeeringConnections) -> ActionResult:
    filters = self._filters_from_querystring()
    for name in filters:
        if name not in _FILTERS:
            raise FilterNotImplementedError(name, "DescribeVpcPeeringConnections")
    found = self.ec2_backend.describe_vpc_peering_connections(self._get_param("VpcPeeringConnectionIds", []))
    shown = [
        peering for peering in found if all(_FILTERS[name](peering) in values for name, values in filters.items())
    ]
    return ActionResult({"VpcPeeringConnections": shown})


def install(patches: Patches) -> None:
    patches.set(VPCPeeringConnections, "describe_vpc_peering_connections", describe_vpc_peering_connections)


def put_foreign_peering(
    vpc_id: str, *, requester: str = "210987654321", region: str | None = None, account_id: str = ACCOUNT_ID
) -> str:
    """Have another account ask for a peering with this VPC; its id.

    It is pending until it is accepted, rejected or deleted.
    """
    region = region or world.region
    with world.lock:
        backend = ec2_backends[requester][region]
        asking = backend.create_vpc("10.254.0.0/16")
        return backend.create_vpc_peering_connection(asking, ec2_backends[account_id][region].get_vpc(vpc_id)).id
