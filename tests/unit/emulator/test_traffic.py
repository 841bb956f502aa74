# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests through a load balancer of the emulator."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from tests.emulator.world import world
from tests.unit.emulator.account import CLUSTER, Account


class Shop:
    """The services web and api, of one task each, behind one listener; api in a target group that gets nothing."""

    def __init__(self, kitchen: Account) -> None:
        self.kitchen = kitchen
        self.elbv2 = kitchen.elbv2
        self.groups = {name: self._group(name) for name in ("web", "api")}
        balancer = self.elbv2.create_load_balancer(Name="shop", Subnets=kitchen.subnets[:2])["LoadBalancers"][0]
        self.arn = balancer["LoadBalancerArn"]
        self.listener = self.elbv2.create_listener(
            LoadBalancerArn=self.arn, Protocol="HTTP", Port=80, DefaultActions=[self.forward("web")]
        )["Listeners"][0]["ListenerArn"]
        for name in self.groups:
            self.service(name, f"shop/{name}:1")
        self.url = kitchen.emulator.front("shop")

    def _group(self, name: str) -> str:
        answer = self.elbv2.create_target_group(
            Name=name, Protocol="HTTP", Port=80, VpcId=self.kitchen.vpc, TargetType="ip",
            HealthCheckIntervalSeconds=10, UnhealthyThresholdCount=2,
        )  # fmt: skip
        return answer["TargetGroups"][0]["TargetGroupArn"]

    def define(self, name: str, image: str) -> None:
        options = {"awslogs-group": "shop", "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "all"}
        logs = {"logDriver": "awslogs", "options": options}
        self.kitchen.ecs.register_task_definition(
            family=name, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
            containerDefinitions=[{"name": name, "image": image, "logConfiguration": logs}],
        )  # fmt: skip

    def service(self, name: str, image: str, desired: int = 1, **settings: Any) -> None:
        self.define(name, image)
        balancing = {"targetGroupArn": self.groups[name], "containerName": name, "containerPort": 80}
        self.kitchen.service(name, desired, taskDefinition=name, loadBalancers=[balancing], **settings)

    def forward(self, *names: str, **weights: int) -> dict[str, Any]:
        groups = {**dict.fromkeys(names, 1), **weights}
        targets = [{"TargetGroupArn": self.groups[name], "Weight": weight} for name, weight in groups.items()]
        return {"Type": "forward", "ForwardConfig": {"TargetGroups": targets}}

    def rule(self, priority: int, action: dict[str, Any], *conditions: dict[str, Any]) -> str:
        answer = self.elbv2.create_rule(
            ListenerArn=self.listener, Priority=priority, Conditions=list(conditions), Actions=[action]
        )
        return answer["Rules"][0]["RuleArn"]

    def ask(self, path: str = "/", method: str = "GET", **headers: str) -> tuple[int, str, dict[str, str]]:
        """Status, body and headers of an answer."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=named)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.headers)
        finally:
            connection.close()

    def asked(self, path: str = "/", method: str = "GET", **headers: str) -> str:
        """The service that answered well, or the status."""
        status, body, _headers = self.ask(path, method, **headers)
        return json.loads(body)["service"] if status == 200 else str(status)


@pytest.fixture
def shop(kitchen: Account) -> Shop:
    return Shop(kitchen)


def test_a_request_reaches_a_task_and_is_remembered(shop: Shop) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html"""
    seen: list[Any] = []
    shop.kitchen.emulator.traffic.on_request(seen.append)
    began = world.clock.epoch()
    status, body, headers = shop.ask("/buy?what=soup", "POST", X_Mood="glad")
    assert (status, json.loads(body)) == (200, {"service": "web", "image": "shop/web:1"})
    (request,) = shop.kitchen.emulator.traffic.requests
    assert seen == [request]
    assert (request.method, request.path, request.query) == ("POST", "/buy", "what=soup")
    assert request.headers["x-mood"] == "glad"
    assert (request.listener, request.target_group) == (shop.listener, shop.groups["web"])
    assert request.status == 200 and request.seconds == pytest.approx(0.1) and request.at == pytest.approx(began)
    (hop,) = request.hops
    task = shop.kitchen.ecs.list_tasks(cluster=CLUSTER, serviceName="web")["taskArns"][0]
    assert (hop.service, hop.task, hop.image, hop.parent) == ("web", task, "shop/web:1", None)
    assert (hop.status, hop.started, hop.cause) == (200, request.at, None)
    assert parsedate_to_datetime(headers["Date"]).timestamp() == pytest.approx(world.clock.epoch(), abs=2)


def test_what_it_answers_is_said_by_image(shop: Shop) -> None:
    """These are this emulator's switches: the later one goes first."""
    faults = shop.kitchen.emulator.faults
    faults.answer("shop/*", 404, body="where?")
    faults.answer("shop/web:1", 400, after=15, body="no", cause=("TlsError", "unknown authority"),
                  dependency=("DynamoDB", "PutItem", "soups"))  # fmt: skip
    began = world.clock.now()
    assert shop.ask()[:2] == (400, "no")
    assert world.clock.now() - began == pytest.approx(15)
    hop = shop.kitchen.emulator.traffic.requests[-1].hops[0]
    assert (hop.status, hop.seconds) == (400, 15)
    assert hop.cause == ("TlsError", "unknown authority") and hop.dependency == ("DynamoDB", "PutItem", "soups")
    faults.forget_answers()
    assert shop.asked() == "web"
    for wrong in ({"status": "gone"}, {"status": 99}, {"share": 0}, {"share": 1.5}):
        with pytest.raises(ValueError):
            faults.answer("shop/web:1", **wrong)


def test_a_share_of_the_requests_fails_by_count(shop: Shop) -> None:
    """It is one of this emulator's switches."""
    shop.kitchen.emulator.faults.answer("shop/web:*", 500, share=0.1)
    assert [number for number in range(1, 31) if shop.ask()[0] == 500] == [10, 20, 30]


CONDITIONS = [
    ({"Field": "path-pattern", "Values": ["/img/*"]}, {"path": "/img/a.png"}, {"path": "/IMG/a.png"}),
    ({"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a?"]}}, {"path": "/ab?x=1"}, {"path": "/abc"}),
    ({"Field": "host-header", "Values": ["*.shop.test"]}, {"Host": "WWW.shop.test:80"}, {"Host": "shop.test"}),
    (
        {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Version", "Values": ["new*"]}},
        {"x_version": "NEW-2"},
        {"x_version": "old"},
    ),
    ({"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["PUT"]}}, {"method": "PUT"}, {}),
    (
        {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "version", "Value": "v1"}]}},
        {"path": "/?Version=V1"},
        {"path": "/?other=v1"},
    ),
    ({"Field": "query-string", "QueryStringConfig": {"Values": [{"Value": "*soup*"}]}}, {"path": "/?a=soups"}, {}),
    ({"Field": "source-ip", "SourceIpConfig": {"Values": ["127.0.0.0/8"]}}, {}, None),
]


@pytest.mark.parametrize(("condition", "fits", "other"), CONDITIONS)
def test_conditions_of_rules(shop: Shop, condition: dict[str, Any], fits: dict, other: dict | None) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html"""
    shop.rule(5, shop.forward("api"), condition)
    assert shop.asked(**fits) == "api"
    if other is not None:
        assert shop.asked(**other) == "web"


def test_the_rule_with_the_lowest_number_whose_conditions_are_all_met(shop: Shop) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html"""
    every = {"Field": "path-pattern", "Values": ["*"]}
    post = {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["POST"]}}
    fixed = {"StatusCode": "418", "ContentType": "text/plain", "MessageBody": "tea"}
    shop.rule(20, shop.forward("api"), every)
    rule = shop.rule(3, {"Type": "fixed-response", "FixedResponseConfig": fixed}, every, post)
    assert shop.ask(method="POST")[:2] == (418, "tea")
    request = shop.kitchen.emulator.traffic.requests[-1]
    assert (request.rule, request.target_group, request.hops) == (rule, None, ())
    assert shop.asked() == "api"
    shop.elbv2.delete_rule(RuleArn=rule)
    assert shop.asked(method="POST") == "api"


def test_a_redirect(shop: Shop) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html"""
    action = {"Protocol": "HTTPS", "Port": "443", "Path": "/new/#{path}", "StatusCode": "HTTP_301"}
    shop.rule(1, {"Type": "redirect", "RedirectConfig": action}, {"Field": "path-pattern", "Values": ["/old*"]})
    status, _body, headers = shop.ask("/old/x?a=1", Host="shop.test")
    assert (status, headers["Location"]) == (301, "https://shop.test:443/new/old/x?a=1")


def test_weights_are_shares_of_the_requests(shop: Shop) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html"""
    shop.elbv2.modify_listener(ListenerArn=shop.listener, DefaultActions=[shop.forward(web=90, api=10)])
    assert Counter(shop.asked() for _request in range(20)) == {"web": 18, "api": 2}
    shop.elbv2.modify_listener(ListenerArn=shop.listener, DefaultActions=[shop.forward(web=0, api=1)])
    assert Counter(shop.asked() for _request in range(5)) == {"api": 5}


def test_targets_take_turns_and_those_that_are_not_healthy_get_nothing(shop: Shop) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"""
    world.faults.break_image("shop/web:1", "unhealthy", after=1)
    ecs = shop.kitchen.ecs
    ecs.update_service(cluster=CLUSTER, service="web", desiredCount=3)

    def states() -> list[str]:
        health = shop.elbv2.describe_target_health(TargetGroupArn=shop.groups["web"])["TargetHealthDescriptions"]
        return sorted(item["TargetHealth"]["State"] for item in health)

    shop.kitchen.emulator.wait_until(lambda: states() == ["healthy", "initial", "initial"], 200)
    for _request in range(2):
        shop.asked()
    assert len({request.hops[0].task for request in shop.kitchen.emulator.traffic.requests}) == 1
    world.faults.mend_images()
    shop.kitchen.emulator.wait_until(lambda: states() == ["healthy"] * 3, 600)
    shop.kitchen.emulator.traffic.requests.clear()
    for _request in range(6):
        shop.asked()
    by_task = Counter(request.hops[0].task for request in shop.kitchen.emulator.traffic.requests)
    assert list(by_task.values()) == [2, 2, 2]


def test_where_no_target_is_healthy_all_are_used(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"""
    world.faults.break_image("shop/web:1", "unhealthy", after=1)
    shop = Shop(kitchen)
    kitchen.emulator.wait_until(lambda: kitchen.describe_service("web")["runningCount"], 100)
    assert shop.asked() == "web"


def test_no_registered_target_is_503(shop: Shop) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html"""
    shop.kitchen.ecs.update_service(cluster=CLUSTER, service="web", desiredCount=0)
    shop.kitchen.emulator.clock.sleep(30)
    status, body, headers = shop.ask()
    assert status == 503 and "503 Service Temporarily Unavailable" in body and headers["Server"] == "awselb/2.0"


def test_a_target_that_is_not_there_is_504(shop: Shop) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html"""
    (target,) = shop.elbv2.describe_target_health(TargetGroupArn=shop.groups["web"])["TargetHealthDescriptions"]
    shop.elbv2.deregister_targets(TargetGroupArn=shop.groups["web"], Targets=[{"Id": target["Target"]["Id"]}])
    shop.elbv2.register_targets(TargetGroupArn=shop.groups["web"], Targets=[{"Id": "10.42.0.250"}])
    began = world.clock.now()
    assert shop.asked() == "504" and world.clock.now() - began == pytest.approx(10)


@pytest.mark.parametrize(
    ("answer", "status", "seconds"), [({"status": "cut", "after": 2}, 502, 2), ({"after": 75}, 504, 60)]
)
def test_what_the_load_balancer_makes_of_no_answer(shop: Shop, answer: dict, status: int, seconds: float) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html"""
    world.faults.answer("shop/web:1", **answer)
    began = world.clock.now()
    assert shop.ask()[0] == status and world.clock.now() - began == pytest.approx(seconds)
    assert shop.kitchen.emulator.traffic.requests[-1].by_balancer


def test_a_task_that_ends_before_it_answers_is_502(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html"""
    world.faults.answer("shop/web:1", after=55)
    world.faults.break_image("shop/web:1", "exit", after=50)
    shop = Shop(kitchen)
    kitchen.emulator.wait_until(lambda: kitchen.describe_service("web")["runningCount"], 100)
    assert shop.ask()[0] == 502


def test_the_idle_timeout_is_an_attribute(shop: Shop) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"""
    world.faults.answer("shop/web:1", after=75)
    shop.elbv2.modify_load_balancer_attributes(
        LoadBalancerArn=shop.arn, Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "90"}]
    )
    assert shop.asked() == "web"


def test_a_request_makes_tasks_call_others(shop: Shop) -> None:
    """This emulator's way to say what the tasks do."""
    traffic = shop.kitchen.emulator.traffic
    traffic.calls("web", "api", path="/register")
    assert shop.asked("/") == "web" and len(traffic.requests[-1].hops) == 1
    assert shop.asked("/register/me") == "web"
    caller, called = traffic.requests[-1].hops
    assert (called.service, called.parent, caller.parent) == ("api", 0, None)
    assert caller.seconds == pytest.approx(0.2) and called.seconds == pytest.approx(0.1)
    assert called.started == caller.started


def test_who_gets_no_good_answer_answers_502(shop: Shop) -> None:
    """This emulator's way to say what the tasks do."""
    traffic = shop.kitchen.emulator.traffic
    traffic.calls("web", "api")
    world.faults.answer("shop/api:1", 400, after=15, cause=("TlsError", "unknown authority"))
    assert shop.ask()[0] == 502
    request = traffic.requests[-1]
    assert [(hop.service, hop.status, hop.cause) for hop in request.hops] == [
        ("web", 502, None), ("api", 400, ("TlsError", "unknown authority")),
    ]  # fmt: skip
    assert request.seconds == pytest.approx(15) and not request.by_balancer
    world.faults.answer("shop/api:1", "cut", after=1)
    assert shop.ask()[0] == 502 and traffic.requests[-1].hops[1].status == 0
    world.faults.break_image("shop/api:1", "port")
    assert shop.ask()[0] == 502
    (hop,) = traffic.requests[-1].hops
    assert hop.cause == ("ConnectionRefusedError", "api: connection refused")
    shop.kitchen.ecs.update_service(cluster=CLUSTER, service="api", desiredCount=0)
    shop.kitchen.emulator.clock.sleep(600)
    assert shop.ask()[0] == 502
    assert traffic.requests[-1].hops[0].cause == ("ConnectionError", "api: no address associated with this name")


def test_a_trace_goes_through(shop: Shop) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html"""
    shop.ask()
    assert shop.kitchen.emulator.traffic.requests[-1].headers["x-amzn-trace-id"].startswith("Root=1-")
    shop.ask(X_Amzn_Trace_Id="Root=1-67891233-abcdef012345678912345678;Sampled=1")
    trace = shop.kitchen.emulator.traffic.requests[-1].headers["x-amzn-trace-id"]
    assert trace.startswith("Self=1-") and trace.endswith(";Root=1-67891233-abcdef012345678912345678;Sampled=1")


def test_requests_are_counted_by_cloudwatch(shop: Shop) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html"""
    world.faults.answer("shop/web:1", 500, share=0.5, after=4)
    for _request in range(4):
        shop.ask()
    world.faults.answer("shop/web:1", "cut")
    shop.ask()
    balancer = {"Name": "LoadBalancer", "Value": shop.arn.partition(":loadbalancer/")[2]}
    group = {"Name": "TargetGroup", "Value": shop.groups["web"].rpartition(":")[2]}
    cloudwatch = shop.kitchen.emulator.client("cloudwatch")
    metrics = cloudwatch.list_metrics(Namespace="AWS/ApplicationELB")["Metrics"]
    assert {(item["MetricName"], tuple(sorted(one["Name"] for one in item["Dimensions"]))) for item in metrics} == {
        (name, of)
        for name in ("RequestCount", "HTTPCode_Target_2XX_Count", "HTTPCode_Target_5XX_Count", "TargetResponseTime")
        for of in (("LoadBalancer",), ("LoadBalancer", "TargetGroup"))
    } | {("HTTPCode_ELB_5XX_Count", ("LoadBalancer",)), ("HTTPCode_ELB_502_Count", ("LoadBalancer",))}
    now = datetime.fromtimestamp(world.clock.epoch(), timezone.utc)
    total, slowest = (
        cloudwatch.get_metric_statistics(
            Namespace="AWS/ApplicationELB", MetricName=name, Dimensions=[group, balancer], Period=3600,
            StartTime=now - timedelta(hours=1), EndTime=now + timedelta(hours=1), Statistics=[statistic],
        )["Datapoints"][0][statistic]
        for name, statistic in (("RequestCount", "Sum"), ("TargetResponseTime", "Maximum"))
    )  # fmt: skip
    assert (total, slowest) == (5, 4)


def lines(shop: Shop, name: str) -> list[str]:
    """What the containers of this service have written."""
    logs = shop.kitchen.logs
    events = logs.filter_log_events(logGroupName="shop")["events"]
    (task,) = shop.kitchen.ecs.list_tasks(cluster=CLUSTER, serviceName=name)["taskArns"]
    stream = f"all/{name}/{task.rpartition('/')[2]}"
    return [event["message"] for event in events if event["logStreamName"] == stream]


def test_tasks_write_their_requests_into_their_logs(shop: Shop) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html (prefix/container/task id)"""
    world.faults.answer_as("shop/api:1", "tls")
    shop.ask()  # nothing is written where there is no log group
    shop.kitchen.logs.create_log_group(logGroupName="shop")
    shop.kitchen.emulator.traffic.calls("web", "api", path="/register")
    shop.ask()
    shop.ask("/register", "POST")
    assert lines(shop, "web") == [
        "GET / 200 0.100s",
        "ERROR POST /register: api answered 400",
        "POST /register 502 15.000s",
    ]
    assert lines(shop, "api") == [
        "ERROR POST /register: DynamoDB PutItem cuddlykube: x509.UnknownAuthorityError: "
        "x509: certificate signed by unknown authority",
        "POST /register 400 15.000s",
    ]
    world.faults.say("shop/api:*", "cannot write")
    shop.ask("/register")
    assert lines(shop, "api")[2:] == ["cannot write", "GET /register 400 15.000s"]
    with pytest.raises(ValueError, match="'odd' is none of tls, throttled, denied, dns"):
        world.faults.answer_as("x", "odd")


@pytest.mark.parametrize(
    ("scenario", "status", "line"),
    [
        ("throttled", 500, "DynamoDB PutItem cuddlykube: ProvisionedThroughputExceededException: The level of"),
        ("denied", 500, "DynamoDB PutItem cuddlykube: AccessDeniedException: User: arn:aws:sts::123456789012:assumed"),
        ("dns", 502, "gaierror: [Errno -2] Name or service not known"),
        ("disk", 500, "OSError: [Errno 28] No space left on device"),
    ],
)
def test_scenarios(shop: Shop, scenario: str, status: int, line: str) -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html"""
    shop.kitchen.logs.create_log_group(logGroupName="shop")
    world.faults.answer_as("shop/web:1", scenario, after=0.5)
    assert shop.ask()[0] == status
    assert lines(shop, "web")[0].startswith(f"ERROR GET /: {line}")


def test_an_alarm_on_errors_switches_a_deployment_back(shop: Shop) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html"""
    balancer = {"Name": "LoadBalancer", "Value": shop.arn.partition(":loadbalancer/")[2]}
    shop.kitchen.emulator.client("cloudwatch").put_metric_alarm(
        AlarmName="errors", Namespace="AWS/ApplicationELB", MetricName="HTTPCode_Target_5XX_Count", Statistic="Sum",
        Dimensions=[balancer], Period=60, EvaluationPeriods=1, Threshold=1, TreatMissingData="notBreaching",
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )  # fmt: skip
    world.faults.answer("shop/web:2", 500)
    ecs = shop.kitchen.ecs
    shop.define("web", "shop/web:2")
    alarms = {"alarmNames": ["errors"], "enable": True, "rollback": True}
    ecs.update_service(
        cluster=CLUSTER, service="web", taskDefinition="web", deploymentConfiguration={"alarms": alarms}
    )

    def newest() -> dict[str, Any]:
        return ecs.list_service_deployments(cluster=CLUSTER, service="web")["serviceDeployments"][0]

    emulator = shop.kitchen.emulator
    emulator.wait_until(lambda: shop.ask()[0] == 500, 600)
    emulator.wait_until(lambda: newest()["status"] == "ROLLBACK_SUCCESSFUL", 600)
    assert "errors" in newest()["statusReason"]
    emulator.wait_until(lambda: shop.asked() == "web", 600)
    assert emulator.timeline.first("alarm", "errors", "ALARM").detail.startswith("Threshold Crossed")


def test_a_front_needs_a_listener_and_goes_with_it(shop: Shop) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html"""
    emulator = shop.kitchen.emulator
    assert emulator.front(shop.arn) == shop.url
    for balancer, port in (("shop", 8080), ("other", 80)):
        with pytest.raises(LookupError):
            emulator.front(balancer, port)
    shop.elbv2.delete_listener(ListenerArn=shop.listener)
    with pytest.raises(http.client.RemoteDisconnected):
        shop.ask()
    emulator.reset()
    assert not emulator.traffic.requests
    with pytest.raises(ConnectionRefusedError):
        shop.ask()


def test_a_request_that_is_under_way_is_forgotten_with_its_account(shop: Shop) -> None:
    """A test must not see what another one has asked."""
    world.faults.answer("shop/web:1", after=100)
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            shop.ask()
        except OSError as error:
            failed.append(error)

    world.clock.resume()
    thread = threading.Thread(target=ask)
    thread.start()
    shop.kitchen.emulator.clock.sleep(50)
    shop.kitchen.emulator.reset()
    thread.join(10)
    shop.kitchen.emulator.clock.sleep(100)
    world.clock.pause()
    assert failed and not shop.kitchen.emulator.traffic.requests


def test_requests_take_their_time_side_by_side(shop: Shop) -> None:
    """A listener handles many at a time."""
    world.faults.answer("shop/web:1", after=15)
    began = world.clock.now()
    threads = [threading.Thread(target=shop.ask) for _number in range(4)]
    world.clock.resume()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    world.clock.pause()
    assert len(shop.kitchen.emulator.traffic.requests) == 4
    assert world.clock.now() - began < 4 * 15
