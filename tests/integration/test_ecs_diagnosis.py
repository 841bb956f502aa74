# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module ecs_diagnosis against the emulator, in this process."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import datetime, timezone
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
        subnet = aws.client("ec2").create_subnet(VpcId=self.shop.vpc, CidrBlock="10.0.16.0/20")
        self.other = subnet["Subnet"]["SubnetId"]
        self.create("public-site", "site:1.0")
        self.create("register-api", "register:1.0")

    def define(self, family: str, image: str) -> str:
        options = {"awslogs-group": GROUP, "awslogs-stream-prefix": family, "awslogs-region": "eu-central-1"}
        answer = self.ecs.register_task_definition(
            family=family, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
            containerDefinitions=[
                {"name": "app", "image": image, "portMappings": [{"containerPort": 80}],
                 "logConfiguration": {"logDriver": "awslogs", "options": options}},
            ],
        )  # fmt: skip
        return answer["taskDefinition"]["taskDefinitionArn"]

    def create(self, name: str, image: str, balanced: bool = False) -> None:
        group = self.group(name) if balanced else ""
        balancers = [{"targetGroupArn": group, "containerName": "app", "containerPort": 80}]
        self.ecs.create_service(
            cluster="shop", serviceName=name, taskDefinition=self.define(name, image), desiredCount=1,
            networkConfiguration={"awsvpcConfiguration": {"subnets": [self.shop.subnet]}}, launchType="FARGATE",
            **({"loadBalancers": balancers} if balanced else {}),
        )  # fmt: skip
        self.settled(name)

    def group(self, name: str) -> str:
        """ARN of a new target group behind a load balancer of its own."""
        elb = self.aws.client("elbv2")
        answer = elb.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=self.shop.vpc, TargetType="ip")
        arn = answer["TargetGroups"][0]["TargetGroupArn"]
        balancer = elb.create_load_balancer(Name=name, Subnets=[self.shop.subnet, self.other])["LoadBalancers"][0]
        elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
        )  # fmt: skip
        return arn

    def reasons(self, name: str) -> set[str]:
        """Why targets are not healthy."""
        elb = self.aws.client("elbv2")
        arn = elb.describe_target_groups(Names=[name])["TargetGroups"][0]["TargetGroupArn"]
        targets = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        return {item["TargetHealth"].get("Reason", "") for item in targets}

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

    def traced(self, at: float, register: Any = None, put: Any = None) -> str:
        """A registration; what is special of register-api, and of its call of the table."""
        call = {"name": "DynamoDB", "operation": "PutItem", "table_name": "cuddlykube", **(put or {})}
        inner = {"name": "register-api", "status": 200, **(register or {}), "calls": [call]}
        status = 502 if inner["status"] >= 400 else 200
        outer = {"name": "public-site", "status": status, "seconds": inner.get("seconds", 0.1), "calls": [inner]}
        return self.aws.xray.trace([outer], at)

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
    assert [line["message"] for line in row["logs"]] == [f"put item: {X509[1]}"]
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


#: What fails in a request, in the words of the emulator's X-Ray: of register-api itself, and of its call of the table.
OF_REQUESTS = {
    "tls": ({"status": 400}, {"fault": True, "exception": X509}),
    "throttled": ({"status": 500}, {"status": 429, "exception": ("ProvisionedThroughputExceededException", "slower")}),
    "permission": ({"status": 500}, {"status": 400, "exception": ("AccessDeniedException", "not authorized")}),
    "dns": ({"status": 500}, {"fault": True, "exception": ("UnknownHostException", "dynamodb.local")}),
    "timeout": ({"status": 504, "seconds": 9.0}, {"fault": True, "exception": ("E", "deadline exceeded")}),
    "disk": ({"status": 500, "exception": ("OSError", "No space left on device")}, {}),
    "missing": ({"status": 500}, {"status": 400, "exception": ("ResourceNotFoundException", "no table")}),
    "slow": ({"seconds": 5.0}, {"seconds": 4.9}),
    "unknown": ({"status": 500, "exception": ("KeyError", "'name'")}, {}),
}  # fmt: skip


def test_the_cause_is_named_through_xray(aws, inside, cuddly):
    """One kind of failure after the other, two hours apart, each after a time in which all went well."""
    hours = {kind: aws.clock.epoch() - 7200 * number for number, kind in enumerate([*OF_REQUESTS, "both"], 1)}
    for kind, start in hours.items():
        for order in range(20):
            cuddly.traced(start + 10 * order)
            first = "tls" if kind == "both" else kind
            cuddly.traced(start + 300 + 10 * order, *OF_REQUESTS[first])
            if kind == "both":
                cuddly.traced(start + 305 + 20 * order, *OF_REQUESTS["disk"])
    for kind, start in hours.items():
        times = [datetime.fromtimestamp(moment, timezone.utc).isoformat() for moment in (start - 60, start + 900)]
        found = diagnosed(aws, inside, start=times[0], end=times[1], before=0, logs=False)
        named = [(row["service"], row["kind"]) for row in found["findings"]]
        wanted = ["tls", "disk"] if kind == "both" else [kind]
        assert sorted(named) == sorted(("register-api", item) for item in wanted), (kind, found["findings"])
        assert all(row["exact"] and row["deployment"] is None for row in found["findings"])


def test_the_cause_is_named_of_tasks_that_do_not_run(aws, inside, cuddly, still):
    """Six services at once, each with an image that is broken in its own way."""
    kinds = {"exit": "crash", "memory": "memory", "pull": "image", "port": "wrong_port", "unhealthy": "health_check",
             "disk": "disk"}  # fmt: skip
    for how in kinds:
        cuddly.create(f"svc-{how}", f"{how}:1", balanced=True)
        aws.faults.break_image(f"{how}:2", how)
    for how in kinds:
        cuddly.deploy(f"svc-{how}", f"{how}:2")
    aws.clock.skip(600)
    # Only while a target is there the load balancer says why it is not healthy.
    aws.wait_until(lambda: "Target.FailedHealthChecks" in cuddly.reasons("svc-port"), 7200)
    aws.faults.deny("logs:StartQuery")
    found = diagnosed(aws, inside, traces=False)
    assert found["gaps"] == [] and aws.calls.by_action["logs:FilterLogEvents"] == len(kinds)
    named = {row["service"]: row["kind"] for row in found["findings"]}
    assert named == {f"svc-{how}": kind for how, kind in kinds.items()}
    assert len(found["findings"]) == len(kinds)
    for row in found["findings"]:
        how = row["service"].removeprefix("svc-")
        assert row["deployment"] and row["deployment"]["images"] == {"app": f"{how}:2"} and row["roll_back"]


def test_traces_in_cloudwatch_logs_and_the_policy_that_all_of_it_takes(aws, inside, cuddly):
    called: set[str] = set()
    cuddly.create("list-api", "list:1.0", balanced=True)
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName="register-5xx", Namespace="shop", MetricName="5xx", Statistic="Sum", Period=60, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    broken_release(cuddly)
    found = diagnosed(aws, inside, alarms=["register-5xx"])
    assert found["gaps"] == [] and len(found["findings"]) == 1
    called |= aws.calls.by_action.keys()

    aws.xray.transaction_search(indexed=100)
    now = aws.clock.epoch()
    for order in range(6):
        cuddly.request(now - 50 + order, fault=True, exception=("UnknownHostException", "dynamodb.local"))
    aws.faults.deny("logs:StartQuery")
    times = [datetime.fromtimestamp(moment, timezone.utc).isoformat() for moment in (now - 60, now)]
    found = diagnosed(aws, inside, start=times[0], end=times[1], before=0)
    called |= aws.calls.by_action.keys()
    assert found["gaps"] == [] and found["findings"][0]["kind"] == "dns"
    assert found["findings"][0]["trace"]["rows"][-1]["name"] == "DynamoDB PutItem cuddlykube"
    assert sorted(called) == sorted(policies.actions("diagnosis-policy.json"))


def test_real_requests_through_a_load_balancer(aws, inside, cuddly):
    """Nothing is written by the test: the tasks of the look-alike send their segments and log lines themselves."""
    cuddly.create("site", "site:1.0", balanced=True)
    aws.traffic.calls("site", "register-api", path="/register")
    every = dict.fromkeys(("ResourceARN", "ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath"), "*")
    aws.client("xray").create_sampling_rule(
        SamplingRule={**every, "RuleName": "all", "Priority": 1, "FixedRate": 1.0, "ReservoirSize": 0, "Version": 1}
    )
    table = ("DynamoDB", "PutItem", "cuddlykube")
    aws.faults.answer("register:broken", status=400, after=15, cause=X509, dependency=table)
    url = aws.front("site")

    def register() -> int:
        try:
            with urllib.request.urlopen(f"{url}/register?who=anna", data=b"{}", timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    assert {register() for _order in range(12)} == {200}
    cuddly.deploy("register-api", "register:broken")
    cuddly.settled("register-api")
    assert {register() for _order in range(6)} == {502}
    found = diagnosed(aws, inside, services=["site", "register-api"])
    (row,) = found["findings"]
    assert (row["service"], row["kind"], row["count"], row["of"]) == ("register-api", "tls", 6, 6)
    assert row["before"] == {"failed": 0, "of": 12} and row["deployment"]["images"] == {"app": "register:broken"}
    assert [step["status"] for step in row["path"]][:2] == [502, 400] and row["path"][1]["seconds"] >= 15
    assert any(X509[1] in line["message"] for line in row["logs"]), row["logs"]


def test_of_an_earlier_time_what_is_seen_now_is_not_told(aws, inside, cuddly):
    cuddly.create("shaky", "shaky:1.0", balanced=True)
    begin = aws.clock.epoch()
    for order in range(20):
        cuddly.request(begin + 5 * order)
    aws.clock.skip(2 * 3600)
    watch = aws.client("cloudwatch")
    watch.put_metric_alarm(
        AlarmName="shaky", Namespace="x", MetricName="y", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    watch.set_alarm_state(AlarmName="shaky", StateValue="ALARM", StateReason="it is so")
    now = diagnosed(aws, inside, services=["shaky"], alarms=["shaky"])
    assert [item["source"] for item in now["findings"]] == ["alarms"], "or the test shows nothing"
    assert {"stopped tasks", "unhealthy targets"} <= {row["source"] for row in now["looked_at"]}
    times = [datetime.fromtimestamp(begin + more, timezone.utc).isoformat() for more in (-10, 200)]
    found = diagnosed(aws, inside, services=["shaky"], alarms=["shaky"], start=times[0], end=times[1])
    assert (found["verdict"], found["findings"]) == ("nothing_found", [])
    assert not {"stopped tasks", "unhealthy targets", "alarms"} & {row["source"] for row in found["looked_at"]}
    assert any("are known of now alone" in note for note in found["notes"])


def test_logs_that_are_not_looked_at_are_told(aws, inside, cuddly):
    for name, options in (
        ("far", {"logDriver": "awslogs", "options": {"awslogs-group": "far", "awslogs-region": "us-east-1"}}),
        ("other", {"logDriver": "awsfirelens"}),
    ):
        definition = cuddly.ecs.register_task_definition(
            family=name, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
            containerDefinitions=[{"name": "app", "image": "far:1.0", "logConfiguration": options}],
        )["taskDefinition"]["taskDefinitionArn"]  # fmt: skip
        cuddly.ecs.create_service(
            cluster="shop", serviceName=name, taskDefinition=definition, desiredCount=1, launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": [cuddly.shop.subnet]}},
        )  # fmt: skip
        cuddly.settled(name)
    found = diagnosed(aws, inside, services=["far", "other"])
    assert found["verdict"] == "nothing_found"
    assert "log lines" not in {row["source"] for row in found["looked_at"]}
    assert "The log of far is not looked at: app writes to the region us-east-1." in found["notes"]
    assert "The log of other is not looked at: app writes by awsfirelens." in found["notes"]
    late = datetime.fromtimestamp(aws.clock.epoch() + 3600, timezone.utc).isoformat()
    failed = inside("ecs_diagnosis", cluster="shop", start=late)
    assert failed["failed"] and "start must be before end" in failed["msg"]
