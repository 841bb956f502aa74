# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What has to be so, besides the stacks before it being gone, before a stack is asked for."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Iterable
from typing import Sequence

from .._aws.errors import aws_call
from .._aws.text import one_line
from .reader import StackReader
from .state import StackState

# ECS refuses to delete a cluster with tasks: ClusterContainsTasksException,
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
TASKS_STOPPED = "tasks_stopped"
# Asked for a VPC that still holds an interface, CloudFormation tries for 16 minutes and more before it fails:
# https://github.com/convox/rack/issues/1090
NETWORK_INTERFACES_GONE = "network_interfaces_gone"
GATES = (TASKS_STOPPED, NETWORK_INTERFACES_GONE)

MOST_NAMED = 5  # interfaces that a text names


class Gates:
    """``ec2``: makes a boto3 client. ``tasks``: phrases on the tasks that do not have ended yet."""

    def __init__(self, reader: StackReader, ec2: Callable[[], Any], tasks: Callable[[], Sequence[str]]) -> None:
        self._reader = reader
        self._make_ec2 = ec2
        self._ec2: Any = None
        self._tasks = tasks
        self._vpcs: dict[str, list[str]] = {}

    def prepare(self, states: Iterable[StackState]) -> None:
        """Make what the gates of these stacks will need, while nothing waits for it: boto3 takes up to a second for a
        client of EC2."""
        if self._ec2 is None and any(NETWORK_INTERFACES_GONE in state.spec.only_when for state in states):
            self._ec2 = self._make_ec2()

    def why_closed(self, state: StackState) -> str:
        """What has to end first; empty when the stack may be asked for. Raises :class:`AwsCallError`."""
        looks = {TASKS_STOPPED: self._running, NETWORK_INTERFACES_GONE: self._attached}
        for gate in state.spec.only_when:
            reason = looks[gate](state)
            if reason:
                return reason
        return ""

    def _running(self, state: StackState) -> str:
        return "; ".join(self._tasks())

    def _attached(self, state: StackState) -> str:
        if state.stack_id not in self._vpcs:
            self._vpcs[state.stack_id] = [
                item.physical_id
                for item in self._reader.resources(state.stack_id)
                if item.type == "AWS::EC2::VPC" and item.physical_id and item.status != "DELETE_COMPLETE"
            ]
        vpcs = self._vpcs[state.stack_id]
        if not vpcs:
            return ""
        self.prepare([state])
        return told(interfaces(self._ec2, vpcs))


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
        for row in rows[:MOST_NAMED]
    ]
    if len(rows) > MOST_NAMED:
        named.append(f"and {len(rows) - MOST_NAMED} more")
    what = "1 network interface is" if len(rows) == 1 else f"{len(rows)} network interfaces are"
    return f"{what} left in {', '.join(sorted({row['vpc_id'] for row in rows}))}: {'; '.join(named)}"
