# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stays of what stacks had, under names that AWS derives, and whose it is."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.integration import others
from tests.integration.inprocess import Inside

STACK = "shop-fn"
FUNCTION = "shop-orders"
GROUP = f"/aws/lambda/{FUNCTION}"
_TRUST = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"
}]}  # fmt: skip
_LOGS = {"PolicyName": "logs", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
]}}  # fmt: skip
_ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": _TRUST, "Policies": [_LOGS]}}


def _code() -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): pass")
    return body.getvalue()


def _make(aws: Emulator) -> str:
    """A stack with a function and its role; its id."""
    properties = {
        "FunctionName": FUNCTION,
        "Runtime": "python3.12",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": "def handler(event, context): pass"},
    }
    function = {"Type": "AWS::Lambda::Function", "Properties": properties}
    return others.stack(aws, STACK, {"Role": _ROLE, "Fn": function})


def _by_hand(aws: Emulator) -> None:
    """A function that no stack has."""
    role = aws.client("iam").create_role(RoleName=f"{FUNCTION}-role", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    aws.client("lambda").create_function(
        FunctionName=FUNCTION, Runtime="python3.12", Handler="index.handler", Role=role, Code={"ZipFile": _code()}
    )


def _groups(aws: Emulator) -> list[str]:
    return [item["logGroupName"] for item in aws.client("logs").describe_log_groups()["logGroups"]]


def _look(inside: Inside, **more: Any) -> dict[str, Any]:
    found = inside("workshop_info", stacks=[STACK], **more)
    assert not found["failed"] and found["gaps"] == [], found
    return found


def _left(found: dict[str, Any]) -> list[tuple[str, str]]:
    """The log groups that were found, each with why it is kept."""
    return [(row["name"], row["details"].get("kept", "")) for row in found["leftovers"]]


def _remove(inside: Inside, **more: Any) -> dict[str, Any]:
    done = inside("workshop_leftovers", stacks=[STACK], kinds=["log_group"], settle=0, **more)
    assert not done["failed"], done
    return done


def test_the_log_group_of_a_function_goes_when_the_function_has_gone(aws: Emulator, inside: Inside) -> None:
    stack_id = _make(aws)
    others.stack(aws, "bank", {"Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": f"{GROUP}-2"}}})
    aws.client("lambda").invoke(FunctionName=FUNCTION)
    before = _look(inside)
    assert _left(before) == [(GROUP, "")]
    assert before["leftovers"][0]["details"]["of"] == f"AWS::Lambda::Function {FUNCTION}"
    others.delete(aws, stack_id)
    assert _left(_look(inside, verify=True)) == [(GROUP, "")]
    assert _remove(inside, check=True)["changed"] and GROUP in _groups(aws)
    done = _remove(inside, inventory=before["inventory"])
    assert [(row["name"], row["action"]) for row in done["leftovers"]] == [(GROUP, "removed")]
    assert _groups(aws) == [f"{GROUP}-2"] and not _remove(inside)["changed"]
    assert _look(inside, verify=True)["leftovers"] == []


def test_the_log_group_of_a_function_that_somebody_has_by_now_is_theirs(aws: Emulator, inside: Inside) -> None:
    stack_id = _make(aws)
    aws.client("lambda").invoke(FunctionName=FUNCTION)
    others.delete(aws, stack_id)
    _by_hand(aws)
    assert _left(_look(inside, verify=True)) == [] and not _remove(inside)["changed"]
    assert _groups(aws) == [GROUP]


def test_the_log_group_of_a_function_that_cannot_be_looked_for_is_left_alone(aws: Emulator, inside: Inside) -> None:
    stack_id = _make(aws)
    aws.client("lambda").invoke(FunctionName=FUNCTION)
    others.delete(aws, stack_id)
    aws.faults.deny("lambda:GetFunctionConfiguration")
    found = inside("workshop_info", stacks=[STACK], verify=True)
    assert found["leftovers"] == [] and [gap["action"] for gap in found["gaps"]] == ["lambda:GetFunctionConfiguration"]
    _remove(inside)
    assert _groups(aws) == [GROUP]


def test_a_log_group_that_a_stack_owns_is_theirs(aws: Emulator, inside: Inside) -> None:
    stack_id = _make(aws)
    others.stack(aws, "bank", {"Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": GROUP}}})
    others.delete(aws, stack_id)
    found = _look(inside, verify=True)
    assert [(row["name"], row["stack_name"]) for row in found["owned"]] == [(GROUP, "bank")]
    assert found["leftovers"] == []
    assert not _remove(inside)["changed"] and _groups(aws) == [GROUP]


@pytest.mark.parametrize("given", [False, True], ids=["looked for", "given"])
def test_a_log_group_that_was_there_before_the_stack_is_told_and_kept(
    aws: Emulator, inside: Inside, given: bool
) -> None:
    aws.client("logs").create_log_group(logGroupName=GROUP)
    stack_id = _make(aws)
    others.delete(aws, stack_id)
    found = _look(inside, verify=True)
    ((name, why),) = _left(found)
    assert name == GROUP and "older than the stack" in why
    if given:
        done = inside("workshop_leftovers", leftovers=found["leftovers"])
    else:
        done = _remove(inside)
    assert not done["changed"] and [(row["action"], row["reason"]) for row in done["leftovers"]] == [("kept", why)]
    assert _groups(aws) == [GROUP]


# snapshots

_SECRET = {"MasterUsername": "someone", "MasterUserPassword": "not-a-secret"}
_DATABASE = {"Type": "AWS::RDS::DBInstance", "Properties": {
    "DBInstanceIdentifier": "shop-db", "DBInstanceClass": "db.t4g.micro", "Engine": "mysql", "AllocatedStorage": "20",
    **_SECRET,
}}  # fmt: skip
_CLUSTER = {"Type": "AWS::RDS::DBCluster", "Properties": {
    "DBClusterIdentifier": "shop-cluster", "Engine": "aurora-mysql", **_SECRET
}}  # fmt: skip


def test_the_last_snapshots_of_databases_are_told_and_go_where_they_are_named(aws: Emulator, inside: Inside) -> None:
    rds = aws.client("rds")
    stack_id = others.stack(aws, STACK, {"Database": _DATABASE, "Cluster": _CLUSTER})
    rds.create_db_snapshot(DBSnapshotIdentifier="by-hand", DBInstanceIdentifier="shop-db")
    rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier="bank-snapshot-x", DBClusterIdentifier="shop-cluster")
    before = _look(inside)
    assert before["leftovers"] == []
    others.delete(aws, stack_id)
    found = _look(inside, verify=True)["leftovers"]
    assert [row["kind"] for row in found] == ["db_cluster_snapshot", "db_snapshot"]
    for row, word, of in zip(found, ("cluster", "database"), ("DBCluster shop-cluster", "DBInstance shop-db")):
        assert row["name"].startswith(f"{STACK}-snapshot-{word}-") and row["details"]["of"] == f"AWS::RDS::{of}"
    assert found[1]["details"]["gigabytes"] == 20 and found[1]["details"]["created"]
    done = inside("workshop_leftovers", stacks=[STACK], kinds=["log_group"], settle=0)
    assert not done["changed"]
    done = inside("workshop_leftovers", stacks=[STACK], kinds=["db_snapshot", "db_cluster_snapshot"], settle=0)
    assert [row["action"] for row in done["leftovers"]] == ["removed", "removed"]
    assert _look(inside, verify=True)["leftovers"] == []
    assert [row["DBSnapshotIdentifier"] for row in rds.describe_db_snapshots()["DBSnapshots"]] == ["by-hand"]
    kept = rds.describe_db_cluster_snapshots(SnapshotType="manual")["DBClusterSnapshots"]
    assert [row["DBClusterSnapshotIdentifier"] for row in kept] == ["bank-snapshot-x"]


# keys


def test_a_key_that_aws_deletes_later_is_told_with_the_day(aws: Emulator, inside: Inside) -> None:
    policy = {"Version": "2012-10-17", "Statement": []}
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy, "PendingWindowInDays": 7}}
    stack_id = others.stack(aws, STACK, {"Going": key, "Kept": {**key, "DeletionPolicy": "Retain"}})
    going, kept = (others.physical_id(aws, stack_id, name) for name in ("Going", "Kept"))
    others.delete(aws, stack_id)
    day = aws.client("kms").describe_key(KeyId=going)["KeyMetadata"]["DeletionDate"].date().isoformat()
    found = _look(inside, verify=True)
    assert found["ending"] == [{"stack_name": STACK, "type": "AWS::KMS::Key", "physical_id": going, "ends": day}]
    assert [(row["physical_id"], row["present"]) for row in found["remaining_resources"]] == [(kept, True)]
    assert found["remaining_resources"][0]["how_to_remove"].startswith(f"aws kms schedule-key-deletion --key-id {kept}")
