# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as a CI shows it."""

from __future__ import annotations

import re

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.ci import line, notices, summary
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import closing_lines

from tests.unit.plugins.plugin_utils import report_samples as samples
from tests.unit.plugins.plugin_utils.report_samples import leftover, live, report, stack
from tests.unit.plugins.plugin_utils.runner import commands

GITHUB = {"CI": "true", "GITHUB_ACTIONS": "true"}
BROKEN = {"stacks": [live("shop-cluster", "DELETE_FAILED"), live("shop-vpc")]}
ROWS = [stack("shop-cluster", "cluster", outcome="failed", reason="It is busy."),
        stack("shop-vpc", outcome="skipped", reason="comes after shop-cluster")]  # fmt: skip
DENIED = {"gaps": [{"action": "xray:GetGroups", "message": "no", "denied": True}]}


@pytest.mark.parametrize(
    ("survey", "options", "told"),
    [
        ({}, {}, "clean: 4 stacks gone"),
        ({}, {"operation": "verify", "stacks": [], "tasks": [], "leftovers": []}, "clean: nothing is left"),
        (BROKEN, {"stacks": ROWS}, "failed: 2 stacks left (shop-cluster, shop-vpc)"),
        ({"leftovers": [leftover()]}, {}, "leftovers: 1 log group left (shop-logs)"),
        ({"tasks": [samples.task(7)]}, {}, f"leftovers: 1 task left ({7:032x})"),
        (DENIED, {}, "failed: not looked at (xray:GetGroups)"),
        (BROKEN | DENIED, {"stacks": ROWS},
         "failed: 2 stacks left (shop-cluster, shop-vpc), not looked at (xray:GetGroups)"),
        ({}, {"failed": {"leftovers": "boom"}}, "failed: not all went well (leftovers)"),
        ({"seen": False}, {"operation": "verify", "stacks": [], "tasks": [], "leftovers": []},
         "failed: never seen in this account and region"),
    ],
)  # fmt: skip
def test_line_says_the_verdict_and_why(survey: dict, options: dict, told: str):
    made = report(survey, **options)
    assert line(made) == f"workshop.lifecycle: shop {told}"
    assert line(made, "blue").startswith(f"workshop.lifecycle: shop [blue] {made['verdict']}: ")


def test_annotations_say_each_thing_that_is_left():
    told = notices(samples.failed())
    assert [notice.level for notice in told] == ["error"] * len(told)
    assert (told[0].title, told[0].text) == ("shop failed", samples.failed()["summary"])
    cluster = next(notice for notice in told if "shop-cluster" in notice.text and notice.title == "shop: left")
    assert "stack shop-cluster DELETE_FAILED: Cluster could not be deleted" in cluster.text
    assert cluster.text.endswith("\naws cloudformation delete-stack --stack-name shop-cluster --region eu-central-1")
    assert [notice.title for notice in told[-1:]] == ["shop: could not be looked at"]
    assert [(notice.level, notice.title) for notice in notices(report())] == [("notice", "shop clean")]


def test_what_clears_what_holds_stacks_is_told_once_for_all_of_them():
    other = samples.blocker(stack_name="shop-cluster", clear="AWS::ECS::Cluster")
    held = [samples.blocker(clear="AWS::EC2::VPC"), other]
    found = {"stacks": [live("shop-cluster"), live("shop-vpc")]}
    made = report(found | {"blockers": held}, stacks=[])
    setting = """-e '{"workshop_clear": ["AWS::EC2::VPC", "AWS::ECS::Cluster"]}'"""
    assert summary(made).count(setting) == 1
    assert f"{setting}\n```" in summary(made)
    assert [setting in notice.text for notice in notices(made)] == [False, True, True]
    bare = report(found | {"blockers": [samples.blocker()]}, stacks=[])
    assert "workshop_clear" not in summary(bare) + "".join(notice.text for notice in notices(bare))


def test_annotations_are_no_more_than_github_shows():
    assert len(notices(report({"leftovers": [leftover(name=f"logs-{number}") for number in range(40)]}))) == 10


def test_nothing_hostile_becomes_a_command():
    made = samples.hostile()
    made["left"][0]["reason"] = made["gaps"][0]["message"] = "::stop-commands::x ##[add-mask]a\n::error::b%0A"
    told = notices(made)
    output = closing_lines(line(made), told, GITHUB, False)
    assert commands(output) == [(one.level, {"title": one.title}, one.text) for one in told]


def test_summary_is_a_page_of_markdown():
    text = summary(samples.failed(), "blue")
    assert text.startswith("### Teardown of shop \\[blue\\]: failed\n\nshop is not wholly gone\\. Left\\: 2 stacks, ")
    assert "\n| stack shop-cluster | DELETE\\_FAILED | Cluster could not be deleted\\. Cluster " in text
    assert "\n```shell\naws cloudformation delete-stack --stack-name shop-cluster --region eu-central-1\n" in text
    assert "\n| xray\\:GetGroups | User me is not authorized to perform\\: xray\\:GetGroups |\n" in text
    assert "```shell\nansible-playbook workshop.lifecycle.teardown -e workshop_name=shop\n```\n" in text
    assert "\n| 1 | services | 2 | 0 |\n" in text

    clean = summary(report())
    assert clean.startswith("### Teardown of shop: clean\n\nNothing of shop is left\\: 4 stacks gone\\.\n")
    assert "Left |" not in clean.split("Phase", maxsplit=1)[0] and "```" not in clean


def test_nothing_hostile_becomes_markup():
    text = re.sub(r"(?ms)^(`{3,})\w+\n.*?^\1\n", "", summary(samples.hostile()))
    for markup in ("<script", "</pre", "<!--", r"(?<!\\)\]\]", r"(?<!\\)\{\{"):
        assert not re.search(markup, text)
    tables = [row for row in text.splitlines() if row.startswith("|")]
    cells = {len(re.findall(r"(?<!\\)\|", row)) for row in tables}
    assert tables and cells <= {3, 4, 5}
    assert set(re.findall(r"<[^>]*>", text)) == {"<details>", "<summary>", "</summary>", "</details>"}


def test_line_and_summary_say_that_it_is_a_part():
    made = report({"kept_stacks": ["shop-net"]}, part=samples.part())
    assert line(made) == "workshop.lifecycle: shop clean: a part of the workshop: 4 stacks gone"
    assert summary(made).startswith("### Teardown of a part of shop: clean\n")
