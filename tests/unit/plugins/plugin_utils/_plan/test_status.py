# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The status: one screen, the site's address, and what to do next."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.status import build_status
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.status_text import status_lines
from tests.unit.plugins.plugin_utils.surveys import (
    NAME,
    NOW,
    REMOVE,
    blocker,
    empty,
    gap,
    groups,
    leftover,
    service,
    stack,
    survey,
    task,
)

COMMAND = f"ansible-playbook workshop.lifecycle.teardown -e workshop_confirm={NAME}"
ALB = "shop-1234567890.eu-central-1.elb.amazonaws.com"


def status_of(found: dict[str, Any], **options: Any) -> dict[str, Any]:
    return build_status(found, groups(), workshop=NAME, remove=REMOVE, **options)


def lines_of(found: dict[str, Any], width: int = 79) -> list[tuple[str, str]]:
    return status_lines(status_of(found), width=width, now=NOW, command=COMMAND)


def text_of(found: dict[str, Any]) -> str:
    return "\n".join(line for line, _colour in lines_of(found))


def with_outputs(**outputs: str) -> dict[str, Any]:
    return survey(stacks=[stack(f"{NAME}-alb", outputs=outputs)])


def test_a_whole_workshop_is_one_screen() -> None:
    lines = text_of(survey()).splitlines()
    assert len(lines) <= 40
    # The command is not wrapped, so that it can be copied
    assert max(map(len, lines[:-1])) <= 79 and lines[-1] == f"  to end it  {COMMAND}"


def test_groups_count_their_stacks_by_status() -> None:
    stacks = [stack(f"{NAME}-task-feed-api"), stack(f"{NAME}-task-list-api", "DELETE_FAILED", status_reason="In use")]
    text = text_of(survey(stacks=stacks))
    assert "  1      task_definitions     2/8  1 CREATE_COMPLETE, 1 DELETE_FAILED" in text
    assert f"{NAME}-task-list-api DELETE_FAILED: In use" in text
    assert "  3      vpc                  0/1  -" in text


def test_protected_stacks_are_counted() -> None:
    text = text_of(survey(stacks=[stack(f"{NAME}-vpc", termination_protection=True)]))
    assert "1/1  CREATE_COMPLETE, 1 protected" in text


def test_services_show_their_tasks() -> None:
    found = empty(
        services=[service("web", desired=2, running=1, pending=1), service("old", "DRAINING", 0, 1)],
        tasks=[task("service:old", "DEACTIVATING"), task("family:shell")],
    )
    lines = text_of(found).splitlines()
    assert [line.split() for line in lines if line.startswith(("  web", "  old", "  family"))] == [
        ["old", "1", "0", "0", "DRAINING,", "1", "DEACTIVATING"],
        ["web", "1", "1", "2"],
        ["family:shell", "1", "0", "-", "tasks", "of", "no", "service"],
    ]


def deployed(name: str, minimum: int, maximum: int, breaker: str = "", **more: Any) -> dict[str, Any]:
    """A service with these percentages. ``breaker``: C(on), C(back) if it rolls back, too."""
    made = {"rolling": True, "minimum_healthy_percent": minimum, "maximum_percent": maximum,
            "circuit_breaker": bool(breaker), "rollback": breaker == "back"}  # fmt: skip
    rolling = {"deployment": {**made, "rolling": more.pop("rolling", True)}}
    return {**service(name, **more), **rolling}


@pytest.mark.parametrize(
    ("minimum", "maximum", "desired", "breaker", "problems"),
    [
        (100, 200, 1, "back", []),
        (0, 100, 1, "back", ["gap"]),
        (0, 100, 0, "", ["gap", "no_breaker"]),
        (0, 100, 3, "on", ["gap", "no_rollback"]),
        (100, 100, 4, "back", ["stuck"]),
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html: rounded up and down
        (51, 149, 2, "back", ["stuck"]),
        (50, 100, 2, "back", []),
        (50, 100, 1, "back", ["stuck"]),
        (0, 200, 1, "back", []),
    ],
)
def test_what_is_set_for_a_service_and_what_its_next_deployment_comes_to(
    minimum: int, maximum: int, desired: int, breaker: str, problems: list[str]
) -> None:
    found = status_of(empty(services=[deployed("web", minimum, maximum, breaker, desired=desired)]))
    assert [row["problems"] for row in found["ecs_service_settings"]] == [problems] * bool(problems)


def test_services_that_would_need_their_tasks_stopped_are_told_with_what_to_set() -> None:
    found = empty(
        services=[
            deployed("web", 0, 100), deployed("api", 100, 100, "on"), deployed("good", 100, 200, "back"),
            deployed("other", 0, 100, rolling=False), deployed("going", 0, 100, status="DRAINING"),
            deployed("theirs", 0, 100, owner="shop-web"), {**service("by-deploy"), "deployment": None},
        ],
    )  # fmt: skip
    lines = [" ".join(line.split()) for line in text_of(found).splitlines()]
    told = " ".join(lines[next(i for i, line in enumerate(lines) if line.startswith("settings")) :])
    for words in (
        "1 service can neither start nor stop a task in a deployment, until somebody stops one by hand: api.",
        "1 service stops all its tasks in a deployment before new ones start: web. "
        "Set MinimumHealthyPercent 100, MaximumPercent 200.",
        "1 service has no circuit breaker: web. Set DeploymentCircuitBreaker {Enable: true, Rollback: true}.",
        "1 service does not go back when its circuit breaker opens: api.",
    ):
        assert words in told
    assert "settings" not in text_of(empty(services=[deployed("good", 100, 200, "back")]))


def test_what_others_run_in_our_cluster_is_shown_as_theirs() -> None:
    found = empty(
        services=[service("web"), service("payments", owner="shop-web")],
        tasks=[task("service:payments", ours=False)],
        blockers=[blocker(f"{NAME}-ecs", "AWS::ECS::Service", "arn:payments", name="payments", owner="shop-web")],
        stacks=[stack(f"{NAME}-ecs")],
    )
    lines = text_of(found).splitlines()
    assert [line.split(None, 4) for line in lines if line.startswith(("  web", "  payments"))] == [
        ["payments", "1", "0", "1", "the stack shop-web"],
        ["web", "1", "0", "1"],
    ]
    assert "  held       cuddlekube-ecs by ECS::Service payments, of the stack shop-web" in lines
    assert "ECS service payments" not in text_of(found)


def test_a_workshop_that_was_never_seen_is_said() -> None:
    text = text_of(empty(seen=False, near_names=["cuddlekube2"]))
    assert "  workshop   never seen in this account and region" in text and "-e workshop_name=cuddlekube2" in text
    assert text.endswith("  next       look whether name, account and region are right")


def test_a_service_that_was_deleted_is_not_shown() -> None:
    found = empty(services=[service("old", "INACTIVE", 0, 0)])
    assert status_of(found)["services"] == [] and "service " not in text_of(found)


@pytest.mark.parametrize(
    "value",
    [
        ALB,
        f"http://{ALB}",
        f"HTTPS://{ALB.upper()}/",
        f"http://{ALB}:8080",
        "net-0123456789abcdef.elb.eu-central-1.amazonaws.com",
        "shop-1.cn-north-1.elb.amazonaws.com.cn",
    ],
)
def test_the_site_is_found_by_the_look_of_its_address(value: str) -> None:
    found = with_outputs(Other="arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/x", Site=value)
    assert status_of(found)["sites"] == [value if "://" in value else f"http://{value}"]


@pytest.mark.parametrize("value", [f"{ALB}.example.com", f"x {ALB}", "elb.amazonaws.com", "shop.example.com", ""])
def test_other_outputs_are_no_site(value: str) -> None:
    assert status_of(with_outputs(Site=value))["sites"] == []


def test_outputs_that_are_named_decide() -> None:
    found = with_outputs(Address=ALB, Home="https://shop.example.com")
    assert status_of(found, site_outputs=["Home"])["sites"] == ["https://shop.example.com"]
    assert status_of(survey(), site_outputs=["Home"])["sites"] == []


def test_nothing_there_is_said_and_there_is_nothing_to_do() -> None:
    lines = text_of(empty()).splitlines()
    assert lines[3] == "  workshop   none of 24 stacks"
    assert lines[-1] == "  next       nothing to do: nothing of it is there"


def test_what_a_teardown_leaves_alone_is_nothing_to_do() -> None:
    text = text_of(empty(leftovers=[leftover("ssm_parameter", "/x/y")]))
    assert text.endswith("nothing to do: nothing of it is there that a teardown would remove")


def test_behind_a_gap_nobody_knows() -> None:
    text = text_of(empty(gaps=[gap("cloudformation:DescribeStacks")]))
    assert "  workshop   stacks unknown" in text and "none of" not in text
    assert "NOT ALLOWED TO LOOK AT: stacks" in text
    assert text.endswith("  next       allow what is named above, and look again")


def test_nothing_from_aws_can_drive_the_terminal() -> None:
    nasty = "a\x1b[31m\nb\u202e"
    found = survey(
        stacks=[stack(f"{NAME}-alb", nasty, status_reason=nasty, outputs={nasty: nasty})],
        services=[service(nasty, nasty)],
        tasks=[task(nasty, nasty)],
        other_stacks=[nasty],
        leftovers=[leftover(nasty, nasty)],
    )
    assert [line for line, _colour in lines_of(found) if not line.isprintable()] == []
    named = build_status(found, groups(), workshop=NAME, site_outputs=[nasty])
    assert [line for line, _c in status_lines(named, width=79, now=NOW, command=nasty) if not line.isprintable()] == []
