# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which log groups AWS writes to for resources, under names that follow from theirs."""

from __future__ import annotations

from typing import Iterable
from typing import Mapping

from .ours import Resource

_CANARY = "AWS::Synthetics::Canary"
_CLUSTER = "AWS::ECS::Cluster"
# By type: a name, or with a slash or a dash at its end what names begin with. Groups that are everybody's, as those of
# jobs of Batch and Glue, and those that a person names are not among them.
_GROUPS: Mapping[str, tuple[str, ...]] = {
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
    "AWS::ApiGateway::RestApi": ("API-Gateway-Execution-Logs_{}/",),
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
    "AWS::ApiGatewayV2::Api": ("/aws/apigateway/{}/",),
    # https://docs.aws.amazon.com/apprunner/latest/dg/monitor-cwl.html
    "AWS::AppRunner::Service": ("/aws/apprunner/{}/",),
    # https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html
    "AWS::AppSync::GraphQLApi": ("/aws/appsync/apis/{}",),
    # https://docs.aws.amazon.com/codebuild/latest/userguide/getting-started-build-log-console.html
    "AWS::CodeBuild::Project": ("/aws/codebuild/{}",),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference-performance-logs-ECS.html
    # What else is under a cluster's name, agents write that somebody runs in it.
    _CLUSTER: ("/aws/ecs/containerinsights/{}/performance",),
    # https://docs.aws.amazon.com/documentdb/latest/developerguide/profiling.html
    "AWS::DocDB::DBCluster": ("/aws/docdb/{}/",),
    # https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference-performance-logs-EKS.html
    "AWS::EKS::Cluster": ("/aws/eks/{}/", "/aws/containerinsights/{}/"),
    # https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
    "AWS::KinesisFirehose::DeliveryStream": ("/aws/kinesisfirehose/{}",),
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html
    "AWS::Lambda::Function": ("/aws/lambda/{}", "/aws/lambda/us-east-1.{}"),
    # https://docs.aws.amazon.com/neptune/latest/userguide/cloudwatch-logs.html
    "AWS::Neptune::DBCluster": ("/aws/neptune/{}/",),
    # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Integrating.CloudWatch.html
    "AWS::RDS::DBCluster": ("/aws/rds/cluster/{}/",),
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
    "AWS::RDS::DBInstance": ("/aws/rds/instance/{}/",),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries.html
    _CANARY: ("/aws/lambda/cwsyn-{}-",),
    # https://docs.aws.amazon.com/transfer/latest/userguide/structured-logging.html
    "AWS::Transfer::Server": ("/aws/transfer/{}",),
}
#: The types whose groups follow from what stacks own or had. Those of ECS clusters follow from the clusters, and what
#: begins with the name of one canary may be another's.
WRITERS = frozenset(_GROUPS) - {_CANARY, _CLUSTER}


def writes(type_name: str, physical_id: str) -> list[str]:
    """The log groups that AWS writes to for a resource: names, or what names begin with, which ends with a slash or a
    dash. One that a stack owns has to outlive it, or it comes back."""
    return [name.format(_key(physical_id)) for name in _GROUPS.get(type_name, ()) if physical_id]


def groups(writers: Iterable[Resource]) -> list[tuple[str, dict[str, Resource]]]:
    """By type and kind of group: what all such names in an account begin with, and the names, or their beginnings, of
    these, each with whose it is."""
    found: dict[str, dict[str, Resource]] = {}
    for writer in writers:
        for name in _GROUPS[writer.type]:
            found.setdefault(name, {})[name.format(_key(writer.physical_id))] = writer
    return [(name.partition("{}")[0], names) for name, names in found.items()]


def _key(physical_id: str) -> str:
    """Under what a resource is known in names of its groups: of an ARN, what comes after the kind of resource."""
    return physical_id.partition("/")[2] if physical_id.startswith("arn:") else physical_id
