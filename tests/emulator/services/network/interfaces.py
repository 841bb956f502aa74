# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network interfaces that AWS services keep in a customer's subnets.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
"""

from __future__ import annotations

import uuid
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.exceptions import FilterNotImplementedError
from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.utils import random_public_ip

from ...world import ACCOUNT_ID, world

_PLAIN_FILTERS = {
    "status": "status",
    "requester-id": "requester_id",
    "interface-type": "interface_type",
    "owner-id": "owner_id",
    "mac-address": "mac_address",
    "private-dns-name": "private_dns_name",
    "association.public-ip": "public_ip",
}


class Interface(NetworkInterface):
    """An interface that may belong to a service (``requester``) instead of an instance."""

    requester: str | None = None
    requester_attachment: dict[str, Any] | None = None

    @property
    def attachment(self) -> Any:
        return self.requester_attachment or super().attachment

    @property
    def association(self) -> dict[str, Any]:
        if self.requester is None or not self.public_ip:
            return super().association
        region = self.ec2_backend.region_name
        return {
            "PublicIp": self.public_ip,
            "PublicDnsName": f"ec2-{self.public_ip.replace('.', '-')}.{region}.compute.amazonaws.com",
            "IpOwnerId": "amazon" if self.requester == "amazon-ecs" else self.requester,
        }

    def delete(self) -> None:
        """Its instance is terminated, and takes it along although it is in use."""
        release(self)

    def get_filter_value(self, filter_name: str, method_name: str | None = None) -> Any:
        """Values for the filters of DescribeNetworkInterfaces; the rest is moto's.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
        """
        if filter_name in _PLAIN_FILTERS:
            return getattr(self, _PLAIN_FILTERS[filter_name], None)
        if filter_name == "requester-managed":
            return str(self.requester_managed).lower()
        if filter_name == "attachment.status":
            return "attached" if self.attachment else None
        try:
            return super().get_filter_value(filter_name, method_name)
        except AttributeError as error:
            raise FilterNotImplementedError(filter_name, "DescribeNetworkInterfaces") from error


def attach_managed(
    *,
    account_id: str,
    region: str,
    subnet_id: str,
    group_ids: list[str],
    description: str,
    requester: str,
    public: bool,
    owner: str | None = None,
) -> Interface:
    """Put an interface of a service into a subnet, in use from the start. It goes with ``release``."""
    backend = ec2_backends[account_id][region]
    interface: Interface = backend.create_network_interface(
        backend.get_subnet(subnet_id), [], group_ids=group_ids, description=description
    )
    interface.requester = requester
    interface.requester_id = requester
    interface.requester_managed = True
    interface.status = "in-use"
    interface.requester_attachment = {
        "AttachTime": utcnow(),
        "AttachmentId": f"ela-attach-{uuid.uuid4().hex[:17]}",
        "DeleteOnTermination": False,
        "DeviceIndex": 1,
        "InstanceOwnerId": owner or requester,
        "Status": "attached",
    }
    if public:
        interface.public_ip = random_public_ip()
    world.note("interface", interface.id, "in-use", description)
    return interface


def manage(interface: Interface, description: str, kind: str) -> None:
    """Make it one that AWS has made for what is described, in use as long as that is there.

    As recorded in tests/data/placebo of cloud-custodian/cloud-custodian.
    """
    interface.requester = interface.requester_id = "amazon-aws"
    interface.requester_managed = True
    interface.status = "in-use"
    interface.interface_type = kind
    interface.description = description


def release(interface: Interface) -> None:
    """The service lets go of its interface. Nothing happens if it is gone already."""
    if interface.ec2_backend.enis.pop(interface.id, None) is not None:
        world.note("interface", interface.id, "deleted", interface.description)


def put_foreign_interface(
    subnet_id: str,
    *,
    description: str = "AWS Lambda VPC ENI-somebody-else",
    requester: str = "AROAEXAMPLE:somebody-else",
    group_ids: list[str] | None = None,
    public: bool = False,
    region: str | None = None,
    account_id: str = ACCOUNT_ID,
) -> str:
    """Put somebody else's interface, in use, into a subnet and return its id. Nothing takes it away by itself."""
    with world.lock:
        interface = attach_managed(
            account_id=account_id,
            region=region or world.region,
            subnet_id=subnet_id,
            group_ids=group_ids or [],
            description=description,
            requester=requester,
            public=public,
            owner=account_id,
        )
        return interface.id


def remove_foreign_interface(interface_id: str, *, region: str | None = None, account_id: str = ACCOUNT_ID) -> None:
    """Take away what ``put_foreign_interface`` put there."""
    with world.lock:
        release(ec2_backends[account_id][region or world.region].get_network_interface(interface_id))
