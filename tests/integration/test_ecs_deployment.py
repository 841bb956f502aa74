# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module ecs_deployment against the emulator, in this process."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from datetime import datetime
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.reader import DeploymentReader

from tests.docs import policies
from tests.integration.services import FAST, NEXT, Web, release, writes


@pytest.fixture
def web(aws) -> Web:
    return Web(aws)


BAD = [
    ({"service": "arn:aws:ecs:eu-central-1:123456789012:service/shop/web"}, "no name of a service"),
    ({"wait_timeout": 0}, "wait_timeout must be more than 0"),
    ({"task_definition": "web:1", **NEXT}, "mutually exclusive: task_definition|images"),
    ({"state": "rolled_back", **NEXT}, "images cannot be given with state rolled_back"),
    ({"minimum_healthy_percent": 101}, "must be 0 to 100"),
    ({"maximum_percent": 99}, "must be at least 100"),
    ({"circuit_breaker": {"threshold": 0}}, "at least 1"),
    ({"bake_time": 1441}, "0 to 1440 minutes"),
    ({"step_bake_time": -1}, "0 to 1440 minutes"),
    ({"step_percent": 0}, "0.1 to 100"),
    ({"rollback_on": ["sometimes"]}, "must be one or more of: failure, alarm, probe, interrupt"),
]


def test_bad_arguments_are_refused_before_any_call(aws, inside):
    for options, words in BAD:
        result = release(aws, inside, **options)
        assert result["failed"] and words in result["msg"], result["msg"]
        assert aws.calls.total == 0


def test_check_mode_then_release_then_nothing_to_do(aws, inside, web, monkeypatch):
    logged: list[str] = []  # what goes to syslog
    monkeypatch.setattr(AnsibleModule, "log", lambda self, msg, log_args=None: logged.append(f"{msg} {log_args}"))
    options = {
        "images": {"app": "shop/web:2"},
        "environment": {"app": {"LEVEL": None, "DB_PASSWORD": "hunter2-hunter2", "WORKERS": 4}},
        "circuit_breaker": {"threshold": 2},
    }
    aws.calls.clear()
    check = inside("ecs_deployment", check=True, diff=True, **FAST, **options)
    assert check["changed"] and check["registered"] and writes(aws) == {} and check["deployment"] is None
    assert web.runs() == "web:1"

    done = release(aws, inside, **options)
    assert not done["failed"] and done["changed"], done.get("msg")
    assert done["registered"] and not done["joined"] and not done["rolled_back"]
    assert done["deployment"]["status"] == "SUCCESSFUL" and done["deployment"]["running_count"] == 2
    assert done["task_definition_before"].endswith("/web:1") and done["task_definition"].endswith("/web:2")
    assert web.images() == {"shop/web:2"} and web.runs() == "web:2"
    assert writes(aws) == {"ecs:RegisterTaskDefinition": 1, "ecs:UpdateService": 1}

    assert "containerDefinitions.app.image: shop/web:1\n" in done["diff"]["before"]
    assert "containerDefinitions.app.environment.LEVEL: info\n" in done["diff"]["before"]
    after = done["diff"]["after"]
    assert "containerDefinitions.app.image: shop/web:2\n" in after
    assert "containerDefinitions.app.environment.WORKERS: 4\n" in after
    assert "containerDefinitions.app.environment.DB_PASSWORD: (hidden)\n" in after
    assert "'enable': True" in after and "side" not in after
    assert logged and "hunter2" not in str(logged)
    assert "hunter2" not in str(done) and done["invocation"]["module_args"]["environment"]["app"]["WORKERS"] == 4

    made = web.ecs.describe_task_definition(taskDefinition="web:2", include=["TAGS"])
    assert made["tags"] == [{"key": "team", "value": "shop"}]
    environment = made["taskDefinition"]["containerDefinitions"][0]["environment"]
    assert environment == [{"name": "DB_PASSWORD", "value": "hunter2-hunter2"}, {"name": "WORKERS", "value": "4"}]

    again = release(aws, inside, **options)
    assert not again["failed"] and not again["changed"] and writes(aws) == {}
    assert again["diff"] == {"before": "", "after": ""} and again["deployment"] is None


def test_a_task_definition_that_is_there(aws, inside, web):
    arn = web.define("shop/web:2")
    for name in ("web:2", arn, "web"):
        result = release(aws, inside, task_definition=name)
        assert not result["failed"] and result["changed"] == (name == "web:2"), result.get("msg")
        assert "ecs:RegisterTaskDefinition" not in writes(aws)
    assert web.images() == {"shop/web:2"}


def test_the_latest_revision_is_taken_if_it_is_the_same(aws, inside, web):
    """An earlier run may have been killed after it had registered it."""
    web.define("shop/web:2", tags=[{"key": "team", "value": "shop"}])
    result = release(aws, inside, **NEXT)
    assert not result["failed"] and not result["registered"] and web.runs() == "web:2"


def balanced(aws, web, alternate: bool = True) -> tuple[str, list[str]]:
    """The service anew, behind a load balancer; ARNs of its production rule and of its two target groups."""
    elb, ec2 = aws.client("elbv2"), aws.client("ec2")
    groups = [
        elb.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=web.shop.vpc, TargetType="ip")[
            "TargetGroups"
        ][0]["TargetGroupArn"]
        for name in ("blue", "green")
    ]
    other = ec2.create_subnet(VpcId=web.shop.vpc, CidrBlock="10.0.16.0/20")["Subnet"]["SubnetId"]
    balancer = elb.create_load_balancer(Name="web", Subnets=[web.shop.subnet, other])["LoadBalancers"][0]
    forward = [{"Type": "forward", "TargetGroupArn": groups[0]}]
    listener = elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=forward
    )["Listeners"][0]["ListenerArn"]
    rule = elb.create_rule(
        ListenerArn=listener, Priority=1, Conditions=[{"Field": "path-pattern", "Values": ["/*"]}], Actions=forward
    )["Rules"][0]["RuleArn"]
    role = "arn:aws:iam::123456789012:role/ecs"
    advanced = {"alternateTargetGroupArn": groups[1], "productionListenerRule": rule, "roleArn": role}
    balancing: dict[str, Any] = {"targetGroupArn": groups[0], "containerName": "app", "containerPort": 80}
    web.anew(loadBalancers=[{**balancing, **({"advancedConfiguration": advanced} if alternate else {})}])
    return rule, groups


def test_other_strategies_shift_the_traffic(aws, inside, web):
    rule, (blue, green) = balanced(aws, web)

    def weights() -> dict[str, int]:
        action = aws.client("elbv2").describe_rules(RuleArns=[rule])["Rules"][0]["Actions"][0]
        return {item["TargetGroupArn"]: item["Weight"] for item in action["ForwardConfig"]["TargetGroups"]}

    result = release(aws, inside, strategy="blue_green", bake_time=2, **NEXT)
    assert not result["failed"] and result["deployment"]["status"] == "SUCCESSFUL", result.get("msg")
    assert result["deployment"]["stage"] == "CLEAN_UP" and weights() == {green: 100, blue: 0}
    assert "strategy: BLUE_GREEN\n" in result["diff"]["after"]
    assert not release(aws, inside, strategy="blue_green", bake_time=2, **NEXT)["changed"]

    options = {"strategy": "canary", "step_percent": 20, "step_bake_time": 30, "bake_time": 1}
    running = inside.start("ecs_deployment", **FAST, images={"app": "shop/web:3"}, **options)
    aws.wait_until(lambda: weights() == {blue: 20, green: 80})
    web.ecs.stop_service_deployment(serviceDeploymentArn=web.described()["currentServiceDeployment"])
    stopped = running.result()
    assert stopped["failed"] and stopped["rolled_back"] and weights() == {green: 100, blue: 0}
    assert web.images() == {"shop/web:2"}

    options = {"strategy": "linear", "step_percent": 40, "step_bake_time": 1, "bake_time": 1}
    running = inside.start("ecs_deployment", **FAST, images={"app": "shop/web:4"}, **options)
    for share in (40, 80):
        aws.wait_until(lambda share=share: weights() == {blue: share, green: 100 - share})
    assert running.result()["deployment"]["status"] == "SUCCESSFUL" and weights() == {blue: 100, green: 0}
    few = release(aws, inside, **{**options, "step_percent": 2}, **NEXT)
    assert few["failed"] and "step_percent must be 3 to 100 with the strategy linear" in few["msg"] and not writes(aws)


def test_a_strategy_that_the_service_lacks_something_for_is_refused(aws, inside, web):
    words = {"canary": "no traffic to shift", "linear": "no traffic to shift", "blue_green": "no alternate target"}
    for strategy, told in words.items():
        if strategy == "blue_green":
            balanced(aws, web, alternate=False)
        result = release(aws, inside, strategy=strategy, **NEXT)
        assert result["failed"] and told in result["msg"] and writes(aws) == {}
    result = release(aws, inside, strategy="rolling", bake_time=5, **NEXT)
    assert result["failed"] and "bake_time cannot be given with the strategy rolling" in result["msg"]


def test_settings_alone_start_no_deployment(aws, inside, web):
    result = release(aws, inside, maximum_percent=150, minimum_healthy_percent=50)
    assert not result["failed"] and result["changed"] and result["deployment"] is None
    assert web.described()["deploymentConfiguration"]["maximumPercent"] == 150
    assert result["diff"]["before"] == "maximumPercent: 200\nminimumHealthyPercent: 100\n"
    assert len(web.history()) == 1
    assert not release(aws, inside, maximum_percent=150)["changed"]


@pytest.mark.parametrize(
    ("how", "words", "code"),
    [
        ("pull", "CannotPullContainerError", "TaskFailedToStart"),
        ("exit", "Essential container in task exited (exit codes: app 1, side 1)", "EssentialContainerExited"),
        ("unhealthy", "Task failed container health checks", "ServiceSchedulerInitiated"),
    ],
)
def test_tasks_that_fail_open_the_circuit_breaker(aws, inside, web, how, words, code):
    aws.faults.break_image("shop/web:2", how)
    result = release(aws, inside, circuit_breaker={"threshold": 2}, **NEXT)
    assert result["failed"] and result["changed"] and result["rolled_back"]
    assert "was rolled back: ECS deployment circuit breaker: tasks failed to start." in result["msg"]
    assert words in result["msg"] and "web runs web:1." in result["msg"]
    assert result["stopped_tasks"] and words.split(" (")[0] in result["stopped_tasks"][0]["reason"]
    deployment, task = result["deployment"], result["stopped_tasks"][0]
    assert deployment["status"] == "ROLLBACK_SUCCESSFUL" and deployment["failed_tasks"] >= 2, deployment
    assert "tasks failed to start" in deployment["rollback_reason"]
    assert datetime.fromisoformat(deployment["started_at"]) < datetime.fromisoformat(deployment["finished_at"])
    assert result["service_arn"].endswith(":service/shop/web") and task["stop_code"] == code
    assert task["exit_codes"] == ({"app": 1, "side": 1} if how == "exit" else {})
    assert web.runs() == "web:1" and web.images() == {"shop/web:1"}


def test_the_circuit_breaker_only_stops_if_failure_is_not_to_bring_back(aws, inside, web):
    aws.faults.break_image("shop/web:2", "pull")
    result = release(aws, inside, circuit_breaker={"threshold": 2}, rollback_on=["alarm"], **NEXT)
    assert result["failed"] and result["deployment"]["status"] == "STOPPED" and not result["rolled_back"]
    assert "web still wants web:2: go back with state rolled_back." in result["msg"]
    assert "ecs:StopServiceDeployment" not in writes(aws)
    back = release(aws, inside, state="rolled_back")
    assert not back["failed"] and back["changed"] and web.runs() == "web:1", back.get("msg")
    # What has failed once can be tried again.
    aws.faults.mend_images()
    assert not release(aws, inside, **NEXT)["failed"] and web.images() == {"shop/web:2"}


def test_what_ends_too_late_is_rolled_back(aws, inside, web):
    aws.faults.break_image("shop/web:2", "pull")
    result = release(aws, inside, wait_timeout=3, **NEXT)
    assert result["failed"] and result["rolled_back"] and web.runs() == "web:1"
    assert result["msg"].startswith("It did not end within 3 s, and ECS was asked to roll back.")
    assert "CannotPullContainerError" in result["msg"]
    assert writes(aws)["ecs:StopServiceDeployment"] == 1


def test_what_ends_too_late_goes_on_if_failure_is_not_to_bring_back(aws, inside, web):
    aws.faults.break_image("shop/web:2", "pull")
    result = release(aws, inside, wait_timeout=2, rollback_on=[], **NEXT)
    assert result["failed"] and "has not ended within 2 s" in result["msg"]
    assert "run this again to join it" in result["msg"]
    assert "CannotPullContainerError" in result["msg"] and web.history()[0] == "IN_PROGRESS"
    aws.faults.mend_images()
    joined = release(aws, inside, rollback_on=[], **NEXT)
    assert not joined["failed"] and joined["joined"] and joined["changed"] and writes(aws) == {}
    assert joined["deployment"]["status"] == "SUCCESSFUL" and web.images() == {"shop/web:2"}


def test_an_alarm_brings_back(aws, inside, web):
    web.alarm("OK")
    running = inside.start("ecs_deployment", **FAST, alarms=["web-5xx"], **NEXT)
    aws.wait_until(lambda: web.history()[0] == "IN_PROGRESS")
    web.alarm("ALARM")
    result = running.result()
    assert result["failed"] and result["rolled_back"] and "In ALARM: web-5xx." in result["msg"]
    assert result["deployment"]["triggered_alarms"] == ["web-5xx"] and web.runs() == "web:1"


def test_unhealthy_targets_are_told(aws, inside, web):
    elb = aws.client("elbv2")
    group = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=web.shop.vpc, TargetType="ip")
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    balancer = elb.create_load_balancer(Name="web", Subnets=[web.shop.subnet])["LoadBalancers"][0]
    elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
    )  # fmt: skip
    web.anew(loadBalancers=[{"targetGroupArn": arn, "containerName": "app", "containerPort": 80}])
    aws.faults.break_image("shop/web:2", "unhealthy")
    aws.durations.set("ecs.service.schedule", 40)
    result = release(aws, inside, circuit_breaker={"threshold": 2}, **NEXT)
    assert result["failed"] and f"Task failed ELB health checks in (target-group {arn})" in result["msg"]
    assert "unhealthy in web: Health checks failed with these codes: [500]." in result["msg"]
    target = result["unhealthy_targets"][0]
    assert (target["target_group"], target["reason"]) == (arn, "Target.ResponseCodeMismatch")
    assert re.fullmatch(r"10\.0\.\d+\.\d+:80", target["target"]) and target["state"] == "unhealthy"
    assert target["description"] == "Health checks failed with these codes: [500]"


REFUSED = [
    ({"service": "shop"}, {}, "There is no service shop in the cluster shop"),
    ({"cluster": "nope"}, {}, "ClusterNotFoundException"),
    ({"images": {"ap": "x"}}, {}, "images has ap, and the task definition web only the containers app, side"),
    ({"environment": {"app": {"ON": True}}}, {}, "environment.app.ON must be text or a number"),
    ({"task_definition": "web:9"}, {}, "ecs:DescribeTaskDefinition answered ClientException"),
    (NEXT, {"deploymentController": {"type": "CODE_DEPLOY"}}, "CodeDeploy deploys the service web"),
    (NEXT, {"deploymentController": {"type": "EXTERNAL"}}, "an EXTERNAL deployment controller"),
    ({"alarms": ["nope"], **NEXT}, {}, "There is no alarm nope"),
    ({"alarms": ["web-5xx"], **NEXT}, {}, "web-5xx: in ALARM already"),
    ({"minimum_healthy_percent": 100, "maximum_percent": 100, **NEXT}, {}, "the deployment would never end"),
    ({"state": "rolled_back"}, {}, "There is nothing to go back to"),
]


def test_what_is_refused_before_anything(aws, inside, web):
    web.alarm("ALARM")
    for options, settings, words in REFUSED:
        if settings:
            web.anew(**settings)
        for check in (True, False):
            aws.calls.clear()
            result = inside("ecs_deployment", check=check, **{**FAST, **options})
            assert result["failed"] and words in result["msg"], result["msg"]
            assert writes(aws) == {}
        if settings:
            web.anew()


def test_an_inactive_task_definition_or_service_is_refused(aws, inside, web):
    web.define("shop/web:2")
    web.ecs.deregister_task_definition(taskDefinition="web:2")
    result = release(aws, inside, task_definition="web:2")
    assert result["failed"] and "web:2 is INACTIVE" in result["msg"] and writes(aws) == {}
    web.ecs.delete_service(cluster="shop", service="web", force=True)
    aws.wait_until(lambda: web.described()["status"] == "INACTIVE")
    result = release(aws, inside, **NEXT)
    assert result["failed"] and "INACTIVE: it has been deleted" in result["msg"] and writes(aws) == {}


def test_without_a_completed_deployment_a_circuit_breaker_is_refused(aws, inside, web):
    aws.faults.break_image("shop/web:1", "pull")
    web.anew()
    web.ecs.update_service(cluster="shop", service="web", desiredCount=1)
    arn = web.described()["currentServiceDeployment"]
    web.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ABORT")
    aws.wait_until(lambda: web.history()[0] == "STOPPED")
    result = release(aws, inside, circuit_breaker={}, **NEXT)
    assert result["failed"] and "it would stall" in result["msg"] and writes(aws) == {}
    assert not release(aws, inside, circuit_breaker={"enable": False}, **NEXT)["failed"]


def test_another_deployment_under_way_is_refused_and_the_same_is_joined(aws, inside, web):
    arn = web.begin("shop/web:3")
    result = release(aws, inside, **NEXT)
    assert result["failed"] and f"Another deployment is under way, to web:2: {arn} is" in result["msg"]
    assert writes(aws) == {}
    joined = release(aws, inside, images={"app": "shop/web:3"})
    assert not joined["failed"] and joined["joined"] and joined["deployment"]["arn"] == arn
    assert writes(aws) == {}


def test_a_deployment_that_somebody_else_takes_the_place_of(aws, inside, web):
    running = inside.start("ecs_deployment", **FAST, **NEXT)
    aws.wait_until(lambda: len(web.history()) == 2 and web.history()[0] == "IN_PROGRESS")
    web.begin("shop/web:3")
    result = running.result()
    assert result["failed"] and result["deployment"]["status"] == "STOPPED"
    assert "web runs web:3." in result["msg"]


def test_the_service_is_deleted_meanwhile(aws, inside, web):
    running = inside.start("ecs_deployment", **FAST, **NEXT)
    aws.wait_until(lambda: len(web.history()) == 2 and web.history()[0] == "IN_PROGRESS")
    web.ecs.delete_service(cluster="shop", service="web", force=True)
    result = running.result()
    assert result["failed"] and "was deleted meanwhile" in result["msg"]


def test_a_desired_count_of_0_is_said(aws, inside, web):
    web.anew(count=0)
    result = release(aws, inside, **NEXT)
    assert not result["failed"] and "desired count of 0" in result["warnings"][0]


def test_a_service_on_instances(aws, inside, web):
    web.anew(launchType="EC2")
    result = release(aws, inside, **NEXT)
    assert not result["failed"] and result["deployment"]["status"] == "SUCCESSFUL", result.get("msg")


def test_without_waiting(aws, inside, web):
    result = release(aws, inside, wait=False, **NEXT)
    assert not result["failed"] and result["changed"] and result["deployment"]["status"] in ("PENDING", "IN_PROGRESS")
    assert result["deployment"]["arn"] == web.described()["currentServiceDeployment"]


def test_back_while_a_deployment_is_under_way(aws, inside, web):
    aws.faults.break_image("shop/web:2", "pull")
    arn = web.begin("shop/web:2")
    aws.calls.clear()
    check = inside("ecs_deployment", check=True, **FAST, state="rolled_back")
    assert check["changed"] and writes(aws) == {} and check["task_definition"].endswith("/web:1")
    result = release(aws, inside, state="rolled_back")
    assert not result["failed"] and result["changed"] and result["rolled_back"], result.get("msg")
    assert result["task_definition_before"].endswith("/web:2") and result["task_definition"].endswith("/web:1")
    assert result["deployment"]["arn"] == arn and result["deployment"]["status"] == "ROLLBACK_SUCCESSFUL"
    assert writes(aws) == {"ecs:StopServiceDeployment": 1} and web.images() == {"shop/web:1"}
    assert not release(aws, inside, state="rolled_back")["changed"]


def test_back_after_a_deployment_and_no_further(aws, inside, web):
    assert not release(aws, inside, **NEXT)["failed"]
    result = release(aws, inside, state="rolled_back")
    assert not result["failed"] and result["changed"] and web.runs() == "web:1", result.get("msg")
    assert result["diff"]["before"].startswith("task definition: web:2\n") and writes(aws) == {"ecs:UpdateService": 1}
    again = release(aws, inside, state="rolled_back")
    assert not again["failed"] and not again["changed"] and web.runs() == "web:1"


def test_back_to_what_is_inactive_by_now(aws, inside, web):
    assert not release(aws, inside, **NEXT)["failed"]
    web.ecs.deregister_task_definition(taskDefinition="web:1")
    result = release(aws, inside, state="rolled_back")
    assert not result["failed"] and result["registered"] and web.runs() == "web:3", result.get("msg")
    assert web.images() == {"shop/web:1"}
    tags = web.ecs.describe_task_definition(taskDefinition="web:3", include=["TAGS"])["tags"]
    assert tags == [{"key": "team", "value": "shop"}]
    assert not release(aws, inside, state="rolled_back")["changed"]


@pytest.mark.parametrize("wait", [True, False])
def test_back_from_a_deployment_that_ends_before_it_can_be_stopped(aws, inside, web, monkeypatch, wait):
    really = DeploymentReader.roll_back

    def too_late(reader, arn):
        aws.wait_until(lambda: web.history()[0] == "SUCCESSFUL")
        really(reader, arn)

    monkeypatch.setattr(DeploymentReader, "roll_back", too_late)
    aws.durations.set("ecs.task.start", 300)  # so that it is still under way when it is looked at first
    web.begin("shop/web:2")
    result = release(aws, inside, state="rolled_back", wait=wait)
    assert not result["failed"] and result["changed"] and web.runs() == "web:1", result.get("msg")
    aws.wait_until(lambda: web.history()[:2] == ["SUCCESSFUL", "SUCCESSFUL"] and web.images() == {"shop/web:1"})


def test_back_while_ecs_goes_back_already_or_stops(aws, inside, web):
    aws.durations.set("ecs.deployment.rollback", 100)  # so that it is still under way when it is looked at first
    arn = web.begin("shop/web:2")
    web.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    result = release(aws, inside, state="rolled_back")
    assert not result["failed"] and result["rolled_back"] and writes(aws) == {}, result.get("msg")
    arn = web.begin("shop/web:3")
    web.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ABORT")
    result = release(aws, inside, state="rolled_back")
    assert not result["failed"] and web.runs() == "web:1" and writes(aws) == {"ecs:UpdateService": 1}, result.get("msg")


@pytest.mark.parametrize("wait", [True, False])
def test_ecs_refuses_to_roll_back(aws, inside, web, wait):
    aws.faults.refuse("ecs:StopServiceDeployment", "ConflictException", "not now")
    aws.faults.break_image("shop/web:2", "pull")
    web.begin("shop/web:2")
    result = release(aws, inside, state="rolled_back", wait=wait)
    assert result["failed"] and "ConflictException: not now" in result["msg"] and "is IN_PROGRESS" in result["msg"]


def test_a_service_that_runs_what_is_inactive_by_now(aws, inside, web):
    """A stack that changes its task definition deregisters the one before."""
    web.ecs.deregister_task_definition(taskDefinition="web:1")
    assert not release(aws, inside, images={"app": "shop/web:1"})["changed"]
    result = release(aws, inside, **NEXT)
    assert not result["failed"] and result["registered"] and web.images() == {"shop/web:2"}, result.get("msg")


DENIED = [
    ("ecs:DescribeServices", "Nothing was asked for"),
    ("ecs:DescribeTaskDefinition", "Nothing was asked for"),
    ("ecs:ListServiceDeployments", "Nothing was asked for"),
    ("cloudwatch:DescribeAlarms", "Nothing was asked for"),
    ("ecs:RegisterTaskDefinition", "The service web was not updated"),
    ("ecs:UpdateService", "web:2 has been registered, and nothing runs it."),
    ("ecs:DescribeServiceRevisions", "It is not followed any more"),
    ("ecs:DescribeServiceDeployments", "It is not followed any more"),
]


@pytest.mark.parametrize(("action", "words"), DENIED, ids=[action for action, _words in DENIED])
def test_a_denied_action_is_named_with_what_was_done(aws, inside, web, action, words):
    web.alarm("OK")
    aws.faults.deny(action)
    result = release(aws, inside, alarms=["web-5xx"], **NEXT)
    assert result["failed"] and action in result["msg"] and words in result["msg"], result["msg"]


def test_what_may_not_be_looked_at_after_a_failure_is_said(aws, inside, web):
    aws.faults.break_image("shop/web:2", "pull")
    aws.faults.deny("ecs:ListTasks")
    result = release(aws, inside, circuit_breaker={"threshold": 1}, **NEXT)
    assert result["failed"] and result["rolled_back"] and "was rolled back" in result["msg"]
    assert "Stopped tasks were not looked at: ecs:ListTasks" in result["warnings"][0]
    aws.faults.deny("ecs:StopServiceDeployment")
    result = release(aws, inside, wait_timeout=2, circuit_breaker={"enable": False}, **NEXT)
    assert result["failed"] and "ecs:StopServiceDeployment" in result["msg"] and "goes on" in result["msg"]


def test_throttled_calls_are_survived(aws, inside, web):
    aws.faults.throttle(0.4, ["ecs:DescribeServiceDeployments", "cloudwatch:DescribeAlarms"])
    web.alarm("OK")
    result = release(aws, inside, alarms=["web-5xx"], **NEXT)
    assert not result["failed"] and result["deployment"]["status"] == "SUCCESSFUL", result.get("msg")


def test_an_error_that_passes_by_itself_is_counted(aws, inside, web):
    aws.faults.refuse("ecs:DescribeServiceDeployments", "ServerException", "Service Unavailable", 503, times=12)
    result = release(aws, inside, **NEXT)
    assert not result["failed"] and result["survived_errors"] > 0, result.get("msg")
    assert release(aws, inside, images={"app": "shop/web:3"})["survived_errors"] == 0


def started(aws, web, **options: Any) -> subprocess.Popen:
    """The module in a process of its own, whose deployment is under way."""
    arguments = json.dumps({"ANSIBLE_MODULE_ARGS": {**FAST, **NEXT, **options}})
    name = "ansible_collections.workshop.lifecycle.plugins.modules.ecs_deployment"
    process = subprocess.Popen(
        [sys.executable, "-m", name, arguments], env=aws.environment, stdout=subprocess.PIPE, text=True
    )
    aws.wait_until(lambda: len(web.history()) == 2 and web.history()[0] == "IN_PROGRESS")
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_has_the_deployment_rolled_back(aws, web, number):
    aws.faults.break_image("shop/web:2", "pull")
    process = started(aws, web)
    for _again in range(9):  # the terminal tells a whole group, and Ansible its workers once more
        process.send_signal(number)
        time.sleep(0.01)
    result = json.loads(process.communicate(timeout=60)[0])
    assert result["failed"] and "Interrupted: ECS rolls the deployment" in result["msg"] and process.returncode == 1
    aws.wait_until(lambda: web.history()[0] == "ROLLBACK_SUCCESSFUL")
    assert web.runs() == "web:1"


@pytest.mark.parametrize("stop", ["ROLLBACK", "ABORT"])
def test_an_interrupted_run_says_what_becomes_of_a_deployment_that_goes_back_already(aws, inside, web, stop):
    """StopServiceDeployment is refused then."""
    aws.faults.break_image("shop/web:2", "pull")
    aws.durations.set("ecs.deployment.rollback", 400)
    process = started(aws, web, poll_interval=5)
    arn = web.described()["currentServiceDeployment"]
    web.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType=stop)
    if stop == "ABORT":
        aws.wait_until(lambda: web.history()[0] == "STOPPED")
    aws.faults.refuse("ecs:StopServiceDeployment", "ConflictException", "not now")
    process.send_signal(signal.SIGTERM)
    result = json.loads(process.communicate(timeout=60)[0])
    assert result["failed"] and "could not be" not in result["msg"], result["msg"]
    if stop == "ABORT":
        assert result["msg"] == "Interrupted. ECS brings the service back." and web.runs() == "web:1"
    else:
        assert result["msg"] == f"Interrupted: ECS rolls the deployment {arn} back."


def test_an_interrupted_run_leaves_the_deployment_if_it_is_told_to(aws, inside, web):
    aws.durations.set("ecs.task.start", 120)
    process = started(aws, web, rollback_on=["failure"])
    process.send_signal(signal.SIGTERM)
    result = json.loads(process.communicate(timeout=60)[0])
    assert result["failed"] and "Interrupted: the deployment goes on." in result["msg"]
    joined = release(aws, inside, **NEXT)
    assert not joined["failed"] and joined["joined"] and web.images() == {"shop/web:2"}


def test_a_run_after_one_that_was_killed_joins_its_deployment(aws, inside, web):
    aws.durations.set("ecs.task.start", 120)
    process = started(aws, web)
    process.kill()
    process.communicate(timeout=60)
    joined = release(aws, inside, **NEXT)
    assert not joined["failed"] and joined["joined"] and joined["changed"] and writes(aws) == {}
    assert web.images() == {"shop/web:2"} and web.history()[:2] == ["SUCCESSFUL", "SUCCESSFUL"]


def test_progress_is_written(aws, inside, web, tmp_path):
    release(aws, inside, progress_file=str(tmp_path / "progress"), **NEXT)
    lines = [json.loads(line) for line in (tmp_path / "progress").read_text(encoding="utf-8").splitlines()]
    assert {line["kind"] for line in lines} >= {"deployment"} and lines[-1]["status"] == "successful"
    assert "SUCCESSFUL, 2 of 2 tasks run" in lines[-1]["text"]


def test_the_policy_is_what_is_called(aws, inside, web):
    """All that a release can call: with alarms and target groups, one that is stopped, one that fails, and back."""
    group = aws.client("elbv2").create_target_group(
        Name="web", Protocol="HTTP", Port=80, VpcId=web.shop.vpc, TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]
    web.anew(loadBalancers=[{"targetGroupArn": group, "containerName": "app", "containerPort": 80}])
    web.alarm("OK")
    called: set[str] = set()
    runs = [{"alarms": ["web-5xx"], **NEXT}, {"state": "rolled_back"}, {"images": {"app": "bad"}, "wait_timeout": 2}]
    aws.faults.break_image("bad", "pull")
    for options in runs:
        failed = release(aws, inside, **options)["failed"]
        assert failed is ("wait_timeout" in options)
        called |= set(aws.calls.by_action)
    # What registering takes besides, with tags and with roles, without a call of ours.
    called |= {"ecs:TagResource", "iam:PassRole"}
    of_stacks = {"Stacks", "Reconcile", "ReconcileParameters"}
    assert sorted(called) == sorted(
        action
        for statement in policies.statements("release-policy.json")
        for action in statement["Action"]
        if statement["Sid"] not in of_stacks
    )
