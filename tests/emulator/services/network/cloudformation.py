# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How CloudFormation deletes AWS::EC2::*: with the calls EC2 offers for it, and EC2's refusals.

moto deletes some of these types only in name.
"""

from __future__ import annotations

from collections.abc import Callable

from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends

from ...cloudformation.deletion import Context, Refused, Resource, register
from ...world import world
from .backend import Ec2Backend

Delete = Callable[[Ec2Backend, Resource], object]


class Ec2Deletion:
    """Takes ``duration_key`` and then calls ``delete``; what is not there any more is deleted."""

    def __init__(self, duration_key: str, delete: Delete) -> None:
        self.duration_key = duration_key
        self.delete = delete

    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw(self.duration_key, resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        backend = ec2_backends[resource.account_id][resource.region]
        try:
            self.delete(backend, resource)
        except ServiceException as error:
            if not _is_missing(error.code):
                raise Refused(error.code, error.message, service="Ec2") from error
        return True


def _is_missing(code: str) -> bool:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    return code.endswith((".NotFound", "NotFoundException")) or code == "Gateway.NotAttached"


def _detach_gateway(backend: Ec2Backend, resource: Resource) -> None:
    properties = resource.properties
    if properties.get("InternetGatewayId"):
        backend.detach_internet_gateway(properties["InternetGatewayId"], properties["VpcId"])


def _delete_route(backend: Ec2Backend, resource: Resource) -> None:
    properties = resource.properties
    table_id = properties["RouteTableId"]
    if table_id in backend.route_tables:
        ipv4, ipv6 = properties.get("DestinationCidrBlock"), properties.get("DestinationIpv6CidrBlock")
        backend.delete_route(table_id, ipv4, ipv6)


def _disassociate(backend: Ec2Backend, resource: Resource) -> None:
    table = backend.route_tables.get(resource.properties["RouteTableId"])
    for association in table.associations if table else []:
        if association.get("SubnetId") == resource.properties["SubnetId"]:
            backend.disassociate_route_table(association["RouteTableAssociationId"])


def _delete_group(backend: Ec2Backend, resource: Resource) -> None:
    backend.delete_security_group(group_id=resource.model.id)


class NatGatewayDeletion:
    """Asks, and waits until it is gone with its interface."""

    def begin(self, resource: Resource, context: Context) -> float | None:
        backend = ec2_backends[resource.account_id][resource.region]
        if resource.physical_id in backend.nat_gateways:
            backend.delete_nat_gateway(resource.physical_id)
        return None

    def poll(self, resource: Resource, context: Context) -> bool:
        gateway = ec2_backends[resource.account_id][resource.region].nat_gateways.get(resource.physical_id)
        return gateway is None or gateway.state == "deleted"


def _release(backend: Ec2Backend, resource: Resource) -> None:
    if any(address.public_ip == resource.physical_id for address in backend.addresses):
        backend.release_address(address=resource.physical_id)


_TYPES: dict[str, tuple[str, Delete]] = {
    "VPC": ("ec2.vpc", lambda backend, resource: backend.delete_vpc(resource.physical_id)),
    "Subnet": ("ec2.subnet", lambda backend, resource: backend.delete_subnet(resource.physical_id)),
    "SecurityGroup": ("ec2.security_group", _delete_group),
    "InternetGateway": (
        "ec2.internet_gateway",
        lambda backend, resource: backend.delete_internet_gateway(resource.physical_id),
    ),
    "VPCGatewayAttachment": ("ec2.gateway_attachment", _detach_gateway),
    "RouteTable": ("ec2.route_table", lambda backend, resource: backend.delete_route_table(resource.physical_id)),
    "Route": ("ec2.route", _delete_route),
    "SubnetRouteTableAssociation": ("ec2.route_table_association", _disassociate),
    "VPCEndpoint": (
        "ec2.vpc_endpoint",
        lambda backend, resource: backend.delete_vpc_endpoints([resource.physical_id]),
    ),
    "NetworkInterface": (
        "ec2.network_interface",
        lambda backend, resource: backend.delete_network_interface(resource.physical_id),
    ),
    "EIP": ("ec2.address", _release),
}


def register_handlers() -> None:
    """Have CloudFormation delete EC2 resources the way EC2 lets them go."""
    for kind, (duration_key, delete) in _TYPES.items():
        register(f"AWS::EC2::{kind}", Ec2Deletion(duration_key, delete))
    register("AWS::EC2::NatGateway", NatGatewayDeletion())
