# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deployment as a person sees it."""

from __future__ import annotations

from typing import Any

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.deployment_text import (
    done_ending,
    done_lines,
    plan_ending,
    plan_lines,
    summary,
)


def row(name: str, action: str = "", wave: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "name": name, "action": action, "wave": wave, "after": [], "changes": [], "reason": "", "status": "",
        "status_before": None, "seconds": 0.0, **more,
    }  # fmt: skip


def result(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "workshop": "shop", "account": "123456789012", "region": "eu-central-1", "caller": "arn:aws:iam::1:user/a",
        "stacks": list(rows), **more,
    }  # fmt: skip


def change(action: str, logical_id: str, replacement: str = "", kind: str = "AWS::EC2::VPC") -> dict[str, Any]:
    return {"action": action, "logical_id": logical_id, "type": kind, "replacement": replacement, "scope": []}


def after(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"stack": stack, "evidence": evidence} for stack, evidence in pairs]


def text(lines: list[tuple[str, str]]) -> list[str]:
    return [line for line, _colour in lines]


def test_the_plan_says_what_becomes_of_each_stack_and_why_it_waits() -> None:
    found = result(
        row("net", "create", changes=[
            change("Add", "Vpc"), change("Add", "Other"), change("Add", "N", kind="A::B::C"),
        ]),
        row("old", "replace", status_before="ROLLBACK_COMPLETE"),
        row("web", "update", 2, after=after(("net", "It imports net-Vpc")), changes=[
            change("Modify", "Site"), change("Modify", "Key", "True"), change("Modify", "May", "Conditional"),
            change("Remove", "Gone"),
        ]),
        row("jobs", "update", 3, after=after(("net", "It imports net-Vpc"), ("web", "It reads /web")), changes=None,
            reason="what would change is not known: web is not there yet"),
        row("log", "unchanged", 2, after=after(("net", "It reads /net"))),
        rows=[{"table": "shop", "item": {}}, {"table": "shop", "item": {}}],
        xray_group={"name": "shop"},
        xray_sampling_rules=[{"rule_name": "no-health"}],
    )  # fmt: skip
    lines = plan_lines(found, width=100)
    assert text(lines) == [
        "Deployment of shop: what it would do",
        "  account    123456789012, region eu-central-1",
        "  caller     arn:aws:iam::1:user/a",
        "  workshop   5 stacks: 1 to create, 2 to update, 1 to delete and make anew, 1 unchanged",
        "",
        "  wave 1     net to create: EC2::VPC, A::B::C",
        "             old to delete and make anew (ROLLBACK_COMPLETE)",
        "",
        "  wave 2     web to update",
        "             - Modify Site (EC2::VPC)",
        "             - Modify Key (EC2::VPC), which REPLACES it",
        "             - Modify May (EC2::VPC), which may replace it",
        "             - Remove Gone (EC2::VPC)",
        "             log unchanged",
        "",
        "  wave 3     jobs to update",
        "             - what would change is not known: web is not there yet",
        "",
        "  why        web after net: It imports net-Vpc",
        "             jobs after web: It reads /web",
        "",
        "  besides    2 rows for the table shop, unless they are there",
        "             X-Ray group shop",
        "             X-Ray sampling rule no-health",
    ]
    warned = [line.strip() for line, colour in lines if colour == "warning"]
    assert warned[0].startswith("- Modify Key") and warned[2].startswith("- Remove") and len(warned) == 4
    assert plan_ending(found, "", "").line.startswith("workshop.lifecycle: shop plan: 5 stacks: 1 to create")
    refused = plan_ending(found, "blue", "Nothing was asked for.")
    assert refused.line == "workshop.lifecycle: shop [blue] refused: Nothing was asked for."
    assert refused.notice.level == "error"


def test_without_change_sets_it_is_not_said_that_anything_would_change() -> None:
    assert summary(result(row("net", "update", changes=None))) == "1 there, to update where they differ"


def test_the_end_names_what_does_not_stand_with_its_reason() -> None:
    found = result(
        row("net", status="created", seconds=31.4),
        row("web", status="failed", reason="Site (AWS::ECS::Service): no"),
        row("jobs", status="skipped", reason="it comes after web"),
        row("mail", status="timed_out", reason="it is still CREATE_IN_PROGRESS after 60 s"),
        row("log", status="created"),
    )
    lines = done_lines(found, width=100, host="blue")
    assert text(lines)[0] == "Deployment of shop [blue]"
    assert lines[3:] == [
        ("  created    net (31 s), log", "plain"),
        ("  failed     web: Site (AWS::ECS::Service): no", "error"),
        ("  skipped    jobs: it comes after web", "warning"),
        ("  timed out  mail: it is still CREATE_IN_PROGRESS after 60 s", "error"),
    ]
    ending = done_ending(found, "blue")
    assert ending.line == (
        "workshop.lifecycle: shop [blue] failed: 3 of 5 stacks not as they should be: web, jobs, mail"
    )
    assert ending.notice.level == "error"


def test_an_end_without_failures_says_how_many_have_changed() -> None:
    ending = done_ending(result(row("net", status="created"), row("log", status="unchanged")), "")
    assert ending.line == "workshop.lifecycle: shop deployed: 2 stacks, 1 of them changed"
    assert ending.notice.level == "notice"
