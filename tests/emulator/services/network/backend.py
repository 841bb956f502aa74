# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2 refuses to delete what is in use, as AWS does; moto deletes nearly everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.resource_tagging import TaggedResource
from moto.ec2.exceptions import DependencyViolationError, EC2ClientError, InvalidFlowLogIdError
from moto.ec2.models import amis
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.flow_logs import FlowLogs
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2 import urls as ec2_urls

from ...roles import role_exists
from .. import logs
from .contents import goes_along, holds_anything
from .interfaces import Interface, manage
from .nat_gateways import NatGateways

#: Filters of DescribeVpcEndpoints that moto lacks.
_ENDPOINT_FILTERS = {"vpc-endpoint-id": "id", "vpc-id": "vpc_id", "service-name": "service_name"}


class Ec2Backend(NatGateways):
    """moto's EC2 with AWS's refusals.

    Messages as quoted in public issues: security group hashicorp/terraform-provider-aws#1671, gateway
    hashicorp/terraform#497, VPC gruntwork-io/cloud-nuke#345.
    """

    @property
    def _url_module(self) -> Any:
        return ec2_urls

    def _load_amis(self) -> None:
        """One image is enough: moto's own 1,300 take most of the time that a new backend takes."""
        image = amis.AMIS[0]
        self.amis[image["ami_id"]] = amis.Ami(self, **{**image, "owner_alias": "amazon", "creation_date": None})

    # interfaces

    def create_network_interface(
        self,
        subnet: Any,
        private_ip_address: str | list[str],
        private_ip_addresses: list[dict[str, Any]] | None = None,
        group_ids: list[str] | None = None,
        description: str | None = None,
        tags: dict[str, str] | None = None,
        delete_on_termination: bool | None = False,
        **kwargs: Any,
    ) -> Interface:
        interface = Interface(
            self,
            subnet,
            private_ip_address,
            private_ip_addresses,
            group_ids=group_ids,
            description=description,
            tags=tags,
            # The one with which an instance is made goes with it:
            # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
            delete_on_termination=delete_on_termination or kwargs.get("device_index") == 0,
            **kwargs,
        )
        # Of the interface of somebody's instance AWS shows the account that has made it.
        interface.requester_id = self.account_id
        self.enis[interface.id] = interface
        return interface

    def delete_network_interface(self, eni_id: str) -> None:
        interface = self.get_network_interface(eni_id)
        if interface.status == "in-use":
            raise EC2ClientError("InvalidParameterValue", f"Network interface '{eni_id}' is currently in use.")
        super().delete_network_interface(eni_id)

    def interfaces_of_vpc(self, vpc_id: str) -> list[NetworkInterface]:
        """All interfaces in the VPC."""
        return [interface for interface in self.enis.values() if interface.vpc_id == vpc_id]

    # what moto creates or deletes only in name

    def create_subnet_association(self, route_table_id: str, subnet_id: str) -> Any:
        self.associate_route_table(route_table_id, subnet_id=subnet_id)
        return super().create_subnet_association(route_table_id, subnet_id)

    def create_vpc_endpoint(self, **kwargs: Any) -> VPCEndPoint:
        """A gateway endpoint unless told otherwise.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
        """
        made = super().create_vpc_endpoint(**{**kwargs, "endpoint_type": kwargs.get("endpoint_type") or "Gateway"})
        for interface_id in made.network_interface_ids or []:
            manage(self.enis[interface_id], f"VPC Endpoint Interface {made.id}", "vpc_endpoint")
            self.enis[interface_id]._group_set = list(map(self.get_security_group_from_id, made.security_group_ids))
        return made

    def describe_vpc_endpoints(
        self, vpc_end_point_ids: list[str] | None, filters: dict[str, list[str]] | None = None
    ) -> list[VPCEndPoint]:
        """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpoints.html (Filter.N)"""
        rest = dict(filters or {})
        own = {name: rest.pop(name) for name in _ENDPOINT_FILTERS if name in rest}
        return [
            endpoint
            for endpoint in super().describe_vpc_endpoints(vpc_end_point_ids, rest)
            if all(getattr(endpoint, _ENDPOINT_FILTERS[name]) in values for name, values in own.items())
        ]

    def delete_vpc_endpoints(self, vpce_ids: list[str] | None = None) -> None:
        """Gone with its interfaces and routes."""
        for endpoint_id in vpce_ids or []:
            endpoint = self.vpc_end_points.pop(endpoint_id, None)
            if endpoint is None:
                continue
            for interface_id in endpoint.network_interface_ids or []:
                self.enis.pop(interface_id, None)
            for table_id in endpoint.route_table_ids or []:
                table = self.route_tables.get(table_id)
                for route_id, route in list(table._routes.items() if table else []):
                    if getattr(route.gateway, "id", None) == endpoint_id:
                        del table._routes[route_id]

    # flow logs

    def create_flow_logs(self, *args: Any, **kwargs: Any) -> tuple[list[FlowLogs], list[Any]]:
        """Flow logs with a role that may do so create their log group themselves.

        https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
        """
        created, unsuccessful = super().create_flow_logs(*args, **kwargs)
        for flow_log in created:
            if flow_log.log_group_name:
                role = flow_log.deliver_logs_permission_arn
                logs.writer_starts(
                    self.account_id,
                    self.region_name,
                    flow_log.log_group_name,
                    flow_log.id,
                    may_create=lambda role=role: role_exists(self.account_id, self.region_name, role),
                )
        return created, unsuccessful

    def describe_flow_logs(self, flow_log_ids: list[str] | None = None, filters: Any = None) -> list[FlowLogs]:
        """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidFlowLogId.NotFound)"""
        for wanted in flow_log_ids or []:
            if wanted not in self.flow_logs:
                raise InvalidFlowLogIdError(1, wanted)
        return super().describe_flow_logs(flow_log_ids, filters)

    def delete_flow_logs(self, flow_log_ids: list[str]) -> None:
        known = [self.flow_logs[item] for item in flow_log_ids if item in self.flow_logs]
        super().delete_flow_logs(flow_log_ids)
        for flow_log in known:
            if flow_log.log_group_name:
                logs.writer_ends(self.account_id, self.region_name, flow_log.log_group_name, flow_log.id)

    # tags

    def iter_tagged_resources(self) -> Iterator[TaggedResource]:
        for item in super().iter_tagged_resources():
            # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html names the type so.
            item.arn = item.arn.replace(":flow-logs/", ":vpc-flow-log/")
            yield item
        for endpoint in self.vpc_end_points.values():
            arn = f"arn:{self.partition}:ec2:{self.region_name}:{self.account_id}:vpc-endpoint/{endpoint.id}"
            yield TaggedResource(arn, dict(self.tags.get(endpoint.id, {})), "ec2:vpc-endpoint")

    # refusals

    def delete_subnet(self, subnet_id: str) -> Any:
        if any(interface.subnet_id == subnet_id for interface in self.enis.values()):
            raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
        return super().delete_subnet(subnet_id)

    def _delete_security_group(self, vpc_id: str | None, group_id: str) -> None:
        group = self.get_security_group_from_id(group_id)
        used = any(group in interface.group_set for interface in self.enis.values())
        if used or self._is_referenced(group_id):
            raise DependencyViolationError(f"resource {group_id} has a dependent object")
        super()._delete_security_group(vpc_id, group_id)

    def _is_referenced(self, group_id: str) -> bool:
        """Whether a rule of another group names this one."""
        others = (group for groups in self.groups.values() for group in groups.values() if group.id != group_id)
        return any(
            rule.source_group.get("GroupId") == group_id
            for group in others
            for rule in [*group.ingress_rules, *group.egress_rules]
        )

    def detach_internet_gateway(self, internet_gateway_id: str, vpc_id: str) -> None:
        if any(interface.public_ip for interface in self.interfaces_of_vpc(vpc_id)):
            raise DependencyViolationError(
                f"Network {vpc_id} has some mapped public address(es). "
                "Please unmap those public address(es) before detaching the gateway."
            )
        super().detach_internet_gateway(internet_gateway_id, vpc_id)

    def delete_vpc(self, vpc_id: str) -> Any:
        if holds_anything(self, vpc_id):
            raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
        vpc = super().delete_vpc(vpc_id)
        goes_along(self, vpc_id)
        return vpc
