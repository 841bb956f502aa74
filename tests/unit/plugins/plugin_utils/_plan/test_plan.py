# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan as data: what goes, what is kept and why, and when there is anything to do."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import absence_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import build_plan
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import part_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import protection_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import clears
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.diff import plan_diff
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.groups import seen_groups
from tests.unit.plugins.module_utils.boxes import BOX, SAFE, Boxes
from tests.unit.plugins.plugin_utils.surveys import (
    NAME,
    REMOVE,
    blocker,
    empty,
    entry,
    gap,
    groups,
    leftover,
    service,
    stack,
    survey,
    task,
)


def plan_of(found: dict[str, Any], **options: Any) -> dict[str, Any]:
    return build_plan(found, groups(), **{"workshop": NAME, "remove": REMOVE, **options})


def test_phases_are_in_order_whatever_the_order_of_the_groups() -> None:
    plan = build_plan(survey(), groups()[::-1], workshop=NAME)
    assert [phase["phase"] for phase in plan["phases"]] == [1, 2, 3, 4]
    assert [group["group"] for group in plan["phases"][0]["groups"]][0] == "dynamodb"


def test_only_what_is_there_is_in_the_plan() -> None:
    plan = plan_of(survey(stacks=[stack(f"{NAME}-vpc"), stack(f"{NAME}-task-feed-api")]))
    assert [
        (phase["phase"], group["group"], [row["name"] for row in group["stacks"]])
        for phase in plan["phases"]
        for group in phase["groups"]
    ] == [(1, "task_definitions", [f"{NAME}-task-feed-api"]), (3, "vpc", [f"{NAME}-vpc"])]


def test_the_same_survey_gives_the_same_plan() -> None:
    assert plan_of(survey()) == plan_of(survey())


def test_age_is_that_of_the_oldest_stack() -> None:
    stacks = [stack(f"{NAME}-vpc"), stack(f"{NAME}-alb", creation_time="2026-11-01T08:00:00+00:00")]
    assert plan_of(survey(stacks=stacks))["made"] == "2026-11-01T08:00:00+00:00"
    assert plan_of(empty())["made"] is None


def test_tasks_are_counted_by_service_and_those_of_none_come_last() -> None:
    tasks = [task("service:web"), task("family:shell"), task("service:web", "DEACTIVATING")]
    assert plan_of(empty(tasks=tasks))["stop"] == [
        {"group": "service:web", "service": "web", "tasks": 2, "statuses": {"DEACTIVATING": 1, "RUNNING": 1}},
        {"group": "family:shell", "service": None, "tasks": 1, "statuses": {"RUNNING": 1}},
    ]


@pytest.mark.parametrize("action", ["ecs:ListTasks", "ecs:DescribeTasks"])
def test_tasks_that_may_not_be_seen_are_known_by_their_service(action: str) -> None:
    services = [service("web", running=2, pending=1), service("idle", running=0)]
    plan = plan_of(empty(services=services, gaps=[gap(action)]))
    assert [(row["service"], row["statuses"]) for row in plan["stop"]] == [("web", {"PENDING": 1, "RUNNING": 2})]


def test_a_kind_that_is_not_removed_is_left_with_its_reason() -> None:
    found = [leftover("log_group", "a"), leftover("ssm_parameter", "/x/y")]
    plan = plan_of(empty(leftovers=found))
    assert plan["remove"] == [{"kind": "log_group", "name": "a", "id": "a"}]
    assert plan["left"] == [
        {"kind": "ssm_parameter", "name": "/x/y", "reason": "workshop_leftovers does not name ssm_parameter"}
    ]


def test_what_a_stack_of_the_workshop_owns_goes_with_it_and_what_another_owns_is_left() -> None:
    owned = [
        leftover("log_group", "ours", stack_name=f"{NAME}-logs"),
        leftover("log_group", "theirs", stack_name="payroll"),
    ]
    plan = plan_of(survey(owned=owned))
    assert plan["left"] == [{"kind": "log_group", "name": "theirs", "reason": "part of the stack payroll"}]
    # The same where the stacks themselves may not be looked at
    assert plan_of(empty(owned=owned, gaps=[gap("cloudformation:DescribeStacks")]))["left"] == plan["left"]


def test_stacks_that_only_look_alike_are_left() -> None:
    plan = plan_of(empty(other_stacks=[f"{NAME}-notes"]))
    assert plan["left"] == [{"kind": "stack", "name": f"{NAME}-notes", "reason": "not a stack of this workshop"}]
    assert not plan["found"] and not plan["anything"]


def test_a_stack_of_no_group_is_left_and_does_not_protect_the_others() -> None:
    plan = plan_of(survey(stacks=[stack("stray", termination_protection=True)]))
    assert plan["phases"] == [] and plan["protected"] == []
    assert plan["left"][0] == {"kind": "stack", "name": "stray", "reason": "in no stack group"}


@pytest.mark.parametrize("allowed", [False, True])
def test_protected_stacks_keep_a_teardown_from_beginning_unless_it_may_unprotect(allowed: bool) -> None:
    stacks = [stack(f"{NAME}-vpc", termination_protection=True), stack(f"{NAME}-alb")]
    plan = plan_of(survey(stacks=stacks), disable_termination_protection=allowed)
    assert plan["protected"] == [f"{NAME}-vpc"]
    problem = protection_problem(plan)
    assert bool(problem) is not allowed
    assert allowed or f"Termination protection is on for {NAME}-vpc." in problem


def test_what_is_said_of_a_stack_holds_over_what_is_said_for_all() -> None:
    """In both ways, and of what may be left behind, too."""
    stacks = [stack(f"{NAME}-vpc", termination_protection=True), stack(f"{NAME}-alb", termination_protection=True)]
    own = {f"{NAME}-vpc": {"unprotect": False, "retain": ["AWS::EC2::*"]}, f"{NAME}-alb": {"unprotect": None}}
    table = [{**group, "settings": own} for group in groups()]
    plan = build_plan(
        survey(stacks=stacks), table, workshop=NAME, retain_on_failure=["A::B::C"], disable_termination_protection=True
    )
    assert (plan["protected"], plan["unprotect"]) == ([f"{NAME}-vpc", f"{NAME}-alb"], [f"{NAME}-alb"])
    assert plan["retain"] == ["AWS::EC2::*", "A::B::C"]
    problem = protection_problem(plan, allowed=True)
    assert f"on for {NAME}-vpc." in problem and "workshop_disable" not in problem

    own[f"{NAME}-vpc"]["unprotect"] = True
    plan = build_plan(survey(stacks=stacks), table, workshop=NAME)
    assert plan["unprotect"] == [f"{NAME}-vpc"] and f"on for {NAME}-alb." in protection_problem(plan)


@pytest.mark.parametrize(
    ("found", "something"),
    [
        (empty(), False),
        (empty(stacks=[stack(f"{NAME}-vpc", "DELETE_FAILED")]), True),
        (empty(tasks=[task("family:shell")]), True),
        (empty(leftovers=[leftover("xray_group", "cuddle-kube")]), True),
        (empty(leftovers=[leftover("task_definition", "feed-api:1")]), False),
        (empty(services=[service("web")]), False),
    ],
)
def test_whether_there_is_anything_to_do(found: dict[str, Any], something: bool) -> None:
    plan = plan_of(found)
    assert (plan["found"], plan["anything"]) == (something, something)


def test_behind_a_gap_there_may_be_something() -> None:
    plan = plan_of(empty(gaps=[gap("xray:GetGroups")]))
    assert not plan["found"] and plan["anything"]


def test_not_to_know_who_asks_hides_nothing() -> None:
    plan = plan_of(empty(caller=None, gaps=[gap("sts:GetCallerIdentity")]))
    assert not plan["anything"]
    assert (plan["account"], plan["caller"]) == (None, None)


def test_the_account_is_also_known_from_a_stack() -> None:
    assert plan_of(survey(caller=None))["account"] == "123456789012"


def test_nothing_is_retained_where_no_stack_is() -> None:
    patterns = ["AWS::AppMesh::*"]
    assert plan_of(survey(), retain_on_failure=patterns)["retain"] == patterns
    assert plan_of(empty(), retain_on_failure=patterns)["retain"] == []


def test_a_survey_that_was_asked_for_little_is_enough() -> None:
    plan = build_plan({"region": "eu-central-1"}, groups(), workshop=NAME)
    assert not plan["anything"]


def test_the_comparison_keeps_what_is_left() -> None:
    plan = plan_of(survey(stacks=[stack(f"{NAME}-vpc", "DELETE_FAILED")], other_stacks=[f"{NAME}-notes"]))
    diff = plan_diff(plan)
    before, after = diff["before"].splitlines(), diff["after"].splitlines()
    assert after == [f"stack {NAME}-notes"]
    assert before[0] == f"stack {NAME}-vpc DELETE_FAILED" and before[-1] == after[0]
    assert "ECS tasks of feed-api: 1 RUNNING" in before and "X-Ray group cuddle-kube" in before


def test_what_is_in_a_stack_is_counted_by_type() -> None:
    types = ["AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::Subnet"]
    owned = entry(f"{NAME}-vpc", *types)
    owned["resources"].append({**owned["resources"][0], "type": "AWS::EC2::Gone", "status": "DELETE_COMPLETE"})
    unread = entry(f"{NAME}-alb", resources=None)
    plan = plan_of(survey(stacks=[stack(f"{NAME}-vpc"), stack(f"{NAME}-alb")], inventory=[owned, unread]))
    found = {row["name"]: row for phase in plan["phases"] for group in phase["groups"] for row in group["stacks"]}
    assert found[f"{NAME}-vpc"]["contains"] == {"AWS::EC2::Subnet": 2, "AWS::EC2::VPC": 1}
    assert found[f"{NAME}-alb"]["contains"] is None
    assert found[f"{NAME}-vpc"]["stack_id"] == owned["stack_id"]


def test_only_our_tasks_are_stopped() -> None:
    tasks = [task("service:web"), task("service:payments", ours=False), task("family:theirs", ours=False)]
    assert [row["group"] for row in plan_of(empty(tasks=tasks))["stop"]] == ["service:web"]
    assert not plan_of(empty(tasks=tasks[1:]))["found"]
    hidden = empty(services=[service("payments", running=2, owner="shop-web")], gaps=[gap("ecs:ListTasks")])
    assert plan_of(hidden)["stop"] == []


def test_what_is_sure_to_hold_a_stack_comes_first_and_is_not_left_besides() -> None:
    held = [
        blocker(f"{NAME}-vpc", "AWS::EC2::Subnet", "subnet-1", certain=False),
        blocker(f"{NAME}-ecs", "AWS::ECS::Service", "arn:payments"),
        blocker("elsewhere", "AWS::EC2::Subnet", "subnet-2"),
    ]
    plan = plan_of(survey(blockers=held, services=[service("payments", owner="")]))
    assert [row["id"] for row in plan["blockers"]] == ["arn:payments", "subnet-1"]
    assert plan["left"] == []


def test_a_workshop_that_was_never_seen_is_a_problem_and_one_that_may_be_hidden_is_none() -> None:
    said = absence_problem(plan_of(empty(seen=False, near_names=["cuddlekube2"])))
    assert said.startswith(f"{NAME} was never seen in this account and region (123456789012, eu-central-1)")
    assert "ansible-playbook workshop.lifecycle.list shows the workshops of all regions." in said
    assert "-e workshop_name=cuddlekube2" in said and said.endswith("-e workshop_may_be_absent=true.")
    assert absence_problem(plan_of(empty(seen=None))) == absence_problem(plan_of(empty())) == ""


TABLE = [
    {"group": "services", "stacks": ["shop-a", {"name": "shop-b", "stop_tasks": True}]},
    {"group": "alb", "after": ["services"], "of_which": ["shop-b"], "stacks": ["shop-alb"]},
    {"group": "vpc", "after": ["services", "alb"], "stacks": [{"name": "shop-vpc", "after": ["shop-c"]}, "shop-c"]},
]


def test_what_is_handed_on_are_the_stacks_that_were_seen_with_what_is_in_them() -> None:
    found = survey(
        stacks=[stack("shop-b"), stack("shop-vpc"), stack("stray")],
        inventory=[entry("shop-b", "AWS::ECS::Service"), entry("shop-vpc", resources=None)],
    )
    services, alb, vpc = seen_groups(TABLE, found)
    (row,) = services["stacks"]
    assert (row["stack_id"], row["stop_tasks"]) == (stack("shop-b")["stack_id"], True)
    assert [item["type"] for item in row["resources"]] == ["AWS::ECS::Service"]
    assert (alb["phase"], alb["stacks"]) == (2, [])
    (row,) = vpc["stacks"]
    assert row["after"] == ["shop-b"] and "resources" not in row


def test_what_is_gone_does_not_change_what_the_others_wait_for() -> None:
    """The load balancer waits for shop-b alone, also when that has gone before the others."""
    found = survey(stacks=[stack("shop-a"), stack("shop-alb")])
    (row,) = seen_groups(TABLE, found)[1]["stacks"]
    assert row["after"] == []
    without = [{**TABLE[0]}, {key: value for key, value in TABLE[1].items() if key != "of_which"}, TABLE[2]]
    (row,) = seen_groups(without, found)[1]["stacks"]
    assert row["after"] == ["shop-a"]


VPC, LOGS, ALB = (f"{NAME}-{name}" for name in ("vpc", "logs", "alb"))


def part(**holds: list[str]) -> dict[str, Any]:
    """All but load balancer and logs."""
    kept = [
        {"name": f"{NAME}-{name}", "group": name, "reason": "not named", "holds": holds.get(name, [])}
        for name in ("alb", "logs")
    ]
    return {"whole": False, "only": [], "keep": [], "kept": kept}


def test_what_may_be_somebody_elses_is_left_with_its_reason() -> None:
    plan = plan_of(empty(leftovers=[leftover("log_group", "a", details={"kept": "It is older."})]))
    assert plan["remove"] == []
    assert plan["left"] == [{"kind": "log_group", "name": "a", "reason": "It is older."}]


def test_what_is_kept_and_there_is_left_with_its_reason() -> None:
    plan = plan_of(survey(kept_stacks=[LOGS], stacks=[stack(VPC)]), part=part())
    assert plan["part"] and not plan_of(survey(), part={"whole": True, "kept": []})["part"]
    assert plan["left"] == [{"kind": "stack", "name": LOGS, "reason": "not named"}]
    assert f"stack {LOGS}" in plan_diff(plan)["after"]


def test_what_stands_and_is_not_meant_may_not_hold_what_is() -> None:
    def problem(*there: str, **holds: list[str]) -> str:
        return part_problem(plan_of(survey(kept_stacks=list(there), stacks=[stack(VPC)]), part=part(**holds)))

    assert problem(ALB, LOGS, alb=[VPC, f"{NAME}-gone"]) == (
        f"What workshop_only does not name would hold {VPC}, which comes after {ALB}. Name as well: alb."
    )
    assert problem(LOGS, alb=[VPC]) == "", "it is not there"
    assert problem(ALB, alb=[f"{NAME}-gone"]) == "", "what it would hold is not there"
    assert part_problem(plan_of(survey())) == ""


OBJECTS = {"count": 1204, "one": "object", "many": "objects", "at_least": False}


def held_by(name: str, type_: str, *amounts: dict[str, Any], clear: bool = True, **more: Any) -> dict[str, Any]:
    """A row of what is in a stack's own resource."""
    stack_name = f"{NAME}-logs"
    return blocker(stack_name, type_, name, owner=stack_name, amounts=list(amounts), clear=type_ if clear else "",
                   lost="all of it", reason=f"{name} is not empty.", **more)  # fmt: skip


@pytest.fixture(name="held")
def _held(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    Boxes(monkeypatch)
    images = {"count": 14, "one": "image", "many": "images", "at_least": True}
    return [held_by("assets", BOX, OBJECTS, how_to_remove=""), held_by("web", SAFE, images), held_by("odd", SAFE)]


def test_what_is_not_agreed_to_keeps_a_teardown_from_beginning(held: list[dict[str, Any]]) -> None:
    problem = protection_problem(plan_of(survey(blockers=held)))
    assert f"{NAME}-logs: assets is not empty. {NAME}-logs: web is not empty (to lift it: aws remove web). " in problem
    assert f"""To have it cleared, and lose it: -e '{{"workshop_clear": ["{BOX}", "{SAFE}"]}}'.""" in problem
    assert problem.endswith("To go on, and see these stacks fail: -e workshop_uncleared=go_on.")
    partly = protection_problem(plan_of(survey(blockers=held), clear=[BOX]))
    assert "assets" not in partly and f'["{BOX}", "{SAFE}"]' in partly, "all of it in one variable"
    assert protection_problem(plan_of(survey(blockers=held), clear=["AWS::Test::*"])) == ""
    assert protection_problem(plan_of(survey(blockers=held), uncleared="go_on")) == ""
    unsure = [{**row, "certain": False} for row in held]
    assert protection_problem(plan_of(survey(blockers=unsure))) == ""


def test_a_crowd_of_them_is_counted() -> None:
    crowd = [held_by(f"b-{number:02}", "AWS::X::Y", clear=False) for number in range(20)]
    problem = protection_problem(plan_of(survey(blockers=crowd)))
    assert "b-07 is" in problem and "b-08 is" not in problem and "And by 12 more." in problem


def test_what_can_not_be_cleared_is_not_offered(held: list[dict[str, Any]]) -> None:
    locked = held_by("locked", BOX, clear=False)
    problem = protection_problem(plan_of(survey(blockers=[locked]), clear=[BOX]))
    assert "locked is not empty (to lift it: aws remove locked)." in problem and "workshop_clear" not in problem


def test_what_is_cleared_is_counted(held: list[dict[str, Any]]) -> None:
    assert clears(plan_of(survey(blockers=held))) == ""
    assert clears(plan_of(survey(blockers=held), clear=[BOX])) == "1,204 objects"
    more = [*held, held_by("more", BOX, {**OBJECTS, "count": 1})]
    assert clears(plan_of(survey(blockers=more), clear=["all"])) == (
        "1,205 objects, at least 14 images and what holds safe odd"
    )


def test_a_protection_that_is_lifted_is_counted_as_the_resource_that_goes_with_it() -> None:
    protection = {"count": 1, "one": "deletion protection", "many": "deletion protections", "at_least": False}
    table = "AWS::DynamoDB::Table"
    rows = [held_by("assets", "AWS::S3::Bucket", OBJECTS), held_by("orders", table, protection)]
    assert clears(plan_of(survey(blockers=rows), clear=["all"])) == "the protected table orders and 1,204 objects"
    crowd = [held_by(f"orders-{number}", table, protection) for number in range(4)]
    assert clears(plan_of(survey(blockers=crowd), clear=["all"])) == "4 protected resources"
