# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is in a VPC, belongs to none of some stacks, and keeps the VPC from being deleted.

EC2 says only that "the vpc has dependencies and cannot be deleted", not which:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html
https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Collection
from typing import Mapping

from .._aws.looks import Looks
from .._aws.text import one_line
from .resource import Resource

Item = Mapping[str, Any]

_STACK_NAME = "aws:cloudformation:stack-name"
_GOING = frozenset(("deleting", "deleted", "failed", "rejected", "expired", "detached", "detaching"))


@dataclass(frozen=True)
class _Kind:
    """``type``: CloudFormation's. ``words``: one, in a sentence. ``listing``: the call that lists them and what its
    answer has them under. ``id_key``: their id. ``command``: words of the AWS command that takes one away, before its
    id. ``place``: filter by the VPC; empty if there is none. ``filters``: what the call takes filters as. ``counts``:
    whether one that is listed matters, given the id of the VPC. ``gateway``: attached, and to be detached."""

    type: str
    words: str
    listing: tuple[str, str]
    id_key: str
    command: str
    place: str = "vpc-id"
    filters: str = "Filters"
    counts: Callable[[Item, str], bool] = lambda item, vpc_id: True
    gateway: str = ""

    def found(self, looks: Looks, vpc_id: str) -> list[Item]:
        """Those of a VPC; none, with a gap, if they can not be listed."""
        action, key = self.listing
        arguments = {self.filters: [{"Name": self.place, "Values": [vpc_id]}]} if self.place else {}
        items = looks.listing(f"ec2:{action}", key, vpc_id, **arguments)
        return [
            item for item in items if str(item.get("State", "")).lower() not in _GOING and self.counts(item, vpc_id)
        ]


def _attached(key: str) -> Callable[[Item, str], bool]:
    def attached(item: Item, vpc_id: str) -> bool:
        return any(
            place.get("VpcId") == vpc_id and str(place.get("State", "")).lower() not in _GOING
            for place in item.get(key, [])
        )

    return attached


def _asked_by_another_account(item: Item, vpc_id: str) -> bool:
    # "You cannot delete a VPC for which you have a pending-acceptance request from a VPC in another account":
    # https://docs.aws.amazon.com/vpc/latest/peering/delete-vpc-peering-connection.html
    return item.get("Status", {}).get("Code") == "pending-acceptance"


_NAT_GATEWAY = _Kind(
    "AWS::EC2::NatGateway",
    "a NAT gateway",
    ("DescribeNatGateways", "NatGateways"),
    "NatGatewayId",
    "delete-nat-gateway --nat-gateway-id",
    # Its name has no "s": https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNatGateways.html
    filters="Filter",
)
_KINDS = (
    _Kind(
        "AWS::EC2::SecurityGroup",
        "a security group",
        ("DescribeSecurityGroups", "SecurityGroups"),
        "GroupId",
        "delete-security-group --group-id",
        counts=lambda item, vpc_id: item.get("GroupName") != "default",
    ),
    _Kind("AWS::EC2::Subnet", "a subnet", ("DescribeSubnets", "Subnets"), "SubnetId", "delete-subnet --subnet-id"),
    _Kind(
        "AWS::EC2::RouteTable",
        "a route table",
        ("DescribeRouteTables", "RouteTables"),
        "RouteTableId",
        "delete-route-table --route-table-id",
        counts=lambda item, vpc_id: not any(place.get("Main") for place in item.get("Associations", [])),
    ),
    _Kind(
        "AWS::EC2::NetworkAcl",
        "a network ACL",
        ("DescribeNetworkAcls", "NetworkAcls"),
        "NetworkAclId",
        "delete-network-acl --network-acl-id",
        counts=lambda item, vpc_id: not item.get("IsDefault"),
    ),
    _Kind(
        "AWS::EC2::InternetGateway",
        "an internet gateway",
        ("DescribeInternetGateways", "InternetGateways"),
        "InternetGatewayId",
        "detach-internet-gateway --internet-gateway-id",
        "attachment.vpc-id",
        counts=_attached("Attachments"),
        gateway="IGW",
    ),
    _Kind(
        "AWS::EC2::EgressOnlyInternetGateway",
        "an egress-only internet gateway",
        # It has no filter by VPC:
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeEgressOnlyInternetGateways.html
        ("DescribeEgressOnlyInternetGateways", "EgressOnlyInternetGateways"),
        "EgressOnlyInternetGatewayId",
        "delete-egress-only-internet-gateway --egress-only-internet-gateway-id",
        "",
        counts=_attached("Attachments"),
    ),
    _Kind(
        "AWS::EC2::VPNGateway",
        "a virtual private gateway",
        ("DescribeVpnGateways", "VpnGateways"),
        "VpnGatewayId",
        "detach-vpn-gateway --vpn-gateway-id",
        "attachment.vpc-id",
        counts=_attached("VpcAttachments"),
        gateway="VGW",
    ),
    _NAT_GATEWAY,
    _Kind(
        "AWS::EC2::VPCEndpoint",
        "a VPC endpoint",
        ("DescribeVpcEndpoints", "VpcEndpoints"),
        "VpcEndpointId",
        "delete-vpc-endpoints --vpc-endpoint-ids",
    ),
    _Kind(
        "AWS::EC2::VPCPeeringConnection",
        "a request for a peering",
        ("DescribeVpcPeeringConnections", "VpcPeeringConnections"),
        "VpcPeeringConnectionId",
        "reject-vpc-peering-connection --vpc-peering-connection-id",
        "accepter-vpc-info.vpc-id",
        counts=_asked_by_another_account,
    ),
    _Kind(
        "AWS::EC2::TransitGatewayVpcAttachment",
        "an attachment to a transit gateway",
        ("DescribeTransitGatewayVpcAttachments", "TransitGatewayVpcAttachments"),
        "TransitGatewayAttachmentId",
        "delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id",
    ),
)
# Two types for one thing:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-transitgatewayattachment.html
_ALSO = {"AWS::EC2::TransitGatewayVpcAttachment": "AWS::EC2::TransitGatewayAttachment"}


def in_vpc(looks: Looks, vpc_id: str, owned: Collection[Resource], region: str) -> list[dict[str, Any]]:
    """What is in a VPC and not ``owned``, and is sure to keep it: rows with ``type``, ``id``, ``name``, ``owner`` (the
    name of its stack, if AWS tells one), ``reason`` and ``how_to_remove``, a command line. What can not be listed is a
    gap of ``looks``."""
    found = dict(zip(_KINDS, looks.each(lambda kind: kind.found(looks, vpc_id), _KINDS)))
    # A regional NAT gateway has a route table of its own:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html
    tables = {item.get("RouteTableId") for item in found[_NAT_GATEWAY]}
    rows = [
        _row(kind, item, vpc_id, region)
        for kind, items in found.items()
        for item in items
        if not _owned(kind, item, vpc_id, owned)
    ]
    return sorted((row for row in rows if row["id"] not in tables), key=lambda row: (row["type"], row["id"]))


def _owned(kind: _Kind, item: Item, vpc_id: str, owned: Collection[Resource]) -> bool:
    if {Resource(name, item[kind.id_key]) for name in (kind.type, _ALSO.get(kind.type, ""))}.intersection(owned):
        return True
    # What attaches a gateway detaches it. Its physical id is "IGW|vpc-..." or "VGW|vpc-...", of older ones any name:
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcgatewayattachment.html
    attachments = [
        resource.physical_id for resource in owned if resource.type == "AWS::EC2::VPCGatewayAttachment" and kind.gateway
    ]
    return any("|" not in name or name == f"{kind.gateway}|{vpc_id}" for name in attachments)


def _row(kind: _Kind, item: Item, vpc_id: str, region: str) -> dict[str, Any]:
    tags = {tag.get("Key"): one_line(tag.get("Value", "")) for tag in item.get("Tags", [])}
    owner = tags.get(_STACK_NAME)
    command = ["aws", "ec2", *kind.command.split(), item[kind.id_key], *(["--vpc-id", vpc_id] if kind.gateway else [])]
    if owner:
        command = ["aws", "cloudformation", "delete-stack", "--stack-name", owner]
    return {
        "type": kind.type,
        "id": item[kind.id_key],
        "name": one_line(item.get("GroupName", "")) or tags.get("Name", ""),
        "owner": owner,
        "reason": f"A VPC cannot be deleted with {kind.words} of others in it, and this one is in {vpc_id}.",
        "how_to_remove": shlex.join([*command, *(["--region", region] if region else [])]),
    }
