# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module ecs_service_stack against the emulator, in this process: whose a service is, and what its stack says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.docs import policies
from tests.integration.clusters import Shop

TEMPLATE = """
Parameters:
  Definition: {Type: TYPE}
  Subnet: {Type: String}
  Other: {Type: "AWS::SSM::Parameter::Value<String>", Default: /shop/other}
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      ServiceName: NAME
      Cluster: shop
      TaskDefinition: WANTED
      LaunchType: FARGATE
      DesiredCount: 1
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet]}}
"""
OWN = """
  Own:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: own
      NetworkMode: awsvpc
      RequiresCompatibilities: [FARGATE]
      Cpu: "256"
      Memory: "512"
      ContainerDefinitions: [{Name: app, Image: app}]
"""
SSM = "AWS::SSM::Parameter::Value<String>"
FAST = {"poll_interval": 0.1, "wait_timeout": 30}


class Stacks:
    """The stack C(shop-web) with the service C(web), which runs another revision since."""

    def __init__(self, emulator: Any) -> None:
        self.aws = emulator
        self.shop = Shop(emulator)
        self.ecs, self.ssm, self.stacks = self.shop.ecs, emulator.client("ssm"), emulator.client("cloudformation")
        self.ssm.put_parameter(Name="/shop/web", Value="app:1", Type="String")
        self.ssm.put_parameter(Name="/shop/other", Value="x", Type="String")

    def make(
        self, kind: str = "String", value: str = "app:1", wanted: str = "!Ref Definition", name: str = "web"
    ) -> None:
        body = TEMPLATE.replace("TYPE", f'"{kind}"').replace("WANTED", wanted).replace("NAME", name)
        given = {"Definition": value, "Subnet": self.shop.subnet}
        self.stacks.create_stack(
            StackName=f"shop-{name}", TemplateBody=body + (OWN if wanted == "!Ref Own" else ""),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
        )  # fmt: skip
        self.aws.wait_until(lambda: self.stack(name)["StackStatus"] == "CREATE_COMPLETE")

    def stack(self, name: str = "web") -> dict[str, Any]:
        return self.stacks.describe_stacks(StackName=f"shop-{name}")["Stacks"][0]

    def release(self) -> str:
        container = {"name": "app", "image": "app:2"}
        answer = self.ecs.register_task_definition(
            family="app", networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
            containerDefinitions=[container],
        )  # fmt: skip
        arn = answer["taskDefinition"]["taskDefinitionArn"]
        self.ecs.update_service(cluster="shop", service="web", taskDefinition=arn)
        self.rest()
        return arn

    def service(self) -> dict[str, Any]:
        return self.ecs.describe_services(cluster="shop", services=["web"])["services"][0]

    def rest(self) -> None:
        self.aws.wait_until(
            lambda: next(item for item in self.service()["deployments"] if item["status"] == "PRIMARY")["rolloutState"]
            == "COMPLETED"
        )


@pytest.fixture
def stacks(aws) -> Stacks:
    return Stacks(aws)


def found(aws, inside, **options: Any) -> dict[str, Any]:
    aws.calls.clear()
    return inside("ecs_service_stack", **{**FAST, **options})


def writes(aws) -> set[str]:
    return {action for action in aws.calls.by_action if action.split(":")[1].startswith(("Update", "Put"))}


@pytest.mark.parametrize(("kind", "value"), [("String", "app:1"), (SSM, "/shop/web")])
def test_a_parameter_is_brought_in_line_and_nothing_else(aws, inside, stacks, kind, value):
    stacks.make(kind, value)
    named = {"service": "web", "cluster": "shop"}
    same = found(aws, inside, **named, reconcile=True)
    assert not same["failed"] and not same["changed"] and not same["drifted"] and same["how"] == "", same
    assert same["stack"] == "shop-web" and (same["account"], same["region"]) == ("123456789012", "eu-central-1")
    arn = stacks.release()
    result = found(aws, inside, **named)
    assert result["drifted"] and not result["changed"] and writes(aws) == set()
    assert "shop-web says app:1, and web runs app:2: its next update brings app:1 back." in result["how"]
    assert result["source"]["kind"] == ("direct" if kind == "String" else "ssm") and result["task_definition"] == arn
    check = inside("ecs_service_stack", check=True, **FAST, **named, reconcile=True)
    assert check["changed"] and writes(aws) == set()
    done = found(aws, inside, **named, reconcile=True)
    assert not done["failed"] and done["changed"] and not done["drifted"] and done["how"] == "", done.get("msg")
    assert writes(aws) == {"cloudformation:UpdateStack"} | ({"ssm:PutParameter"} if kind == SSM else set())
    given = {item["ParameterKey"]: item for item in stacks.stack()["Parameters"]}
    assert given["Definition"].get("ResolvedValue", given["Definition"]["ParameterValue"]) == "app:2"
    assert given["Subnet"]["ParameterValue"] == stacks.shop.subnet and stacks.service()["taskDefinition"] == arn
    assert not found(aws, inside, **named, reconcile=True)["changed"]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [("!Ref Own", "makes the task definition itself, as Own"), ("app:1", "app:1 written into it"),
     ("!Join [':', [app, '1']]", "does not take the task definition from one of its parameters alone")],
)  # fmt: skip
def test_without_a_parameter_it_says_what_to_do(aws, inside, stacks, wanted, words):
    stacks.make(wanted=wanted)
    stacks.release()
    for reconcile in (False, True):
        result = found(aws, inside, service="web", cluster="shop", reconcile=reconcile)
        assert result["failed"] is reconcile and words in result["how"] and "Change the template" in result["how"]
        assert writes(aws) == set() and (not reconcile or result["msg"] == result["how"])


def test_an_update_that_would_change_more_is_refused(aws, inside, stacks):
    stacks.make()
    stacks.release()
    stacks.ssm.put_parameter(Name="/shop/other", Value="y", Type="String", Overwrite=True)
    result = found(aws, inside, service="web", cluster="shop", reconcile=True)
    assert result["failed"] and "would change more than the service: Other" in result["msg"] and writes(aws) == set()
    aws.set_stack_status("shop-web", "UPDATE_ROLLBACK_FAILED", "stuck")
    result = found(aws, inside, service="web", cluster="shop", reconcile=True)
    assert result["failed"] and "it takes no update now" in result["msg"] and writes(aws) == set()


def test_a_service_is_found_among_stacks(aws, inside, stacks):
    stacks.make()
    names = ["shop-web", "shop-worker", "shop-none"]
    alone = found(aws, inside, stacks=names)
    assert not alone["failed"] and (alone["service"], alone["cluster"]) == ("web", "shop"), alone.get("msg")
    stacks.make(name="worker")
    several = found(aws, inside, stacks=names)
    assert several["failed"] and "meant: web (cluster shop), worker (cluster shop)." in several["msg"]
    assert found(aws, inside, stacks=names, service="worker")["stack"] == "shop-worker"
    none = found(aws, inside, stacks=names, service="wrker")
    assert none["failed"] and "own no service wrker. They own: web (cluster shop), worker" in none["msg"]
    nothing = found(aws, inside, service="web")
    assert nothing["failed"] and "Give service and cluster, or stacks" in nothing["msg"] and aws.calls.total == 0
    gone = found(aws, inside, service="nope", cluster="shop")
    assert gone["failed"] and "There is no service nope in the cluster shop." in gone["msg"]
    other = found(aws, inside, service="web", cluster="shop", account_id="210987654321")
    assert other["failed"] and "but account_id is 210987654321" in other["msg"]


def test_a_service_of_no_stack(aws, inside, stacks):
    stacks.shop.service("web")
    stacks.rest()
    result = found(aws, inside, service="web", cluster="shop")
    assert not result["failed"] and result["stack"] == "" and result["source"] is None and not result["drifted"]
    result = found(aws, inside, service="web", cluster="shop", reconcile=True)
    assert result["failed"] and "No stack owns the service" in result["msg"] and writes(aws) == set()


def test_the_policy_is_what_is_called(aws, inside, stacks):
    """With what the release itself is allowed, looking at the service."""
    stacks.make(SSM, "/shop/web")
    stacks.release()
    assert found(aws, inside, stacks=["shop-web"], reconcile=True)["changed"]
    of_stacks = ("Stacks", "Reconcile", "ReconcileParameters")
    allowed = {
        action
        for statement in policies.statements("release-policy.json")
        for action in statement["Action"]
        if statement["Sid"] in of_stacks
    }
    assert set(aws.calls.by_action) == allowed | {"ecs:DescribeServices"}


@pytest.mark.parametrize(
    "action",
    ["ecs:DescribeServices", "cloudformation:DescribeStackResources", "cloudformation:GetTemplate", "ssm:PutParameter",
     "cloudformation:UpdateStack"],
)  # fmt: skip
def test_a_denied_action_is_named(aws, inside, stacks, action):
    stacks.make(SSM, "/shop/web")
    stacks.release()
    aws.faults.deny(action)
    result = found(aws, inside, service="web", cluster="shop", reconcile=True)
    assert result["failed"] and action in result["msg"], result["msg"]
    half = "/shop/web has been set in Systems Manager, and the stack shop-web was not updated"
    assert (half in result["msg"]) is (action == "cloudformation:UpdateStack")
