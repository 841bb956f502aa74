# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The calls of ECS, CloudWatch and the load balancers, as values of this collection. Every call raises
:class:`AwsCallError` when it does not succeed."""

from __future__ import annotations

from datetime import datetime
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from .._aws.batches import batches
from .._aws.errors import MISSING
from .._aws.errors import OTHER
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .types import Brief
from .types import DeploymentView
from .types import ServiceView
from .types import StoppedTask
from .types import TargetHealth

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceRevisions.html
REVISIONS_PER_CALL = 20
TASKS_PER_CALL = 100  # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
ALARMS_PER_CALL = 100  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
OF_SCALING = "Scaling activity initiated by"  # how the reason of a task begins that ECS itself had no more use for


class DeploymentReader:
    """Reads and asks for one service. ``clients``: makes a boto3 client from the name of its service."""

    def __init__(self, clients: Callable[[str], Any], cluster: str, service: str) -> None:
        self._clients = clients
        self._ecs = clients("ecs")
        self.cluster = cluster
        self.name = service

    def lacking(self, back: bool) -> str:
        """What the installed botocore does not know; empty if nothing. ``back``: a deployment may be rolled back."""
        # Since 1.35.52 and 1.38.9: https://github.com/boto/boto3/blob/develop/CHANGELOG.rst
        needed = {"list_service_deployments": "1.35.52", **({"stop_service_deployment": "1.38.9"} if back else {})}
        for operation, version in needed.items():
            if not hasattr(self._ecs, operation):
                return f"botocore {version} or newer is needed for this: the one that is installed lacks {operation}."
        return ""

    def knows_threshold(self) -> bool:
        """Whether the installed botocore knows of the circuit breaker's threshold, as it does since 1.43.37."""
        shape = self._ecs.meta.service_model.shape_for("DeploymentCircuitBreaker")
        return "thresholdConfiguration" in shape.members

    def knows_strategy(self, strategy: str) -> bool:
        """Whether the installed botocore knows of this strategy: of BLUE_GREEN since 1.39.5, of LINEAR and CANARY since
        1.40.61."""
        members = self._ecs.meta.service_model.shape_for("DeploymentConfiguration").members
        return "strategy" in members and strategy in members["strategy"].enum

    def service(self) -> ServiceView | None:
        """The service, or None if there is none. A cluster that does not exist is an error."""
        with aws_call("ecs:DescribeServices"):
            found = self._ecs.describe_services(cluster=self.cluster, services=[self.name])["services"]
        return service_view(found[0]) if found else None

    def definition(self, name: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
        """A task definition with its tags, by ARN, family and revision, or family for the latest that is ACTIVE."""
        with aws_call("ecs:DescribeTaskDefinition"):
            answer = self._ecs.describe_task_definition(taskDefinition=name, include=["TAGS"])
        return answer["taskDefinition"], answer.get("tags", [])

    def registered_fields(self) -> frozenset[str]:
        """Names of what RegisterTaskDefinition takes."""
        return frozenset(self._ecs.meta.service_model.operation_model("RegisterTaskDefinition").input_shape.members)

    def register(self, request: Mapping[str, Any]) -> str:
        """ARN of the new revision."""
        with aws_call("ecs:RegisterTaskDefinition"):
            return self._ecs.register_task_definition(**request)["taskDefinition"]["taskDefinitionArn"]

    def update(self, definition: str, configuration: Mapping[str, Any] | None, force: bool) -> None:
        """``definition``: empty to leave it. ``configuration``: None to leave it."""
        given: dict[str, Any] = {"taskDefinition": definition} if definition else {}
        if configuration is not None:
            given["deploymentConfiguration"] = configuration
        if force:
            given["forceNewDeployment"] = True
        with aws_call("ecs:UpdateService"):
            self._ecs.update_service(cluster=self.cluster, service=self.name, **given)

    def deployments(self) -> list[Brief]:
        """Those of the last 90 days, the newest first. Nothing says in which order ECS lists them."""
        found: list[Mapping[str, Any]] = []
        given: dict[str, Any] = {}
        while True:
            with aws_call("ecs:ListServiceDeployments"):
                answer = self._ecs.list_service_deployments(
                    cluster=self.cluster, service=self.name, maxResults=100, **given
                )
            found.extend(answer["serviceDeployments"])
            if not answer.get("nextToken"):
                break
            given = {"nextToken": answer["nextToken"]}
        now = _now(answer)
        found.sort(key=lambda item: item["createdAt"], reverse=True)
        return [
            Brief(
                item["serviceDeploymentArn"],
                item["status"],
                item["targetServiceRevisionArn"],
                (now - item["finishedAt"]).total_seconds() if item.get("finishedAt") else None,
            )
            for item in found
        ]

    def revisions(self, arns: Sequence[str]) -> dict[str, str]:
        """The task definitions of service revisions, by the ARNs of these. What ECS does not know is left out."""
        found: dict[str, str] = {}
        for batch in batches(arns, REVISIONS_PER_CALL):
            with aws_call("ecs:DescribeServiceRevisions"):
                answer = self._ecs.describe_service_revisions(serviceRevisionArns=batch)
            found.update((item["serviceRevisionArn"], item["taskDefinition"]) for item in answer["serviceRevisions"])
        return found

    def deployment(self, arn: str) -> DeploymentView | None:
        """The deployment, None if ECS does not know it: it goes with its service."""
        try:
            with aws_call("ecs:DescribeServiceDeployments"):
                found = self._ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"]
        except AwsCallError as error:
            if error.kind != MISSING:
                raise
            return None
        return _view(found[0]) if found else None

    def roll_back(self, arn: str) -> None:
        with aws_call("ecs:StopServiceDeployment"):
            self._ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")

    def alarms(self, names: Sequence[str]) -> dict[str, str]:
        """The states of those of these alarms that there are, by name."""
        found: dict[str, str] = {}
        for batch in batches(names, ALARMS_PER_CALL):
            with aws_call("cloudwatch:DescribeAlarms"):
                answer = self._clients("cloudwatch").describe_alarms(
                    AlarmNames=batch, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
                )
            for kind in ("MetricAlarms", "CompositeAlarms"):
                found.update((item["AlarmName"], item["StateValue"]) for item in answer.get(kind, []))
        return found

    def stopped_tasks(self, definition: str = "") -> list[StoppedTask]:
        """Tasks of the service that ran this task definition, or any, and ended, but for those that ECS had no more use
        for. It keeps them for an hour."""
        arns: list[str] = []
        with aws_call("ecs:ListTasks"):
            pages = self._ecs.get_paginator("list_tasks").paginate(
                cluster=self.cluster, serviceName=self.name, desiredStatus="STOPPED"
            )
            for page in pages:
                arns.extend(page["taskArns"])
        found = []
        for batch in batches(arns, TASKS_PER_CALL):
            with aws_call("ecs:DescribeTasks"):
                answer = self._ecs.describe_tasks(cluster=self.cluster, tasks=batch)
            found.extend(task for task in answer["tasks"] if definition in ("", task["taskDefinitionArn"]))
        return [_stopped(task) for task in found if not task.get("stoppedReason", "").startswith(OF_SCALING)]

    def unhealthy(self, groups: Sequence[str]) -> list[TargetHealth]:
        """The targets of these groups that are not healthy."""
        found = []
        for group in groups:
            with aws_call("elasticloadbalancing:DescribeTargetHealth"):
                answer = self._clients("elbv2").describe_target_health(TargetGroupArn=group)
            for item in answer["TargetHealthDescriptions"]:
                health = item["TargetHealth"]
                if health["State"] in ("unhealthy", "unavailable"):
                    target = f"{item['Target']['Id']}:{item['Target'].get('Port', '')}"
                    found.append(
                        TargetHealth(
                            group, target, health["State"], health.get("Reason", ""), health.get("Description", "")
                        )
                    )
        return found


def service_view(service: Mapping[str, Any]) -> ServiceView:
    """Of what DescribeServices says of one service."""
    primary = next((item for item in service.get("deployments", []) if item["status"] == "PRIMARY"), {})
    balancers = [item for item in service.get("loadBalancers", []) if "targetGroupArn" in item]
    alternates = [item.get("advancedConfiguration", {}).get("alternateTargetGroupArn") for item in balancers]
    groups = [item["targetGroupArn"] for item in balancers]
    connect = primary.get("serviceConnectConfiguration", {}).get("enabled", False)
    return ServiceView(
        name=service["serviceName"],
        arn=service["serviceArn"],
        status=service["status"],
        controller=service.get("deploymentController", {}).get("type", "ECS"),
        task_definition=service.get("taskDefinition", ""),
        desired_count=service.get("desiredCount", 0),
        completed=primary.get("rolloutState") == "COMPLETED",
        configuration=service.get("deploymentConfiguration", {}),
        groups=(*groups, *filter(None, alternates)),
        single=tuple(group for group, other in zip(groups, alternates) if not other),
        connected=bool(connect or primary.get("vpcLatticeConfigurations")),
        registered=bool(service.get("serviceRegistries")),
    )


def has_ended(error: AwsCallError) -> bool:
    """Whether StopServiceDeployment was refused since the deployment has come to its end.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html
    """
    return error.kind == OTHER and error.code in ("ConflictException", "ServiceDeploymentNotFoundException")


def _view(item: Mapping[str, Any]) -> DeploymentView:
    target, breaker = item.get("targetServiceRevision", {}), item.get("deploymentCircuitBreaker", {})
    on = breaker.get("status", "DISABLED") != "DISABLED"
    return DeploymentView(
        arn=item["serviceDeploymentArn"],
        status=item["status"],
        reason=item.get("statusReason", ""),
        revision=target.get("arn", ""),
        sources=tuple(source["arn"] for source in item.get("sourceServiceRevisions", [])),
        requested=target.get("requestedTaskCount", 0),
        running=target.get("runningTaskCount", 0),
        pending=target.get("pendingTaskCount", 0),
        source_running=sum(source.get("runningTaskCount", 0) for source in item.get("sourceServiceRevisions", [])),
        failed=breaker.get("failureCount", 0),
        threshold=breaker.get("threshold", 0) if on else 0,
        alarms=tuple(item.get("alarms", {}).get("triggeredAlarmNames", [])),
        rollback_reason=item.get("rollback", {}).get("reason", ""),
        stage=item.get("lifecycleStage", ""),
        started_at=_iso(item.get("startedAt")),
        finished_at=_iso(item.get("finishedAt")),
    )


def _now(answer: Mapping[str, Any]) -> datetime:
    """The time by the clock of who has answered; that of this machine may be wrong."""
    try:
        return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    except (LookupError, ValueError):
        return datetime.now(timezone.utc)


def _iso(moment: Any) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None


def _stopped(task: Mapping[str, Any]) -> StoppedTask:
    containers = task.get("containers", [])
    reasons = [task.get("stoppedReason", ""), *(item.get("reason", "") for item in containers)]
    return StoppedTask(
        reason="; ".join(dict.fromkeys(filter(None, reasons))),
        code=task.get("stopCode", ""),
        exit_codes={item["name"]: item["exitCode"] for item in containers if "exitCode" in item},
        arn=task.get("taskArn", ""),
        definition=task["taskDefinitionArn"],
        stopped_at=_iso(task.get("stoppedAt") or task.get("stoppingAt")),
    )
