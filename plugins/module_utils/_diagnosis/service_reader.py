# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""All that ECS, the load balancers and CloudWatch tell of services. What can not be looked at is a gap."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from typing import Iterable
from typing import Mapping
from typing import Sequence

from .._aws.batches import batches
from .._aws.errors import MISSING
from .._aws.errors import OTHER
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.looks import Looks
from .._deployment.reader import ALARMS_PER_CALL
from .._deployment.reader import DeploymentReader
from .._deployment.reader import service_view
from .._deployment.types import DeploymentView
from .types import Alarm
from .types import Deployed
from .types import Ended
from .types import Event
from .types import Seen
from .types import Target

SERVICES_PER_CALL = 10  # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
DEPLOYMENTS = 8  # of a service, at most
Row = Mapping[str, Any]


class ServiceReader:
    """Of one cluster."""

    def __init__(self, looks: Looks, cluster: str) -> None:
        self._looks = looks
        self._cluster = cluster
        #: AWS's own time at the first answer: that of this machine may be wrong.
        self.now: float | None = None
        self.notes: list[str] = []

    def services(self, names: Sequence[str]) -> list[Row]:
        """What DescribeServices says of these services, of all where none is named. Raises :class:`AwsCallError`:
        without them nothing can be said."""
        if not names:
            pages = self._looks.tried(lambda: self._looks.pages("ecs:ListServices", cluster=self._cluster))
            names = sorted(arn.rsplit("/", 1)[-1] for page in pages for arn in page["serviceArns"])
        found: list[Row] = []
        for batch in batches(names, SERVICES_PER_CALL):
            for page in self._looks.tried(lambda batch=batch: self._described(batch)):
                found += page["services"]
                self._note_time(page)
        missing = sorted(set(names) - {item["serviceName"] for item in found})
        if missing:
            raise AwsCallError(
                MISSING, "ServiceNotFoundException", f"{', '.join(missing)}: not in the cluster {self._cluster}",
                "ecs:DescribeServices",
            )  # fmt: skip
        return sorted((item for item in found if item["status"] != "INACTIVE"), key=lambda item: item["serviceName"])

    def seen(self, service: Row, trace_name: str, alarms: Sequence[str], start: float, end: float) -> tuple[Seen, Row]:
        """A service and the definition of its tasks, empty if that could not be read."""
        name = service["serviceName"]
        view = service_view(service)
        reader = DeploymentReader(self._looks.clients, self._cluster, name)
        definitions = _Definitions(self._looks, reader)
        watched = [*view.configuration.get("alarms", {}).get("alarmNames", ()), *alarms]
        definition = definitions.get(view.task_definition)
        seen = Seen(
            name=name,
            trace_name=trace_name,
            definition=view.task_definition,
            role=definition.get("taskRoleArn", ""),
            desired=view.desired_count,
            running=service.get("runningCount", 0),
            deployments=self._deployments(reader, definitions, start, end),
            ended=self._looks.at(name, lambda: _ended(reader), missing=()),
            unhealthy=self._looks.at(name, lambda: _targets(reader, view.groups), missing=()),
            balanced=bool(view.groups),
            events=tuple(
                Event(item["createdAt"].timestamp(), item["message"])
                for item in service.get("events", ())
                if start <= item["createdAt"].timestamp() <= end
            ),
            alarms=self._looks.at(name, lambda: self._alarms(watched)) if watched else (),
        )
        return seen, definition

    def _described(self, names: Sequence[str]) -> list[Row]:
        return self._looks.pages("ecs:DescribeServices", cluster=self._cluster, services=list(names))

    def _note_time(self, page: Row) -> None:
        told = page.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
        if told and self.now is None:
            try:
                self.now = parsedate_to_datetime(told).timestamp()
            except ValueError:  # of a look-alike
                return

    def _deployments(
        self, reader: DeploymentReader, definitions: _Definitions, start: float, end: float
    ) -> tuple[Deployed, ...] | None:
        problem = reader.lacking(False)
        if problem:
            self._looks.note(AwsCallError(OTHER, "botocore", problem, "ecs:ListServiceDeployments", True), reader.name)
            return None
        read = self._looks.at(reader.name, lambda: _views(reader, start, end), missing=([], True))
        if read is None:
            return None
        views, whole = read
        if not whole:
            self.notes.append(f"{reader.name} had more deployments since then than the last {DEPLOYMENTS}.")
            if not views:
                return None
        arns = list(dict.fromkeys(arn for view in views for arn in (view.revision, *view.sources) if arn))
        revisions = self._looks.at(reader.name, lambda: reader.revisions(arns), missing={}) if arns else {}
        return tuple(_deployed(view, revisions or {}, definitions) for view in views)

    def _alarms(self, names: Sequence[str]) -> tuple[Alarm, ...]:
        found: list[Alarm] = []
        client = self._looks.clients("cloudwatch")
        for batch in batches(sorted(set(names)), ALARMS_PER_CALL):
            with aws_call("cloudwatch:DescribeAlarms"):
                answer = client.describe_alarms(AlarmNames=batch, AlarmTypes=["MetricAlarm", "CompositeAlarm"])
            for item in [*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ())]:
                since = item.get("StateTransitionedTimestamp") or item.get("StateUpdatedTimestamp")
                found.append(
                    Alarm(
                        item["AlarmName"], item["StateValue"], since.timestamp() if since else None,
                        item.get("StateReason", ""),
                    )
                )  # fmt: skip
        return tuple(found)


class _Definitions:
    """Task definitions of one service, each read once."""

    def __init__(self, looks: Looks, reader: DeploymentReader) -> None:
        self._looks = looks
        self._reader = reader
        self._known: dict[str, Row] = {}

    def get(self, arn: str) -> Row:
        if arn and arn not in self._known:
            found = self._looks.at(self._reader.name, lambda: self._reader.definition(arn)[0])
            self._known[arn] = found or {}
        return self._known.get(arn, {})

    def images(self, arn: str) -> dict[str, str]:
        return {item["name"]: item.get("image", "") for item in self.get(arn).get("containerDefinitions", ())}


def log_streams(definition: Row, region: str | None) -> list[tuple[str, str]]:
    """Log groups of this region to which containers write, with how the names of their streams begin."""
    found = []
    for container in definition.get("containerDefinitions", ()):
        configured = container.get("logConfiguration") or {}
        options = configured.get("options") or {}
        if configured.get("logDriver") == "awslogs" and options.get("awslogs-group"):
            if region is None or options.get("awslogs-region", region) == region:
                prefix = options.get("awslogs-stream-prefix", "")
                found.append((options["awslogs-group"], f"{prefix}/{container['name']}/" if prefix else ""))
    return list(dict.fromkeys(found))


def logs_elsewhere(definition: Row, region: str | None) -> list[str]:
    """Which containers have a log that :func:`log_streams` leaves out, and where that is."""
    told = []
    for container in definition.get("containerDefinitions", ()):
        configured = container.get("logConfiguration") or {}
        driver, there = configured.get("logDriver"), (configured.get("options") or {}).get("awslogs-region", region)
        if driver and driver != "awslogs":
            told.append(f"{container['name']} writes by {driver}")
        elif driver and region is not None and there != region:
            told.append(f"{container['name']} writes to the region {there}")
    return told


def seconds(text: str | None) -> float | None:
    """The time that ISO 8601 tells."""
    return datetime.fromisoformat(text).timestamp() if text else None


def _views(reader: DeploymentReader, start: float, end: float) -> tuple[list[DeploymentView], bool]:
    """Those that had begun by the end, the newest first, up to the last that had before the start; and whether these
    are all."""
    found = []
    briefs = reader.deployments()
    for brief in briefs[:DEPLOYMENTS]:
        view = reader.deployment(brief.arn)
        began = seconds(view.started_at) if view else None
        if view is None or began is None or began > end:
            continue
        found.append(view)
        if began < start:
            return found, True
    return found, len(briefs) <= DEPLOYMENTS


def _deployed(view: DeploymentView, revisions: Mapping[str, str], definitions: _Definitions) -> Deployed:
    definition = revisions.get(view.revision, "")
    sources = [revisions[arn] for arn in view.sources if arn in revisions]
    before = next((arn for arn in sources if arn != definition), "")
    return Deployed(
        arn=view.arn,
        status=view.status,
        started=seconds(view.started_at) or 0.0,
        finished=seconds(view.finished_at),
        definition=definition,
        before=before,
        images=definitions.images(definition),
        images_before=definitions.images(before),
        reason=" ".join(dict.fromkeys(filter(None, (view.reason, view.rollback_reason)))),
        failed=view.failed,
    )


def _ended(reader: DeploymentReader) -> tuple[Ended, ...]:
    return tuple(
        Ended(task.arn, seconds(task.stopped_at), task.definition, task.reason, task.code, task.exit_codes)
        for task in reader.stopped_tasks()
    )


def _targets(reader: DeploymentReader, groups: Iterable[str]) -> tuple[Target, ...]:
    return tuple(
        Target(item.group, item.target, item.reason, item.description) for item in reader.unhealthy(list(groups))
    )
