# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a release: its verdict, its words, its page, and its schema."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import jsonschema
import pytest
import yaml
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.data import build
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.page import page
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.plan import headline, plan_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.text import body, closing, line, summary
from jinja2 import Environment

from tests.judges.venv import CHECKOUT

SCHEMA = json.loads((CHECKOUT / "docs/release.schema.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 10, 1, 16, 2, tzinfo=timezone.utc)
SERVICE = {
    "account": "123456789012", "region": "eu-central-1", "cluster": "shop", "service": "web", "stack": "shop-web",
    "task_definition": "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7", "drifted": False, "how": "",
    "source": {"kind": "direct"},
}  # fmt: skip
DEPLOYED: dict[str, Any] = {
    "changed": True, "task_definition_before": "x/web:7", "task_definition": "x/web:8", "bad_seconds": None,
    "deployment": {"status": "SUCCESSFUL", "finished_at": None},
    "probes": [{"probe": "GET http://shop/", "failed": False, "requests": 12, "failures": 1, "requests_before": 3,
                "failures_before": 0, "first_failure": None, "last_failure": None}],
    "events": [
        {"at": "2026-10-01T16:00:00.000+00:00", "kind": "deployment", "text": "deployment IN_PROGRESS"},
        {"at": "2026-10-01T16:00:40.000+00:00", "kind": "in_service", "text": "the new version takes traffic"},
    ],
}  # fmt: skip
BACK = {
    **DEPLOYED, "failed": True, "rolled_back": True, "bad_seconds": 43.2,
    "msg": "GET http://shop/ failed 3 of 3 times.",
    "events": [
        *DEPLOYED["events"],
        {"at": "2026-10-01T16:01:20.000+00:00", "kind": "back", "text": "ECS was asked to roll the deployment back"},
        {"at": "2026-10-01T16:01:23.200+00:00", "kind": "out_of_service", "text": "takes no traffic any more"},
    ],
}  # fmt: skip
PLANNED = {"changed": True, "diff": {"before": "image: a\n", "after": "image: b\n"}, "warnings": ["count 0"]}


def report(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = {
        "operation": "release", "service": SERVICE, "planned": PLANNED, "steps": list(steps), "returned": {},
        "problem": "", "started": "2026-10-01T16:00:00+00:00", "variables": {},
    }  # fmt: skip
    found = build({**given, **more}, NOW)
    jsonschema.validate(found, SCHEMA)
    return found


def commands(found: dict[str, Any]) -> list[str]:
    return [item["command"].removeprefix("ansible-playbook workshop.lifecycle.") for item in found["commands"]]


def test_one_that_stays() -> None:
    found = report(DEPLOYED)
    assert (found["verdict"], found["bad_seconds"], found["seconds"]) == ("kept", None, 120.0)
    assert found["summary"] == "web runs web:8, and 11 of 12 requests were answered as wanted."
    assert found["changes"] == ["- image: a", "+ image: b"]
    assert commands(found) == ["rollback -e workshop_service=web -e workshop_cluster=shop"]
    assert report(DEPLOYED, operation="rollback")["summary"] == "web was brought back."


def test_one_that_was_switched_back() -> None:
    found = report(BACK, variables={"workshop_region": "eu-west-1"})
    told = "web was switched back from web:8 to web:7. Users may have seen it for 43 s at most."
    assert (found["verdict"], found["summary"], found["reason"]) == ("switched_back", told, BACK["msg"])
    assert commands(found) == ["diagnose -e workshop_service=web -e workshop_cluster=shop -e workshop_region=eu-west-1"]
    assert closing(found).startswith(f"SWITCHED BACK: {told}\n{BACK['msg']}\n  why it fails: ansible-playbook")
    assert "    40.0 s  the new version takes traffic\n" in body(found, {"json": "r.json"})
    assert body(found, {"json": "r.json"}).endswith("  Report: r.json\n")
    assert line(found, "") == f"workshop.lifecycle: web switched_back: {told}"
    assert "### Release of web \\[blue\\]: switched\\_back" in summary(found, "blue")


@pytest.mark.parametrize(
    ("steps", "more", "verdict", "words"),
    [
        ([], {"planned": {"changed": False, **{key: DEPLOYED[key] for key in ("task_definition",)}}}, "unchanged",
         "web runs web:8 already."),
        ([{**BACK, "rolled_back": False}], {}, "failed", "The release of web did not end well."),
        ([{"msg": "Nothing was asked for: no."}], {}, "failed", "The release of web did not end well."),
        ([BACK], {"operation": "rollback"}, "failed", "The way back of web did not end well."),
        ([DEPLOYED], {"problem": "The stack was not updated."}, "failed", "The release of web did not end well."),
        ([DEPLOYED, {"skipped": True, "changed": False}], {}, "kept", "web runs web:8"),
        ([{**BACK, "bad_seconds": 0.0}], {}, "switched_back", "to web:7. It was not seen to take traffic."),
    ],
)  # fmt: skip
def test_verdicts(steps: list[dict[str, Any]], more: dict[str, Any], verdict: str, words: str) -> None:
    found = report(*steps, **more)
    assert found["verdict"] == verdict and words in found["summary"]
    assert (verdict == "failed") == any("rollback" in command for command in commands(found)) or verdict == "kept"


def test_the_users_own_tasks_judge_until_the_way_back_is_over() -> None:
    # By AWS's clock it was over before it began by that of this machine.
    returned = {"changed": True, "deployment": {"status": "X", "finished_at": "2026-10-01T16:00:10.000+00:00"}}
    found = report(DEPLOYED, returned=returned, problem="The tasks of orders.yml failed.")
    assert (found["verdict"], found["bad_seconds"]) == ("switched_back", 80.0)
    assert found["reason"] == "The tasks of orders.yml failed." and found["return_deployment"]["status"] == "X"
    failed = report(DEPLOYED, returned={**returned, "msg": "denied"}, problem="The tasks of orders.yml failed.")
    assert failed["verdict"] == "failed" and failed["reason"].endswith("failed. denied")


def test_a_stack_that_has_drifted_is_told_with_what_changes_nothing_else() -> None:
    drifted = {**SERVICE, "drifted": True, "how": "The stack shop-web says web:7."}
    found = report(DEPLOYED, service=drifted)
    assert commands(found)[-1] == "release -e workshop_service=web -e workshop_cluster=shop -e workshop_reconcile=true"
    assert "  stack  The stack shop-web says web:7.\n" in body(found, {})
    none = report(DEPLOYED, service={**drifted, "source": {"kind": "none"}})
    assert len(none["commands"]) == 1


def test_everything_on_the_page_is_escaped() -> None:
    evil = "<script>alert(1)</script>\x1b[31m"
    probe = {**DEPLOYED["probes"][0], "probe": evil, "first_failure": {"at": evil, "status": 1, "problem": evil}}
    alarm = {"at": BACK["events"][0]["at"], "kind": "alarm", "text": evil}
    more = {"msg": evil, "probes": [probe], "task_definition": evil, "events": [*BACK["events"], alarm]}
    more["stopped_tasks"] = [{"reason": evil, "stop_code": evil, "exit_codes": {evil: 1}}]
    more["unhealthy_targets"] = [{"target": evil, "state": evil, "reason": evil, "description": ""}]
    found = report({**BACK, **more}, service={**SERVICE, "how": evil, "stack": evil, "drifted": True})
    text = page(found).decode()
    assert "<script>" not in text and "\x1b" not in text and text.count("&lt;script&gt;") > 8
    for words in ("Switched back", "Timeline", "Probes", "Tasks and targets", "Seen by users", "43 s"):
        assert words in text
    assert "\x1b" not in body(found, {}) + closing(found)
    kept = page(report(DEPLOYED)).decode()
    assert "Kept" in kept and "Seen by users" not in kept


def shown(**more: Any) -> str:
    given = {
        "operation": "release", "service": SERVICE, "planned": PLANNED, "problem": "", "probes": [], "tasks": "",
        "back": [], "width": 200,
    }  # fmt: skip
    return "\n".join(text for text, _colour in plan_lines(**{**given, **more}))


def test_a_plan_tells_what_would_be_done_and_no_secret() -> None:
    probes = [{"url": "https://me:hunter2@shop/a?key=hunter2", "interval": 2.5}]
    text = shown(probes=probes, tasks="orders.yml", back=["failure", "probe"])
    assert "hunter2" not in text
    told = (
        "web in the cluster shop, of the stack shop-web", "- image: a", "+ image: b", "count 0",
        "GET https://shop/a, every 2.5 s", "the tasks of orders.yml", "back on    failure, probe",
    )  # fmt: skip
    for words in told:
        assert words in text, words
    assert "none: a version that ECS takes for well stays" in shown()
    assert "nothing: what was deployed" in shown()
    assert "REFUSED    no" in shown(problem="no") and "image" not in shown(problem="no")
    assert "which no stack owns" in shown(service={**SERVICE, "stack": ""})
    assert "none: it runs that already" in shown(planned={"changed": False})


@pytest.mark.parametrize(("deployment", "tried"), [({"arn": "x"}, True), (None, False)])
def test_where_settings_alone_changed_there_is_no_deployment_to_try(deployment: Any, tried: bool) -> None:
    tasks = yaml.safe_load((CHECKOUT / "roles/release/tasks/main.yml").read_text(encoding="utf-8"))
    carried_out = next(task["block"] for task in tasks if task["name"].startswith("Carry it out"))
    conditions = next(task["when"] for task in carried_out if task.get("ansible.builtin.import_tasks") == "trial.yml")
    given = {
        "release_probe_tasks": "orders.yml", "release_plan": {"deploys": True},
        "release_deployed": {"changed": True, "deployment": deployment},
    }  # fmt: skip
    assert all(Environment().compile_expression(text)(**given) for text in conditions) is tried


@pytest.mark.parametrize(
    ("planned", "words"),
    [
        ({"changed": True, "joined": True, "task_definition": "x/web:7", "operation": "rollback"},
         "the deployment of web that is under way would be rolled back, to web:7"),
        ({"changed": False}, "web runs that already: nothing would be done"),
        ({"changed": True, "task_definition": "x/web:8"}, "web would be brought to web:8"),
        ({"changed": True, "task_definition": ""}, "web would be brought to a new revision of its task definition"),
        ({"changed": True, "joined": True}, "the deployment of web that is under way would be followed to its end"),
    ],
)  # fmt: skip
def test_a_plan_in_one_line(planned: dict[str, Any], words: str) -> None:
    assert headline(planned.get("operation", "release"), SERVICE, planned) == words
    told = shown(operation=planned["operation"], planned=planned) if "operation" in planned else "is rolled back, to"
    assert "is rolled back, to" in told and "followed" not in told
