# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which API actions our playbooks call, over a workshop in which everything goes wrong at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.emulator import Emulator
from tests.emulator.services import network
from tests.integration import others
from tests.workshop import deploy
from tests.workshop.left_behind import make_faults_group, put_alarm
from tests.workshop.playbooks import ROOT, Played, play

KINDS = [
    *("log_group", "xray_group", "xray_sampling_rule", "alarm", "cloud_map_instance"),
    *("task_definition", "ssm_parameter"),
]
RETAINING = {
    "Resources": {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Retain",
            "Properties": {
                "TableName": "kept",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
            },
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "DeletionPolicy": "Retain",
            "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
        },
    }
}


def _group(name: object, **more: object) -> dict[str, object]:
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name}}
    return {"Resources": {"Group": group}, **more}


#: Stacks besides, one of which imports from the other.
MORE = {
    "exporter": _group(
        "cuddlekube-exported", Outputs={"Name": {"Value": "cuddlekube-imported", "Export": {"Name": "imported"}}}
    ),
    "importer": _group({"Fn::ImportValue": "imported"}),
}


@dataclass(frozen=True)
class Recorded:
    """Actions in the spelling of IAM: those of plan, status and verify, of a teardown, and of CloudFormation in it."""

    looking: frozenset[str]
    deleting: frozenset[str]
    on_behalf: frozenset[str]


def record(emulator: Emulator, scratch: Path) -> Recorded:
    """Run plan, that of a scope too, status, one teardown and verify."""
    emulator.reset()
    deploy(emulator)
    make_trouble(emulator)
    policy = others.attached_policy(emulator, others.physical_id(emulator, "cuddlekube-ecs", "TaskRole"))
    emulator.calls.clear()
    run(emulator, scratch, "teardown", "--check")
    scope = json.dumps({"workshop_scope": {"prefix": "cuddlekube-", "except": ["cuddlekube-importer"]}})
    protected = {"workshop_disable_termination_protection": True}
    planned = run(emulator, scratch, "teardown", "--check", "-e", scope, **protected)
    assert planned.code == 0, planned.output
    run(emulator, scratch, "status")
    looking = set(emulator.calls.by_action)
    policy.remove()

    emulator.calls.clear()
    more = json.dumps({"dynamodb_stacks": [{"name": f"cuddlekube-{name}"} for name in ("dynamodb", *MORE)]})
    with interface_until(emulator, "cloudformation:GetTemplate"):
        torn = run(emulator, scratch, "teardown", "-e", more, **protected)
    assert torn.code == 0, torn.output
    deleting, on_behalf = set(emulator.calls.by_action), set(emulator.calls.on_behalf)

    leave_something(emulator)
    emulator.calls.clear()
    run(emulator, scratch, "verify")
    looking |= set(emulator.calls.by_action)
    return Recorded(frozenset(looking), frozenset(deleting), frozenset(on_behalf))


def run(emulator: Emulator, scratch: Path, playbook: str, *arguments: str, **more: object) -> Played:
    """One of our playbooks, with every kind of leftovers switched on."""
    settings = {"workshop_confirm": "cuddlekube", "workshop_poll_interval": 0.2, "leftovers_settle": 1, **more}
    kinds = ("-e", json.dumps({"workshop_leftovers": KINDS}))
    return play(ROOT / f"playbooks/{playbook}.yml", emulator.environment, scratch, *arguments, *kinds, **settings)


def make_trouble(emulator: Emulator) -> None:
    """Faults, each of which makes a teardown call what it would not call otherwise."""
    for suffix, template in MORE.items():
        _create(emulator, suffix, template)
    emulator.faults.export_in_use("refuse")
    emulator.durations.set("logs.log_group", 150.0)  # while the importer goes, the exporter is asked for
    emulator.faults.linger(["order-api"])
    emulator.faults.orphan_instances(["list-api"])
    emulator.faults.app_mesh_gone(calls="answered")
    emulator.faults.service_linked_role_in_use()
    emulator.faults.log_groups_come_back()
    emulator.faults.fail_resource("cuddlekube-alb", "LoadBalancer", "Internal Failure", times=1)
    emulator.faults.tagging_lag(100_000)
    emulator.client("cloudformation").update_termination_protection(
        StackName="cuddlekube-dynamodb", EnableTerminationProtection=True
    )
    cloud_map = emulator.client("servicediscovery")
    cloud_map.register_instance(
        ServiceId=cloud_map.list_services()["Services"][0]["Id"],
        InstanceId="0123456789abcdef0123456789abcdef",
        Attributes={"AWS_INSTANCE_IPV4": "10.0.0.9", "ECS_CLUSTER_NAME": "cuddlekube", "REGION": "eu-central-1"},
    )
    emulator.client("ssm").put_parameter(Name="/cuddlekube/by-hand", Value="x", Type="String")
    put_alarm(emulator.client("cloudwatch"), "cuddlekube/faults", "cuddle-kube")
    make_faults_group(emulator.client("xray"), "cuddle-kube")
    emulator.client("xray").create_sampling_rule(
        SamplingRule={
            "RuleName": "cuddle-kube", "ResourceARN": "*", "Priority": 1, "FixedRate": 0.1, "ReservoirSize": 1,
            "ServiceName": "*", "ServiceType": "*", "Host": "*", "HTTPMethod": "*", "URLPath": "*", "Version": 1,
        }
    )  # fmt: skip


@contextmanager
def interface_until(emulator: Emulator, action: str) -> Iterator[None]:
    """Somebody's interface is in the workshop's VPC, and goes when this has been called."""
    filters = [{"Name": "tag:aws:cloudformation:stack-name", "Values": ["cuddlekube-vpc"]}]
    subnet = emulator.client("ec2").describe_subnets(Filters=filters)["Subnets"][0]["SubnetId"]
    interface = network.put_foreign_interface(subnet)

    def let_go() -> None:
        emulator.wait_until(lambda: action in emulator.calls.by_action, aws_seconds=20_000)
        network.remove_foreign_interface(interface)

    thread = threading.Thread(target=let_go)
    thread.start()
    yield
    thread.join()


def leave_something(emulator: Emulator) -> None:
    """Resources that a deleted stack of the workshop has left behind on purpose, of types without tags."""
    stack = _create(emulator, "dynamodb", RETAINING)
    emulator.client("cloudformation").delete_stack(StackName=stack)
    _wait(emulator, stack, "DELETE_COMPLETE")


def _create(emulator: Emulator, suffix: str, template: dict[str, object]) -> str:
    stack = emulator.client("cloudformation").create_stack(
        StackName=f"cuddlekube-{suffix}", TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
    )["StackId"]
    _wait(emulator, stack, "CREATE_COMPLETE")
    return stack


def _wait(emulator: Emulator, stack: str, status: str) -> None:
    client = emulator.client("cloudformation")
    emulator.wait_until(lambda: client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"] == status)
