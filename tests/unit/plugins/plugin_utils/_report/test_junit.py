# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.junit import junit

from tests.unit.plugins.plugin_utils import report_samples as samples
from tests.unit.plugins.plugin_utils.report_samples import live, remaining, report, stack


def cases(made: dict) -> dict[tuple[str, str], ElementTree.Element]:
    root = ElementTree.fromstring(junit(made))
    found = {(case.get("classname", ""), case.get("name", "")): case for case in root.iter("testcase")}
    assert len(found) == len(list(root.iter("testcase")))
    return found


def failures(made: dict) -> set[str]:
    return {name for (_group, name), case in cases(made).items() if case.find("failure") is not None}


def test_clean_report_passes():
    root = ElementTree.fromstring(junit(report()))
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors")) == ("testsuites", "6", "0", "0")
    assert [suite.get("name") for suite in root] == ["services", "cluster", "vpc", "leftovers", "verdict"]
    services = root[0]
    assert (services.get("tests"), services.get("time"), services.get("timestamp")) == (
        "2",
        "75.0",
        "2026-10-01T16:00:00",
    )
    case = cases(report())["shop.services", "shop-service-web"]
    assert case.get("time") == "40.0" and len(case) == 0


def test_what_is_left_fails_and_nothing_else_does():
    made = samples.failed()
    assert failures(made) == {
        "shop-cluster",
        "shop-vpc",
        "leftovers",
        f"task {made['left'][2]['name']}",
        "log group shop-logs",
        "tagged resource arn:aws:ec2:::subnet/subnet-1",
        "xray:GetGroups",
        "verdict",
    }
    failure = cases(made)["shop.cluster", "shop-cluster"].find("failure")
    assert failure.get("type") == "failed"
    assert failure.get("message") == "failed DELETE_FAILED: Cluster could not be deleted"
    assert "Cluster (AWS::ECS::Cluster): ClusterContainsTasks" in failure.text
    skipped = [name for (_group, name), case in cases(made).items() if case.find("skipped") is not None]
    assert skipped == ["INACTIVE task definition revision web:1", "shop-service-web Role AWS::IAM::Role shop-role"]


def test_resources_of_deleted_stacks_fail_if_they_are_there_and_are_skipped_if_nobody_can_know():
    topic = {"stack_name": "shop-vpc", "type": "AWS::SNS::TopicPolicy", "physical_id": "topic", "tagged": True}
    made = report({"remaining_resources": [remaining(type="AWS::EC2::VPC")], "not_looked_up": [topic]})
    assert failures(made) == {"AWS::EC2::VPC shop-role", "verdict"}
    failure = cases(made)["shop.resources", "AWS::EC2::VPC shop-role"].find("failure")
    assert failure.text == f"{made['left'][0]['reason']}\naws iam delete-role --role-name x"
    skipped = cases(made)["shop.not_looked_up", "shop-vpc  AWS::SNS::TopicPolicy topic"].find("skipped")
    assert skipped.get("message") == "not looked up: resources of this type cannot be looked up."


def test_what_holds_a_stack_is_told_in_its_case():
    made = report({"stacks": [live("shop-vpc")], "blockers": [samples.blocker()]}, stacks=[], planned={})
    failure = cases(made)["shop.vpc", "shop-vpc"].find("failure")
    assert (
        failure.get("message") == "left CREATE_COMPLETE: it was made after the plan was confirmed, and was left alone"
    )
    assert failure.text.splitlines()[1:] == [
        "held by AWS::EC2::SecurityGroup sg-1 (by-hand) of payments: it is in the VPC",
        "aws ec2 delete-security-group --group-id sg-1",
    ]


def test_what_clears_what_holds_a_stack_is_told_in_its_case():
    other = samples.blocker(stack_name="shop-cluster", clear="AWS::ECS::Cluster")
    held = [samples.blocker(clear="AWS::EC2::VPC"), other]
    made = report({"stacks": [live("shop-cluster"), live("shop-vpc")], "blockers": held}, stacks=[], planned={})
    for suite, name in (("vpc", "shop-vpc"), ("cluster", "shop-cluster")):
        text = cases(made)[f"shop.{suite}", name].find("failure").text
        assert text.splitlines()[-1].endswith("""-e '{"workshop_clear": ["AWS::EC2::VPC", "AWS::ECS::Cluster"]}'""")


def test_group_may_have_the_name_of_another_suite():
    made = report(
        groups=[{"group": "verdict", "phase": 1, "stacks": ["shop-vpc"]}], stacks=[stack("shop-vpc", "verdict")]
    )
    assert [name for _group, name in cases(made)] == ["shop-vpc", "verdict", "log group shop-logs"]


@pytest.mark.parametrize(
    "made",
    [
        report({"stacks": [live("shop-vpc")]}),
        report({"gaps": [{"action": "ecs:ListTasks", "message": "no"}]}),
        report(failed={"vpc": "x"}),
        report(failed={"leftovers": "x"}, leftovers=[]),
        samples.build({**samples.given(), "survey": {}, "stacks": []}, samples.START),
    ],
)
def test_what_is_not_clean_never_passes(made):
    assert made["verdict"] != "clean" and len(failures(made)) > 1


def test_stack_that_went_after_all_passes_but_not_the_verdict():
    made = report(stacks=[stack("shop-vpc", outcome="timed_out", reason="Not gone")], failed={"stacks": "Not gone"})
    assert failures(made) == {"stacks", "verdict"}


def test_hostile_text_is_shown_as_it_is():
    made = samples.hostile()
    root = ElementTree.fromstring(junit(made))
    assert any("<script>alert(1)</script>" in (failure.get("message") or "") for failure in root.iter("failure"))
    assert not list(root.iter("script"))
    assert junit(made).decode("utf-8").count("]]>") == 0
