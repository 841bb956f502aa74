# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation says of what can be cleared, and removed by its tags, made from the rows.

``python -m tests.house`` writes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import ResourceType
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.tagged import LISTING, REMOVABLE
from tests.docs.policies import FOLDER
from tests.workshop.playbooks import ROOT

SEE = FOLDER / "blockers-policy.json"
CLEAR = FOLDER / "clear-policy.json"
TAGS = FOLDER / "tags-policy.json"
PAGE = ROOT / "docs/what-holds-a-stack.md"
README = ROOT / "README.md"
READS = ("BatchGet", "Describe", "Get", "List")

#: With which words a deletion fails, as far as they are known: of AWS, or of CloudFormation.
SYMPTOMS = {
    "AWS::Athena::WorkGroup": "WorkGroup … is not empty",
    "AWS::AutoScaling::AutoScalingGroup": "Group did not stabilize",
    "AWS::Backup::BackupVault": "Backup vault cannot be deleted because it contains recovery points",
    "AWS::Cognito::UserPool": "User pool cannot be deleted. It has a domain configured that should be deleted first",
    "AWS::EC2::SecurityGroup": "resource sg-… has a dependent object",
    "AWS::EC2::VPC": "The vpc 'vpc-…' has dependencies and cannot be deleted",
    "AWS::ECR::Repository": "The repository … cannot be deleted because it still contains images",
    "AWS::ECS::Cluster": "The Cluster cannot be deleted while Services are active, "
    "… while Container Instances are active or draining",
    "AWS::EFS::FileSystem": "The file system … is in use",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "The target group '…' is currently in use by a listener or a rule",
    "AWS::IAM::Group": "Cannot delete entity, must remove users from group first",
    "AWS::IAM::Role": "Cannot delete entity, must detach all policies first, "
    "… must remove roles from instance profile first",
    "AWS::IAM::User": "Cannot delete entity, must delete … first",
    "AWS::Lambda::Function": "resource sg-… has a dependent object, The subnet … has dependencies",
    "AWS::Route53::HostedZone": "The specified hosted zone contains non-required resource record sets",
    "AWS::S3::Bucket": "The bucket you tried to delete is not empty",
    "AWS::S3Express::DirectoryBucket": "The bucket you tried to delete is not empty",
    "AWS::ServiceDiscovery::HttpNamespace": "has associated services",
    "AWS::ServiceDiscovery::PrivateDnsNamespace": "has associated services",
    "AWS::ServiceDiscovery::PublicDnsNamespace": "has associated services",
    "AWS::ServiceDiscovery::Service": "Service contains registered instances",
}
#: Other tools that clear the same of stacks, by what they say themselves:
#: https://github.com/go-to-k/delstack (README.md of July 2026),
#: https://github.com/nirdosh17/cfn-teardown/blob/main/utils/s3.go (lists objects, and no versions),
#: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_s3.Bucket.html (autoDeleteObjects),
#: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ecr.Repository.html (emptyOnDelete)
OTHERS = {
    "AWS::Athena::WorkGroup": "delstack",
    "AWS::Backup::BackupVault": "delstack",
    "AWS::EC2::VPC": "delstack (interfaces of Lambda)",
    "AWS::ECR::Repository": "delstack; `cdk destroy` where the app says `emptyOnDelete`",
    "AWS::IAM::Group": "delstack",
    "AWS::IAM::User": "delstack",
    "AWS::Lambda::Function": "delstack",
    "AWS::S3::Bucket": "delstack; cfn-teardown (current objects); `cdk destroy` where the app says `autoDeleteObjects`",
    "AWS::S3Express::DirectoryBucket": "delstack",
}
#: What aws-nuke calls the same, which it removes from a whole account, whatever stack it is of:
#: https://github.com/ekristen/aws-nuke/tree/main/resources (of May 2026)
NUKED = {
    "AWS::Athena::WorkGroup": "`AthenaNamedQuery` `AthenaPreparedStatement`",
    "AWS::AutoScaling::AutoScalingGroup": "`AutoScalingGroup` (by force)",
    "AWS::Backup::BackupVault": "`AWSBackupRecoveryPoint`",
    "AWS::Cognito::UserPool": "`CognitoUserPoolDomain`",
    "AWS::EC2::SecurityGroup": "`EC2SecurityGroup` (its own rules)",
    "AWS::EC2::VPC": "`EC2NetworkInterface` `EC2VPCEndpoint` `EC2SecurityGroup`",
    "AWS::ECR::PublicRepository": "`ECRPublicRepository` (by force)",
    "AWS::ECR::Repository": "`ECRRepository` (by force)",
    "AWS::ECS::Cluster": "`ECSService` `ECSTask` `ECSClusterInstance`",
    "AWS::EFS::FileSystem": "`EFSMountTarget`",
    "AWS::EKS::Cluster": "`EKSNodegroup` `EKSFargateProfile`",
    "AWS::IAM::Group": "`IAMUserGroupAttachment`",
    "AWS::IAM::Role": "`IAMInstanceProfileRole` `IAMRolePolicyAttachment`",
    "AWS::IAM::User": "`IAMUserMFADevice` `IAMSigningCertificate` `IAMUserSSHPublicKey` `IAMUserHTTPSGitCredential`",
    "AWS::Route53::HostedZone": "`Route53ResourceRecordSet`",
    "AWS::S3::Bucket": "`S3Object` `S3MultipartUpload`",
    "AWS::ServiceDiscovery::HttpNamespace": "`ServiceDiscoveryService` `ServiceDiscoveryInstance`",
    "AWS::ServiceDiscovery::PrivateDnsNamespace": "`ServiceDiscoveryService` `ServiceDiscoveryInstance`",
    "AWS::ServiceDiscovery::PublicDnsNamespace": "`ServiceDiscoveryService` `ServiceDiscoveryInstance`",
    "AWS::ServiceDiscovery::Service": "`ServiceDiscoveryInstance`",
}
PROTECTIONS_NUKED = "`DisableDeletionProtection` of most of them"
#: What is seen, too, and what is done about it, and by whom else.
BESIDES = (
    ("custom resources", "that the function is gone, or its role", "left behind, by name", "delstack", ""),
    ("functions of Lambda@Edge", "that their replicas take hours", "told", "delstack (waits)", ""),
    ("the stack's service role", "that it is gone", "made for the run, by `workshop_role_create`", "", ""),
)
PROTECTIONS_BY_OTHERS = "delstack: instances, RDS, user pools, log groups, load balancers"


def contents() -> list[ResourceType]:
    """The types of which what is in them is cleared, by name."""
    return sorted((row for row in TYPES.values() if row.clearing), key=lambda row: row.name)


def protections() -> list[ResourceType]:
    """The types whose protection is switched off, by name."""
    return sorted((row for row in TYPES.values() if row.protection and row.protection.switch), key=lambda row: row.name)


def policies() -> tuple[dict[str, Any], dict[str, Any]]:
    """What it takes to see, and what to clear besides, each by service."""
    actions = {action for row in contents() if row.clearing for action in (*row.clearing.detects, *row.clearing.clears)}
    actions |= {row.protection.action for row in protections() if row.protection}
    actions |= {action for row in protections() if row.protection for action in row.protection.switches}
    looks = {action for action in actions if action.split(":")[1].startswith(READS)}
    return _policy("See", looks), _policy("Clear", actions - looks)


def of_tags() -> dict[str, Any]:
    """What it takes to look at what bears a workshop's tags, and to remove it, by service."""
    actions = {LISTING}
    for name, row in REMOVABLE.items():
        actions |= {TYPES[name].lookup.action, row.tags.action, row.removal.action}
    return _policy("Remove", actions)


def _policy(what: str, actions: set[str]) -> dict[str, Any]:
    services = sorted({action.split(":")[0] for action in actions})
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": what + "".join(part.capitalize() for part in service.split("-")),
                "Effect": "Allow",
                "Action": sorted(action for action in actions if action.startswith(f"{service}:")),
                "Resource": "*",
            }
            for service in services
        ],
    }


def table() -> str:
    """For the page, by symptom."""
    lines = ["| its deletion fails with | name in `workshop_clear` | what is lost |", "|---|---|---|"]
    for row in contents():
        if row.clearing:
            words = f"`{SYMPTOMS[row.name]}`" if row.name in SYMPTOMS else "a resource of this type"
            lines.append(f"| {words} | [`{row.name}`]({row.clearing.source}) | {row.clearing.lost} |")
    names = ", ".join(f"`{row.name}`" for row in protections())
    words = "`deletion protection`, `protected against deletion`, `disableApiTermination` and the like"
    lines.append(f"| {words} | {names} | the protection, and with the stack the resource |")
    return "\n".join(lines) + "\n"


def short_table() -> str:
    """For the README: what is seen and cleared, and by whom else."""
    rows = [
        (f"`{row.name}`", row.clearing.lost, "yes", OTHERS.get(row.name, ""), NUKED.get(row.name, ""))
        for row in contents()
        if row.clearing
    ]
    protected = f"{len(protections())} types with deletion protection"
    rows.append((protected, "that protection", "lifted", PROTECTIONS_BY_OTHERS, PROTECTIONS_NUKED))
    rows += BESIDES
    head = ("type", "seen", "cleared where agreed", "also by, of a stack", "by aws-nuke, of an account")
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ("---",) * len(head), *rows)).replace("  |", " |")


def made() -> Iterator[tuple[Path, str]]:
    """Each file in the folder of the documentation, and what has to be in it."""
    for path, policy in zip((SEE, CLEAR), policies()):
        yield path, json.dumps(policy, indent=2) + "\n"
    yield TAGS, json.dumps(of_tags(), indent=2) + "\n"
    yield PAGE, with_table(PAGE, table())


def with_table(path: Path, text: str) -> str:
    """A page with this between the two comments that are there for it."""
    pattern = r"(<!-- made by tests/docs/clearing.py -->\n).*?(<!-- end -->)"
    before = path.read_text(encoding="utf-8")
    found, number = re.subn(pattern, lambda match: f"{match[1]}\n{text}\n{match[2]}", before, flags=re.DOTALL)
    if number != 1:
        raise ValueError(f"{path} has {number} places for it")
    return found


def write() -> None:
    """All of it anew, the table of the README as well."""
    for path, content in (*made(), (README, with_table(README, short_table()))):
        path.write_text(content, encoding="utf-8")
