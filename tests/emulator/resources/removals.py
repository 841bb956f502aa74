# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types that moto's CloudFormation makes and then deletes in name only: deleted here with the calls of their services.

What a service refuses, CloudFormation hands on; what is not there any more is deleted.
"""

from __future__ import annotations

from collections.abc import Callable

from moto.core.exceptions import JsonRESTError, ServiceException, _RESTError

from ..cloudformation import stacks
from ..cloudformation.deletion import Context, Refused, Resource, register
from ..services import route53
from ..services.backends import Backend, backend_of
from ..world import world

Remove = Callable[[Backend, Resource], object]


class _Removal:
    def __init__(self, remove: Remove) -> None:
        self.remove = remove

    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("resource.other", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        self.at_once(resource)
        return True

    def at_once(self, resource: Resource) -> None:
        """Raises Refused with what the service says."""
        service = resource.type.split("::")[1]
        try:
            self.remove(backend_of(resource.account_id, resource.region), resource)
        except (ServiceException, _RESTError, JsonRESTError) as error:
            code = str(getattr(error, "code", None) or getattr(error, "error_type", ""))
            if "NotFound" not in code and not code.startswith("NoSuch"):
                raise Refused(code, stacks.message_of(error), service=service.capitalize()) from error
        except KeyError:
            pass  # what moto raises for some things that are not there


def _ingress(at: Backend, resource: Resource) -> None:
    """The rule that it has added to a group."""
    model = resource.model
    wanted = model.properties.get("SourceSecurityGroupId"), model.properties.get("CidrIp")
    group = model.security_group
    group.ingress_rules[:] = [
        rule
        for rule in group.ingress_rules
        if ((rule.source_group or {}).get("GroupId"), (rule.ip_range or {}).get("CidrIp")) != wanted
        or str(rule.from_port) != str(model.properties.get("FromPort", rule.from_port))
    ]


def _zone(at: Backend, resource: Resource) -> None:
    """rebuy-de/aws-nuke#215 has the words of a stack's zone with records, hashicorp/terraform-provider-aws#21368 those
    of one that is signed."""
    zone = at("route53").get_hosted_zone(resource.physical_id)
    if route53.keys_of(zone):
        raise Refused(
            "HostedZoneNotEmpty",
            "The specified hosted zone contains DNSSEC Key Signing Keys and so cannot be deleted.",
            service="Route53",
        )
    own = {(zone.name.rstrip("."), kind) for kind in ("NS", "SOA")}
    if any((record.name.rstrip("."), record.type) not in own for record in zone.rrsets):
        raise Refused(
            "HostedZoneNotEmpty",
            "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
            service="Route53",
        )
    at("route53").delete_hosted_zone(resource.physical_id)


def _records(at: Backend, resource: Resource) -> None:
    zone = at("route53").get_hosted_zone(resource.model.hosted_zone_id)
    for record in resource.properties["RecordSets"]:
        zone.delete_rrset({"Name": record["Name"], "Type": record["Type"]})


def _managed_policy(at: Backend, resource: Resource) -> None:
    """Taken off what the template has put it on; on anything else it stays.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html, texts of DeleteConflict.
    """
    iam = at("iam")
    policy = iam.get_policy(resource.physical_id)
    for name in resource.properties.get("Roles") or []:
        for role in iam.roles.values():
            if role.name == name:
                role.managed_policies.pop(policy.arn, None)
    if any(policy.arn in entity.managed_policies for entity in (*iam.roles.values(), *iam.users.values())):
        raise Refused("DeleteConflict", "Cannot delete a policy attached to entities.", service="Iam", status=409)
    iam.delete_policy(policy.arn)


def _permission(at: Backend, resource: Resource) -> None:
    """A statement of the function's policy, which goes with the function too."""
    function = at("lambda").get_function(resource.properties["FunctionName"])
    function.policy.statements.pop()


def _api_part(at: Backend, resource: Resource) -> None:
    """A resource, method or deployment of an API, which goes with the API too."""
    api = at("apigateway").apis[resource.properties["RestApiId"]]
    if resource.type.endswith("::Resource"):
        api.resources.pop(resource.physical_id, None)
    elif resource.type.endswith("::Deployment"):
        api.deployments.pop(resource.model.id, None)
    else:
        api.resources[resource.properties["ResourceId"]].delete_method(resource.properties["HttpMethod"])


def _detach(at: Backend, resource: Resource) -> None:
    properties = resource.properties
    at("ec2").detach_volume(properties["VolumeId"], properties["InstanceId"], properties["Device"])


_REMOVALS: dict[str, Remove] = {
    "AWS::ApiGateway::Deployment": _api_part,
    "AWS::ApiGateway::Method": _api_part,
    "AWS::ApiGateway::Resource": _api_part,
    "AWS::ApiGateway::RestApi": lambda at, resource: at("apigateway").apis.pop(resource.physical_id, None),
    "AWS::AutoScaling::ScheduledAction": lambda at, resource: at("autoscaling").delete_scheduled_action(
        resource.properties["AutoScalingGroupName"], resource.physical_id
    ),
    "AWS::EC2::SecurityGroupIngress": _ingress,
    "AWS::EC2::VPCPeeringConnection": lambda at, resource: at("ec2").delete_vpc_peering_connection(
        resource.physical_id
    ),
    "AWS::EC2::VPNGateway": lambda at, resource: at("ec2").vpn_gateways.pop(resource.physical_id, None),
    "AWS::EC2::Volume": lambda at, resource: at("ec2").delete_volume(resource.physical_id),
    "AWS::EC2::VolumeAttachment": _detach,
    "AWS::ElasticLoadBalancingV2::ListenerRule": lambda at, resource: at("elbv2").delete_rule(resource.physical_id),
    "AWS::IAM::ManagedPolicy": _managed_policy,
    "AWS::Lambda::LayerVersion": lambda at, resource: at("lambda").delete_layer_version(
        resource.model.name, str(resource.model.version)
    ),
    "AWS::Lambda::Permission": _permission,
    # A version goes with its function: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
    "AWS::Lambda::Version": lambda at, resource: None,
    "AWS::Route53::HealthCheck": lambda at, resource: at("route53").delete_health_check(resource.physical_id),
    "AWS::Route53::HostedZone": _zone,
    "AWS::Route53::RecordSetGroup": _records,
}


def install() -> None:
    for resource_type, remove in _REMOVALS.items():
        register(resource_type, _Removal(remove))
