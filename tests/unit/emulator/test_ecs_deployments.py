# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service deployments on the emulator: how they go on, end and are rolled back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.world import world
from tests.unit.emulator.account import CLUSTER, Account

BREAKER = {"enable": True, "rollback": True}


def define(kitchen: Account, image: str) -> str:
    answer = kitchen.ecs.register_task_definition(
        family="app",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "app", "image": image}],
    )
    return answer["taskDefinition"]["taskDefinitionArn"]


def update(kitchen: Account, **settings: Any) -> str:
    """ARN of the deployment that UpdateService starts."""
    kitchen.ecs.update_service(cluster=CLUSTER, service="soup", **settings)
    return listed(kitchen)[0]["serviceDeploymentArn"]


def release(kitchen: Account, image: str, **settings: Any) -> str:
    return update(kitchen, taskDefinition=define(kitchen, image), **settings)


def listed(kitchen: Account, **filters: Any) -> list[dict[str, Any]]:
    return kitchen.ecs.list_service_deployments(cluster=CLUSTER, service="soup", **filters)["serviceDeployments"]


def described(kitchen: Account, arn: str) -> dict[str, Any]:
    return kitchen.ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]


def revision(kitchen: Account, arn: str) -> dict[str, Any]:
    return kitchen.ecs.describe_service_revisions(serviceRevisionArns=[arn])["serviceRevisions"][0]


def ends(kitchen: Account, arn: str, status: str, aws_seconds: float = 3600) -> dict[str, Any]:
    kitchen.emulator.wait_until(lambda: described(kitchen, arn)["status"] == status, aws_seconds)
    return described(kitchen, arn)


def statuses(kitchen: Account) -> list[str]:
    return [event.status for event in kitchen.emulator.timeline if event.kind == "deployment"]


def test_a_service_begins_with_a_deployment(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html (lifecycle)"""
    arn = kitchen.service("soup")
    (brief,) = listed(kitchen)
    assert brief["status"] == "SUCCESSFUL" and brief["serviceArn"] == arn
    assert kitchen.describe_service("soup")["currentServiceDeployment"] == brief["serviceDeploymentArn"]
    assert revision(kitchen, brief["targetServiceRevisionArn"])["taskDefinition"].endswith("/app:1")


def test_an_update_is_a_deployment_to_a_revision(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html (lifecycle, states)"""
    kitchen.service("soup", desired=2)
    first = listed(kitchen)[0]["targetServiceRevisionArn"]
    arn = release(kitchen, "example/app:2")
    assert described(kitchen, arn)["status"] == "PENDING"
    done = ends(kitchen, arn, "SUCCESSFUL")
    assert done["startedAt"] >= done["createdAt"] and done["finishedAt"] > done["startedAt"]
    assert [item["arn"] for item in done["sourceServiceRevisions"]] == [first]
    assert done["targetServiceRevision"]["runningTaskCount"] == 2
    shown = revision(kitchen, done["targetServiceRevision"]["arn"])
    assert shown["taskDefinition"].endswith("/app:2") and shown["containerImages"][0]["image"] == "example/app:2"
    assert statuses(kitchen)[-3:] == ["PENDING", "IN_PROGRESS", "SUCCESSFUL"]
    assert kitchen.describe_service("soup")["deployments"][0]["rolloutState"] == "COMPLETED"


def test_what_starts_no_deployment(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html (deploymentConfiguration)"""
    kitchen.service("soup")
    update(kitchen, deploymentConfiguration={"maximumPercent": 150, "minimumHealthyPercent": 50})
    update(kitchen, desiredCount=2)
    assert len(listed(kitchen)) == 1
    update(kitchen, forceNewDeployment=True)
    assert len(listed(kitchen)) == 2


def test_deployments_are_listed_newest_first_by_status_and_time_in_pages(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html"""
    kitchen.service("soup")
    for number in (2, 3):
        ends(kitchen, release(kitchen, f"example/app:{number}"), "SUCCESSFUL")
    newest = listed(kitchen)
    assert [item["createdAt"] for item in newest] == sorted((item["createdAt"] for item in newest), reverse=True)
    assert listed(kitchen, status=["STOPPED"]) == [] and listed(kitchen, status=["SUCCESSFUL"]) == newest
    assert listed(kitchen, createdAt={"after": datetime.now(timezone.utc) + timedelta(days=1)}) == []
    one = kitchen.ecs.list_service_deployments(cluster=CLUSTER, service="soup", maxResults=1)
    two = kitchen.ecs.list_service_deployments(
        cluster=CLUSTER, service="soup", maxResults=2, nextToken=one["nextToken"]
    )
    assert one["serviceDeployments"] + two["serviceDeployments"] == newest and "nextToken" not in two
    with pytest.raises(ClientError, match="ServiceNotFoundException"):
        kitchen.ecs.list_service_deployments(cluster=CLUSTER, service="salad")


def test_what_is_not_there_is_a_failure_of_the_answer(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html: 20 at most"""
    kitchen.service("soup")
    arn = listed(kitchen)[0]["serviceDeploymentArn"]
    answer = kitchen.ecs.describe_service_deployments(serviceDeploymentArns=[arn, arn + "x"])
    assert len(answer["serviceDeployments"]) == 1
    assert answer["failures"] == [{"arn": arn + "x", "reason": "MISSING"}]
    with pytest.raises(ClientError, match="InvalidParameterException"):
        kitchen.ecs.describe_service_deployments(serviceDeploymentArns=[arn] * 21)


def test_the_deployments_of_a_deleted_service_are_gone(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html (delete a service)"""
    kitchen.service("soup")
    brief = listed(kitchen)[0]
    kitchen.ecs.delete_service(cluster=CLUSTER, service="soup", force=True)
    answer = kitchen.ecs.describe_service_deployments(serviceDeploymentArns=[brief["serviceDeploymentArn"]])
    assert answer["serviceDeployments"] == [] and answer["failures"][0]["reason"] == "MISSING"
    gone = kitchen.ecs.describe_service_revisions(serviceRevisionArns=[brief["targetServiceRevisionArn"]])
    assert gone["serviceRevisions"] == []


def test_a_new_deployment_stops_the_one_that_is_under_way(kitchen: Account) -> None:
    """https://github.com/kayac/ecspresso/issues/899"""
    kitchen.service("soup")
    first = release(kitchen, "example/app:2")
    second = release(kitchen, "example/app:3")
    assert described(kitchen, first)["status"] == "STOP_REQUESTED"
    assert ends(kitchen, first, "STOPPED", 30)["stoppedAt"]
    ends(kitchen, second, "SUCCESSFUL")


def test_an_inactive_task_definition_is_refused(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html"""
    kitchen.service("soup")
    arn = define(kitchen, "example/app:2")
    kitchen.ecs.deregister_task_definition(taskDefinition=arn)
    with pytest.raises(ClientError, match="ClientException.*TaskDefinition is inactive"):
        update(kitchen, taskDefinition=arn)
    assert len(listed(kitchen)) == 1


@pytest.mark.parametrize("controller", ["CODE_DEPLOY", "EXTERNAL"])
def test_a_service_of_another_controller_takes_no_task_definition(kitchen: Account, controller: str) -> None:
    """https://github.com/boto/boto3/issues/1936"""
    kitchen.service("soup", deploymentController={"type": controller})
    with pytest.raises(ClientError, match=f"InvalidParameterException.*services with a {controller} deployment"):
        update(kitchen, taskDefinition=define(kitchen, "example/app:2"))


@pytest.mark.parametrize(
    ("how", "code", "reason"),
    [
        ("pull", "TaskFailedToStart", "CannotPullContainerError"),
        ("exit", "EssentialContainerExited", "Essential container in task exited"),
        ("unhealthy", "ServiceSchedulerInitiated", "Task failed container health checks"),
    ],
)
def test_tasks_that_fail_are_replaced_without_end(kitchen: Account, how: str, code: str, reason: str) -> None:
    """Without a circuit breaker. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html;
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html"""
    kitchen.service("soup")
    world.faults.break_image("example/app:2", how)
    arn = release(kitchen, "example/app:2")
    kitchen.emulator.clock.sleep(1200)
    shown = described(kitchen, arn)
    assert shown["status"] == "IN_PROGRESS" and shown["deploymentCircuitBreaker"]["failureCount"] > 5
    assert shown["deploymentCircuitBreaker"]["status"] == "DISABLED"
    assert kitchen.describe_service("soup")["deployments"][0]["failedTasks"] > 5
    stopped = [kitchen.describe_task(task) for task in kitchen.listed(desiredStatus="STOPPED")]
    assert {task["stopCode"] for task in stopped} == {code} and reason in stopped[0]["stoppedReason"]
    if how == "exit":
        assert {task["containers"][0]["exitCode"] for task in stopped if task["lastStatus"] == "STOPPED"} == {1}
    old = [task for task in kitchen.listed() if kitchen.describe_task(task)["taskDefinitionArn"].endswith(":1")]
    assert len(old) == 1 and kitchen.status(old[0]) == "RUNNING"


@pytest.mark.parametrize(
    ("desired", "given", "threshold"),
    [
        (1, {}, 3),
        (8, {}, 4),
        (1, {"type": "COUNT", "value": 2}, 2),
        (3, {"type": "UNBOUNDED_PERCENT", "value": 34}, 2),
        (3, {"type": "BOUNDED_PERCENT", "value": 34}, 3),
    ],
)
def test_the_circuit_breaker_rolls_back_at_its_threshold(
    kitchen: Account, desired: int, given: dict[str, Any], threshold: int
) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html;
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ThresholdConfiguration.html"""
    kitchen.service("soup", desired=desired)
    first = listed(kitchen)[0]["targetServiceRevisionArn"]
    world.faults.break_image("example/app:2", "pull")
    breaker = {**BREAKER, **({"thresholdConfiguration": given} if given else {})}
    arn = release(kitchen, "example/app:2", deploymentConfiguration={"deploymentCircuitBreaker": breaker})
    done = ends(kitchen, arn, "ROLLBACK_SUCCESSFUL")
    assert done["deploymentCircuitBreaker"]["status"] == "TRIGGERED"
    assert done["deploymentCircuitBreaker"]["threshold"] == threshold
    assert done["rollback"]["serviceRevisionArn"] == first and "circuit breaker" in done["rollback"]["reason"]
    assert done["statusReason"] == "ECS deployment circuit breaker: tasks failed to start."
    assert statuses(kitchen)[-3:] == ["ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL"]
    assert kitchen.describe_service("soup")["taskDefinition"].endswith("/app:1")


def test_the_circuit_breaker_without_rollback_only_stops(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html"""
    kitchen.service("soup")
    world.faults.break_image("example/app:2", "pull")
    breaker = {"enable": True, "rollback": False}
    arn = release(kitchen, "example/app:2", deploymentConfiguration={"deploymentCircuitBreaker": breaker})
    ends(kitchen, arn, "STOPPED")
    service = kitchen.describe_service("soup")
    assert service["taskDefinition"].endswith("/app:2") and service["deployments"][0]["rolloutState"] == "FAILED"
    failed = service["deployments"][0]["failedTasks"]
    kitchen.emulator.clock.sleep(600)
    assert kitchen.describe_service("soup")["deployments"][0]["failedTasks"] == failed


def test_without_a_completed_deployment_the_circuit_breaker_stalls(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html"""
    world.faults.break_image("example/app", "pull")
    kitchen.service("soup", deploymentConfiguration={"deploymentCircuitBreaker": BREAKER})
    kitchen.emulator.clock.sleep(1200)
    (brief,) = listed(kitchen)
    shown = described(kitchen, brief["serviceDeploymentArn"])
    assert shown["status"] == "IN_PROGRESS" and shown["deploymentCircuitBreaker"]["status"] == "TRIGGERED"
    assert shown["deploymentCircuitBreaker"]["failureCount"] == 3
    with pytest.raises(ClientError, match="ConflictException"):
        kitchen.ecs.stop_service_deployment(serviceDeploymentArn=brief["serviceDeploymentArn"], stopType="ROLLBACK")


def test_a_rollback_that_fails(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html (ROLLBACK_FAILED)"""
    share = {"maximumPercent": 100, "minimumHealthyPercent": 0, "deploymentCircuitBreaker": BREAKER}
    kitchen.service("soup", deploymentConfiguration=share)
    world.faults.break_image("example/app*", "pull")
    ends(kitchen, release(kitchen, "example/app:2"), "ROLLBACK_FAILED")


def alarm(kitchen: Account, state: str = "OK") -> Any:
    cloudwatch = kitchen.emulator.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="errors", Namespace="soup", MetricName="5xx", Statistic="Sum", Period=60, EvaluationPeriods=2,
        Threshold=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    set_alarm(kitchen, state)


def set_alarm(kitchen: Account, state: str) -> None:
    cloudwatch = kitchen.emulator.client("cloudwatch")
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue=state, StateReason="a test")


def alarms(rollback: bool = True) -> dict[str, Any]:
    return {"alarms": {"alarmNames": ["errors"], "enable": True, "rollback": rollback}}


def test_an_alarm_rolls_back_also_in_the_bake_time(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html"""
    kitchen.service("soup")
    alarm(kitchen)
    arn = release(kitchen, "example/app:2", deploymentConfiguration=alarms())
    kitchen.emulator.wait_until(lambda: len(kitchen.describe_service("soup")["deployments"]) == 1, 600)
    assert described(kitchen, arn)["status"] == "IN_PROGRESS"
    set_alarm(kitchen, "ALARM")
    done = ends(kitchen, arn, "ROLLBACK_SUCCESSFUL")
    assert done["alarms"] == {"status": "TRIGGERED", "alarmNames": ["errors"], "triggeredAlarmNames": ["errors"]}
    assert kitchen.describe_service("soup")["taskDefinition"].endswith("/app:1")


def test_an_alarm_without_rollback_stops_and_a_calm_one_lets_it_end(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html (stoppedAt)"""
    kitchen.service("soup")
    alarm(kitchen)
    done = ends(kitchen, release(kitchen, "example/app:2", deploymentConfiguration=alarms(False)), "SUCCESSFUL")
    assert done["alarms"]["status"] == "MONITORING_COMPLETE"
    assert (done["finishedAt"] - done["startedAt"]).total_seconds() >= 0
    arn = release(kitchen, "example/app:3")
    kitchen.emulator.wait_until(lambda: described(kitchen, arn)["status"] == "IN_PROGRESS", 60)
    set_alarm(kitchen, "ALARM")
    ends(kitchen, arn, "STOPPED")


def test_an_alarm_that_is_in_alarm_at_the_start_is_ignored(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html"""
    kitchen.service("soup")
    alarm(kitchen, "ALARM")
    ends(kitchen, release(kitchen, "example/app:2", deploymentConfiguration=alarms()), "SUCCESSFUL")


def test_a_deployment_is_rolled_back_on_request_without_any_configuration(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html"""
    kitchen.service("soup")
    arn = release(kitchen, "example/app:2")
    assert kitchen.ecs.stop_service_deployment(serviceDeploymentArn=arn)["serviceDeploymentArn"] == arn
    assert described(kitchen, arn)["status"] == "ROLLBACK_REQUESTED"
    kitchen.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")  # goes on with it
    ends(kitchen, arn, "ROLLBACK_SUCCESSFUL")
    with pytest.raises(ClientError, match="ConflictException"):
        kitchen.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    with pytest.raises(ClientError, match="ServiceDeploymentNotFoundException"):
        kitchen.ecs.stop_service_deployment(serviceDeploymentArn=arn + "x", stopType="ROLLBACK")


def test_a_rollback_takes_a_task_definition_that_is_inactive_by_now(kitchen: Account) -> None:
    """https://github.com/aws/containers-roadmap/issues/328"""
    kitchen.service("soup")
    arn = release(kitchen, "example/app:2")
    kitchen.ecs.deregister_task_definition(taskDefinition="app:1")
    kitchen.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    ends(kitchen, arn, "ROLLBACK_SUCCESSFUL")
    assert kitchen.describe_service("soup")["taskDefinition"].endswith("/app:1")


def test_an_aborted_deployment_stays_where_it_is(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html (ABORT)"""
    kitchen.service("soup")
    arn = release(kitchen, "example/app:2")
    kitchen.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ABORT")
    assert described(kitchen, arn)["status"] == "STOP_REQUESTED"
    ends(kitchen, arn, "STOPPED", 30)
    assert kitchen.describe_service("soup")["taskDefinition"].endswith("/app:2")


def test_a_target_whose_health_check_fails_shows_it(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html"""
    group = kitchen.elbv2.create_target_group(Name="soup", Protocol="HTTP", Port=80, VpcId=kitchen.vpc, TargetType="ip")
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    kitchen.listen(arn)
    balancing = [{"targetGroupArn": arn, "containerName": "app", "containerPort": 80}]
    world.faults.break_image("example/app", "unhealthy")
    kitchen.service("soup", loadBalancers=balancing)

    def states() -> list[str]:
        health = kitchen.elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        return [item["TargetHealth"]["State"] for item in health]

    kitchen.emulator.wait_until(lambda: states() == ["initial"], 120)
    kitchen.emulator.wait_until(lambda: kitchen.listed(desiredStatus="STOPPED"), 120)
    stopped = kitchen.describe_task(kitchen.listed(desiredStatus="STOPPED")[0])
    assert stopped["stoppedReason"] == f"Task failed ELB health checks in (target-group {arn})"


def test_a_service_on_instances_is_deployed_at_once(kitchen: Account) -> None:
    """The emulator runs no tasks on instances.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/launch_types.html
    """
    kitchen.service("soup", launchType="EC2")
    ends(kitchen, release(kitchen, "example/app:2"), "SUCCESSFUL", 30)


def test_without_desired_tasks_nothing_has_to_start(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html"""
    kitchen.service("soup", desired=0)
    world.faults.break_image("example/app:2", "pull")
    ends(kitchen, release(kitchen, "example/app:2"), "SUCCESSFUL", 60)


def test_a_task_that_fails_after_it_was_well_resets_and_counts(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html"""
    kitchen.service("soup")
    alarm(kitchen)
    world.faults.break_image("example/app:2", "exit", after=60)
    both = {"deploymentCircuitBreaker": BREAKER, **alarms()}
    arn = release(kitchen, "example/app:2", deploymentConfiguration=both)
    kitchen.emulator.clock.sleep(1200)
    assert described(kitchen, arn)["status"] == "IN_PROGRESS"
    both["deploymentCircuitBreaker"] = {**BREAKER, "resetOnHealthyTask": False}
    arn = release(kitchen, "example/app:2", deploymentConfiguration=both)
    ends(kitchen, arn, "ROLLBACK_SUCCESSFUL")


def balanced(kitchen: Account, **configuration: Any) -> tuple[str, list[str]]:
    """The service behind a load balancer, with two target groups; ARNs of its production rule and of these."""
    groups = [
        kitchen.elbv2.create_target_group(
            Name=name, Protocol="HTTP", Port=80, VpcId=kitchen.vpc, TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
        for name in ("blue", "green")
    ]
    balancer = kitchen.elbv2.create_load_balancer(Name="soup", Subnets=kitchen.subnets[:2])["LoadBalancers"][0]
    forward = [{"Type": "forward", "TargetGroupArn": groups[0]}]
    listener = kitchen.elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=forward
    )["Listeners"][0]["ListenerArn"]
    rule = kitchen.elbv2.create_rule(
        ListenerArn=listener, Priority=1, Conditions=[{"Field": "path-pattern", "Values": ["/*"]}], Actions=forward
    )["Rules"][0]["RuleArn"]
    role = "arn:aws:iam::123456789012:role/ecs"
    advanced = {"alternateTargetGroupArn": groups[1], "productionListenerRule": rule, "roleArn": role}
    balancing = {"targetGroupArn": groups[0], "containerName": "app", "containerPort": 80}
    kitchen.service(
        "soup", loadBalancers=[{**balancing, "advancedConfiguration": advanced}], deploymentConfiguration=configuration
    )
    return rule, groups


def weights(kitchen: Account, rule: str) -> dict[str, int]:
    action = kitchen.elbv2.describe_rules(RuleArns=[rule])["Rules"][0]["Actions"][0]
    return {item["TargetGroupArn"]: item["Weight"] for item in action["ForwardConfig"]["TargetGroups"]}


def targets(kitchen: Account, group: str) -> int:
    return len(kitchen.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"])


def test_blue_green_runs_both_and_shifts_the_traffic_at_once(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html"""
    rule, (blue, green) = balanced(kitchen, strategy="BLUE_GREEN", bakeTimeInMinutes=5)
    arn = release(kitchen, "example/app:2")
    kitchen.emulator.wait_until(lambda: described(kitchen, arn).get("lifecycleStage") == "BAKE_TIME", 600)
    assert weights(kitchen, rule) == {green: 100, blue: 0}
    assert (targets(kitchen, blue), targets(kitchen, green)) == (1, 1)
    shown = described(kitchen, arn)
    assert shown["targetServiceRevision"]["requestedProductionTrafficWeight"] == 100
    assert shown["sourceServiceRevisions"][0]["requestedProductionTrafficWeight"] == 0
    began = kitchen.emulator.clock.now()
    ends(kitchen, arn, "SUCCESSFUL")
    assert kitchen.emulator.clock.now() - began >= 300
    assert (targets(kitchen, blue), targets(kitchen, green)) == (0, 1)
    ends(kitchen, release(kitchen, "example/app:3"), "SUCCESSFUL")  # and back to the first group
    assert weights(kitchen, rule) == {blue: 100, green: 0}


def test_blue_green_is_rolled_back_in_its_bake_time(kitchen: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html"""
    rule, (blue, green) = balanced(kitchen, strategy="BLUE_GREEN", bakeTimeInMinutes=5)
    old = kitchen.listed()
    arn = release(kitchen, "example/app:2")
    kitchen.emulator.wait_until(lambda: described(kitchen, arn).get("lifecycleStage") == "BAKE_TIME", 600)
    kitchen.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    kitchen.emulator.wait_until(lambda: weights(kitchen, rule) == {blue: 100, green: 0}, 30)
    ends(kitchen, arn, "ROLLBACK_SUCCESSFUL")
    assert kitchen.listed() == old


@pytest.mark.parametrize(
    ("configuration", "shares"),
    [
        ({"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 20, "canaryBakeTimeInMinutes": 2}}, [20, 100]),
        ({"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 40, "stepBakeTimeInMinutes": 1}}, [40, 80, 100]),
    ],
)
def test_canary_and_linear_shift_the_traffic_in_steps(
    kitchen: Account, configuration: dict[str, Any], shares: list[int]
) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html;
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html"""
    rule, (_blue, green) = balanced(kitchen, bakeTimeInMinutes=1, **configuration)
    arn = release(kitchen, "example/app:2")
    for share in shares:
        kitchen.emulator.wait_until(lambda share=share: weights(kitchen, rule).get(green) == share, 600)
    ends(kitchen, arn, "SUCCESSFUL")


def test_an_image_fault_has_a_name() -> None:
    """It is one of this emulator's switches."""
    with pytest.raises(ValueError, match="'tired' is none of pull, exit, memory, disk"):
        world.faults.break_image("x", "tired")
