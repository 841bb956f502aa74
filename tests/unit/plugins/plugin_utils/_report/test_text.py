# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import unicodedata

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.text import body, closing

from tests.unit.plugins.plugin_utils import report_samples as samples
from tests.unit.plugins.plugin_utils.report_samples import leftover, live, report, task

FILES = {"json": "/reports/teardown.json", "html": "/reports/teardown.html", "xml": "/reports/teardown.xml"}


def test_text_of_a_clean_run_is_short_and_ends_with_the_verdict():
    made = report(
        {"other_stacks": ["shop2-vpc"], "retained_resources": [samples.retained()]}, tasks=[task(lingered=True)]
    )
    assert body(made, FILES) == (
        "Teardown of shop, account 123456789012 (shops), eu-central-1, 1 min 20 s\n"
        "\n"
        "  phase  group     stacks   gone   left  seconds\n"
        "  1      services       2      2      0       40\n"
        "  2      cluster        1      1      0       10\n"
        "  3      vpc            1      1      0       20\n"
        "\n"
        "  Tasks ended: 1; lingered, and told to stop again: web\n"
        "  Removed: 1 log group: shop-logs\n"
        "  Retained on purpose:\n"
        "    AWS::IAM::Role shop-role of shop-cluster\n"
        "      how: aws iam delete-role --role-name x\n"
        "  Survives: X-Ray traces, until 2026-10-31 at the latest\n"
        "  May come back for some minutes, with logs that AWS delivers late: shop-flow, shop-logs\n"
        "    how: look again later: ansible-playbook workshop.lifecycle.verify -e workshop_name=shop\n"
        "  Left alone: shop2-vpc\n"
        "  Report: /reports/teardown.json\n"
        "  Report: /reports/teardown.html\n"
        "  Report: /reports/teardown.xml\n"
    )
    assert closing(made) == (
        "CLEAN (account 123456789012, eu-central-1): Nothing of shop is left: 4 stacks gone, 1 retained on purpose."
    )


def test_only_what_was_denied_can_be_allowed():
    gap = {"action": "logs:DescribeLogGroups", "message": "Could not connect", "denied": False}
    made = samples.build({**samples.given(), "survey": {"stacks": [], "gaps": [gap]}}, samples.START)
    text = body(made, {})
    assert "logs:DescribeLogGroups: Could not connect" in text and "allow the IAM action" not in text


def test_text_of_a_failed_run_says_what_is_left_and_why_and_how_to_get_rid_of_it():
    made = samples.failed()
    text = body(made, {})
    for item in made["left"]:
        assert item["name"] in text and item["how_to_remove"] in text and item["reason"] in text
    assert "ClusterContainsTasks" in text and "  2      cluster        1      0      1       20  failed\n" in text
    assert "  3      vpc            1      0      1        0  skipped\n" in text
    assert "    leftovers: log group shop-logs: AccessDenied\n" in text
    assert "      how: allow the IAM action xray:GetGroups\n" in text
    assert "  Kept: 1 INACTIVE task definition revision: web:1\n" in text
    verdict, advice = closing(made).splitlines()
    assert verdict == f"FAILED (account 123456789012, eu-central-1): {made['summary']}"
    assert advice.endswith("ansible-playbook workshop.lifecycle.teardown -e workshop_name=shop")


@pytest.mark.parametrize(("operation", "line"), [("teardown", "No stack was there."), ("verify", "No stack is there.")])
def test_table_of_nothing_is_a_line(operation, line):
    assert f"\n  {line}\n" in body(report(operation=operation, stacks=[]), {})


def test_reason_of_what_is_left_is_said_once():
    reason = "xray:DeleteGroup answered AccessDenied"
    row = leftover("xray_group", "shop", action="failed", reason=reason)
    text = body(
        report({"leftovers": [row]}, leftovers=[row], failed={"leftovers": f"Could not be removed: {reason}"}), {}
    )
    assert text.count(reason) == 1 and "  Failed:" not in text
    assert "    X-Ray group shop could not be removed\n      why: xray:DeleteGroup answered AccessDenied\n" in text


def test_dozens_of_retained_resources_are_summed_up():
    mesh = [
        samples.retained(physical_id=f"arn:aws:appmesh:::mesh/shop/route/r{number}", type="AWS::AppMesh::Route")
        for number in range(9)
    ]
    text = body(report({"retained_resources": [*mesh, samples.retained()]}), {})
    assert "    9 AWS::AppMesh::Route of shop-cluster: r0, r1, r2, r3, r4, r5, and 3 more\n" in text
    assert "    1 AWS::IAM::Role of shop-cluster: shop-role\n" in text


def test_verification_only_counts_what_is_there():
    text = body(report({"stacks": [live("shop-vpc")]}, operation="verify", stacks=[]), {})
    assert "\n  1 stack of vpc left\n\n" in text and "services" not in text


def test_unknown_account_is_called_so():
    made = samples.build({**samples.given(), "survey": {}}, samples.START)
    assert "account unknown, region unknown" in body(made, {})
    assert closing(made).startswith("FAILED (account unknown): ")


def test_many_things_are_not_all_shown():
    many = [leftover(name=f"log-{number:03d}") for number in range(70)]
    text = body(report({"leftovers": many, "stacks": [live("shop-vpc")]}, leftovers=[]), {})
    assert text.count("    log group log-") == 49 and "    … and 21 more\n" in text
    removed = body(report(leftovers=[row | {"action": "removed"} for row in many]), {})
    assert "Removed: 70 log groups: log-000, log-001, log-002, log-003, log-004, log-005, and 64 more\n" in removed


def test_what_aws_says_cannot_drive_a_terminal():
    text = body(samples.hostile(), {}) + closing(samples.hostile())
    assert [hex(ord(char)) for char in text if char != "\n" and unicodedata.category(char)[0] == "C"] == []
    assert max(len(line) for line in text.splitlines()) < 1500
    assert "<script>alert(1)</script>" in text
