# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from tests.unit.plugins.plugin_utils import report_samples as samples
from tests.unit.plugins.plugin_utils.report_samples import leftover, live, remaining, report, stack, task

GAP = {"gaps": [{"action": "xray:GetGroups", "message": "no"}]}
TOPIC = {"stack_name": "shop-vpc", "type": "AWS::SNS::Topic", "physical_id": "topic", "tagged": False}
TAGGED = {"tagged_resources": [{"arn": "arn:aws:ec2:::subnet/subnet-1", "stack_name": "shop-vpc"}]}


@pytest.mark.parametrize(
    ("survey", "options", "verdict"),
    [
        ({}, {}, "clean"),
        ({"other_stacks": ["shop2-vpc"]}, {}, "clean"),
        ({"leftovers": [leftover("task_definition", "web:1")]}, {}, "clean"),
        ({"stacks": [live("shop-vpc")]}, {"operation": "verify"}, "leftovers"),
        ({"stacks": [live("shop-vpc", "DELETE_IN_PROGRESS")]}, {"stacks": []}, "leftovers"),
        ({"stacks": [live("shop-vpc")]}, {}, "leftovers"),
        ({"tasks": [task()]}, {}, "leftovers"),
        ({"leftovers": [leftover()]}, {}, "leftovers"),
        (TAGGED, {}, "leftovers"),
        ({"remaining_resources": [remaining()]}, {}, "clean"),
        ({"remaining_resources": [remaining()]}, {"retain_on_failure": []}, "leftovers"),
        ({"remaining_resources": [remaining()]}, {"retain_on_failure": [], "may_stay": ["AWS::IAM::*"]}, "clean"),
        ({"not_looked_up": [TOPIC]}, {}, "clean"),
        ({"seen": False}, {"operation": "verify", "stacks": []}, "failed"),
        ({"seen": False}, {"operation": "verify", "stacks": [], "may_be_absent": True}, "clean"),
        ({"seen": None}, {"operation": "verify", "stacks": []}, "clean"),
        ({"stacks": [live("shop-vpc", "DELETE_FAILED")]}, {"operation": "verify", "stacks": []}, "failed"),
        ({"stacks": [live("shop-vpc", "UPDATE_ROLLBACK_FAILED")]}, {"operation": "verify", "stacks": []}, "failed"),
        (GAP, {}, "failed"),
        ({}, {"failed": {"vpc": "timed out"}}, "failed"),
        ({}, {"failed": {"leftovers": "AccessDenied"}}, "failed"),
        ({"stacks": [live("shop-vpc")]}, {"stacks": [stack("shop-vpc", outcome="timed_out")]}, "failed"),
        ({}, {"stacks": [stack("shop-vpc", outcome="timed_out")]}, "clean"),
    ],
)
def test_verdict(survey, options, verdict):
    assert report(survey, **options)["verdict"] == verdict


def test_look_that_failed_is_never_clean():
    made = samples.build({**samples.given(), "survey": {"failed": True, "msg": "ExpiredToken"}}, samples.START)
    assert made["verdict"] == "failed"
    assert made["gaps"] == [{"action": "workshop_info", "message": "ExpiredToken", "denied": False}]
    assert {row["there"] for row in made["stacks"]} == {None}
    assert made["left"] == []  # every stack was seen gone by its id


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (report(), "Nothing of shop is left: 4 stacks gone."),
        (report(stacks=[]), "Nothing of shop is left."),
        (
            report({"remaining_resources": [samples.remaining()], "leftovers": [leftover("ssm_parameter", "/shop/a")]}),
            "Nothing of shop is left: 4 stacks gone, 1 retained on purpose, 1 kept.",
        ),
        (
            report({"leftovers": [leftover(), leftover(name="other")], **TAGGED}),
            "shop is not wholly gone. Left: 2 log groups, 1 tagged resource.",
        ),
        (report(GAP), "Whether shop is wholly gone could not be seen. Could not be looked at: xray:GetGroups."),
        (report(failed={"vpc": "x"}), "Nothing of shop is left, but not all went well. Failed: vpc."),
        (
            samples.failed(),
            "shop is not wholly gone. Left: 2 stacks, 1 task, 1 log group, 1 tagged resource. "
            "Failed: cluster, leftovers. Could not be looked at: xray:GetGroups. "
            "In no group, and left alone: shop2-vpc.",
        ),
        (
            report({"remaining_resources": [remaining(type="AWS::EC2::VPC")], "not_looked_up": [TOPIC, TOPIC]}),
            "shop is not wholly gone. Left: 1 resource. Not looked up: 2 resources.",
        ),
    ],
)
def test_summary(made, words):
    assert made["summary"] == words


def test_step_that_failed_because_of_a_stack_is_told_by_the_stack():
    survey = {"stacks": [live("shop-vpc")]}
    rows = [stack("shop-vpc", outcome="timed_out", reason="Not gone after 5 s: an interface is left")]
    made = report(survey, stacks=rows, failed={"stacks": f"1 of 4 stacks did not go. shop-vpc {rows[0]['reason']}."})
    assert made["summary"] == "shop is not wholly gone. Left: 1 stack. Failed: vpc."
    assert [step["step"] for step in made["failed_steps"]] == ["stacks"]
    skipped = [stack("shop-vpc", outcome="skipped", reason="comes after another")]
    quiet = report(survey, stacks=skipped, failed={"stacks": "shop-vpc comes after another"})
    assert (quiet["verdict"], quiet["summary"]) == ("failed", "shop is not wholly gone. Left: 1 stack.")
    other = report(survey, stacks=rows, failed={"stacks": "ExpiredToken"})
    assert other["summary"].endswith("Failed: vpc, stacks.")


def test_left_says_why_and_how():
    left = {item["name"]: item for item in samples.failed()["left"]}
    assert left["shop-cluster"] == {
        "kind": "stack",
        "name": "shop-cluster",
        "type": "",
        "status": "DELETE_FAILED",
        "reason": "Cluster could not be deleted. Cluster (AWS::ECS::Cluster): ClusterContainsTasks",
        "how_to_remove": "aws cloudformation delete-stack --stack-name shop-cluster --region eu-central-1",
    }
    assert left["shop-vpc"]["reason"] == "comes after shop-cluster"
    assert left["shop-vpc"]["how_to_remove"].startswith(
        "aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name shop-vpc "
    )
    assert left["shop-vpc"]["how_to_remove"].endswith(
        " && aws cloudformation delete-stack --stack-name shop-vpc --region eu-central-1"
    )


def test_stack_that_was_made_again_says_so():
    made = report({"stacks": [live("shop-vpc")]})
    assert made["left"][0]["reason"] == "it was deleted, and there is one of this name again"


def test_stack_that_was_made_since_the_plan_says_so():
    made = report({"stacks": [live("shop-vpc")]}, stacks=[], planned={})
    assert made["verdict"] == "leftovers"
    assert made["left"][0]["reason"] == "it was made after the plan was confirmed, and was left alone"


def test_stack_that_was_not_asked_for_has_the_reason_of_its_group():
    made = report(
        {"stacks": [live("shop-vpc")]}, stacks=[], failed={"vpc": "not asked for: services must be gone before"}
    )
    assert made["left"][0]["reason"] == "not asked for: services must be gone before"


@pytest.mark.parametrize(
    ("row", "command"),
    [
        (leftover(), "aws logs delete-log-group --log-group-name shop-logs --region eu-central-1"),
        (leftover("xray_group"), "aws xray delete-group --group-name shop-logs --region eu-central-1"),
        (leftover("xray_sampling_rule"), "aws xray delete-sampling-rule --rule-name shop-logs --region eu-central-1"),
        (leftover("ssm_parameter"), "aws ssm delete-parameter --name shop-logs --region eu-central-1"),
        (
            leftover("task_definition", "web:1", id="arn:1"),
            "aws ecs delete-task-definitions --task-definitions arn:1 --region eu-central-1",
        ),
        (
            leftover("cloud_map_instance", "web", id="1", service_id="srv-1"),
            "aws servicediscovery deregister-instance --service-id srv-1 --instance-id 1 --region eu-central-1",
        ),
        (leftover(name="$(rm -rf ~) 'x'"), "'$(rm -rf ~) '\"'\"'x'\"'\"''"),
        (leftover("new_kind"), ""),
    ],
)
def test_command_for_a_leftover(row, command):
    made = report({"leftovers": [row]}, leftovers=[], remove=[row["kind"]])
    assert command in made["left"][0]["how_to_remove"]
    assert bool(made["left"][0]["how_to_remove"]) == bool(command)
