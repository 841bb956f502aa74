# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service that the tests of releases deploy, and runs of ecs_deployment whose calls are counted."""

from __future__ import annotations

from typing import Any

from tests.integration.clusters import Shop

#: With the emulator's time scale of 0.02, a tick of 0.1 s is 5 AWS seconds.
FAST = {"cluster": "shop", "service": "web", "poll_interval": 0.1, "wait_timeout": 30}
WRITES = ("ecs:RegisterTaskDefinition", "ecs:UpdateService", "ecs:StopServiceDeployment")
NEXT = {"images": {"app": "shop/web:2"}}


class Web:
    """The service ``web`` with two tasks of ``shop/web:1``."""

    def __init__(self, emulator: Any) -> None:
        self.aws = emulator
        self.shop = Shop(emulator)
        self.ecs = self.shop.ecs
        self.define("shop/web:1", tags=[{"key": "team", "value": "shop"}])
        self.create()

    def define(self, image: str, family: str = "web", **more: Any) -> str:
        answer = self.ecs.register_task_definition(
            family=family, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512", **more,
            containerDefinitions=[
                {"name": "app", "image": image, "environment": [{"name": "LEVEL", "value": "info"}]},
                {"name": "side", "image": "shop/side:1"},
            ],
        )  # fmt: skip
        return answer["taskDefinition"]["taskDefinitionArn"]

    def create(self, count: int = 2, **more: Any) -> None:
        self.ecs.create_service(
            **{
                "cluster": "shop", "serviceName": "web", "taskDefinition": "web:1", "desiredCount": count,
                "networkConfiguration": {"awsvpcConfiguration": {"subnets": [self.shop.subnet]}},
                "launchType": "FARGATE", **more,
            }
        )  # fmt: skip

    def anew(self, **more: Any) -> None:
        """The service made again, with other settings."""
        self.ecs.delete_service(cluster="shop", service="web", force=True)
        self.aws.wait_until(lambda: self.described()["status"] == "INACTIVE")
        self.create(**more)

    def described(self) -> dict[str, Any]:
        return self.ecs.describe_services(cluster="shop", services=["web"])["services"][0]

    def runs(self) -> str:
        """Family and revision of what it wants to run."""
        return self.described()["taskDefinition"].rsplit("/", 1)[-1]

    def images(self, status: str = "") -> set[str]:
        """The images of the container app of its tasks that are to run, or of those with this last status."""
        arns = self.ecs.list_tasks(cluster="shop", serviceName="web")["taskArns"]
        tasks = self.ecs.describe_tasks(cluster="shop", tasks=arns)["tasks"]
        tasks = [task for task in tasks if status in ("", task["lastStatus"])]
        return {item["image"] for task in tasks for item in task["containers"] if item["name"] == "app"}

    def history(self) -> list[str]:
        listed = self.ecs.list_service_deployments(cluster="shop", service="web")["serviceDeployments"]
        return [item["status"] for item in listed]

    def begin(self, image: str) -> str:
        """A deployment that somebody else has begun; its ARN."""
        self.ecs.update_service(cluster="shop", service="web", taskDefinition=self.define(image))
        return self.described()["currentServiceDeployment"]

    def alarm(self, state: str) -> None:
        cloudwatch = self.aws.client("cloudwatch")
        cloudwatch.put_metric_alarm(
            AlarmName="web-5xx", Namespace="web", MetricName="5xx", Statistic="Sum", Period=60, EvaluationPeriods=1,
            Threshold=1, ComparisonOperator="GreaterThanThreshold",
        )  # fmt: skip
        cloudwatch.set_alarm_state(AlarmName="web-5xx", StateValue=state, StateReason="a test")


def writes(aws) -> dict[str, int]:
    return {action: aws.calls.by_action[action] for action in WRITES if aws.calls.by_action.get(action)}


def release(aws, inside, **options: Any) -> dict[str, Any]:
    """A run whose calls alone are counted."""
    aws.calls.clear()
    return inside("ecs_deployment", diff=True, **{**FAST, **options})
