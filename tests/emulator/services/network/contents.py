# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be out of a VPC before EC2 deletes it.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html: all gateways and resources, security groups
and route tables but for the default ones, "and so on". Seen in public: egress-only gateways
gruntwork-io/cloud-nuke#345, network ACLs and endpoints gruntwork-io/cloud-nuke#584.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .backend import Ec2Backend


def holds_anything(backend: Ec2Backend, vpc_id: str) -> bool:
    """Whether DeleteVpc is refused."""
    return any(True for _thing in _contents(backend, vpc_id))


def _contents(backend: Ec2Backend, vpc_id: str) -> Iterator[Any]:
    yield from backend.interfaces_of_vpc(vpc_id)
    for subnets in backend.subnets.values():
        yield from (subnet for subnet in subnets.values() if subnet.vpc_id == vpc_id)
    yield from (group for group in backend.groups.get(vpc_id, {}).values() if not group.is_default)
    yield from (gateway for gateway in backend.internet_gateways.values() if gateway.vpc and gateway.vpc.id == vpc_id)
    for things in (backend.egress_only_internet_gateways, backend.vpc_end_points):
        yield from (thing for thing in things.values() if thing.vpc_id == vpc_id)
    yield from (acl for acl in backend.network_acls.values() if acl.vpc_id == vpc_id and not acl.default)
    for table in backend.route_tables.values():
        if table.vpc_id == vpc_id and table.main_association_id is None:
            yield table
    for gateway in backend.vpn_gateways.values():
        if vpc_id in gateway.attachments and gateway.attachments[vpc_id].state == "attached":
            yield gateway
    yield from (peering for peering in backend.vpc_pcxs.values() if _holds(peering, vpc_id))


def _holds(peering: Any, vpc_id: str) -> bool:
    """An active peering, and one that this VPC has been asked for; what it asks for itself goes with it.

    https://docs.aws.amazon.com/vpc/latest/peering/delete-vpc-peering-connection.html. There the console deletes active
    ones, the API does not: hashicorp/terraform-provider-aws#3118, facebookresearch/fbpcs#1821.
    """
    accepts, asks = peering.peer_vpc.id == vpc_id, peering.vpc.id == vpc_id
    status = peering.status["Code"]
    return status == "active" and (accepts or asks) or status == "pending-acceptance" and accepts


def goes_along(backend: Ec2Backend, vpc_id: str) -> None:
    """A VPC is deleted: its default network ACL goes with it, and the peerings that it has asked for."""
    for acl_id in [acl.id for acl in backend.network_acls.values() if acl.vpc_id == vpc_id]:
        del backend.network_acls[acl_id]
    for peering in backend.vpc_pcxs.values():
        if peering.vpc.id == vpc_id and peering.status["Code"] == "pending-acceptance":
            backend.delete_vpc_peering_connection(peering.id)
