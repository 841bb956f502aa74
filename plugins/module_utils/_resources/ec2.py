# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of Amazon EC2 and VPC."""

from __future__ import annotations

import re
from typing import Any
from typing import Callable

from .._aws.errors import aws_call
from .._aws.looks import Looks
from .blocker import Blocker
from .clearing import Clearing
from .ours import Ours
from .protection import Protection
from .resource import Ids
from .resource import Lookup
from .resource import Resource
from .resource import ResourceType
from .resource import by
from . import security_group
from . import vpc


_INSTANCE = "AWS::EC2::Instance"


def _row(
    name: str,
    arn: str,
    listing: str,
    id_key: str,
    id_filter: str,
    command: str,
    filters: str = "Filters",
    held_by: Callable[[Looks, Ours, Ids], list[tuple[str, Blocker]]] | None = None,
    clearing: Clearing | None = None,
) -> ResourceType:
    """``listing``: the call that lists them, with their id under ``id_key``, and a filter for it. By filter and not by
    id: with an unknown id the call fails, whatever the other ids are.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    return ResourceType(
        name=f"AWS::EC2::{name}",
        command=by(f"ec2 {command}"),
        lookup=Lookup(
            action=f"ec2:Describe{listing}",
            ask=lambda ids: {filters: [{"Name": id_filter, "Values": list(ids)}]},
            # A deleted endpoint or NAT gateway is shown for a while:
            # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
            # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html
            there=lambda answer, ids: (
                item[id_key] for item in answer[listing] if str(item.get("State", "")).lower() != "deleted"
            ),
            most=100,
        ),
        arn=f"ec2:{arn}",
        held_by=held_by,
        clearing=clearing,
    )


def _protect(client: Any, instance: str, on: bool) -> None:
    """Termination protection, and stop protection, which keeps an instance from being terminated, too. Each is switched
    off by a call of its own. Only the first is switched on again, whichever was: it is the one that a template knows.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
    https://github.com/ekristen/aws-nuke/blob/main/resources/ec2-instance.go ("may not be terminated. Modify its
    'disableApiStop' instance attribute")
    """
    for attribute in ("DisableApiTermination",) if on else ("DisableApiStop", "DisableApiTermination"):
        with aws_call("ec2:ModifyInstanceAttribute"):
            client.modify_instance_attribute(InstanceId=instance, **{attribute: {"Value": on}})


def _in(type_name: str, pattern: str) -> Callable[[str], Resource | None]:
    def inside(physical_id: str) -> Resource | None:
        found = re.search(pattern, physical_id)
        return Resource(type_name, found[0]) if found else None

    return inside


#: What has no life of its own, by its type: what one is in, as its physical id says: "rtb-…|0.0.0.0/0", "IGW|vpc-…".
#: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-route.html
#: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcgatewayattachment.html
PARTS = {
    "AWS::EC2::Route": _in("AWS::EC2::RouteTable", r"\brtb-[0-9a-f]+"),
    "AWS::EC2::VPCGatewayAttachment": _in("AWS::EC2::VPC", r"\bvpc-[0-9a-f]+"),
}

TYPES = (
    ResourceType(
        name=_INSTANCE,
        command=by("ec2 terminate-instances --instance-ids"),
        lookup=Lookup(
            action="ec2:DescribeInstances",
            ask=lambda ids: {"Filters": [{"Name": "instance-id", "Values": list(ids)}]},
            # A terminated one is shown for a while:
            # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
            there=lambda answer, ids: (
                item["InstanceId"]
                for reservation in answer["Reservations"]
                for item in reservation["Instances"]
                if item["State"]["Name"] != "terminated"
            ),
            most=100,
        ),
        arn="ec2:instance",
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html
        protection=Protection(
            action="ec2:DescribeInstanceAttribute",
            ask=lambda instance: {"InstanceId": instance, "Attribute": "disableApiTermination"},
            also=lambda instance: {"InstanceId": instance, "Attribute": "disableApiStop"},
            on=lambda answer, instance: any(
                answer.get(name, {}).get("Value") for name in ("DisableApiTermination", "DisableApiStop")
            ),
            lift=lambda instance: (
                *("ec2", "modify-instance-attribute", "--instance-id", instance),
                "--no-disable-api-termination",
            ),
            switch=_protect,
            switches=("ec2:ModifyInstanceAttribute",),
        ),
    ),
    _row(
        "FlowLog", "vpc-flow-log", "FlowLogs", "FlowLogId", "flow-log-id", "delete-flow-logs --flow-log-ids", "Filter"
    ),
    _row(
        "InternetGateway",
        "internet-gateway",
        "InternetGateways",
        "InternetGatewayId",
        "internet-gateway-id",
        "delete-internet-gateway --internet-gateway-id",
    ),
    _row(
        "NatGateway",
        "natgateway",
        "NatGateways",
        "NatGatewayId",
        "nat-gateway-id",
        "delete-nat-gateway --nat-gateway-id",
        "Filter",
    ),
    _row(
        "RouteTable",
        "route-table",
        "RouteTables",
        "RouteTableId",
        "route-table-id",
        "delete-route-table --route-table-id",
    ),
    _row(
        "SecurityGroup",
        "security-group",
        "SecurityGroups",
        "GroupId",
        "group-id",
        "delete-security-group --group-id",
        clearing=security_group.CLEARING,
    ),
    ResourceType(
        name="AWS::EC2::SubnetRouteTableAssociation",
        command=by("ec2 disassociate-route-table --association-id"),
        lookup=Lookup(
            action="ec2:DescribeRouteTables",
            ask=lambda ids: {"Filters": [{"Name": "association.route-table-association-id", "Values": list(ids)}]},
            there=lambda answer, ids: (
                item["RouteTableAssociationId"] for table in answer["RouteTables"] for item in table["Associations"]
            ),
            most=100,
        ),
    ),
    _row("Subnet", "subnet", "Subnets", "SubnetId", "subnet-id", "delete-subnet --subnet-id"),
    _row("Volume", "volume", "Volumes", "VolumeId", "volume-id", "delete-volume --volume-id"),
    _row(
        "VPC",
        "vpc",
        "Vpcs",
        "VpcId",
        "vpc-id",
        "delete-vpc --vpc-id",
        held_by=vpc.held_by,
        clearing=vpc.CLEARING,
    ),
    _row(
        "VPCEndpoint",
        "vpc-endpoint",
        "VpcEndpoints",
        "VpcEndpointId",
        "vpc-endpoint-id",
        "delete-vpc-endpoints --vpc-endpoint-ids",
    ),
)
