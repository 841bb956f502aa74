# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What templates say that stays when the stacks go, or is kept as a snapshot.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
"""

from __future__ import annotations

from typing import Any
from typing import Iterable
from typing import Mapping

from .costs import KINDS
from .template import Reading
from .types import Stack

_SNAPSHOT = "Snapshot"
_POLICIES = ("Delete", "Retain", "RetainExceptOnCreate", _SNAPSHOT)
_NESTED = "AWS::CloudFormation::Stack"
# What costs by the hour, or for what is stored, though nothing of it runs.
_COST = frozenset(
    (
        *KINDS,
        _NESTED,
        "AWS::DynamoDB::Table",
        "AWS::EC2::EIP",
        "AWS::EC2::Instance",
        "AWS::EC2::VPCEndpoint",
        "AWS::EC2::Volume",
        "AWS::ECR::Repository",
        "AWS::EFS::FileSystem",
        "AWS::FSx::FileSystem",
        "AWS::KMS::Key",
        "AWS::Kinesis::Stream",
        "AWS::Logs::LogGroup",
        "AWS::MSK::Cluster",
        "AWS::Route53::HostedZone",
        "AWS::S3::Bucket",
        "AWS::SageMaker::Endpoint",
        "AWS::SageMaker::NotebookInstance",
        "AWS::SecretsManager::Secret",
    )
)


def survivors(stacks: Iterable[Stack], readings: Mapping[str, Reading]) -> list[dict[str, Any]]:
    """A row for each resource that stays, or leaves a snapshot. What is in a nested stack that stays is not told apart
    from it."""
    found: list[dict[str, Any]] = []
    for stack in stacks:
        whole: list[str] = []
        for part in stack.parts:
            reading = readings[part.view.stack_id]
            for name, body in reading.there().items():
                policy, item = deletion_policy(body), reading.resources.get(name)
                path = part.inside + name
                if policy == "Delete" or item is None or path.startswith(tuple(whole)):
                    continue
                if item.type == _NESTED:
                    whole.append(f"{path}/")
                found.append(
                    {
                        "stack": stack.name,
                        "logical_id": path,
                        "type": item.type,
                        "physical_id": item.physical_id,
                        "policy": policy,
                        "costs": policy == _SNAPSHOT or item.type in _COST,
                    }
                )
    return found


def deletion_policy(body: Mapping[str, Any]) -> str:
    """C(Delete), or what else becomes of a resource when its stack goes. A database that a template says nothing of
    leaves a snapshot, unless it is one of a cluster, which does so itself."""
    said = body.get("DeletionPolicy")
    if said in _POLICIES:
        return str(said)
    kind, properties = body.get("Type"), body.get("Properties") or {}
    alone = kind == "AWS::RDS::DBInstance" and "DBClusterIdentifier" not in properties
    return _SNAPSHOT if alone or kind == "AWS::RDS::DBCluster" else "Delete"
