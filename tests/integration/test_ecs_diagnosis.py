# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module ecs_diagnosis against the emulator, in this process."""

from __future__ import annotations

from typing import Any

import pytest

from tests.docs import policies
from tests.emulator import Emulator
from tests.integration.clusters import Shop

X509 = ("x509.UnknownAuthorityError", "certificate signed by unknown authority")
GROUP = "cuddly"


class Cuddly:
    """Services of the cluster ``shop`` with tasks, and requests through them."""

    def __init__(self, aws: Emulator) -> None:
        self.aws = aws
        self.shop = Shop(aws)
        self.ecs = self.shop.ecs
        self.logs = aws.client("logs")
        self.logs.create_log_group(logGroupName=GROUP)
        self.create("public-site", "site:1.0")
        self.create("register-api", "register:1.0")

    def define(self, family: str, image: str) -> str:
        options = {"awslogs-group": GROUP, "awslogs-stream-prefix": family, "awslogs-region": "eu-central-1"}
        answer = self.ecs.register_task_definition(
            family=family, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
            containerDefinitions=[
                {"name": "app", "image": image, "logConfiguration": {"logDriver": "awslogs", "options": options}}
            ],
        )  # fmt: skip
        return answer["taskDefinition"]["taskDefinitionArn"]

    def create(self, name: str, image: str) -> None:
        self.ecs.create_service(
            cluster="shop", serviceName=name, taskDefinition=self.define(name, image), desiredCount=1,
            networkConfiguration={"awsvpcConfiguration": {"subnets": [self.shop.subnet]}}, launchType="FARGATE",
        )  # fmt: skip
        self.settled(name)

    def deploy(self, name: str, image: str) -> float:
        """Begin a deployment; when, in AWS's time."""
        began = self.aws.clock.epoch()
        self.ecs.update_service(cluster="shop", service=name, taskDefinition=self.define(name, image))
        return began

    def settled(self, name: str) -> None:
        def status() -> str:
            found = self.ecs.list_service_deployments(cluster="shop", service=name)["serviceDeployments"]
            return max(found, key=lambda item: item["createdAt"])["status"]

        self.aws.wait_until(lambda: status() == "SUCCESSFUL")

    def request(self, at: float, **failed: Any) -> str:
        put = {"name": "DynamoDB", "operation": "PutItem", "table_name": "cuddlykube", **failed}
        inner, outer = (400, 502) if failed else (200, 200)
        register = {"name": "register-api", "status": inner, "method": "POST", "url": "http://register/"}
        site = {"name": "public-site", "status": outer, "method": "POST", "url": "http://site/register?who=anna"}
        return self.aws.xray.trace([{**site, "calls": [{**register, "calls": [put]}]}], at)

    def line(self, at: float, stream: str, message: str) -> None:
        self.logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
        event = {"timestamp": int(at * 1000), "message": message}
        self.logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=[event])


@pytest.fixture
def cuddly(aws: Emulator) -> Cuddly:
    return Cuddly(aws)


def broken_release(cuddly: Cuddly) -> float:
    """Registrations that go well until a new version serves them; when that was."""
    began = cuddly.deploy("register-api", "register:broken")
    cuddly.settled("register-api")
    now = cuddly.aws.clock.epoch()
    for order in range(31):
        cuddly.request(began - 640 + 20 * order)
    for order in range(12):
        cuddly.request(now + 5 * order, fault=True, exception=X509)
    cuddly.line(now + 1, "register-api/app/4f1c2a7b", f"put item: {X509[1]}")
    cuddly.aws.clock.skip(90)
    return began


def diagnosed(aws: Emulator, inside: Any, **options: Any) -> dict[str, Any]:
    """A run whose calls alone are counted."""
    aws.calls.clear()
    found = inside("ecs_diagnosis", cluster="shop", **options)
    assert not found["failed"], found["msg"]
    assert not found["changed"]
    return found


def test_a_release_that_breaks_what_its_callers_see(aws, inside, cuddly):
    broken_release(cuddly)
    found = diagnosed(aws, inside)
    assert found["verdict"] == "failing" and found["gaps"] == []
    assert found["services"] == ["public-site", "register-api"]
    (row,) = found["findings"]
    assert (row["service"], row["kind"], row["count"], row["of"]) == ("register-api", "tls", 12, 12)
    assert row["before"] == {"failed": 0, "of": 31} and row["exact"] and row["until"] is None
    assert row["exception"] == {"type": X509[0], "message": X509[1]}
    assert row["entity"] == "DynamoDB PutItem cuddlykube"
    assert row["deployment"]["images"] == {"app": "register:broken"}
    assert 0 <= row["deployment"]["seconds_before"] < 300
    assert row["deployment"]["images_before"] == {"app": "register:1.0"}
    assert row["roll_back"] and not row["rolled_back"]
    told = [(step["depth"], step["name"], step["call"], step["status"]) for step in row["path"]]
    assert told == [(0, "public-site", "POST /register", 502), (1, "register-api", "POST /", 400),
                    (2, "DynamoDB", "PutItem cuddlykube", None)]  # fmt: skip
    assert row["ruled_out"] == ["tasks healthy", "no stopped tasks"]
    faulty = {node["name"] for node in found["map"]["nodes"] if node["faulty"]}
    assert faulty == {"public-site", "register-api", "cuddlykube"}
    assert aws.calls.by_action["xray:GetTraceSummaries"] == 2
    again = diagnosed(aws, inside, services=["public-site"])
    # The site fails, too, and by itself it tells no more than X-Ray does of what it called.
    assert [item["service"] for item in again["findings"]] == ["public-site"]


def test_what_may_not_be_looked_at_is_a_gap(aws, inside, cuddly):
    broken_release(cuddly)
    needed = {"ecs:ListServices", "ecs:DescribeServices"}
    denied = sorted(policies.actions("diagnosis-policy.json") - needed)
    for action in denied:
        aws.faults.deny(action)
    found = diagnosed(aws, inside)
    assert found["verdict"] == "nothing_found" and found["findings"] == []
    told = {gap["action"] for gap in found["gaps"]}
    assert told == {
        "ecs:DescribeTaskDefinition", "ecs:ListServiceDeployments", "ecs:ListTasks", "xray:GetTraceSummaries",
    }  # fmt: skip
    assert all(gap["denied"] for gap in found["gaps"])
    for action in ("xray:GetTraceSummaries", "ecs:DescribeTaskDefinition"):
        aws.faults.allow(action)
    found = diagnosed(aws, inside)
    assert {gap["action"] for gap in found["gaps"]} == {
        "ecs:ListServiceDeployments", "ecs:ListTasks", "logs:FilterLogEvents", "xray:BatchGetTraces",
        "xray:GetServiceGraph", "xray:GetTimeSeriesServiceStatistics", "xray:GetTraceSegmentDestination",
    }  # fmt: skip
    (row,) = found["findings"]
    # X-Ray's root causes alone tell it.
    assert (row["kind"], row["exception"]["message"], row["deployment"], row["path"]) == ("tls", X509[1], None, [])
    aws.faults.deny("ecs:DescribeServices")
    failed = inside("ecs_diagnosis", cluster="shop")
    assert failed["failed"] and "ecs:DescribeServices" in failed["msg"]


def test_bad_arguments_are_refused_before_any_call(aws, inside):
    aws.calls.clear()
    for options, words in (
        ({"start": "yesterday"}, "start is 'yesterday', which is no time"),
        ({"end": "2026-11-26T10:00:00"}, "has no time zone"),
        ({"start": "2026-11-26T11:00:00Z", "end": "2026-11-26T10:00:00Z"}, "start must be before end"),
        ({"window": 0}, "window must be at least 1"),
        ({"failure_share": 0}, "more than 0 and at most 1"),
        ({"cluster": " "}, "cluster must not be empty"),
    ):
        result = inside("ecs_diagnosis", **{"cluster": "shop", **options})
        assert result["failed"] and words in result["msg"], result["msg"]
    assert aws.calls.total == 0


def test_a_service_that_is_not_there(aws, inside, cuddly):
    failed = inside("ecs_diagnosis", cluster="shop", services=["register-api", "registr-api"])
    assert failed["failed"] and "registr-api: not in the cluster shop" in failed["msg"]
