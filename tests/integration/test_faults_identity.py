# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As whom a teardown asks, and with which role CloudFormation deletes."""

from __future__ import annotations

import json
from pathlib import Path

from tests.emulator import Emulator
from tests.integration import templates
from tests.integration.inprocess import Inside
from tests.workshop.playbooks import TEARDOWN, play

FAST = {"workshop_confirm": "cuddlekube", "workshop_poll_interval": 0.2, "leftovers_settle": 1}


def role(aws: Emulator, name: str) -> str:
    """Make a role; its ARN."""
    return str(aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"])


def made_with(aws: Emulator, roles: dict[str, str]) -> None:
    """Stacks that CloudFormation has made with these roles."""
    for name, arn in roles.items():
        template = json.dumps(templates.parameters(name))
        aws.client("cloudformation").create_stack(StackName=name, TemplateBody=template, RoleARN=arn)
        aws.wait_until(lambda name=name: templates.status(aws, name) == "CREATE_COMPLETE")


def test_a_stack_whose_role_is_gone_needs_another_role_and_a_profile_holds_over_keys(
    aws: Emulator, tmp_path: Path
) -> None:
    lost, other = role(aws, "lost"), role(aws, "other")
    made_with(aws, {"cuddlekube-dynamodb": lost, "cuddlekube-logs": other})
    aws.client("iam").delete_role(RoleName="lost")

    failed = play(TEARDOWN, aws.environment, tmp_path, **FAST)

    said = " ".join(failed.output.split())
    plan, report = said.split("cuddlekube-dynamodb: deleting", maxsplit=1)[0], said[-4000:]
    assert failed.code != 0 and templates.live(aws) == ["cuddlekube-dynamodb"]
    assert f"held cuddlekube-dynamodb: CloudFormation deletes it with the role {lost}, which is gone" in plan
    assert "cuddlekube-logs: CloudFormation deletes it with" not in plan
    assert "is invalid or cannot be assumed" in report and "Make that role again" in report
    assert "delete-stack --stack-name cuddlekube-dynamodb --role-arn ROLE_ARN --region" in report

    # A role that is made for the run, with policies that the user names.
    policy = "arn:aws:iam::aws:policy/AmazonSSMFullAccess"
    settings = {"workshop_role_create": True, "workshop_role_policies": policy}
    aws.faults.new_roles_known_after = 10.0

    done = play(TEARDOWN, aws.environment, tmp_path, **settings, **FAST)

    said = " ".join(done.output.split())
    name = f"workshop-lifecycle-cuddlekube-{aws.region}"
    assert done.code == 0 and templates.live(aws) == [], done.output
    assert f"role {name} is made with {policy}, for cuddlekube-dynamodb, whose own is gone" in said
    assert f"made the role {name} for cuddlekube-dynamodb" in said and f"removed the role {name}" in said
    assert f"Role {name}: made with {policy} for cuddlekube-dynamodb, and removed" in said
    assert [row["RoleName"] for row in aws.client("iam").list_roles()["Roles"]] == ["other"]

    aws.faults.clear()
    made_with(aws, {"cuddlekube-dynamodb": role(aws, "lost")})
    aws.client("iam").delete_role(RoleName="lost")

    # Keys that are nobody's stand in the environment, and the profile has those that are.
    keys = {name: value for name, value in aws.environment.items() if name.startswith(("AWS_ACCESS", "AWS_SECRET"))}
    (tmp_path / "credentials").write_text(
        "[ws]\n" + "".join(f"{name.lower()} = {value}\n" for name, value in keys.items()), encoding="utf-8"
    )
    nobody = dict.fromkeys(keys, "nobody") | {"AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials")}
    aws.faults.deny("cloudformation:DescribeStacks", caller="nobody")
    settings = {"workshop_role_arn": other, "workshop_profile": "ws"}

    done = play(TEARDOWN, aws.environment | nobody | {"AWS_PROFILE": "ws"}, tmp_path, **settings, **FAST)

    assert done.code == 0 and templates.live(aws) == [], done.output
    assert "which is gone" not in done.output and "nobody" not in done.output


def test_keys_of_the_environment_hold_over_a_profile_of_the_environment(
    aws: Emulator, inside: Inside, monkeypatch, tmp_path
) -> None:
    """As for boto3 and the AWS CLI. What a module is given holds over both."""
    credentials = tmp_path / "credentials"
    credentials.write_text("".join(
        f"[{name}]\naws_access_key_id = {name}\naws_secret_access_key = x\n" for name in ("of-profile", "given")
    ), encoding="utf-8")  # fmt: skip
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    monkeypatch.setenv("AWS_PROFILE", "of-profile")
    for caller, given in (("emulator", {}), ("given", {"profile": "given"})):
        aws.faults.clear()
        for other in {"emulator", "of-profile", "given"} - {caller}:
            aws.faults.deny("cloudformation:DescribeStacks", caller=other)
        found = inside("workshop_info", stacks=["a"], **given)
        assert not found["failed"] and found["gaps"] == [], found


def test_an_account_that_lost_its_leading_zero_is_to_be_quoted(inside: Inside) -> None:
    options = {
        "workshop_info": {"stacks": ["a"]},
        "workshop_leftovers": {"stacks": ["a"]},
        "cloudformation_blockers": {"stacks": ["a"]},
        "cloudformation_stacks": {"stacks": [{"name": "a"}]},
        "cloudformation_stacks_info": {"scope": {"names": ["a"]}},
        "workshops_info": {},
    }
    for module, given in options.items():
        result = inside(module, **given, account_id=1402433619)
        assert "quote it" in result["msg"] and "It may have been 012345670123." in result["msg"]
