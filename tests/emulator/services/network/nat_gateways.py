# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NAT gateways, whose interface goes only with them.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNatGateway.html
A deleted one is shown for about an hour: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html
What DescribeNetworkInterfaces shows of the interface: NetworkInterface in
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html, and mvanholsteijn's
fargate-dns-registrator, which has one in its tests.
"""

from __future__ import annotations

import uuid
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.nat_gateways import NatGateway

from ...world import world

#: AWS's own account to which it belongs
_REQUESTER = "128792236543"


class NatGateways(EC2Backend):
    """moto's, which are deleted in a while instead of at once, and in more than name."""

    def create_nat_gateway(self, *args: Any, **kwargs: Any) -> NatGateway:
        gateway = super().create_nat_gateway(*args, **kwargs)
        interface = self.get_network_interface(gateway.address_set[0]["networkInterfaceId"])
        interface.description = f"Interface for NAT Gateway {gateway.id}"
        interface.interface_type = "nat_gateway"
        interface.requester_id = _REQUESTER
        interface.requester_managed = True
        interface.source_dest_check = False
        interface._group_set = []
        interface.status = "in-use"
        interface.requester_attachment = {
            "AttachTime": utcnow(),
            "AttachmentId": f"ela-attach-{uuid.uuid4().hex[:17]}",
            "DeleteOnTermination": False,
            "DeviceIndex": 1,
            "InstanceOwnerId": "amazon-aws",
            "Status": "attached",
        }
        world.note("interface", interface.id, "in-use", interface.description)
        return gateway

    def delete_nat_gateway(self, nat_gateway_id: str) -> NatGateway:
        gateway = self.nat_gateways.get(nat_gateway_id)
        if gateway is None:
            raise EC2ClientError("NatGatewayNotFound", f"The Nat Gateway {nat_gateway_id} was not found")
        if gateway.state == "available":
            gateway.state = "deleting"
            world.clock.call_later(world.durations.draw("ec2.nat_gateway"), self._end, gateway)
        return gateway

    def _end(self, gateway: NatGateway) -> None:
        """Its address is free again but stays the account's; its interface is gone, its routes lead nowhere."""
        gateway.state = "deleted"
        interface = self.enis.pop(gateway.address_set[0]["networkInterfaceId"])
        if interface.public_ip:
            self.disassociate_address(address=interface.public_ip)
        world.note("interface", interface.id, "deleted", interface.description)
        world.clock.call_later(world.durations.draw("ec2.nat_gateway.forget"), self.nat_gateways.pop, gateway.id, None)

    def release_address(self, address: str | None = None, allocation_id: str | None = None) -> None:
        """Not while it is associated: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html"""
        for known in self.addresses:
            if known.association_id and (known.public_ip == address or known.allocation_id == allocation_id):
                raise EC2ClientError("InvalidIPAddress.InUse", f"Address {known.public_ip} is in use.")
        super().release_address(address, allocation_id)
