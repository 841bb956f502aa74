# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan as text: complete, short, harmless."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import words
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.blocker import PROTECTION
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import build_plan
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import tagged as words_of
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.text import plan_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.text import summary
from tests.unit.plugins.module_utils.boxes import BOX, SAFE, Boxes
from tests.unit.plugins.plugin_utils.surveys import (
    NAME,
    NOW,
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

RETAIN = ("AWS::AppMesh::*", "AWS::IAM::ServiceLinkedRole")


def lines_of(found: dict[str, Any], width: int = 79, **options: Any) -> list[tuple[str, str]]:
    shown = {key: options.pop(key) for key in ("host", "check") if key in options}
    plan = build_plan(found, groups(), workshop=NAME, remove=REMOVE, retain_on_failure=RETAIN, **options)
    return plan_lines(plan, width=width, now=NOW, **shown)


def text_of(found: dict[str, Any], width: int = 79, **options: Any) -> str:
    return "\n".join(line for line, _colour in lines_of(found, width, **options))


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("width", "most"), [(79, 40), (119, 30)])
def test_a_whole_workshop_fits_the_screen_with_every_name(width: int, most: int) -> None:
    lines = text_of(survey(other_stacks=[f"{NAME}-notes"]), width).splitlines()
    assert len(lines) <= most
    assert max(map(len, lines)) <= width
    words_shown = " ".join(lines).split()
    assert [name for group in groups() for name in group["stacks"] if name not in words_shown] == []


def test_who_where_and_what_come_first() -> None:
    assert text_of(survey()).splitlines()[:4] == [
        f"Teardown of {NAME}",
        "  account    123456789012 (sandbox), region eu-central-1",
        "  caller     arn:aws:sts::123456789012:assumed-role/Teacher/anna",
        "  workshop   24 stacks, 8 ECS tasks, 2 leftovers; 2 days old",
    ]


def test_what_happens_is_said_in_a_line_each() -> None:
    text = flat(text_of(survey(other_stacks=[f"{NAME}-notes"])))
    for words_expected in (
        "phase 4 logs cuddlekube-logs",
        "stop 8 ECS tasks, 1 each: feed-api, happiness-api,",
        "remove log group /aws/ecs/containerinsights/cuddlekube/performance X-Ray group cuddle-kube",
        "retain only if they can not be deleted: AWS::AppMesh::*, AWS::IAM::ServiceLinkedRole",
        f"leave stack {NAME}-notes: not a stack of this workshop",
    ):
        assert words_expected in text


#: What the stacks of a whole workshop have, by the rest of their names.
INSIDE = {
    "service": ["ECS::Service", "ServiceDiscovery::Service"],
    "task": ["ECS::TaskDefinition", "SSM::Parameter"],
    "appmesh": ["AppMesh::Mesh", "SSM::Parameter"],
    "appmesh-structure": ["AppMesh::Route", "AppMesh::VirtualNode"] * 7 + ["AppMesh::VirtualService"] * 8,
    "dynamodb": ["DynamoDB::Table"],
    "cloudmap": ["SSM::Parameter", "ServiceDiscovery::PrivateDnsNamespace", "SSM::Parameter"],
    "alb": ["EC2::SecurityGroup"] + [f"ElasticLoadBalancingV2::{name}" for name in ("Listener", "LoadBalancer")],
    "ecs": ["ECS::Cluster", "IAM::Role", "IAM::Role", "IAM::ServiceLinkedRole", "SSM::Parameter"],
    "vpc": [f"EC2::{name}" for name in ("VPC", "Route", "FlowLog", "RouteTable", "VPCEndpoint", "InternetGateway")]
    + ["EC2::Subnet", "EC2::SubnetRouteTableAssociation", "SSM::Parameter", "IAM::Policy"] * 3,
    "logs": ["Logs::LogGroup", "Logs::LogGroup", "SSM::Parameter"],
}


def whole(**changed: Any) -> dict[str, Any]:
    """A whole workshop, of which is known what is in it."""
    owned = []
    for name in (name for group in groups() for name in group["stacks"]):
        rest = name.removeprefix(f"{NAME}-")
        owned.append(entry(name, *[f"AWS::{type_}" for type_ in INSIDE.get(rest) or INSIDE[rest.split("-")[0]]]))
    return survey(inventory=owned, **changed)


@pytest.mark.parametrize(("width", "most"), [(79, 48), (99, 40), (119, 38)])
def test_with_what_is_in_the_stacks_it_is_a_screen_and_a_half(width: int, most: int) -> None:
    lines = text_of(whole(), width).splitlines()
    assert len(lines) <= most and max(map(len, lines)) <= width, "\n".join(lines)
    for said in (
        "each ECS::Service, ServiceDiscovery::Service",
        "cuddlekube-dynamodb  DynamoDB::Table",
        "ServiceDiscovery::PrivateDnsNamespace, ",
    ):
        assert [line for line in lines if said in line], "\n".join(lines)


@pytest.mark.parametrize(
    ("contains", "room", "said"),
    [
        ({"AWS::EC2::Subnet": 3, "AWS::EC2::VPC": 1}, 40, "EC2::VPC, 3 EC2::Subnet"),
        ({"AWS::EC2::Subnet": 3, "AWS::EC2::VPC": 1, "AWS::IAM::Role": 1}, 24, "EC2::VPC, and 2 more"),
        ({"AWS::SSM::Parameter": 1, "AWS::ServiceDiscovery::PrivateDnsNamespace": 1}, 20,
         "ServiceDiscovery::PrivateDnsNamespace, …"),
        ({"AWS::IAM::Role": 9, "AWS::ECS::Cluster": 1}, 40, "ECS::Cluster, 9 IAM::Role"),
        ({"Custom::Thing": 2}, 40, "2 Custom::Thing"),
        ({}, 40, ""),
        (None, 40, ""),
    ],
)  # fmt: skip
def test_what_a_stack_is_about_comes_first(contains: dict[str, int] | None, room: int, said: str) -> None:
    assert words.contents(contains, room) == said


def test_what_is_in_a_stack_with_something_to_say_follows() -> None:
    found = survey(
        stacks=[stack(f"{NAME}-vpc", "DELETE_FAILED")], inventory=[entry(f"{NAME}-vpc", "AWS::EC2::VPC")]
    )
    lines = text_of(found).splitlines()
    (at,) = [number for number, line in enumerate(lines) if "DELETE_FAILED" in line]
    assert lines[at + 1].strip() == "EC2::VPC"


def test_what_holds_a_stack_is_named_with_the_command_in_a_line_of_its_own() -> None:
    command = "aws ecs delete-service --cluster cuddlekube --service payments --force --region eu-central-1"
    arn = "arn:aws:ecs:eu-central-1:123456789012:service/cuddlekube/payments"
    held = [
        blocker(f"{NAME}-ecs", "AWS::IAM::Policy", "arn:aws:iam::aws:policy/ReadOnly", name="ReadOnly", certain=False),
        blocker(f"{NAME}-ecs", "AWS::ECS::Service", arn, name="payments", owner="shop-web", how_to_remove=command),
        blocker("shop-other", "AWS::ECS::Service", "of a stack that is not in the plan"),
    ]
    lines = lines_of(survey(blockers=held))
    start = [line for line, _colour in lines].index(
        "  held       cuddlekube-ecs by ECS::Service payments, of the stack shop-web"
    )
    assert lines[start][1] == "error"
    assert [line.strip() for line, _colour in lines[start + 1 : start + 5]] == [
        command, "cuddlekube-ecs, perhaps, by IAM::Policy ReadOnly, of no stack of", "this workshop",
        "aws remove arn:aws:iam::aws:policy/ReadOnly",
    ]  # fmt: skip
    plan = build_plan(survey(blockers=held), groups(), workshop=NAME, remove=REMOVE)
    assert summary(plan) == "24 stacks, 8 ECS tasks, 2 leftovers, 1 stack held"
    assert "not in the plan" not in text_of(survey(blockers=held))


def test_what_is_in_a_stack_s_resources_is_told_below_it_and_whether_it_is_cleared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Boxes(monkeypatch)
    stacks = [f"{NAME}-task-{api}" for api in ("feed-api", "list-api")]
    things = {"count": 1204, "one": "thing", "many": "things", "at_least": False}
    held = [
        blocker(name, BOX, f"{name}-box", owner=name, amounts=[things], clear=BOX, how_to_remove="") for name in stacks
    ]
    doubt = blocker(stacks[0], SAFE, "old", owner=stacks[0], clear=SAFE, amounts=[], certain=False)
    gone = gap("test:LookAtBox")

    before = text_of(survey(blockers=[*held, doubt], blockers_gaps=[gone]), 119)
    assert f"{stacks[0]}\n" in before and f"  box {stacks[0]}-box: 1,204 things: HOLDS IT\n" in before
    assert "  safe old: may hold it\n" in before and "2 stacks held" in before
    assert "whether something in the stacks' resources holds them: test:LookAtBox" in flat(before)

    lines = [(line.strip(), colour) for line, colour in lines_of(survey(blockers=[*held, doubt]), 119, clear=["all"])]
    for name in stacks:
        assert lines[lines.index((name, "plain")) + 1] == (f"box {name}-box: 1,204 things: will be cleared", "warning")
    assert not [line for line, _colour in lines if "held" in line]


def test_what_others_have_in_it_and_could_be_cleared_is_told_with_what_says_so() -> None:
    held = blocker(f"{NAME}-ecs", "AWS::ECS::Service", "by-hand", clear="AWS::ECS::Cluster", amounts=[])
    lines = text_of(survey(blockers=[held]), 119).splitlines()
    place = lines.index("  held       cuddlekube-ecs by ECS::Service by-hand, of no stack of this workshop")
    assert [line.strip() for line in lines[place + 1 : place + 3]] == [
        "aws remove by-hand",
        """or have it cleared: -e '{"workshop_clear": ["AWS::ECS::Cluster"]}'""",
    ]


def test_a_role_that_is_gone_is_told_unless_another_is_given() -> None:
    arn, name = "arn:aws:iam::123456789012:role/cfn", f"{NAME}-ecs"
    lost = {**blocker(name, "AWS::IAM::Role", arn, owner=name, how_to_remove=""), "reason": "Its role is gone."}
    found = survey(blockers=[lost, blocker(name, "AWS::IAM::Role", "a-role", owner="shop-web")])
    assert "  held       cuddlekube-ecs: Its role is gone.\n" in text_of(found)
    plan = build_plan(found, groups(), workshop=NAME, role_arn="arn:aws:iam::123456789012:role/other")
    assert [row["id"] for row in plan["blockers"]] == ["a-role"]


def test_a_role_that_is_made_for_the_run_is_shown_with_its_policies_and_its_stacks() -> None:
    name, policy = f"{NAME}-ecs", "arn:aws:iam::123456789012:policy/delete"
    lost = {**blocker(name, "AWS::IAM::Role", "arn:role/cfn", owner=name, how_to_remove=""), "reason": "It is gone."}
    found = survey(blockers=[lost])
    given = {"create": True, "name": NAME, "policies": [policy]}

    def planned(survey=found, **more):
        return build_plan(survey, groups(), workshop=NAME, temporary_role={**given, **more})

    plan = planned()
    assert plan["blockers"] == []
    made = f"workshop-lifecycle-{NAME}-eu-central-1"
    assert plan["temporary_role"] == {"name": made, "policies": [policy], "stacks": [name]}
    text = flat("\n".join(line for line, _colour in plan_lines(plan, width=79, now=NOW)))
    assert f"role {made} is made with {policy}, for {name}, whose own is gone; it is removed after the run" in text
    assert planned(create=False)["temporary_role"] is None and len(planned(create=False)["blockers"]) == 1
    assert planned(survey())["temporary_role"] is None
    other = build_plan(found, groups(), workshop=NAME, temporary_role=given, role_arn="arn:aws:iam::1:role/other")
    assert other["temporary_role"] is None and other["blockers"] == []
    # One that a killed run has left, and that its stacks still have.
    left = survey()
    (stack,) = (row for row in left["stacks"] if row["name"] == name)
    stack["role_arn"] = f"arn:aws:iam::123456789012:role/workshop-lifecycle/{made}"
    assert planned(left)["temporary_role"]["stacks"] == [name]
    assert "leave role " + made + ": made for an earlier run, which could not remove it" in flat(text_of(left))


def test_what_is_asked_for_in_vain_is_said_with_the_time_that_it_takes() -> None:
    group, name, other = "AWS::AutoScaling::AutoScalingGroup", f"{NAME}-ecs", f"{NAME}-dynamodb"
    held = [
        blocker(name, group, "web", owner=name, clear=group, amounts=[]),
        blocker(other, "AWS::DynamoDB::Table", "t", owner=other, clear="AWS::DynamoDB::Table",
                amounts=[PROTECTION.row()]),
    ]  # fmt: skip
    text = flat(text_of(survey(blockers=held), uncleared="go_on"))
    assert f"in vain {name} (for up to 60 min), {other}: asked for once" in text
    assert "in vain" not in text_of(survey(blockers=held))
    assert "in vain" not in text_of(survey(blockers=held), uncleared="go_on", clear=["all"])


def test_a_crowd_that_holds_a_stack_is_counted() -> None:
    held = [blocker(f"{NAME}-vpc", "AWS::EC2::SecurityGroup", f"sg-{number}") for number in range(100)]
    text = text_of(survey(blockers=held))
    assert "sg-19," in text and "sg-20," not in text and "and by 80 more" in text


def test_what_others_run_in_our_cluster_is_left_and_said() -> None:
    found = survey(
        services=[service("web"), service("payments", owner="shop-web"), service("by-hand", owner="")],
        tasks=[task("service:web"), task("service:payments", ours=False)],
    )
    text = flat(text_of(found))
    assert "stop 1 ECS task: web 1" in text
    assert "leave ECS service payments: of the stack shop-web" in text
    assert "ECS service by-hand: of no stack of this workshop" in text


def test_a_workshop_that_was_never_seen_is_said_with_what_may_be_meant() -> None:
    text = flat(text_of(empty(seen=False, near_names=["cuddlekube2", "cuddly"])))
    assert "workshop never seen in this account and region (123456789012, eu-central-1): no stack" in text
    assert "Did you mean -e workshop_name=cuddlekube2 or -e workshop_name=cuddly?" in text
    assert "never seen" not in text_of(empty(seen=None))


def test_nothing_there_is_four_lines() -> None:
    assert text_of(empty()).splitlines()[3:] == ["  workshop   nothing of it is there"]


def test_a_check_and_a_host_are_in_the_heading() -> None:
    assert text_of(empty(), check=True, host="blue").splitlines()[0] == f"Teardown of {NAME} [blue]: what it would do"


def test_only_unusual_statuses_are_shown() -> None:
    stacks = [stack(f"{NAME}-vpc"), stack(f"{NAME}-alb", "DELETE_FAILED", status_reason="In use by eni-1")]
    lines = lines_of(survey(stacks=stacks))
    assert [line.split()[-2:] for line, _colour in lines if "vpc" in line] == [["vpc", f"{NAME}-vpc"]]
    (failed,) = [(line, colour) for line, colour in lines if "DELETE_FAILED" in line]
    assert failed == (f"  phase 2    alb  {NAME}-alb  DELETE_FAILED, In use by eni-1", "error")


def test_a_long_reason_is_cut_and_folded() -> None:
    text = text_of(survey(stacks=[stack(f"{NAME}-alb", "DELETE_FAILED", status_reason="word " * 200)]))
    assert max(map(len, text.splitlines())) <= 79
    assert 20 < text.count("word") < 40 and text.count("…") == 1


@pytest.mark.parametrize(("allowed", "note"), [(False, "PROTECTED"), (True, "protection is switched off")])
def test_protected_stacks_are_marked(allowed: bool, note: str) -> None:
    stacks = [stack(f"{NAME}-vpc", termination_protection=True)]
    assert f"{NAME}-vpc  {note}" in text_of(survey(stacks=stacks), disable_termination_protection=allowed)


def test_tasks_that_do_not_simply_run_are_told() -> None:
    tasks = [task("service:web", "DEACTIVATING"), *[task("service:api")] * 3, task("family:shell")]
    assert "5 ECS tasks: api 3, web 1 (DEACTIVATING), family:shell (no service) 1" in flat(text_of(empty(tasks=tasks)))


def test_crowds_are_counted() -> None:
    text = flat(
        text_of(
            empty(
                leftovers=[leftover("task_definition", f"feed-api:{number:03}") for number in range(1, 101)],
                other_stacks=[f"{NAME}-{number:03}" for number in range(600)],
                tasks=[task(f"family:job{number:03}") for number in range(300)],
            )
        )
    )
    assert "300 ECS tasks, 1 each: " in text and "and 285 more" in text
    assert "600 stacks, cuddlekube-000," in text and "and 596 more: not a stack of this workshop" in text
    assert "100 INACTIVE task definition revisions, feed-api:001," in text and "and 96 more: workshop_leftovers" in text


def test_a_gap_is_said_loudly_and_what_follows_from_it() -> None:
    gaps = [gap("cloudformation:DescribeStacks"), gap("xray:GetGroups"), gap("xray:GetGroups")]
    lines = lines_of(empty(gaps=gaps))
    shouted = flat(" ".join(line for line, colour in lines if colour == "warning"))
    assert shouted == (
        "GAPS NOT ALLOWED TO LOOK AT: stacks (cloudformation:DescribeStacks); X-Ray groups (xray:GetGroups). "
        "So a clean end could not be proven."
    )
    assert "nothing of it was seen" in text_of(empty(gaps=gaps))


def test_a_gap_that_no_permission_closes_is_not_called_one_of_permission() -> None:
    gaps = [gap("logs:DescribeLogGroups"), {**gap("ssm:DescribeParameters"), "denied": False}]
    text = flat(text_of(empty(gaps=gaps)))
    assert (
        "GAPS COULD NOT LOOK AT: log groups (logs:DescribeLogGroups); SSM parameters (ssm:DescribeParameters). "
        "So a clean end could not be proven."
    ) in text


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("xray:GetSamplingRules", "X-Ray sampling rules (xray:GetSamplingRules)"),
        ("servicediscovery:ListNamespaces", "Cloud Map instances (servicediscovery:ListNamespaces)"),
        ("ecs:ListTaskDefinitions", "task definitions (ecs:ListTaskDefinitions)"),
        ("ec2:DescribeVpcs", "(ec2:DescribeVpcs)"),
    ],
)
def test_what_is_hidden_is_named(action: str, words: str) -> None:
    assert f"LOOK AT: {words}." in flat(text_of(empty(gaps=[gap(action)])))


def test_stacks_that_may_not_be_seen_are_not_zero_stacks() -> None:
    found = empty(tasks=[task("service:web")], gaps=[gap("cloudformation:DescribeStacks")])
    assert "workshop stacks unknown, 1 ECS task" in flat(text_of(found))


def test_not_to_know_who_asks_is_no_doubt_about_the_end() -> None:
    text = flat(text_of(empty(caller=None, gaps=[gap("sts:GetCallerIdentity")])))
    assert "account unknown: not allowed to ask, region eu-central-1" in text
    assert "who is asking (sts:GetCallerIdentity)" in text and "clean end" not in text


def test_nothing_from_aws_can_drive_the_terminal() -> None:
    nasty = "a\x1b[31m\nb\u202e"
    found = survey(
        stacks=[stack(f"{NAME}-alb", "DELETE_FAILED", status_reason=nasty, stack_id="odd")],
        other_stacks=[nasty],
        tasks=[task(f"service:{nasty}", nasty)],
        leftovers=[leftover("log_group", nasty), leftover(nasty, nasty)],
        owned=[leftover("log_group", nasty, stack_name=nasty)],
        gaps=[gap(nasty)],
        caller={"account": nasty, "account_alias": nasty, "arn": nasty, "user_id": nasty},
        region=nasty,
        inventory=[entry(f"{NAME}-alb", nasty, stack_id="odd")],
        blockers=[blocker(f"{NAME}-alb", nasty, nasty, name=nasty * 2, owner=nasty)],
        services=[service(nasty, owner=nasty)],
    )
    lines = [line for line, _colour in lines_of(found)]
    assert [line for line in lines if not line.isprintable()] == []


def test_the_summary_is_what_a_question_needs() -> None:
    plan = build_plan(survey(), groups(), workshop=NAME, remove=REMOVE)
    assert summary(plan) == "24 stacks, 8 ECS tasks, 2 leftovers"


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (timedelta(seconds=-5), "made just now"),
        (timedelta(seconds=59), "made just now"),
        (timedelta(minutes=1), "1 minute old"),
        (timedelta(hours=47), "1 day old"),
        (timedelta(days=400), "400 days old"),
    ],
)
def test_age(since: timedelta, said: str) -> None:
    assert words.age((NOW - since).isoformat(), NOW) == said


def test_an_action_that_nobody_thought_of_is_named_all_the_same() -> None:
    assert words.not_seen([gap("new:Thing")]) == ["(new:Thing)"]


def test_what_fails_and_what_is_skipped_is_said_where_a_run_goes_on() -> None:
    """In the order of the survey, whatever is between a stack and what it comes after."""
    alb, vpc, logs, other = (f"{NAME}-{name}" for name in ("alb", "vpc", "logs", "dynamodb"))
    bucket, images = "AWS::S3::Bucket", "AWS::ECR::Repository"
    after = {"vpc": {vpc: [alb]}, "logs": {logs: [vpc]}}
    table = [{**group, "after": after.get(group["group"], {})} for group in groups()]
    held = [
        blocker(name, kind, "x", owner=name, clear=kind, how_to_remove="", amounts=[], certain=certain)
        for name, kind, certain in ((alb, bucket, True), (other, images, True), (logs, bucket, False))
    ]

    def text(**options: Any) -> str:
        plan = build_plan(survey(blockers=held), table, workshop=NAME, **options)
        return flat("\n".join(line for line, _colour in plan_lines(plan, width=119, now=NOW)))

    told = text(uncleared="go_on", clear=["AWS::Athena::*"])
    assert f"go on left to fail: {alb}, {other} skipped, since they come after these: {vpc}, {logs} to have it" in told
    assert f"""and lose it: -e '{{"workshop_clear": ["AWS::Athena::*", "{bucket}", "{images}"]}}'""" in told
    some = text(uncleared="go_on", clear=[bucket])
    assert f"left to fail: {other} to have it cleared" in some and "skipped" not in some
    assert "left to fail" not in text() and "left to fail" not in text(uncleared="go_on", clear=["all"])


# what bears the workshop's tags


def tagged(name: str, type_: str, costs: bool = False, **more: Any) -> dict[str, Any]:
    command = f"aws remove {name}"
    return leftover("tagged_resource", name, details={"type": type_, "costs": costs, "how_to_remove": command, **more})


def test_what_bears_the_tags_is_counted_by_type_wherever_it_goes_or_stays() -> None:
    found = [
        *(tagged(f"b-{number}", "AWS::S3::Bucket") for number in range(212)),
        tagged("i-1", "AWS::EC2::Instance", costs=True),
        tagged("db", "AWS::RDS::DBInstance", costs=True, by_hand="nothing here removes this type"),
        tagged("i-2", "AWS::EC2::Instance", kept="AWS has made it"),
    ]
    known = survey(leftovers=found)
    plan = build_plan(known, groups(), workshop=NAME, remove=["tagged_resource"])
    text = flat("\n".join(line for line, _colour in plan_lines(plan, width=119, now=NOW)))
    assert "212 tagged resources of type AWS::S3::Bucket: b-0, b-1, b-2, b-3, and 208 more" in text
    assert "1 tagged resource of type AWS::EC2::Instance, which costs: i-1" in text
    assert (
        "tagged resource of type AWS::RDS::DBInstance, which costs db: nothing here removes this type (aws remove db)"
    ) in text
    assert words_of(plan) == "1 AWS::EC2::Instance, 212 AWS::S3::Bucket" and "213 leftovers" in summary(plan)
    unnamed = build_plan(known, groups(), workshop=NAME, remove=[])
    assert words_of(unnamed) == "" and unnamed["remove"] == []
    text = flat("\n".join(line for line, _colour in plan_lines(unnamed, width=119, now=NOW)))
    assert "212 tagged resources of type AWS::S3::Bucket, b-0" in text
    assert "workshop_leftovers does not name tagged_resource" in text
