# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work groups and vaults, from answers that no look-alike gives."""

from __future__ import annotations

from collections import defaultdict

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import AT_ONCE
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import NotCleared
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import Work
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Ours
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import resource_at
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import Resource
from tests.unit.plugins.fake_aws import FakeAws, refusal

GROUP = "AWS::Athena::WorkGroup"
SECURITY = "AWS::EC2::SecurityGroup"
VAULT = "AWS::Backup::BackupVault"
POINT = {"RecoveryPointArn": "arn:1", "Status": "COMPLETED"}


def clear(kind, aws):
    looks = Looks(aws, lambda seconds: None)
    work = Work(looks, "arn:s", "1", lambda amounts: None, lambda: False, lambda seconds: None, Ours())
    return [str(amount) for amount in TYPES[kind].clearing.clear(work, "shop")]


def test_a_long_history_is_counted_as_far_as_is_cheap():
    aws = FakeAws(
        {
            "athena.list_named_queries": {"NamedQueryIds": []},
            "athena.list_query_executions": lambda **_place: {"QueryExecutionIds": ["q"] * 50, "NextToken": "on"},
            "athena.list_notebook_metadata": {"NotebookMetadataList": []},
            "cloudformation.describe_stack_resources": {"StackResources": []},
        }
    )
    with Looks(aws) as looks:
        ((_name, blocker),) = TYPES[GROUP].clearing.detect(looks, Ours(), ["shop"])
    assert [str(amount) for amount in blocker.amounts] == ["at least 500 queries in its history"]
    assert [call.get("NextToken") for call in aws.asked("athena.list_query_executions")] == [None, *["on"] * 9]


def test_athena_says_of_all_it_does_not_like_that_it_is_invalid():
    """https://docs.aws.amazon.com/athena/latest/APIReference/API_DeleteWorkGroup.html"""
    listed = {"NamedQueryIds": ["q"]}
    others = {"athena.list_query_executions": {}, "athena.list_notebook_metadata": {}}
    invalid = refusal("InvalidRequestException", "The primary workgroup cannot be deleted")
    aws = FakeAws({"athena.list_named_queries": listed, **others, "athena.delete_work_group": invalid})
    with pytest.raises(AwsCallError, match="primary"):
        clear(GROUP, aws)
    aws.answers["athena.delete_work_group"] = refusal("InvalidRequestException", "WorkGroup shop is not found.")
    assert clear(GROUP, aws) == ["1 saved query"]
    aws.answers["athena.list_named_queries"] = refusal("InvalidRequestException", "Too many")
    with pytest.raises(AwsCallError, match="Too many"):
        clear(GROUP, aws)


def test_a_vault_that_is_gone_denies_what_is_asked_about_it():
    """https://github.com/aws/aws-sdk-js/issues/2625"""
    denied = refusal("AccessDeniedException", "Insufficient privileges to perform this action.")
    aws = FakeAws({"backup.list_recovery_points_by_backup_vault": denied, "backup.list_backup_vaults": {}})
    aws.answers["backup.list_backup_vaults"] = {"BackupVaultList": []}
    assert clear(VAULT, aws) == []
    aws.answers["backup.list_backup_vaults"] = {"BackupVaultList": [{"BackupVaultName": "shop"}]}
    with pytest.raises(AwsCallError, match="Insufficient privileges"):
        clear(VAULT, aws)


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "InvalidResourceStateException"])
def test_a_recovery_point_that_goes_already(code):
    """https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteRecoveryPoint.html"""
    aws = FakeAws({"backup.delete_recovery_point": refusal(code)})
    aws.answers["backup.list_recovery_points_by_backup_vault"] = lambda **_vault: {
        "RecoveryPoints": [] if aws.asked("backup.delete_recovery_point") else [POINT]
    }
    assert clear(VAULT, aws) == ["1 recovery point"]


def test_a_recovery_point_that_is_being_restored_is_asked_to_go_again():
    """"Already performing an action on this recovery point":
    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteRecoveryPoint.html"""
    busy = refusal("InvalidResourceStateException")
    answers = [busy, busy, {}]
    aws = FakeAws({"backup.delete_recovery_point": lambda **_point: answers.pop(0)})
    aws.answers["backup.list_recovery_points_by_backup_vault"] = lambda **_vault: {
        "RecoveryPoints": [POINT] if answers else []
    }
    assert clear(VAULT, aws) == ["1 recovery point"]


def test_their_arns():
    group = "arn:aws:athena:eu-central-1:123456789012:workgroup/shop"
    vault = "arn:aws:backup:eu-central-1:123456789012:backup-vault:shop"
    assert resource_at(group) == Resource(GROUP, "shop") and resource_at(vault) == Resource(VAULT, "shop")


def test_a_vault_is_left_soon_where_its_clearing_is_told_to_stop():
    """However many recovery points have not been asked to go yet."""
    points = [{"RecoveryPointArn": f"arn:{number}", "Status": "COMPLETED"} for number in range(50)]
    deleted = []
    aws = FakeAws(
        {
            "backup.list_recovery_points_by_backup_vault": {"RecoveryPoints": points},
            "backup.delete_recovery_point": lambda **arguments: deleted.append(arguments) or {},
        }
    )
    looks = Looks(aws, lambda seconds: None)
    work = Work(looks, "arn:s", "1", lambda amounts: None, lambda: bool(deleted), lambda seconds: None, Ours())
    assert TYPES[VAULT].clearing.clear(work, "shop") == [] and 1 <= len(deleted) <= AT_ONCE


GONE = (
    ("AWS::CertificateManager::Certificate", "acm.describe_certificate", "ResourceNotFoundException"),
    ("AWS::Cognito::UserPool", "cognito-idp.describe_user_pool", "ResourceNotFoundException"),
    ("AWS::EFS::FileSystem", "efs.describe_mount_targets", "FileSystemNotFound"),
    ("AWS::EKS::Cluster", "eks.list_", "ResourceNotFoundException"),
    ("AWS::Lambda::Function", "lambda.get_function_configuration", "ResourceNotFoundException"),
    ("AWS::Route53::HostedZone", "route53.get_hosted_zone", "NoSuchHostedZone"),
)


@pytest.mark.parametrize(("kind", "call", "code"), GONE)
def test_what_somebody_has_deleted_is_held_by_nothing_and_is_no_gap(kind, call, code):
    aws = FakeAws({})
    aws.answers = defaultdict(lambda: refusal(code, "not found", 404))
    row = TYPES[kind]
    detect = row.clearing.detect if row.clearing else row.held_by
    with Looks(aws) as looks:
        assert detect(looks, Ours({Resource(kind, "shop"): "shop"}), ["shop"]) == [] and looks.gaps() == []
    assert aws.calls and all(name.startswith(call) for name, _arguments in aws.calls)


def test_no_rule_of_a_group_of_another_stack_is_revoked():
    """Whoever has put it there since it was looked at what holds the stack."""
    rule = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "shop"}]}
    stack = {"ResourceType": SECURITY, "PhysicalResourceId": "sg-2", "StackName": "bank", "ResourceStatus": "X"}
    aws = FakeAws(
        {
            "ec2.describe_security_groups": {"SecurityGroups": [{"GroupId": "sg-2", "IpPermissions": [rule]}]},
            "ec2.revoke_security_group_ingress": {},
            "cloudformation.describe_stack_resources": {"StackResources": [stack]},
        }
    )
    with pytest.raises(NotCleared, match="go with those stacks: sg-2"):
        clear(SECURITY, aws)
    assert not aws.asked("ec2.revoke_security_group_ingress")
    aws.answers["cloudformation.describe_stack_resources"] = {"StackResources": []}
    assert clear(SECURITY, aws) == ["1 rule of another security group"]


def test_a_function_that_lambda_could_not_take_out_of_its_vpc():
    """https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html"""
    place = {"VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}
    failed = {**place, "LastUpdateStatus": "Failed", "LastUpdateStatusReason": "The role may not."}
    answers = [place, failed]
    aws = FakeAws({"lambda.get_function_configuration": lambda FunctionName: answers.pop(0)})
    aws.answers["lambda.update_function_configuration"] = {}
    with pytest.raises(NotCleared, match="Lambda could not take shop out of its VPC: The role may not."):
        clear("AWS::Lambda::Function", aws)


def test_the_tasks_of_a_cluster_are_looked_at_once_with_its_services():
    empty = {"ecs.list_services": {}, "ecs.list_tasks": {}, "ecs.list_container_instances": {}}
    aws = FakeAws({**empty, "ecs.describe_clusters": {}})
    aws.answers["cloudformation.describe_stack_resources"] = {"StackResources": []}
    assert clear("AWS::ECS::Cluster", aws) == []
    assert len(aws.asked("ecs.list_services")) == 2, "before anything is done, and while it is waited for"
    assert [call["desiredStatus"] for call in aws.asked("ecs.list_tasks")] == ["RUNNING", "STOPPED"] * 2


def test_a_throttled_look_at_who_owns_a_record_is_tried_again_alone():
    records = [{"Name": f"{name}.shop.", "Type": "A", "ResourceRecords": [{"Value": "192.0.2.1"}]} for name in "abc"]
    throttled = [refusal("Throttling", "Rate exceeded")]

    def owner(PhysicalResourceId):
        return throttled.pop() if PhysicalResourceId == "c.shop." and throttled else {"StackResources": []}

    aws = FakeAws({"cloudformation.describe_stack_resources": owner, "route53.change_resource_record_sets": {}})
    aws.answers["route53.get_hosted_zone"] = {"HostedZone": {"Name": "shop.", "Id": "/hostedzone/Z1"}}
    aws.answers["route53.list_resource_record_sets"] = {"ResourceRecordSets": records}
    assert clear("AWS::Route53::HostedZone", aws) == ["3 records"]
    assert len(aws.asked("cloudformation.describe_stack_resources")) == 7
