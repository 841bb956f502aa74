# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Network interfaces in VPCs, and whose they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from typing import Collection
from typing import Mapping
from typing import Sequence

from .._aws.errors import aws_call
from .._aws.text import one_line
from .resource import Resource

_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# What AWS describes an interface with that it makes for a resource. Recorded answers of AWS:
# https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo
_DESCRIBED = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"Interface for NAT Gateway (nat-\w+)", "AWS::EC2::NatGateway"),
        (r"VPC Endpoint Interface (vpce-\w+)", "AWS::EC2::VPCEndpoint"),
        (r"ELB ((?:app|net|gwy)/[^/]+/\w+)", _BALANCER),
        (r"ELB ([^/]+)", "AWS::ElasticLoadBalancing::LoadBalancer"),
        (rf"AWS Lambda VPC ENI-(.+)-{_UUID}", "AWS::Lambda::Function"),
        (r"EFS mount target for fs-\w+ \((fsmt-\w+)\)", "AWS::EFS::MountTarget"),
    )
)
# Interfaces of these types are made by whoever has the right to, with any description:
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
_ANYBODYS = frozenset(("", "interface", "efa", "efa-only", "trunk"))


@dataclass(frozen=True)
class Interface:
    """``requester``: the AWS service or account that made it, otherwise the account that it is in. ``of``: what it
    belongs to and goes with, itself first."""

    id: str
    description: str
    requester: str
    status: str
    subnet_id: str
    vpc_id: str
    of: tuple[Resource, ...]

    def is_of(self, owned: Collection[Resource]) -> bool:
        """Whether it goes with one of these resources, each as :func:`named` names it."""
        return any(resource in owned for resource in self.of)

    def words(self) -> str:
        """For a person who has to find out whose it is."""
        return f"{self.id} ({self.description}), owner {self.requester}, subnet {self.subnet_id}, {self.status}"


def named(resource: Resource) -> Resource:
    """A resource as the description of its interfaces names it: a load balancer by the end of its ARN."""
    return Resource(resource.type, resource.physical_id.partition(":loadbalancer/")[2] or resource.physical_id)


def interfaces(ec2: Any, vpc_ids: Sequence[str]) -> list[Interface]:
    """The interfaces in these VPCs, those that AWS did not make first. Raises :class:`AwsCallError`.

    What AWS made for a task or a load balancer goes with it; the others are somebody's.
    """
    found = []
    with aws_call("ec2:DescribeNetworkInterfaces"):
        pages = ec2.get_paginator("describe_network_interfaces").paginate(
            Filters=[{"Name": "vpc-id", "Values": list(vpc_ids)}]
        )
        for page in pages:
            found += [_interface(item) for item in page["NetworkInterfaces"]]
    return sorted(found, key=lambda item: (item.requester.startswith("amazon-"), item.vpc_id, item.id))


def _interface(item: Mapping[str, Any]) -> Interface:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
    return Interface(
        id=item["NetworkInterfaceId"],
        description=one_line(item.get("Description", "")) or "no description",
        requester=item.get("RequesterId") or item.get("OwnerId", ""),
        status=item.get("Status", ""),
        subnet_id=item.get("SubnetId", ""),
        vpc_id=item.get("VpcId", ""),
        of=tuple(_of(item)),
    )


def _of(item: Mapping[str, Any]) -> list[Resource]:
    found = [Resource("AWS::EC2::NetworkInterface", item["NetworkInterfaceId"])]
    instance = item.get("Attachment", {}).get("InstanceId")
    if instance:
        found.append(Resource("AWS::EC2::Instance", instance))
    # A description is free text: only where AWS made the interface does it say whose it is.
    if item.get("RequesterManaged") or item.get("InterfaceType", "") not in _ANYBODYS:
        matches = ((pattern.fullmatch(item.get("Description", "")), name) for pattern, name in _DESCRIBED)
        found += [Resource(name, match[1]) for match, name in matches if match]
    return found
