# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle stages of service deployments on the emulator, with the hooks that hold them up."""

from __future__ import annotations

import json
import urllib.request
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.world import utcnow, world
from tests.unit.emulator.account import CLUSTER, Account

STAGES = [
    "PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME",
    "CLEAN_UP",
]  # fmt: skip
FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:smoke"


class Soup:
    """The service soup, blue/green, with a production listener on port 80 and one for tests on port 9000."""

    def __init__(self, kitchen: Account, *hooks: dict[str, Any], **configuration: Any) -> None:
        self.kitchen = kitchen
        self.ecs, elbv2 = kitchen.ecs, kitchen.elbv2
        self.groups = [
            elbv2.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=kitchen.vpc, TargetType="ip")[
                "TargetGroups"
            ][0]["TargetGroupArn"]
            for name in ("blue", "green")
        ]
        balancer = elbv2.create_load_balancer(Name="soup", Subnets=kitchen.subnets[:2])["LoadBalancers"][0]
        rules = []
        for port in (80, 9000):
            forward = [{"Type": "forward", "TargetGroupArn": self.groups[0]}]
            listener = elbv2.create_listener(
                LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=port, DefaultActions=forward
            )["Listeners"][0]["ListenerArn"]
            rules.append(elbv2.describe_rules(ListenerArn=listener)["Rules"][0]["RuleArn"])
        advanced = {
            "alternateTargetGroupArn": self.groups[1],
            "productionListenerRule": rules[0],
            "testListenerRule": rules[1],
            "roleArn": "arn:aws:iam::123456789012:role/ecs",
        }
        balancing = {"targetGroupArn": self.groups[0], "containerName": "app", "containerPort": 80}
        kitchen.service(
            "soup",
            loadBalancers=[{**balancing, "advancedConfiguration": advanced}],
            deploymentConfiguration={"strategy": "BLUE_GREEN", "lifecycleHooks": list(hooks), **configuration},
        )

    def release(self) -> str:
        """ARN of a deployment to another image."""
        self.ecs.register_task_definition(
            family="app", networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
            containerDefinitions=[{"name": "app", "image": "example/app:2"}],
        )  # fmt: skip
        self.ecs.update_service(cluster=CLUSTER, service="soup", taskDefinition="app")
        listed = self.ecs.list_service_deployments(cluster=CLUSTER, service="soup")["serviceDeployments"]
        return listed[0]["serviceDeploymentArn"]

    def described(self, arn: str) -> dict[str, Any]:
        return self.ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]

    def paused(self, arn: str) -> dict[str, Any]:
        """The hook at which it waits."""
        self.kitchen.emulator.wait_until(lambda: self.described(arn).get("lifecycleHookDetails"), 600)
        (hook,) = self.described(arn)["lifecycleHookDetails"]
        return hook

    def ends(self, arn: str, status: str) -> dict[str, Any]:
        self.kitchen.emulator.wait_until(lambda: self.described(arn)["status"] == status, 3600)
        return self.described(arn)

    def image(self, port: int) -> str:
        """The image that answers a request."""
        with urllib.request.urlopen(self.kitchen.emulator.front("soup", port), timeout=30) as answer:
            return json.load(answer)["image"]


def pause(*stages: str, **settings: Any) -> dict[str, Any]:
    return {"targetType": "PAUSE", "lifecycleStages": list(stages), **settings}


def test_a_deployment_goes_through_its_stages(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html"""
    soup = Soup(kitchen)
    soup.ends(soup.release(), "SUCCESSFUL")
    noted = [event.status for event in kitchen.emulator.timeline.select("deployment", "soup")]
    assert [status for status in noted if status in STAGES] == STAGES
    assert soup.image(80) == soup.image(9000) == "example/app:2"


def test_requests_to_the_test_listener_reach_the_new_version_before_anybody_else(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html"""
    soup = Soup(kitchen, pause("POST_TEST_TRAFFIC_SHIFT"))
    arn = soup.release()
    hook = soup.paused(arn)
    assert (soup.image(80), soup.image(9000)) == ("example/app", "example/app:2")
    shown = soup.described(arn)
    assert shown["lifecycleStage"] == "POST_TEST_TRAFFIC_SHIFT"
    assert shown["targetServiceRevision"]["requestedTestTrafficWeight"] == 100
    assert shown["targetServiceRevision"]["requestedProductionTrafficWeight"] == 0
    assert (hook["targetType"], hook["status"], hook["timeoutAction"]) == ("PAUSE", "AWAITING_ACTION", "ROLLBACK")
    assert abs(hook["expiresAt"].replace(tzinfo=None) - utcnow() - timedelta(hours=24)) < timedelta(minutes=1)
    answer = soup.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook["hookId"])
    assert answer == {"serviceDeploymentArn": arn, "ResponseMetadata": answer["ResponseMetadata"]}
    soup.ends(arn, "SUCCESSFUL")
    assert soup.image(80) == "example/app:2"
    with pytest.raises(ClientError, match="InvalidParameterException"):
        soup.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook["hookId"])
    with pytest.raises(ClientError, match="ServiceDeploymentNotFoundException"):
        soup.ecs.continue_service_deployment(serviceDeploymentArn=arn + "x", hookId=hook["hookId"])


def test_a_paused_deployment_is_rolled_back(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContinueServiceDeployment.html"""
    soup = Soup(kitchen, pause("POST_TEST_TRAFFIC_SHIFT"))
    arn = soup.release()
    hook = soup.paused(arn)
    soup.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook["hookId"], action="ROLLBACK")
    done = soup.ends(arn, "ROLLBACK_SUCCESSFUL")
    assert "POST_TEST_TRAFFIC_SHIFT" in done["rollback"]["reason"] and "lifecycleHookDetails" not in done
    assert soup.image(80) == soup.image(9000) == "example/app"


@pytest.mark.parametrize(("action", "status"), [("ROLLBACK", "ROLLBACK_SUCCESSFUL"), ("CONTINUE", "SUCCESSFUL")])
def test_a_pause_ends_by_itself(kitchen: Account, action: str, status: str) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHookTimeoutConfiguration.html"""
    timeout = {"timeoutInMinutes": 5, "action": action}
    soup = Soup(kitchen, pause("POST_SCALE_UP", timeoutConfiguration=timeout))
    arn = soup.release()
    soup.paused(arn)
    began = world.clock.now()
    soup.ends(arn, status)
    assert world.clock.now() - began > 300
    assert kitchen.emulator.timeline.select("hook", "soup", "TIMED_OUT")


def test_before_the_scale_up_no_task_of_the_new_version_starts(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html (PRE_SCALE_UP)"""
    soup = Soup(kitchen, pause("PRE_SCALE_UP"))
    arn = soup.release()
    hook = soup.paused(arn)
    kitchen.emulator.clock.sleep(300)
    assert len(kitchen.listed()) == 1
    soup.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook["hookId"], action="CONTINUE")
    soup.ends(arn, "SUCCESSFUL")


def test_each_step_of_a_canary_is_paused_before(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html
    (PRE_PRODUCTION_TRAFFIC_SHIFT: for linear and canary before every step)"""
    canary = {"canaryPercent": 10, "canaryBakeTimeInMinutes": 1}
    soup = Soup(kitchen, pause("PRE_PRODUCTION_TRAFFIC_SHIFT"), strategy="CANARY", canaryConfiguration=canary)
    arn = soup.release()
    for weight in (0, 10):
        hook = soup.paused(arn)
        assert soup.described(arn)["targetServiceRevision"]["requestedProductionTrafficWeight"] == weight
        soup.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook["hookId"])
    soup.ends(arn, "SUCCESSFUL")


@pytest.mark.parametrize(
    ("answer", "status"),
    [("SUCCEEDED", "SUCCESSFUL"), ("FAILED", "ROLLBACK_SUCCESSFUL"), (None, "ROLLBACK_SUCCESSFUL")],
)
def test_what_a_function_answers_decides(kitchen: Account, answer: str | None, status: str) -> None:
    """A function that fails, or gives no hookStatus, has the deployment rolled back. The emulator runs none.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
    """
    soup = Soup(kitchen, {"hookTargetArn": FUNCTION, "roleArn": "x", "lifecycleStages": ["TEST_TRAFFIC_SHIFT"]})
    if answer:
        kitchen.emulator.faults.answer_hook("*:function:smoke", answer)
    done = soup.ends(soup.release(), status)
    assert answer == "SUCCEEDED" or FUNCTION in done["statusReason"]


def test_a_function_that_is_not_done_is_asked_again(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html (30 seconds)"""
    soup = Soup(kitchen, {"hookTargetArn": FUNCTION, "roleArn": "x", "lifecycleStages": ["POST_SCALE_UP"]})
    kitchen.emulator.faults.answer_hook(FUNCTION, "IN_PROGRESS")
    arn = soup.release()
    hook = soup.paused(arn)
    assert (hook["targetType"], hook["targetArn"], hook["status"]) == ("AWS_LAMBDA", FUNCTION, "IN_PROGRESS")
    with pytest.raises(ClientError, match="InvalidParameterException"):
        soup.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook["hookId"])
    kitchen.emulator.clock.sleep(100)
    assert soup.described(arn)["lifecycleStage"] == "POST_SCALE_UP"
    kitchen.emulator.faults.answer_hook(FUNCTION, "SUCCEEDED")
    soup.ends(arn, "SUCCESSFUL")
    with pytest.raises(ValueError, match="'MAYBE' is none of SUCCEEDED, FAILED, IN_PROGRESS"):
        kitchen.emulator.faults.answer_hook(FUNCTION, "MAYBE")


def test_a_deployment_that_is_stopped_waits_for_nobody(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html"""
    soup = Soup(kitchen, pause("POST_PRODUCTION_TRAFFIC_SHIFT"))
    arn = soup.release()
    hook = soup.paused(arn)
    assert soup.image(80) == "example/app:2"
    soup.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    with pytest.raises(ClientError, match="InvalidParameterException"):
        soup.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook["hookId"])
    soup.ends(arn, "ROLLBACK_SUCCESSFUL")
    assert soup.image(80) == "example/app"


@pytest.mark.parametrize(
    ("hook", "words"),
    [
        (pause("TEST_TRAFFIC_SHIFT"), "PAUSE hooks cannot be configured at TEST_TRAFFIC_SHIFT"),
        (pause("POST_SCALE_UP", "PRODUCTION_TRAFFIC_SHIFT"), "cannot be configured at PRODUCTION_TRAFFIC_SHIFT"),
        ({"lifecycleStages": ["POST_SCALE_UP"]}, "hookTargetArn must be provided"),
        ({"targetType": "PAUSE"}, "lifecycleStages must be provided"),
    ],
)
def test_hooks_that_are_refused(kitchen: Account, hook: dict[str, Any], words: str) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html"""
    with pytest.raises(ClientError, match=f"InvalidParameterException.*{words}"):
        kitchen.service("soup", deploymentConfiguration={"strategy": "BLUE_GREEN", "lifecycleHooks": [hook]})
    kitchen.service("soup")
    with pytest.raises(ClientError, match=words):
        kitchen.ecs.update_service(
            cluster=CLUSTER, service="soup", deploymentConfiguration={"lifecycleHooks": [hook]}
        )
