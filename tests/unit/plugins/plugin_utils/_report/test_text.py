# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import shlex
import unicodedata

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.text import body, closing

from tests.unit.plugins.plugin_utils import report_samples as samples
from tests.unit.plugins.plugin_utils.report_samples import leftover, live, remaining, report, stack, task

NEVER_SEEN = {"seen": False}
NOTHING_DONE = {"operation": "verify", "stacks": [], "tasks": [], "leftovers": []}
FILES = {"json": "/reports/teardown.json", "html": "/reports/teardown.html", "xml": "/reports/teardown.xml"}


def test_text_of_a_clean_run_is_short_and_ends_with_the_verdict():
    made = report(
        {"other_stacks": ["shop-notes"], "remaining_resources": [samples.remaining()]}, tasks=[task(lingered=True)]
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
        "    AWS::IAM::Role shop-role of stack shop-cluster\n"
        "      why: stack shop-cluster kept it, by a DeletionPolicy or because it could not be deleted\n"
        "      how: aws iam delete-role --role-name x\n"
        "  Survives: X-Ray traces, until 2026-10-31 at the latest\n"
        "  May come back for some minutes, with logs that AWS delivers late: shop-logs\n"
        "    how: look again later: ansible-playbook workshop.lifecycle.verify -e workshop_name=shop\n"
        "  Report: /reports/teardown.json\n"
        "  Report: /reports/teardown.html\n"
        "  Report: /reports/teardown.xml\n"
    )
    assert closing(made) == (
        "CLEAN (account 123456789012, eu-central-1): Nothing of shop is left: 4 stacks gone, 1 retained on purpose. "
        "In no group, and left alone: shop-notes."
    )


def test_only_what_was_denied_can_be_allowed():
    gap = {"action": "logs:DescribeLogGroups", "message": "Could not connect", "denied": False}
    made = samples.build({**samples.given(), "survey": {"stacks": [], "gaps": [gap]}}, samples.START)
    text = body(made, {})
    assert "logs:DescribeLogGroups: Could not connect" in text and "allow the iam action" not in text.lower()


def test_the_policy_that_denies_is_told_in_full_and_no_other_asked_for():
    words = "User me is not authorized to perform: xray:GetGroups with an explicit deny in a service control policy"
    end = f"{'/x' * 200}/p-1. Go to https://console/authorization-details/a1b2"
    gap = {"action": "xray:GetGroups", "message": f"{words}: arn:aws:organizations::1:policy{end}"}
    text = body(samples.build({**samples.given(), "survey": {"stacks": [], "gaps": [gap]}}, samples.START), {})
    assert end in text and "how: A service control policy of the organization denies it" in text
    assert "Allow the IAM action" not in text


def test_text_of_a_failed_run_says_what_is_left_and_why_and_how_to_get_rid_of_it():
    made = samples.failed()
    text = body(made, {})
    for item in made["left"]:
        assert item["name"] in text and item["how_to_remove"] in text and item["reason"] in text
    assert "ClusterContainsTasks" in text and "  2      cluster        1      0      1       20  failed\n" in text
    assert "  3      vpc            1      0      1        0  skipped\n" in text
    assert "    leftovers: log group shop-logs: AccessDenied\n" in text
    assert text.count("Cluster could not be deleted") == 1
    assert "      how: Allow the IAM action xray:GetGroups.\n" in text
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


def test_what_is_retained_and_not_seen_says_so():
    text = body(report({"remaining_resources": [samples.remaining(present=None)]}), {})
    assert "    AWS::IAM::Role shop-role of stack shop-cluster, if it is still there\n" in text


def test_dozens_of_retained_resources_are_summed_up():
    mesh = [
        samples.remaining(physical_id=f"arn:aws:appmesh:::mesh/shop/route/r{number}", type="AWS::AppMesh::Route")
        for number in range(9)
    ]
    text = body(report({"remaining_resources": [*mesh, samples.remaining()]}), {})
    assert "    9 AWS::AppMesh::Route of stack shop-cluster: r0, r1, r2, r3, r4, r5, and 3 more\n" in text
    assert "    1 AWS::IAM::Role of stack shop-cluster: shop-role\n" in text


def test_table_has_only_what_was_there():
    rows = [stack("shop-vpc"), stack("shop-cluster", "cluster", outcome="absent", began=None, seconds=0)]
    text = body(report(stacks=rows, tasks=[], groups=samples.GROUPS[1:]), {})
    assert "  3      vpc         1      1      0       20\n  Had not been there: shop-cluster\n" in text
    assert "  2 " not in text


def test_what_a_deleted_stack_left_behind_is_left_with_reason_and_command():
    row = remaining(type="AWS::DynamoDB::Table", physical_id="shop-table", how_to_remove="aws dynamodb delete-table")
    made = report({"remaining_resources": [row]})
    assert (
        "  Left:\n"
        "    AWS::DynamoDB::Table shop-table DELETE_SKIPPED\n"
        "      why: stack shop-cluster kept it, by a DeletionPolicy or because it could not be deleted\n"
        "      how: aws dynamodb delete-table\n"
    ) in body(made, {})
    assert closing(made).startswith(
        "LEFTOVERS (account 123456789012, eu-central-1): shop is not wholly gone. Left: 1 resource."
    )


def test_what_cannot_be_looked_up_is_told_with_its_number():
    rows = [{"stack_name": "shop-vpc", "type": "AWS::SNS::TopicPolicy", "physical_id": "arn:topic", "tagged": True}]
    made = report({"not_looked_up": rows})
    assert (
        "  Not looked up:\n"
        "    AWS::SNS::TopicPolicy arn:topic of stack shop-vpc\n"
        "      why: resources of this type cannot be looked up\n"
    ) in body(made, {})
    assert closing(made) == (
        "CLEAN (account 123456789012, eu-central-1): Nothing of shop that can be looked up is left: 4 stacks gone, "
        "1 not looked up."
    )
    many = [{**rows[0], "physical_id": f"topic-{number}"} for number in range(9)]
    text = body(report({"not_looked_up": many}), {})
    assert "    9 AWS::SNS::TopicPolicy of stack shop-vpc: topic-0, topic-1" in text and "has the command" not in text


def test_what_holds_a_stack_stands_with_it_and_goes_first():
    text = body(
        report({"stacks": [live("shop-vpc")], "blockers": [samples.blocker()]}, stacks=[stack("shop-service-web")]), {}
    )
    assert (
        "    stack shop-vpc CREATE_COMPLETE\n"
        "      held by: AWS::EC2::SecurityGroup sg-1 (by-hand) of payments: it is in the VPC\n"
        "        first: aws ec2 delete-security-group --group-id sg-1\n"
        "      how: aws cloudformation delete-stack"
    ) in text
    unsure = body(report({"stacks": [live("shop-vpc")], "blockers": [samples.blocker(certain=False)]}, stacks=[]), {})
    assert "      may be held by: AWS::EC2::SecurityGroup" in unsure


def test_what_can_be_cleared_is_told_with_what_agrees_to_it():
    """Of all stacks at once: two such commands would each leave the other's stack."""
    other = samples.blocker(stack_name="shop-cluster", id="b", clear="AWS::S3::Bucket")
    held = [other, samples.blocker(clear="AWS::EC2::VPC")]
    made = report({"stacks": [live("shop-cluster"), live("shop-vpc")], "blockers": held}, stacks=[])
    assert "        first: aws ec2 delete-security-group --group-id sg-1\n" in body(made, {})
    assert closing(made).splitlines()[-1] == (
        "Or have a teardown clear what holds them, and lose it: ansible-playbook workshop.lifecycle.teardown -e "
        """workshop_name=shop -e '{"workshop_clear": ["AWS::S3::Bucket", "AWS::EC2::VPC"]}'"""
    )
    assert "workshop_clear" not in body(made, {})
    bare = report({"stacks": [live("shop-vpc")], "blockers": [samples.blocker()]}, stacks=[])
    assert "workshop_clear" not in closing(bare) and len(closing(bare).splitlines()) == 2


def test_name_that_was_never_seen_is_told_with_names_like_it():
    made = report(NEVER_SEEN | {"near_names": ["shopping"]}, **NOTHING_DONE)
    assert "X-Ray" not in body(made, {})
    assert closing(made) == (
        "FAILED (account 123456789012, eu-central-1): shop was never seen in this account and region: no stack of it "
        "is there, and none was deleted within 90 days. Similar names: shopping.\n"
        "Correct the name, the account or the region (ansible-playbook workshop.lifecycle.list shows the workshops of "
        "all regions); or if it is right that nothing was ever there: "
        "ansible-playbook workshop.lifecycle.verify -e workshop_name=shop -e workshop_may_be_absent=true"
    )
    assert closing(report(NEVER_SEEN, **NOTHING_DONE, may_be_absent=True)) == (
        "CLEAN (account 123456789012, eu-central-1): Nothing of shop is left: never seen in this account and region."
    )


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


PART = "A part of the workshop: kept: shop-net."


def test_part_of_a_workshop_is_said_and_what_is_kept_too():
    made = report({"kept_stacks": ["shop-net"]}, part=samples.part())
    text = body(made, {})
    assert text.startswith("Teardown of a part of shop, account ")
    assert "  Kept: 1 stack: shop-net: workshop_keep names it\n" in text
    again = "ansible-playbook workshop.lifecycle.verify -e workshop_name=shop -e workshop_keep=net"
    assert f"how: look again later: {again}\n" in text
    assert made["summary"] == f"Nothing of this part of shop is left: 4 stacks gone. {PART}"


def test_command_that_goes_on_keeps_what_was_kept():
    made = report({"stacks": [live("shop-vpc")], "kept_stacks": ["shop-net"]}, part=samples.part(only=["vpc", "net x"]))
    assert made["summary"] == f"This part of shop is not wholly gone. Left: 1 stack. {PART}"
    assert closing(made).endswith(
        "ansible-playbook workshop.lifecycle.teardown -e workshop_name=shop -e 'workshop_only=vpc,net x' "
        "-e workshop_keep=net"
    )


def test_command_that_goes_on_finds_the_stacks_of_the_scope_again():
    variables = {"workshop_scope": {"names": ["it's"]}, "workshop_order": []}
    (command,) = closing(report({"stacks": [live("shop-vpc")]}, variables=variables)).splitlines()[-1:]
    words = shlex.split(command[command.index("ansible-playbook") :])
    assert words[:4] == ["ansible-playbook", "workshop.lifecycle.teardown", "-e", "workshop_name=shop"]
    assert [*words[4:5], json.loads(words[5])] == ["-e", variables]


def test_part_whose_rest_is_gone():
    assert report(part=samples.part())["summary"].endswith("A part of the workshop: the rest is not there.")
    assert report(part=samples.part(whole=True))["part"] is None


def several(reason: str) -> samples.Row:
    names = ("shop-service-web", "shop-service-api", "shop-cluster")
    rows = [stack(name, outcome="failed", reason=reason) for name in names]
    return report({"stacks": [live(name) for name in names]}, stacks=rows)


def test_long_reason_that_several_have_is_told_once():
    denied = "User me is not authorized to perform cloudformation:DeleteStack, by a policy of the organization"
    text = body(several(denied), {})
    assert text.count(denied) == 1
    assert text.count("      why: the same as of shop-service-web\n") == 2
    assert body(several("It is busy"), {}).count("      why: It is busy\n") == 3
