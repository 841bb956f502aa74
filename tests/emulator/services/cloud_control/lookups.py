# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the emulator keeps the resources of each type."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..backends import Backend

#: (backend of a service by moto's name, parts of the identifier) -> the resource, or None
Lookup = Callable[..., Any]


def _one(things: Iterable[Any], **wanted: Any) -> Any:
    """The first that has these attributes."""
    return next((thing for thing in things if all(getattr(thing, k) == v for k, v in wanted.items())), None)


def _keyed(service: str, attribute: str) -> Lookup:
    return lambda at, key: getattr(at(service), attribute).get(key)


def _subnet(at: Backend, subnet_id: str) -> Any:
    return next((zone[subnet_id] for zone in at("ec2").subnets.values() if subnet_id in zone), None)


def _group(at: Backend, group_id: str) -> Any:
    groups = (group for groups in at("ec2").groups.values() for group in groups.values())
    return _one(groups, id=group_id)


def _association(at: Backend, association_id: str) -> Any:
    for table in at("ec2").route_tables.values():
        for association in table.associations:
            if association["RouteTableAssociationId"] == association_id:
                return association
    return None


def _route(at: Backend, table_id: str, block: str) -> Any:
    table = at("ec2").route_tables.get(table_id)
    return table and _one(table._routes.values(), destination_cidr_block=block)


def _attachment(at: Backend, _kind: str, vpc_id: str) -> Any:
    gateways = at("ec2").internet_gateways.values()
    return next((gateway for gateway in gateways if gateway.vpc and gateway.vpc.id == vpc_id), None)


def _instance(at: Backend, instance_id: str) -> Any:
    found = next((item for item in at("ec2").all_instances() if item.id == instance_id), None)
    return found if found is not None and found.state != "terminated" else None


def _nat_gateway(at: Backend, gateway_id: str) -> Any:
    gateway = at("ec2").nat_gateways.get(gateway_id)
    return gateway if gateway is not None and gateway.state != "deleted" else None


def _ecs_cluster(at: Backend, name: str) -> Any:
    cluster = at("ecs").clusters.get(name.rpartition("/")[2])
    return cluster if cluster is not None and cluster.status != "INACTIVE" else None


def _ecs_service(at: Backend, arn: str, _cluster: str) -> Any:
    found = next((item for item in at("ecs").services.values() if item.arn == arn), None)
    return found if found is not None and found.status != "INACTIVE" else None


def _task_definition(at: Backend, arn: str) -> Any:
    """One that is INACTIVE is not found: the type's read handler says so of what its delete handler leaves.

    https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html: what was deleted
    must not be found.
    """
    revisions = (revision for family in at("ecs").task_definitions.values() for revision in family.values())
    return next((item for item in revisions if item.arn == arn and item.status == "ACTIVE"), None)


def _key(at: Backend, key_id: str) -> Any:
    """One that is to be deleted is not found already.

    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-kms (KeyHandlerHelper.describeKey)
    """
    key = at("kms").keys.get(key_id)
    return key if key is not None and key.key_state != "PendingDeletion" else None


def _pool_part(attribute: str) -> Lookup:
    def find(at: Backend, pool_id: str, part_id: str) -> Any:
        pool = at("cognito-idp").user_pools.get(pool_id)
        return pool and getattr(pool, attribute).get(part_id)

    return find


def _domain(at: Backend, pool_id: str, name: str) -> Any:
    return _one(at("cognito-idp").user_pool_domains.values(), user_pool_id=pool_id, domain=name)


def _rule(at: Backend, arn: str) -> Any:
    return _one((rule for bus in at("events").event_buses.values() for rule in bus.rules.values()), arn=arn)


def _record(at: Backend, name: str, zone_id: str, kind: str, set_identifier: str = "") -> Any:
    zone = at("route53").zones.get(zone_id)
    wanted = name.rstrip(".")
    return next(
        (item for item in (zone.rrsets if zone else []) if item.name.rstrip(".") == wanted and item.type == kind), None
    )


def _api_resource(at: Backend, api_id: str, resource_id: str) -> Any:
    api = at("apigateway").apis.get(api_id)
    return api and api.resources.get(resource_id)


def _stack(at: Backend, stack_id: str) -> Any:
    return at("cloudformation").stacks.get(stack_id)


def _parameter(at: Backend, name: str) -> Any:
    return at("ssm").get_parameter(name)


LOOKUPS: dict[str, Lookup] = {
    "AWS::ApiGateway::Resource": _api_resource,
    "AWS::ApiGateway::RestApi": _keyed("apigateway", "apis"),
    "AWS::AutoScaling::AutoScalingGroup": _keyed("autoscaling", "autoscaling_groups"),
    "AWS::AutoScaling::LaunchConfiguration": _keyed("autoscaling", "launch_configurations"),
    "AWS::CloudFormation::Stack": _stack,
    "AWS::CodePipeline::Pipeline": _keyed("codepipeline", "pipelines"),
    "AWS::Cognito::UserPool": _keyed("cognito-idp", "user_pools"),
    "AWS::Cognito::UserPoolClient": _pool_part("clients"),
    "AWS::Cognito::UserPoolDomain": _domain,
    "AWS::DynamoDB::Table": _keyed("dynamodb", "tables"),
    "AWS::EC2::EIP": lambda at, ip, _allocation: _one(at("ec2").addresses, public_ip=ip),
    "AWS::EC2::FlowLog": _keyed("ec2", "flow_logs"),
    "AWS::EC2::Instance": _instance,
    "AWS::EC2::InternetGateway": _keyed("ec2", "internet_gateways"),
    "AWS::EC2::LaunchTemplate": _keyed("ec2", "launch_templates"),
    "AWS::EC2::NatGateway": _nat_gateway,
    "AWS::EC2::NetworkInterface": _keyed("ec2", "enis"),
    "AWS::EC2::Route": _route,
    "AWS::EC2::RouteTable": _keyed("ec2", "route_tables"),
    "AWS::EC2::SecurityGroup": _group,
    "AWS::EC2::Subnet": _subnet,
    "AWS::EC2::SubnetRouteTableAssociation": _association,
    "AWS::EC2::VPC": _keyed("ec2", "vpcs"),
    "AWS::EC2::VPCEndpoint": _keyed("ec2", "vpc_end_points"),
    "AWS::EC2::VPCGatewayAttachment": _attachment,
    "AWS::EC2::VPCPeeringConnection": _keyed("ec2", "vpc_pcxs"),
    "AWS::EC2::Volume": _keyed("ec2", "volumes"),
    "AWS::ECR::Repository": _keyed("ecr", "repositories"),
    "AWS::ECS::Cluster": _ecs_cluster,
    "AWS::ECS::Service": _ecs_service,
    "AWS::ECS::TaskDefinition": _task_definition,
    "AWS::EFS::AccessPoint": _keyed("efs", "access_points"),
    "AWS::EFS::FileSystem": _keyed("efs", "file_systems_by_id"),
    "AWS::EFS::MountTarget": _keyed("efs", "mount_targets_by_id"),
    "AWS::ElasticLoadBalancingV2::Listener": lambda at, arn: next(
        (lb.listeners[arn] for lb in at("elbv2").load_balancers.values() if arn in lb.listeners), None
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _keyed("elbv2", "load_balancers"),
    "AWS::ElasticLoadBalancingV2::TargetGroup": _keyed("elbv2", "target_groups"),
    "AWS::Events::Archive": _keyed("events", "archives"),
    "AWS::Events::EventBus": _keyed("events", "event_buses"),
    "AWS::Events::Rule": _rule,
    "AWS::IAM::InstanceProfile": lambda at, name: _one(at("iam").instance_profiles.values(), name=name),
    "AWS::IAM::ManagedPolicy": _keyed("iam", "managed_policies"),
    "AWS::IAM::Role": lambda at, name: _one(at("iam").roles.values(), name=name),
    "AWS::IAM::ServiceLinkedRole": lambda at, name: _one(at("iam").roles.values(), name=name),
    "AWS::IAM::User": _keyed("iam", "users"),
    "AWS::KMS::Key": _key,
    "AWS::Kinesis::Stream": _keyed("kinesis", "streams"),
    "AWS::Lambda::Function": lambda at, name: _one(at("lambda").list_functions(), function_name=name),
    "AWS::Logs::LogGroup": _keyed("logs", "groups"),
    "AWS::RDS::DBInstance": _keyed("rds", "databases"),
    "AWS::RDS::DBSubnetGroup": _keyed("rds", "subnet_groups"),
    "AWS::Route53::HealthCheck": _keyed("route53", "health_checks"),
    "AWS::Route53::HostedZone": _keyed("route53", "zones"),
    "AWS::Route53::RecordSet": _record,
    "AWS::S3::Bucket": _keyed("s3", "buckets"),
    "AWS::SNS::Topic": _keyed("sns", "topics"),
    "AWS::SQS::Queue": lambda at, url: at("sqs").queues.get(url.rpartition("/")[2]),
    "AWS::SSM::Document": _keyed("ssm", "_documents"),
    "AWS::SSM::Parameter": _parameter,
    "AWS::ServiceDiscovery::HttpNamespace": _keyed("servicediscovery", "namespaces"),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": _keyed("servicediscovery", "namespaces"),
    "AWS::ServiceDiscovery::Service": _keyed("servicediscovery", "services"),
    "AWS::StepFunctions::StateMachine": lambda at, arn: _one(at("stepfunctions").state_machines, arn=arn),
}
