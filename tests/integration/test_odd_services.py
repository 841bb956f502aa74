# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each service in turn is answered for by something that is not AWS: a partial look-alike, a proxy, a broken gateway.

Which services there are is seen by what a survey calls.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import looks
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.data import build
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.text import body, closing

from tests.emulator import Emulator
from tests.emulator.odd_answers import KINDS
from tests.integration import templates, tiny
from tests.integration.inprocess import Inside
from tests.workshop.playbooks import TEARDOWN, play

#: Without these nothing is known of stacks: the survey fails, and says why.
CORE = {"sts", "cloudformation"}
#: AWS has ended it, so that what it does not tell is no gap: it is listed as not looked up.
ENDED = {"appmesh"}
STACKS = tiny.names(tiny.EVERYTHING)
SCOPE = {
    "stacks": STACKS,
    "prefix": "cuddlekube-",
    "xray_group": "cuddle-kube",
    "xray_sampling_rules": ["cuddle-kube"],
    "ssm_path": "/cuddlekube/",
    "alarm_prefix": "cuddlekube/",
}


@pytest.fixture(name="emulator", scope="module")
def _emulator() -> Iterator[Emulator]:
    with Emulator(time_scale=0.001) as emulator:
        yield emulator


@pytest.fixture(name="at_once")
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses between tries: how long they are is tested with the looks."""
    monkeypatch.setattr(looks, "TRIES", 1)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *arguments: 0.0)


def services(aws: Emulator) -> set[str]:
    return {action.partition(":")[0] for action in aws.calls.by_action}


def verify(survey: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The report of playbooks/verify.yml and its text."""
    given = {
        "operation": "verify",
        "workshop": "cuddlekube",
        "survey": survey,
        "groups": [{"group": "all", "phase": 1, "stacks": STACKS, "settings": {}}],
        "remove": ["log_group", "xray_group", "xray_sampling_rule", "alarm", "cloud_map_instance"],
        **{"stacks": [], "tasks": [], "leftovers": [], "failed": {}, "started": None},
        **{"retain_on_failure": [], "may_stay": [], "may_be_absent": False},
    }
    report = build(given, datetime.now(timezone.utc))
    return report, f"{body(report, {})}\n{closing(report)}"


def wrong(aws: Emulator, inside: Inside, usual: set[str], service: str, kind: str, **scope: Any) -> list[str]:
    """What is wrong with a survey, and the report on it, while a service is answered for in this way."""
    aws.faults.answer_oddly(f"{service}:*", kind)
    aws.calls.clear()
    survey = inside("workshop_info", **SCOPE, **scope)
    aws.faults.clear()
    report, text = verify(survey)
    gaps = {gap["action"].partition(":")[0] for gap in survey.get("gaps", [])}
    whole = service in CORE
    checks = {
        "it is clean": report["verdict"] != "clean" or service in ENDED,
        "it fails as a whole, or should": survey["failed"] == whole,
        "the gap has another name": gaps == (set() if whole or service in ENDED else {service}),
        "the service is not named": f"{service}:" in text or "AWS::AppMesh::Mesh" in text,
        "a gap says nothing": all(gap["message"] for gap in report["gaps"]),
        "others are not looked at": whole or usual == services(aws),
        "the account is not known": service == "sts" or "account 123456789012" in text,
        "not seen, and called left": not whole or report["left"] == [],
        "a traceback": "Traceback" not in json.dumps(survey),
        "a web page": "<" not in text and len(text) < 12_000,
    }
    return [f"{service} {kind}: {what}" for what, right in checks.items() if not right]


@pytest.mark.slow
def test_what_is_gone(aws: Emulator, inside: Inside, at_once: None) -> None:
    tiny.make(aws, tiny.EVERYTHING)
    tiny.unmake(aws, tiny.EVERYTHING)
    aws.client("appmesh").create_mesh(meshName="cuddle-kube")
    aws.calls.clear()
    assert not inside("workshop_info", **SCOPE, verify=True)["failed"]
    usual = services(aws)
    assert CORE | ENDED | {"ec2", "ecs", "elasticloadbalancing", "iam", "logs", "tag", "xray"} < usual
    assert [
        line for service in sorted(usual) for kind in KINDS
        for line in wrong(aws, inside, usual, service, kind, verify=True)
    ] == []  # fmt: skip


@pytest.mark.slow
def test_what_lives(aws: Emulator, inside: Inside, at_once: None) -> None:
    tiny.make(aws, tiny.EVERYTHING)
    aws.calls.clear()
    assert not inside("workshop_info", **SCOPE, blockers=True)["failed"]
    usual = services(aws)
    assert CORE | {"ec2", "ecs", "iam", "servicediscovery", "ssm", "xray"} < usual
    assert [
        line for service in sorted(usual) for kind in ("empty", "page")
        for line in wrong(aws, inside, usual, service, kind, blockers=True)
    ] == []  # fmt: skip


@pytest.mark.slow
def test_a_teardown_without_three_services_ends_the_stacks_and_says_so(aws: Emulator, tmp_path: Path) -> None:
    """X-Ray and Cloud Map cannot be reached, the endpoint of the tagging API is no URL."""
    nowhere = "http://127.0.0.1:9"
    lost = {
        "AWS_ENDPOINT_URL_XRAY": nowhere,
        "AWS_ENDPOINT_URL_SERVICEDISCOVERY": nowhere,
        "AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API": "127.0.0.1:9",
    }
    tiny.make(aws)
    began = time.monotonic()

    played = play(
        TEARDOWN, aws.environment | lost, tmp_path,
        workshop_confirm="cuddlekube", workshop_poll_interval=0.02, leftovers_settle=1,
    )  # fmt: skip

    assert time.monotonic() - began < 150, "it waited for what cannot be reached"
    assert played.code != 0 and "Traceback" not in played.output
    stacks = aws.client("cloudformation").describe_stacks()["Stacks"]
    assert [stack["StackName"] for stack in stacks] == [], played.output
    end = played.output[played.output.rindex("Teardown of cuddlekube") :]
    for words in ("account 123456789012", "xray:GetGroups", "servicediscovery:ListServices", "tag:GetResources"):
        assert words in end, played.output
    assert "unknown" not in end and "Left:" not in end, played.output


@pytest.mark.slow
def test_a_teardown_whose_last_looks_fail_still_says_where_it_was(aws: Emulator, tmp_path: Path) -> None:
    """STS, which had answered before, refuses after the deletion: nothing can be seen then."""
    templates.create(aws, "cuddlekube-dynamodb")

    def lose() -> None:
        aws.wait_until(lambda: "cloudformation:DeleteStack" in aws.calls.by_action, aws_seconds=200_000)
        aws.faults.refuse("sts:*", "ValidationError", "odd")

    thread = threading.Thread(target=lose)
    thread.start()
    played = play(
        TEARDOWN, aws.environment, tmp_path,
        workshop_confirm="cuddlekube", workshop_poll_interval=0.02, leftovers_settle=1,
    )  # fmt: skip
    thread.join()

    end = played.output[played.output.rindex("Teardown of cuddlekube") :]
    assert played.code != 0 and "Traceback" not in played.output
    assert "account 123456789012" in end and "sts:GetCallerIdentity" in end, played.output
    assert "unknown" not in end and "Left:" not in end, played.output
