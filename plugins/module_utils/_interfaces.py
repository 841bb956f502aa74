# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Looking for what network interfaces are left in VPCs."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Sequence

from ._errors import AwsCallError
from ._errors import aws_call
from ._errors import survivable

MOST = 3  # interfaces that a phrase names


class InterfaceWatch:
    """A participant of the watch loop: done when a look finds no interface in any of the VPCs.

    ``survived`` counts the AWS errors that were lived with; any other error comes through.
    """

    def __init__(self, ec2: Any, vpc_ids: Sequence[str], clock: Callable[[], float]) -> None:
        self._ec2 = ec2
        self._vpc_ids = list(vpc_ids)
        self._clock = clock
        self._begun = clock()
        self._looked = False
        self.left: list[dict[str, Any]] = []
        self.survived = 0

    def tick(self) -> bool:
        before = [interface["network_interface_id"] for interface in self.left]
        try:
            self.look()
        except AwsCallError as error:
            if not survivable(error):
                raise
            self.survived += 1
        return before != [interface["network_interface_id"] for interface in self.left]

    def finished(self) -> bool:
        return not self._vpc_ids or (self._looked and not self.left)

    def waiting_for(self) -> list[str]:
        names = [str(interface["description"] or interface["network_interface_id"]) for interface in self.left[:MOST]]
        if len(self.left) > MOST:
            names.append(f"and {len(self.left) - MOST} more")
        return [f"{len(self.left)} network interfaces for {self._clock() - self._begun:.0f} s: {', '.join(names)}"]

    def look(self) -> None:
        """Read which interfaces there are now."""
        if not self._vpc_ids:
            return
        found = []
        with aws_call("ec2:DescribeNetworkInterfaces"):
            pages = self._ec2.get_paginator("describe_network_interfaces").paginate(
                Filters=[{"Name": "vpc-id", "Values": self._vpc_ids}]
            )
            for page in pages:
                found.extend(_row(interface) for interface in page["NetworkInterfaces"])
        self.left = sorted(found, key=lambda row: (row["vpc_id"], row["network_interface_id"]))
        self._looked = True

    def message(self, seconds: float) -> str:
        """What is left after so long, for a person who has to find out whose it is."""
        if not self._looked:
            return f"For {seconds:g} s nothing could be seen: {self.survived} passing AWS errors. Run this again."
        rows = "; ".join(
            f"{row['network_interface_id']} ({row['description'] or 'no description'}), owner {row['owner']}, "
            f"subnet {row['subnet_id']}, {row['status']}"
            for row in self.left
        )
        vpcs = ", ".join(sorted({row["vpc_id"] for row in self.left}))
        count = len(self.left)
        what = "network interface is" if count == 1 else "network interfaces are"
        return f"{count} {what} left in {vpcs} after {seconds:g} s: {rows}. Remove what uses them and run this again."


def _row(interface: dict[str, Any]) -> dict[str, Any]:
    # The requester is the AWS service or account that made the interface, the owner the account that it is in:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
    return {
        "network_interface_id": interface["NetworkInterfaceId"],
        "description": interface.get("Description", ""),
        "owner": interface.get("RequesterId") or interface.get("OwnerId", ""),
        "interface_type": interface.get("InterfaceType", ""),
        "status": interface.get("Status", ""),
        "subnet_id": interface.get("SubnetId", ""),
        "vpc_id": interface.get("VpcId", ""),
    }
