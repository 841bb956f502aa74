# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.data import check
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.text import body

from tests.judges.venv import CHECKOUT
from tests.unit.plugins.plugin_utils import report_samples as samples
from tests.unit.plugins.plugin_utils.report_samples import leftover, live, remaining, report, stack, task

SCHEMA = json.loads((CHECKOUT / "docs/report.schema.json").read_text(encoding="utf-8"))


def closed(schema: Any) -> Any:
    """The schema without room for fields that it does not describe."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    copied = {key: closed(value) for key, value in schema.items()}
    return copied | ({"additionalProperties": False} if "properties" in copied else {})


def by_name(rows: list[dict[str, Any]], key: str = "name") -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in rows}


def test_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "made",
    [
        report(),
        samples.failed(),
        samples.hostile(),
        report({"kept_stacks": ["shop-net"]}, part=samples.part()),
        report(operation="verify", stacks=[], tasks=[], leftovers=[], started=None),
        report(groups=[], stacks=[], tasks=[], leftovers=[]),
        report(stacks=[stack("shop-vpc", retained_resources=None)]),
        samples.build({**samples.given(), "survey": {}}, samples.START),
        samples.build({**samples.given(), "survey": {"failed": True, "msg": "ExpiredToken"}}, samples.START),
    ],
    ids=["clean", "failed", "hostile", "part", "verify", "nothing", "retained unknown", "no survey", "survey failed"],
)
def test_every_report_is_what_the_schema_says_and_nothing_else(made):
    jsonschema.Draft202012Validator(closed(SCHEMA), format_checker=jsonschema.FormatChecker()).validate(made)
    assert json.loads(json.dumps(made)) == made


def test_every_field_has_a_description():
    def bare(schema: Any, path: str) -> list[str]:
        found = []
        for name, field in schema.get("properties", {}).items():
            found += [f"{path}.{name}"] if not field.get("description") and "$ref" not in field else []
            found += bare(field, f"{path}.{name}") + bare(field.get("items", {}), f"{path}.{name}")
        return found

    assert bare(SCHEMA, "") == []


def test_page_on_the_report_names_every_field():
    page = (CHECKOUT / "docs/report.md").read_text(encoding="utf-8")
    assert [name for name in SCHEMA["properties"] if f"`{name}`" not in page] == []


def test_what_it_is_given_is_not_changed():
    options = samples.given()
    before = copy.deepcopy(options)
    samples.build(options, samples.START)
    assert options == before


def test_log_groups_that_may_come_back_are_named():
    assert [row["name"] for row in report(samples.with_log_group())["may_come_back"]] == ["shop-flow", "shop-logs"]
    kept = report(samples.with_log_group(), stacks=[samples.stack("shop-vpc", outcome="failed")], leftovers=[])
    assert kept["may_come_back"] == []
    nothing = report(leftovers=[samples.leftover(action="absent", reason="")])
    assert nothing["may_come_back"] == []
    back = report(samples.with_log_group() | {"leftovers": [samples.leftover()]})
    assert [row["name"] for row in back["may_come_back"]] == ["shop-flow"]
    assert back["verdict"] == "leftovers"


def test_whole_report_of_a_clean_teardown():
    made = report()
    assert (made["verdict"], made["left"], made["seconds"]) == ("clean", [], 80)
    assert (made["started"], made["finished"]) == ("2026-10-01T16:00:00.000Z", "2026-10-01T16:01:20.000Z")
    assert (made["account"], made["account_alias"]) == (samples.ACCOUNT, "shops")
    assert made["survives"][0]["expires"] == "2026-10-31"
    assert made["phases"][0] == {
        "phase": 1,
        "groups": ["services"],
        "began": "2026-10-01T16:00:05.000Z",
        "ended": "2026-10-01T16:00:45.000Z",
        "seconds": 40.0,
    }
    assert [(group["group"], group["outcome"], group["gone"]) for group in made["groups"]] == [
        ("services", "gone", 2),
        ("cluster", "gone", 1),
        ("vpc", "gone", 1),
    ]


def test_operation_that_began_after_its_end_took_no_time():
    assert report(started=samples.at(500), seconds=10)["seconds"] == 0


def test_stacks_that_nobody_was_told_of_are_judged_by_the_last_look():
    made = report({"stacks": [live("shop-vpc")]}, stacks=[])
    assert {name: row["outcome"] for name, row in by_name(made["stacks"]).items()} == {
        "shop-service-web": "absent",
        "shop-service-api": "absent",
        "shop-cluster": "absent",
        "shop-vpc": "left",
    }


def test_without_leave_to_list_stacks_none_is_absent():
    made = report({"gaps": [{"action": "cloudformation:ListStacks", "message": "no"}]}, stacks=[stack("shop-vpc")])
    rows = by_name(made["stacks"])
    assert (rows["shop-vpc"]["outcome"], rows["shop-vpc"]["there"]) == ("gone", None)
    assert (rows["shop-cluster"]["outcome"], rows["shop-cluster"]["there"]) == ("unknown", None)
    # Of what nobody has looked at it is not said that it is left either.
    assert made["left"] == [] and made["verdict"] == "failed"
    group = by_name(made["groups"], "group")["cluster"]
    assert (group["outcome"], group["gone"], group["left"]) == ("unknown", 0, 0)


def test_a_task_that_is_left_says_why_it_was_not_stopped():
    refused = "ecs:StopTask answered InvalidParameterException: no."
    arn = "arn:aws:ecs:eu-central-1:123456789012:task/shop/1"
    seen = {"task_arn": arn, "group": "service:web", "last_status": "RUNNING"}
    made = report({"tasks": [seen]}, tasks=[{**seen, "problem": refused}])
    assert [item["reason"] for item in made["left"] if item["kind"] == "task"] == [f"of service web. {refused}"]


def test_a_verification_that_saw_no_stack_claims_none_to_be_left():
    """Of 24 stacks "24 stacks left" was said when ListStacks had failed."""
    answer = {"failed": True, "msg": "cloudformation:ListStacks failed", "caller": {"account": "123456789012"}}
    made = samples.build({**samples.given(), "survey": answer, "operation": "verify", "stacks": []}, samples.START)
    assert made["left"] == [] and made["verdict"] == "failed" and made["account"] == "123456789012"
    assert "Whether shop is wholly gone could not be seen." in made["summary"]
    text = body(made, {})
    assert "  4 stacks could not be looked at\n" in text and "left" not in text.lower()


def test_numbers_of_a_group_are_those_of_stacks_that_were_there_and_add_up():
    rows = [
        stack("shop-service-web", "services", outcome="absent", began=None),
        stack("shop-service-api", "services", outcome="timed_out"),
        stack("shop-service-job", "services", outcome="recreated"),
        stack("shop-service-old", "services"),
    ]
    groups = [{"group": "services", "phase": 1, "stacks": [row["name"] for row in rows]}]
    made = report({"stacks": [live("shop-service-job")]}, stacks=rows, groups=groups)
    (group,) = made["groups"]
    assert (group["gone"], group["left"], len(group["stacks"])) == (2, 1, 4)


def test_stack_made_since_the_plan_is_told_so():
    found = {"stacks": [live("shop-vpc"), live("shop-cluster"), live("shop-service-web")]}
    planned = {"shop-vpc": "arn:shop-vpc", "shop-cluster": "arn:another", "shop-service-api": "arn:shop-service-api"}
    rows = by_name(report(found, stacks=[], planned=planned)["stacks"])
    assert {name: row["appeared"] for name, row in rows.items()} == {
        "shop-service-web": True,
        "shop-service-api": False,
        "shop-cluster": True,
        "shop-vpc": False,
    }
    assert not any(row["appeared"] for row in report(found, stacks=[])["stacks"])


def test_traces_survive_only_of_what_was_seen():
    nothing = {"stacks": [], "tasks": [], "leftovers": [], "operation": "verify"}
    assert (
        report({"seen": True}, **nothing)["survives"] and report({"seen": None}, stacks=[stack("shop-vpc")])["survives"]
    )
    for seen in (False, None):
        assert report({"seen": seen}, **nothing)["survives"] == []


def test_look_without_verify_is_a_gap():
    made = report({"verified": False})
    assert [gap["action"] for gap in made["gaps"]] == ["workshop_info"] and made["verdict"] == "failed"
    assert "without verify" in made["gaps"][0]["message"]


@pytest.mark.parametrize(
    "survey",
    [
        {"stacks": [], "seen": False, "gaps": []},
        {"stacks": [live("shop-vpc")], "seen": None, "gaps": []},
        {"stacks": [], "seen": None, "gaps": [{"action": "cloudformation:ListStacks", "message": "no"}]},
        {"failed": True, "msg": "ExpiredToken"},
        {},
    ],
)
def test_last_look_is_taken_if_stacks_were_looked_at_or_it_says_why_not(survey):
    check(survey)


def test_last_look_at_no_stack_is_refused():
    with pytest.raises(ValueError, match="has not looked at any stack"):
        check({"stacks": [], "seen": None, "gaps": []})


def test_task_of_others_is_not_left():
    seen = [task(1, stack_name=None), task(2, stack_name="shop-service-web"), task(3)]
    made = report({"tasks": seen}, tasks=[])
    assert [row["task_arn"][-1] for row in made["tasks"]] == ["2", "3"]


def test_stack_of_no_group_is_not_lost():
    made = report({"stacks": [live("shop-extra")]}, stacks=[stack("shop-more", group="more")])
    assert by_name(made["stacks"])["shop-more"]["group"] == "more"
    assert by_name(made["left"])["shop-extra"]["kind"] == "stack"
    assert [group["group"] for group in made["groups"]][-2:] == ["more", ""]


def test_of_two_rows_of_a_stack_the_last_counts_from_the_first_beginning():
    rows = [stack("shop-vpc", began=3, outcome="in_progress"), stack("shop-vpc", began=9, seconds=5)]
    made = by_name(report(stacks=rows)["stacks"])["shop-vpc"]
    assert (made["outcome"], made["began"]) == ("gone", "2026-10-01T16:00:03.000Z")


def test_looks_at_one_task_are_put_together():
    rows = [
        task(began=5, seconds=1, last_status="RUNNING", lingered=True),
        task(began=7, seconds=30, action="already_stopping", last_status_before="DEACTIVATING"),
    ]
    (made,) = report(tasks=rows)["tasks"]
    assert (made["began"], made["ended"], made["seconds"]) == (
        "2026-10-01T16:00:05.000Z",
        "2026-10-01T16:00:37.000Z",
        32.0,
    )
    assert made["lingered"] and made["action"] == "stopped"
    assert (made["last_status_before"], made["last_status"], made["service"]) == ("RUNNING", "STOPPED", "web")


def test_task_that_is_still_there_is_left_whatever_became_of_it_before():
    made = report({"tasks": [task(last_status="DEACTIVATING"), task(9, last_status="RUNNING")]})
    assert [(item["kind"], item["status"]) for item in made["left"]] == [("task", "DEACTIVATING"), ("task", "RUNNING")]
    assert made["left"][0]["how_to_remove"].startswith("aws ecs stop-task --cluster shop --task arn:aws:ecs:")
    assert made["tasks"][1]["action"] == "left"


@pytest.mark.parametrize(
    ("rows", "there", "kind", "action"),
    [
        ([{"action": "removed"}], False, "log_group", "removed"),
        ([{"action": "removed"}, {"action": "absent"}], False, "log_group", "removed"),
        ([{"action": "failed"}, {"action": "removed"}], False, "log_group", "removed"),
        ([{"action": "removed"}], True, "log_group", "left"),
        ([{"action": "failed", "reason": "AccessDenied"}], True, "log_group", "failed"),
        ([{"action": "failed", "reason": "AccessDenied"}], False, "log_group", "absent"),
        ([], True, "log_group", "left"),
        ([], True, "ssm_parameter", "kept"),
    ],
)
def test_fate_of_a_leftover(rows, there, kind, action):
    seen = [leftover(kind)] if there else []
    made = report({"leftovers": seen}, leftovers=[leftover(kind) | row for row in rows])
    assert [row["action"] for row in made["leftovers"]] == [action]
    assert bool(made["left"]) == (action in ("left", "failed"))
    assert bool(made["leftovers"][0]["how_to_remove"]) == there


def test_what_aws_deletes_later_survives_until_then():
    key = {"stack_name": "shop-vpc", "type": "AWS::KMS::Key", "physical_id": "1234", "ends": "2026-10-08"}
    made = report({"ending": [key]})
    assert [(item["name"], item["expires"]) for item in made["survives"]] == [
        ("X-Ray traces", "2026-10-31"), ("KMS key 1234 of shop-vpc", "2026-10-08")
    ]  # fmt: skip
    assert made["verdict"] == "clean"


def test_leftover_that_may_be_somebody_elses_is_kept_and_no_defect():
    there = leftover(details={"kept": "It is older."})
    made = report({"leftovers": [there]}, leftovers=[leftover(action="kept", reason="It is older.")])
    (row,) = made["leftovers"]
    assert (row["action"], row["reason"], made["verdict"]) == ("kept", "It is older.", "clean")
    assert row["how_to_remove"]


def test_what_bears_the_tags_and_takes_a_person_is_left_with_its_type_and_command():
    arn = "arn:aws:rds:eu-central-1:123456789012:db:orders"
    details = {"type": "AWS::RDS::DBInstance", "physical_id": "orders", "by_hand": "nothing here removes this type"}
    there = leftover("tagged_resource", "orders", id=arn, details=details)
    named = {"remove": ["tagged_resource"]}
    for done in ([], [leftover("tagged_resource", "orders", id=arn, action="kept", reason=details["by_hand"])]):
        made = report({"leftovers": [there]}, leftovers=done, **named)
        (item,) = made["left"]
        assert (item["type"], item["name"], item["reason"]) == (details["type"], "orders", details["by_hand"])
        assert item["how_to_remove"].startswith("aws rds delete-db-instance --db-instance-identifier orders ")
        assert made["verdict"] == "leftovers"
    unnamed = report({"leftovers": [there]}, leftovers=[])
    assert unnamed["verdict"] == "clean" and unnamed["leftovers"][0]["action"] == "kept"
    assert unnamed["leftovers"][0]["how_to_remove"]
    kept = there | {"details": details | {"kept": "AWS has made it"}}
    assert report({"leftovers": [kept]}, leftovers=[], **named)["verdict"] == "clean"


def test_leftover_that_came_back_says_so():
    made = report({"leftovers": [leftover()]}, leftovers=[leftover(action="removed")])
    assert made["left"][0]["reason"] == "came back after it was removed"


@pytest.mark.parametrize(
    ("arn", "stack_name", "counts"),
    [
        ("arn:aws:iam::1:role/shop-role", "shop-cluster", False),
        ("arn:aws:logs:eu-central-1:1:log-group:shop-role:*", "shop-cluster", False),
        ("shop-role", "shop-cluster", False),
        ("arn:aws:iam::1:role/shop-role", "shop-vpc", True),
        ("arn:aws:iam::1:role/workshop-role", "shop-cluster", True),
    ],
)
def test_tagged_resource_counts_unless_its_stack_retained_it(arn, stack_name, counts):
    made = report({"remaining_resources": [remaining()], "tagged_resources": [{"arn": arn, "stack_name": stack_name}]})
    assert bool(made["tagged_resources"]) == counts
    assert made["verdict"] == ("leftovers" if counts else "clean")
