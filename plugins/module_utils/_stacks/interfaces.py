# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What network interfaces are left in VPCs, and how a person is told."""

from __future__ import annotations

from typing import Any
from typing import Sequence

from .._aws.errors import aws_call
from .._aws.text import one_line

MOST = 5  # interfaces that a text names


def interfaces(ec2: Any, vpc_ids: Sequence[str]) -> list[dict[str, str]]:
    """The interfaces in these VPCs, those that AWS did not make first. Raises :class:`AwsCallError`.

    What AWS made for a task or a load balancer goes with it; the others are somebody's.

    The requester is the AWS service or account that made an interface, the owner the account that it is in:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
    """
    found = []
    with aws_call("ec2:DescribeNetworkInterfaces"):
        pages = ec2.get_paginator("describe_network_interfaces").paginate(
            Filters=[{"Name": "vpc-id", "Values": list(vpc_ids)}]
        )
        for page in pages:
            for item in page["NetworkInterfaces"]:
                found.append(
                    {
                        "id": item["NetworkInterfaceId"],
                        "description": one_line(item.get("Description", "")) or "no description",
                        "owner": item.get("RequesterId") or item.get("OwnerId", ""),
                        "status": item.get("Status", ""),
                        "subnet_id": item.get("SubnetId", ""),
                        "vpc_id": item.get("VpcId", ""),
                    }
                )
    return sorted(found, key=lambda row: (row["owner"].startswith("amazon-"), row["vpc_id"], row["id"]))


def told(rows: Sequence[dict[str, str]]) -> str:
    """What is left, for a person who has to find out whose it is. Empty when nothing is."""
    if not rows:
        return ""
    named = [
        f"{row['id']} ({row['description']}), owner {row['owner']}, subnet {row['subnet_id']}, {row['status']}"
        for row in rows[:MOST]
    ]
    if len(rows) > MOST:
        named.append(f"and {len(rows) - MOST} more")
    what = "1 network interface is" if len(rows) == 1 else f"{len(rows)} network interfaces are"
    return f"{what} left in {', '.join(sorted({row['vpc_id'] for row in rows}))}: {'; '.join(named)}"
