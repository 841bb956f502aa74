# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a stand-in workshop went, and what is left of it: asked of the emulator, not of the code under test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from .deployment import Deployed

if TYPE_CHECKING:
    from tests.emulator import Emulator

HEADER = ("level", "stack", "began", "ended")
#: What Cloud Control says of a resource that cannot be there, or cannot be looked up by it
_NOT_THERE = ("ResourceNotFoundException", "UnsupportedActionException", "TypeNotFoundException", "ValidationException")


def table(emulator: Emulator, deployed: Deployed, since: float) -> str:
    """Level by level, when each stack began to go and was gone, in AWS seconds after ``since``."""
    events = [event for event in emulator.timeline.select("stack") if event.time >= since]

    def moment(name: str, status: str) -> str:
        return next((f"{e.time - since:.0f}" for e in events if (e.name, e.status) == (name, status)), "-")

    lines = [HEADER]
    for number, level in enumerate(deployed.manifest.levels, 1):
        for name in sorted(level):
            lines.append((str(number), name, moment(name, "DELETE_IN_PROGRESS"), moment(name, "DELETE_COMPLETE")))
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    return "\n".join(
        f"{level.rjust(widths[0])}  {name.ljust(widths[1])}  {began.rjust(widths[2])}  {ended.rjust(widths[3])}"
        for level, name, began, ended in lines
    )


def owned(emulator: Emulator, deployed: Deployed) -> dict[str, set[tuple[str, str]]]:
    """Type and physical id of what the stacks and those in them have, by the name of the stack, without survivors."""
    client = emulator.client("cloudformation")
    kept = set(deployed.manifest.survives)

    def of_stack(name: str, stack_id: str) -> set[tuple[str, str]]:
        found = set()
        for page in client.get_paginator("list_stack_resources").paginate(StackName=stack_id):
            for row in page["StackResourceSummaries"]:
                if row["ResourceType"] == "AWS::CloudFormation::Stack":
                    found |= of_stack(name, row["PhysicalResourceId"])
                elif (name, row["LogicalResourceId"]) not in kept:
                    found.add((row["ResourceType"], row["PhysicalResourceId"]))
        return found

    return {name: of_stack(name, stack_id) for name, stack_id in deployed.ids.items()}


def whats_left(emulator: Emulator, deployed: Deployed, had: dict[str, set[tuple[str, str]]]) -> dict[str, list[str]]:
    """What is there of a workshop that ``had`` this, by kind; every list is empty when it is gone."""
    client = emulator.client("cloudformation")
    statuses = {name: _status(client, stack_id) for name, stack_id in deployed.ids.items()}
    ec2 = emulator.client("ec2")
    default = {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if vpc["IsDefault"]}
    return {
        "stacks": [f"{name} {status}" for name, status in statuses.items() if status != "DELETE_COMPLETE"],
        "resources": sorted(
            f"{resource_type} {identifier}"
            for resources in had.values()
            for resource_type, identifier in resources
            if _is_there(emulator, resource_type, identifier)
        ),
        "network interfaces": [
            interface["NetworkInterfaceId"]
            for interface in ec2.describe_network_interfaces()["NetworkInterfaces"]
            if interface["VpcId"] not in default
        ],
        "log groups": [group["logGroupName"] for group in emulator.client("logs").describe_log_groups()["logGroups"]],
    }


def _status(client: Any, stack_id: str) -> str:
    return client.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]


def _is_there(emulator: Emulator, resource_type: str, identifier: str) -> bool:
    try:
        emulator.client("cloudcontrol").get_resource(TypeName=resource_type, Identifier=identifier)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _NOT_THERE:
            raise
        return False
    return True
