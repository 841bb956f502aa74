# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AccessDenied on each action of the policies in turn: no traceback, no false "clean", and the action is named.

What the playbooks hand to the modules is taken from a real run. The modules then run in this process, one denial after
the other, and the report's own code draws the verdict from what they return.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import SCOPE_SPEC
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.data import build
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.text import body, closing
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.groups import table

from tests.docs import policies
from tests.docs.recording import KINDS, leave_something
from tests.emulator import Emulator
from tests.integration import others, tiny
from tests.integration.inprocess import Inside
from tests.workshop.left_behind import make_faults_group
from tests.workshop.playbooks import ROOT, play

#: Without these nothing is missing that matters: docs/iam.md says so.
OPTIONAL = {"iam:ListAccountAliases", "servicediscovery:GetOperation"}
#: AWS allows this one to everybody, and the other three are Cloud Map's own affair:
#: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
NEVER_DENIED = {
    "sts:GetCallerIdentity",
    "route53:DeleteHealthCheck",
    "route53:GetHealthCheck",
    "route53:UpdateHealthCheck",
}
SURVEY = policies.actions("survey-policy.json") - NEVER_DENIED
#: AWS has ended App Mesh, and no permission brings it back. What cannot be looked up there counts as left.
ENDED = {action for action in SURVEY if action.startswith("appmesh:")}
#: Called only over a mesh that is there.
IN_A_MESH = ENDED - {"appmesh:ListMeshes"}
MESH = "cuddle-kube"
#: Called over a workshop that lives, but not when there is nothing any more
OF_THE_LIVING = {
    "xray:ListTagsForResource",
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    "ec2:DescribeEgressOnlyInternetGateways",
    "ec2:DescribeNatGateways",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeTransitGatewayVpcAttachments",
    "ec2:DescribeVpcPeeringConnections",
    "ec2:DescribeVpnGateways",
    "ecs:DescribeTasks",
    "ecs:ListServices",
    "ecs:ListTasks",
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "iam:ListAttachedRolePolicies",
    "iam:ListInstanceProfilesForRole",
    "servicediscovery:ListInstances",
}
#: By what each module that deletes does
STACKS = {
    "cloudformation:DeleteStack",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ListStackResources",
    "cloudformation:UpdateTerminationProtection",
    "ec2:DescribeNetworkInterfaces",
    "ecs:DescribeServices",
    "ecs:DescribeTasks",
    "ecs:ListServices",
    "ecs:ListTasks",
    "ecs:StopTask",
    "ecs:UpdateService",
    "servicediscovery:DeregisterInstance",
    "servicediscovery:ListInstances",
}
#: Asked where there are exports: denied in tests/unit/plugins/module_utils/_stacks
ELSEWHERE = {"cloudformation:ListImports"}
LEFTOVERS = {
    "cloudwatch:DeleteAlarms",
    "ecs:DeleteTaskDefinitions",
    "logs:DeleteLogGroup",
    "servicediscovery:DeregisterInstance",
    "servicediscovery:GetOperation",
    "ssm:DeleteParameters",
    "xray:DeleteGroup",
    "xray:DeleteSamplingRule",
}

Arguments = dict[str, list[dict[str, Any]]]


@pytest.fixture(name="emulator", scope="module")
def _emulator() -> Iterator[Emulator]:
    with Emulator(time_scale=0.001) as emulator:
        yield emulator


@pytest.fixture(name="handed", scope="module")
def _handed(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Arguments:
    """What a teardown hands to our modules, call by call."""
    emulator.reset()
    tiny.make(emulator)
    settings = {
        "workshop_confirm": "cuddlekube",
        "workshop_disable_termination_protection": True,
        "workshop_poll_interval": 0.02,
        "leftovers_settle": 1,
    }
    played = play(
        ROOT / "playbooks/teardown.yml",
        emulator.environment | {"ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"},
        tmp_path_factory.mktemp("handed"),
        "-e",
        json.dumps({"workshop_leftovers": KINDS, **settings}),
    )
    assert played.code == 0, played.output
    found: Arguments = {}
    for task in json.loads(played.output[played.output.index("{") :])["plays"][0]["tasks"]:
        (result,) = task["hosts"].values()
        given = {key: value for key, value in result.get("invocation", {}).get("module_args", {}).items()
                 if value is not None}  # fmt: skip
        if given:
            found.setdefault(result["action"].rsplit(".", 1)[-1], []).append(given)
    (leftovers,) = found["workshop_leftovers"]
    assert leftovers["verify"] and len(found["cloudformation_stacks"]) == 1
    # The stacks are made anew for each test, so what was seen of these very ones does not hold.
    leftovers.pop("inventory")
    for row in (row for group in found["cloudformation_stacks"][0]["groups"] for row in group["stacks"]):
        del row["stack_id"], row["resources"]
    return found


def verify(inside: Inside, handed: Arguments, **more: Any) -> tuple[str, str]:
    """Verdict and text of playbooks/verify.yml, which asks workshop_info for what the end of a teardown asks for."""
    where = {name: value for name, value in handed["workshop_leftovers"][0].items() if name in SCOPE_SPEC}
    survey = inside("workshop_info", **where | more)
    given = {
        "operation": "verify",
        "workshop": "cuddlekube",
        "survey": survey,
        # Without what may stay of a mesh.
        "groups": [{**group, "settings": {}} for group in table(handed["cloudformation_stacks"][0]["groups"])],
        "remove": ["log_group", "xray_group", "xray_sampling_rule", "alarm", "cloud_map_instance"],
        **{"stacks": [], "tasks": [], "leftovers": [], "failed": {}, "started": None},
        **{"retain_on_failure": [], "may_stay": ["AWS::DynamoDB::Table", "AWS::IAM::Role"], "may_be_absent": False},
    }
    report = build(given, datetime.now(timezone.utc))
    return report["verdict"], f"{body(report, {})}\n{closing(report)}"


def refused(aws: Emulator, action: str) -> bool:
    """Whether the action was called, or needed by CloudFormation, and denied."""
    return any(call.action == action and call.error for call in aws.calls.log) or action in aws.calls.on_behalf


def test_every_action_is_tested() -> None:
    assert STACKS | LEFTOVERS | SURVEY | ELSEWHERE == policies.actions("teardown-policy.json") - NEVER_DENIED


@pytest.mark.slow
def test_what_may_not_be_looked_at_is_never_taken_for_nothing(
    aws: Emulator, inside: Inside, handed: Arguments
) -> None:
    """Verify, over an account in which nothing is left: with all permissions clean, with one less never."""
    tiny.make(aws, tiny.EVERYTHING)
    aws.faults.tagging_lag(1_000_000)
    tiny.unmake(aws, tiny.EVERYTHING)
    aws.client("logs").delete_log_group(logGroupName="/aws/ecs/containerinsights/cuddlekube/performance")
    leave_something(aws)
    verdict, text = verify(inside, handed)
    assert verdict == "clean", text

    wrong, uncalled = {}, set()
    for action in sorted(SURVEY - OF_THE_LIVING - ELSEWHERE):
        aws.calls.clear()
        if action in IN_A_MESH:
            aws.client("appmesh").create_mesh(meshName=MESH)
        aws.faults.deny(action)
        verdict, text = verify(inside, handed)
        aws.faults.allow(action)
        if action in IN_A_MESH:
            aws.client("appmesh").delete_mesh(meshName=MESH)
        if not refused(aws, action):
            uncalled.add(action)
        elif verdict == "clean" and action in ENDED:
            # What is in a mesh that may not be looked at is not called gone.
            if not re.search(r"Not looked up:\n +1 AWS::AppMesh::Mesh ", text):
                wrong[action] = text
        elif (verdict == "clean") is not (action in OPTIONAL) or not (action in text or action in OPTIONAL | ENDED):
            wrong[action] = text
    assert wrong == {}
    assert uncalled == set(), "not tested: nothing called it"


@pytest.mark.slow
def test_what_may_not_be_looked_at_is_said_of_a_workshop_that_lives(
    aws: Emulator, inside: Inside, handed: Arguments
) -> None:
    tiny.make(aws)
    aws.client("xray").create_group(GroupName="cuddle-kube")
    make_faults_group(aws.client("xray"), "cuddle-kube")
    others.attached_policy(aws, others.physical_id(aws, "cuddlekube-ecs", "TaskRole"))
    silent = set()
    for action in sorted(OF_THE_LIVING):
        aws.faults.deny(action)
        survey = inside("workshop_info", **handed["workshop_info"][0])
        aws.faults.allow(action)
        if action not in [gap["action"] for gap in survey["gaps"]]:
            silent.add(action)
    assert silent == set()


@pytest.mark.slow
@pytest.mark.parametrize("action", sorted(STACKS))
def test_stacks_without_one_permission(aws: Emulator, inside: Inside, handed: Arguments, action: str) -> None:
    """The deletion fails and names the action; if it does not, all stacks are gone, and only then."""
    tiny.make(aws)
    aws.client("cloudformation").update_termination_protection(
        StackName="cuddlekube-dynamodb", EnableTerminationProtection=True
    )
    if action == "cloudformation:DescribeStackEvents":
        aws.faults.begin_deletions_late(100_000)
    if action.startswith("servicediscovery:"):
        aws.faults.orphan_instances()
    if action == "ecs:StopTask":
        aws.faults.linger()
    aws.faults.deny(action)

    result = inside("cloudformation_stacks", **handed["cloudformation_stacks"][0] | {"wait_timeout": 4})

    left = [stack["StackName"] for stack in aws.client("cloudformation").list_stacks()["StackSummaries"]
            if stack["StackStatus"] != "DELETE_COMPLETE"]  # fmt: skip
    assert refused(aws, action), "not tested: nothing called it"
    assert result["failed"] or not left, result
    assert action in json.dumps(result), result
    assert "Traceback" not in json.dumps(result)


@pytest.mark.slow
def test_leftovers_without_one_permission(aws: Emulator, inside: Inside, handed: Arguments) -> None:
    """Each fails for that kind alone, names the action, and what is left is found again."""
    wrong = {}
    for action in sorted(LEFTOVERS):
        aws.reset()
        tiny.leave_leftovers(aws)
        found = inside("workshop_info", **handed["workshop_info"][0])["leftovers"]
        assert {row["kind"] for row in found} == set(KINDS)
        aws.faults.deny(action)
        result = inside("workshop_leftovers", leftovers=found, wait_timeout=2)
        assert refused(aws, action), f"not tested: nothing called {action}"
        failed = [row["kind"] for row in result["leftovers"] if row["action"] == "failed"]
        left = [row["kind"] for row in inside("workshop_info", **handed["workshop_info"][0])["leftovers"]]
        said = action in result.get("msg", "") or action in OPTIONAL
        if failed != left or len(failed) != (action not in OPTIONAL) or not said:
            wrong[action] = result
    assert wrong == {}


@pytest.mark.slow
def test_the_playbook_says_so_and_fails(aws: Emulator, tmp_path: Path) -> None:
    """The same through ansible-playbook, for one of them."""
    tiny.make(aws, tiny.EVERYTHING)
    tiny.unmake(aws, tiny.EVERYTHING)
    aws.faults.deny("logs:DescribeLogGroups")
    played = play(ROOT / "playbooks/verify.yml", aws.environment, tmp_path)
    assert played.code != 0 and "Traceback" not in played.output
    assert "logs:DescribeLogGroups" in played.failures, played.output
