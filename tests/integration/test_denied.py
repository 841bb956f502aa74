# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AccessDenied on each action of the policies in turn: no traceback, no false "clean", and the action is named.

What the playbooks hand to the modules is taken from a real run. The modules then run in this process, one denial after
the other, and the report's own code draws the verdict from what they return, as the playbooks have it done.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import boto3
import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report_data import build
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report_text import body, closing

from tests.docs import policies
from tests.docs.recording import KINDS, leave_something
from tests.emulator import Emulator
from tests.integration.inprocess import Session, call
from tests.integration.tiny import deploy_tiny
from tests.workshop import whats_left
from tests.workshop.playbooks import ROOT, play

#: Without these nothing is missing that matters: docs/iam.md says so.
OPTIONAL = {"iam:ListAccountAliases"}
#: AWS allows this one to everybody, and the other three are Cloud Map's own affair:
#: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
NEVER_DENIED = {
    "sts:GetCallerIdentity",
    "route53:DeleteHealthCheck",
    "route53:GetHealthCheck",
    "route53:UpdateHealthCheck",
}
SURVEY = policies.actions("survey-policy.json") - NEVER_DENIED
#: Called by what deletes, too
BOTH = {
    "cloudformation:DescribeStacks",
    "cloudformation:ListStackResources",
    "ecs:DescribeServices",
    "ecs:DescribeTasks",
    "ecs:ListTasks",
    "servicediscovery:ListInstances",
}
DELETING = policies.actions("teardown-policy.json") - NEVER_DENIED - SURVEY | BOTH
#: Called over a workshop that lives, but not when there are no stacks any more
OF_THE_LIVING = {"cloudformation:DescribeStackResources", "cloudformation:DescribeStacks"}

Arguments = dict[str, list[dict[str, Any]]]


@pytest.fixture(name="emulator", scope="module")
def _emulator() -> Iterator[Emulator]:
    with Emulator(time_scale=0.001) as emulator:
        yield emulator


@pytest.fixture(name="handed", scope="module")
def _handed(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Arguments:
    """What a teardown hands to our modules, call by call."""
    settings = {"workshop_poll_interval": 0.02, "workshop_disable_termination_protection": True}
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
    assert [len(found[name]) for name in ("workshop_info", "cloudformation_stacks")] == [3, 1]
    return found


@pytest.fixture(name="here")
def _here(aws: Emulator, clients: None, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """The emulator, where boto3 in this process finds it."""
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3.session, "Session", Session)
    return aws


@pytest.fixture(name="clients", scope="module")
def _clients() -> Iterator[None]:
    Session.forget()
    yield
    Session.forget()


def report_of(handed: Arguments, operation: str, survey: dict[str, Any], **more: Any) -> dict[str, Any]:
    specs = handed["cloudformation_stacks"][0]["stacks"]
    labels = dict.fromkeys(spec["group"] for spec in specs)
    groups = [
        {"group": label, "phase": 1, "stacks": [spec["name"] for spec in specs if spec["group"] == label]}
        for label in labels
    ]
    nothing = {"stacks": [], "tasks": [], "leftovers": [], "failed": {}, "started": None}
    given = {"operation": operation, "workshop": "cuddlekube", "groups": groups, "remove": KINDS, **nothing, **more}
    return build({**given, "survey": survey}, datetime.now(timezone.utc))


def text_of(report: dict[str, Any]) -> str:
    return f"{body(report, {})}\n{closing(report)}"


def verify(handed: Arguments) -> dict[str, Any]:
    """What playbooks/verify.yml does."""
    return report_of(handed, "verify", call("workshop_info", handed["workshop_info"][2]))


def tear_down(handed: Arguments) -> tuple[dict[str, Any], str]:
    """What playbooks/teardown.yml does; the report and everything that was said."""
    said, failed = [], {}
    before = call("workshop_info", handed["workshop_info"][0])
    orphans = [row for row in before.get("leftovers", []) if row["kind"] == "cloud_map_instance"]
    freed = call("workshop_leftovers", {"leftovers": orphans, "wait_timeout": 5})
    stacks = call("cloudformation_stacks", handed["cloudformation_stacks"][0] | {"wait_timeout": 8})
    found = call("workshop_info", handed["workshop_info"][1])
    removed = call("workshop_leftovers", {"leftovers": found.get("leftovers", []), "wait_timeout": 5})
    for step, result in (("cloud_map", freed), ("stacks", stacks), ("leftovers", found), ("leftovers", removed)):
        if result["failed"]:
            failed[step] = result["msg"]
            said.append(result["msg"])
    if before["failed"]:
        said.append(before["msg"])
    rows = freed.get("leftovers", []) + removed.get("leftovers", [])
    survey = call("workshop_info", handed["workshop_info"][2])
    report = report_of(
        handed, "teardown", survey, stacks=stacks.get("stacks", []), tasks=stacks.get("tasks", []), leftovers=rows,
        failed=failed,
    )  # fmt: skip
    return report, "\n".join([*said, text_of(report)])


def refused(aws: Emulator, action: str) -> bool:
    """Whether the action was called, or needed by CloudFormation, and denied."""
    return any(call.action == action and call.error for call in aws.calls.log) or action in aws.calls.on_behalf


def empty_workshop(aws: Emulator, handed: Arguments) -> None:
    """An account where the workshop was, so that everything is looked for and nothing is there."""
    deploy_tiny(aws)
    aws.faults.tagging_lag(1_000_000)
    report, said = tear_down(handed)
    assert report["verdict"] == "clean", said
    leave_something(aws)


@pytest.mark.slow
def test_what_may_not_be_looked_at_is_never_taken_for_nothing(here: Emulator, handed: Arguments) -> None:
    """Verify, over an account in which nothing is left: with all permissions clean, with one less never."""
    empty_workshop(here, handed)
    assert verify(handed)["verdict"] == "clean", text_of(verify(handed))

    wrong, uncalled = {}, set()
    for action in sorted(SURVEY - OF_THE_LIVING):
        here.calls.clear()
        here.faults.deny(action)
        report = verify(handed)
        here.faults.allow(action)
        if not refused(here, action):
            uncalled.add(action)
        elif action in OPTIONAL:
            assert report["verdict"] == "clean", text_of(report)
        elif report["verdict"] == "clean" or action not in text_of(report):
            wrong[action] = text_of(report)
    assert wrong == {}
    assert uncalled == set(), "not tested: nothing called it"
    assert verify(handed)["verdict"] == "clean"


@pytest.mark.slow
@pytest.mark.parametrize("action", sorted(DELETING | OF_THE_LIVING))
def test_a_teardown_without_one_permission(here: Emulator, handed: Arguments, action: str) -> None:
    """It ends, names the action, and is clean only if nothing is left. With the permission, the next run is."""
    deploy_tiny(here)
    if action == "cloudformation:DescribeStackEvents":
        here.faults.fail_resource("cuddlekube-alb", "LoadBalancer", "Not today")
    here.faults.deny(action)

    report, said = tear_down(handed)

    left = {kind: names for kind, names in whats_left(here).items() if names}
    assert refused(here, action), "not tested: nothing called it"
    assert action in said
    assert report["verdict"] != "clean" or not left, said

    here.faults.clear()
    report, said = tear_down(handed)
    assert report["verdict"] == "clean", said
    assert not any(whats_left(here).values())


@pytest.mark.slow
def test_the_playbook_says_so_and_fails(aws: Emulator, tmp_path: Path) -> None:
    """The same through ansible-playbook, for one of them."""
    aws.faults.deny("logs:DescribeLogGroups")
    played = play(ROOT / "playbooks/verify.yml", aws.environment, tmp_path)
    assert played.code != 0 and "Traceback" not in played.output
    assert "logs:DescribeLogGroups" in played.failures and "clean" not in played.failures, played.output
