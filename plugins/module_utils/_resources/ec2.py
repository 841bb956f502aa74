# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of Amazon EC2 and VPC."""

from __future__ import annotations

from .resource import Lookup
from .resource import ResourceType
from .resource import by


def _row(
    name: str, arn: str, listing: str, id_key: str, id_filter: str, command: str, filters: str = "Filters"
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
            # A deleted endpoint is shown for a while:
            # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
            there=lambda answer, ids: (
                item[id_key] for item in answer[listing] if str(item.get("State", "")).lower() != "deleted"
            ),
            most=100,
        ),
        arn=f"ec2:{arn}",
    )


TYPES = (
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
    ),
    _row("Subnet", "subnet", "Subnets", "SubnetId", "subnet-id", "delete-subnet --subnet-id"),
    _row("VPC", "vpc", "Vpcs", "VpcId", "vpc-id", "delete-vpc --vpc-id"),
    _row(
        "VPCEndpoint",
        "vpc-endpoint",
        "VpcEndpoints",
        "VpcEndpointId",
        "vpc-endpoint-id",
        "delete-vpc-endpoints --vpc-endpoint-ids",
    ),
)
