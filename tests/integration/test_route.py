# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes by their playbook, as their page shows it, with real requests to the emulator's load balancer."""

from __future__ import annotations

import re
import shlex
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

from tests.docs import policies
from tests.emulator import Emulator
from tests.workshop import deploy
from tests.workshop.deployment import wait_for_stacks, wait_for_tasks
from tests.workshop.playbooks import ROOT, play

PLAYBOOK = ROOT / "playbooks" / "route.yml"
PAGE = (ROOT / "docs" / "route.md").read_text(encoding="utf-8")
TEMPLATE = (ROOT / "docs" / "route" / "new-version.template").read_text(encoding="utf-8")
MARK = {"x-workshop-version": "new"}


def shown(ending: str) -> list[str]:
    """The arguments of the command of the page that ends like this."""
    (line,) = [line for line in re.findall(r"^ansible-playbook workshop.lifecycle.route (.*)$", PAGE, re.MULTILINE)
               if line.endswith(ending)]  # fmt: skip
    return shlex.split(line)


def new_version(aws: Emulator) -> str:
    """A broken public site beside the one that works, made with the template of the page; ARN of the listener."""
    ecs, elb, cloudformation = aws.client("ecs"), aws.client("elbv2"), aws.client("cloudformation")
    balancer = elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    listener = elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"][0]["ListenerArn"]
    definition = ecs.describe_task_definition(taskDefinition="public-site")["taskDefinition"]
    container = {**definition["containerDefinitions"][0], "name": "public-site-new", "image": "example.com/site:broken"}
    made = ecs.register_task_definition(
        family="public-site-new", networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
        containerDefinitions=[container],
    )["taskDefinition"]["taskDefinitionArn"]  # fmt: skip
    network = ecs.describe_services(cluster="cuddlekube", services=["public-site"])["services"][0][
        "networkConfiguration"
    ]["awsvpcConfiguration"]
    parameters = {
        "Name": "public-site-new", "Cluster": "cuddlekube", "TaskDefinition": made,
        "Listener": listener,
        "Vpc": elb.describe_target_groups()["TargetGroups"][0]["VpcId"], "Subnets": ",".join(network["subnets"]),
        "SecurityGroup": network["securityGroups"][0],
    }  # fmt: skip
    cloudformation.create_stack(
        StackName="cuddlekube-service-public-site-new", TemplateBody=TEMPLATE,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    )  # fmt: skip
    wait_for_stacks(cloudformation, ["cuddlekube-service-public-site-new"])
    wait_for_tasks(ecs, "cuddlekube", ("public-site-new",))
    return listener


def test_only_marked_requests_and_a_share_see_the_broken_version(aws: Emulator, tmp_path: Path, inside) -> None:
    deploy(aws, step=1)
    listener = new_version(aws)
    elb = aws.client("elbv2")
    theirs = elb.create_rule(
        ListenerArn=listener, Priority=20, Conditions=[{"Field": "path-pattern", "Values": ["/admin"]}],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "418"}}],
    )["Rules"][0]["RuleArn"]  # fmt: skip
    before = elb.describe_rules(ListenerArn=listener)["Rules"]
    url = aws.front(elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerName"])
    aws.faults.answer("example.com/site:broken", 500)
    aws.wait_until(lambda: healthy(aws) == 2)

    def asked(count: int, path: str = "/", **headers: str) -> Counter[int]:
        return Counter(status(url + path, headers) for _number in range(count))

    assert asked(3, **MARK) == {200: 3}
    aws.calls.clear()
    made = play(PLAYBOOK, aws.environment, tmp_path, *shown('"new": 10}}\''))
    assert made.code == 0, made.output
    for line in re.findall(r"^port 80, .*$", PAGE, re.MULTILINE):
        # The names of target groups are CloudFormation's.
        assert re.search(re.sub(r"public\\-site(\\-new)?", r"[\\w-]+", re.escape(line)), made.output), made.output
    assert asked(3, **MARK) == {500: 3} and asked(20) == {200: 18, 500: 2}
    assert asked(2, "/admin", **MARK) == {418: 2}, "what somebody else's rule takes stays theirs"

    command = dict(part.split("=", 1) for part in shown("public-site-new") if part.startswith("route_"))
    marked = {
        "cluster": "cuddlekube", "service": command["route_service"], "new_service": command["route_new_service"],
        "scope": {"prefix": "cuddlekube-"},
        "conditions": [{"field": "http-header", "http_header_config": {
            "http_header_name": "x-workshop-version", "values": ["new"]}}],
    }  # fmt: skip
    assert inside("ecs_service_route", **marked)["changed"]
    assert asked(3, **MARK) == {500: 3} and asked(20) == {200: 20}
    abroad = inside("ecs_service_route", **{**marked, "scope": {"prefix": "elsewhere-"}, "state": "absent"})
    assert abroad["failed"] and "is owned by the stack cuddlekube-alb, which is not of this workshop" in abroad["msg"]
    inner = inside("ecs_service_route", **{**marked, "service": "register-api"})
    assert inner["failed"] and "Service Connect" in inner["msg"]
    assert inside("ecs_service_route", **marked, weights={"current": 1, "new": 1})["changed"]
    assert inside("ecs_service_route", **marked, weights={"current": 2, "new": 1})["changed"]

    gone = play(PLAYBOOK, aws.environment, tmp_path, *shown("route_state=absent"))
    assert gone.code == 0 and "Every request goes where it went before" in gone.output, gone.output
    assert asked(3, **MARK) == {200: 3} and asked(20) == {200: 20}
    assert elb.describe_rules(ListenerArn=listener)["Rules"] == before and theirs in str(before)
    # These two are called, and seen to be, in the tests of the module.
    elsewhere = {"ecs:ListServiceDeployments", "elasticloadbalancing:SetRulePriorities"}
    assert called(aws) == policies.actions("route-policy.json") - elsewhere


def called(aws: Emulator) -> set[str]:
    """The actions of all runs, and what CreateRule takes with tags."""
    return {*aws.calls.by_action, "elasticloadbalancing:AddTags"}


def healthy(aws: Emulator) -> int:
    elb = aws.client("elbv2")
    found = [elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
             for group in elb.describe_target_groups()["TargetGroups"]]  # fmt: skip
    return sum(item["TargetHealth"]["State"] == "healthy" for targets in found for item in targets)


def status(url: str, headers: dict[str, str]) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
