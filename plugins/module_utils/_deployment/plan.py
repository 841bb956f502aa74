# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a run is going to ask for, and what is refused before. Reads, and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Mapping
from typing import Sequence

from .._aws.errors import AwsCallError
from . import configuration as c
from . import definition as d
from . import refusals
from . import types as t
from .history import way_back
from .reader import DeploymentReader
from .refusals import short
from .types import Brief
from .types import ServiceView


class Refused(Exception):
    """What keeps the run from asking for anything, in words for the user."""


@dataclass
class Plan:
    """``definition``: ARN of the task definition to bring the service to; empty if ``after`` is registered first.
    ``configuration``: None if it stays. ``deploys``: whether there is a deployment to follow, ``join``: ARN of the one
    that is under way already, ``back``: which is to be rolled back. ``known``: ARNs of those that were there before.
    ``registered``: ARN of what was registered. ``came_from``: ARN of the task definition that it takes the place of.
    ``hold``: seconds for which it is followed on after it was successful. ``alarms``: those that are watched.
    """

    service: ServiceView
    definition: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    known: Sequence[str] = ()
    deploys: bool = True
    force: bool = False
    join: str = ""
    back: bool = False
    registered: str = ""
    came_from: str = ""
    hold: float = 0.0
    alarms: Sequence[str] = ()
    configuration: Mapping[str, Any] | None = None
    configuration_lines: tuple[str, str] = ("", "")
    warnings: list[str] = field(default_factory=list)

    @property
    def target(self) -> str:
        """ARN of the task definition that the service is brought to, empty while that is not registered."""
        return self.registered or self.definition

    @property
    def changes(self) -> bool:
        return self.deploys or self.configuration is not None

    def before_it(self) -> str:
        """ARN of the task definition that the service ran before what is deployed."""
        return self.came_from or self.service.task_definition

    def diff(self) -> dict[str, str]:
        """What changes in the task definition and in the deployment configuration."""
        lines = d.difference(self.before, self.after)
        new = short(self.definition) if self.definition else f"{self.after['family']}, a new revision"
        names = ("", "")
        if self.definition != self.service.task_definition:
            names = (f"task definition: {short(self.service.task_definition)}\n", f"task definition: {new}\n")
        before, after = (names[i] + lines[i] + self.configuration_lines[i] for i in (0, 1))
        return {"before": before, "after": after}


class Planner:
    """``params``: the options of the module. ``hold``: seconds for which a version is on trial after its deployment."""

    def __init__(self, params: Mapping[str, Any], reader: DeploymentReader, hold: float = 0.0) -> None:
        self._params = params
        self._hold = hold
        self._reader = reader
        self._taken = reader.registered_fields()
        self._requests: dict[str, dict[str, Any]] = {}

    def to_present(self) -> Plan:
        """Raises :class:`Refused`, and :class:`AwsCallError`."""
        service = self._service()
        if self._params["deployment"] is not None:
            return self._following(service, self._params["deployment"])
        history = self._reader.deployments()
        before = self._request(service.task_definition)
        definition, after = self._wanted(service, before)
        made = c.wanted(service.configuration, self._params)
        plan = Plan(service, definition, before, after, [item.arn for item in history])
        plan.came_from = service.task_definition
        plan.hold = self._hold if service.desired_count else 0.0
        plan.alarms = c.watched(made)
        problem = c.misplaced(made, self._params)
        if not problem and self._params["strategy"] is not None:
            problem = refusals.of_strategy(service, c.strategy(made))
        if problem:
            raise Refused(problem)
        if c.differs(service.configuration, made):
            plan.configuration = c.request(made)
            plan.configuration_lines = c.lines(service.configuration, made)
        ongoing = refusals.newest_ongoing(history)
        if ongoing is not None:
            leads = self._reader.revisions([ongoing.revision]).get(ongoing.revision, "")
            ours = bool(definition) and leads == definition and plan.configuration is None
            if ongoing.status not in t.STOPPABLE or not ours:
                raise Refused(refusals.of_another(ongoing, leads))
            return self._joining(plan, ongoing.arn)
        completed = service.completed or any(item.status in (t.SUCCESSFUL, t.ROLLED_BACK) for item in history[:1])
        plan.deploys = definition != service.task_definition or not completed
        plan.force = plan.deploys and definition == service.task_definition
        if plan.deploys:
            self._check(service, made, completed or any(item.status == t.SUCCESSFUL for item in history))
            plan.warnings.extend(_said(service))
        elif history and plan.configuration is None and history[0].status == t.SUCCESSFUL:
            return self._on_trial(plan, history[0])
        return plan

    def to_return(self, plan: Plan, arn: str) -> Plan:
        """Back to what the service ran before this plan was carried out, by the deployment with this ARN. Raises as
        :meth:`to_go_back`."""
        if not plan.came_from or plan.came_from == plan.definition:
            return self.to_go_back()
        service = self._service()
        before, after = self._request(service.task_definition), self._request(plan.came_from)
        definition = plan.came_from
        if self._status(definition) != "ACTIVE":
            definition = self._latest_if_same(after)
        return Plan(service, definition, before, after, [*plan.known, arn], came_from=plan.target)

    def _following(self, service: ServiceView, arn: str) -> Plan:
        view = self._reader.deployment(arn)
        if view is None or not arn.startswith(f"{service.arn.replace(':service/', ':service-deployment/')}/"):
            raise Refused(f"ECS knows no deployment {arn} of {service.name}.")
        definition = self._reader.revisions([view.revision]).get(view.revision, "")
        request = self._request(definition)
        plan = Plan(service, definition, request, request, [item.arn for item in self._reader.deployments()])
        plan.alarms = c.watched(c.wanted(service.configuration, self._params))
        plan.hold = self._hold if service.desired_count else 0.0
        return self._joining(plan, arn, view)

    def _joining(self, plan: Plan, arn: str, view: t.DeploymentView | None = None) -> Plan:
        plan.join = arn
        view = view or self._reader.deployment(arn)
        sources = view.sources if view else ()
        definitions = self._reader.revisions(sources) if sources else {}
        plan.came_from = next((definitions[arn] for arn in sources if arn in definitions), plan.came_from)
        return plan

    def _on_trial(self, plan: Plan, newest: Brief) -> Plan:
        """A run that was killed while the version was on trial after its deployment is gone on with."""
        ago = plan.hold if newest.ago is None else newest.ago
        if ago >= plan.hold or self._reader.revisions([newest.revision]).get(newest.revision) != plan.definition:
            return plan
        plan.deploys, plan.hold = True, plan.hold - ago
        return self._joining(plan, newest.arn)

    def to_go_back(self) -> Plan:
        """Raises :class:`Refused`, and :class:`AwsCallError`."""
        service = self._service()
        history = self._reader.deployments()
        before = self._request(service.task_definition)
        known = [item.arn for item in history]
        unchanged = Plan(service, service.task_definition, before, before, known, deploys=False)
        ongoing = refusals.newest_ongoing(history)
        given = self._params["deployment"]
        if given is not None and history and history[0].arn != given:
            return self._left(unchanged, self._following(service, given), ongoing)
        if ongoing is not None:
            return self._stopping(unchanged, ongoing, history)
        if history and history[0].status == t.ROLLED_BACK:
            return unchanged
        if given is not None:
            left = self._following(service, given)
            if left.came_from and left.came_from != left.definition:
                already = self._same(service.task_definition, left.came_from)
                return unchanged if already else self.to_return(left, left.join)
        successful = [item.revision for item in history if item.status == t.SUCCESSFUL]
        definitions = self._reader.revisions(list(dict.fromkeys(successful)))
        ran = [definitions[revision] for revision in successful if revision in definitions]
        way = way_back(service.task_definition, ran, self._same)
        if way.already:
            return unchanged
        if not way.definition:
            raise Refused(
                f"There is nothing to go back to: in the last 90 days, for which ECS keeps them, no deployment of "
                f"{service.name} with another task definition than {short(service.task_definition)} was successful."
            )
        after = self._request(way.definition)
        definition = way.definition
        if self._status(definition) != "ACTIVE":
            definition = self._latest_if_same(after)
        warnings = list(_said(service))
        return Plan(service, definition, before, after, known, warnings=warnings)

    def _left(self, unchanged: Plan, left: Plan, ongoing: Brief | None) -> Plan:
        """Of a deployment that another has followed since: a way back, or what somebody else has asked for."""
        if not self._same(unchanged.definition, left.came_from):
            raise Refused(refusals.of_later(unchanged.service.name, left.join))
        if ongoing is not None:
            unchanged.deploys, unchanged.join = True, ongoing.arn
        return unchanged

    def _stopping(self, unchanged: Plan, ongoing: Brief, history: Sequence[Brief]) -> Plan:
        if ongoing.status in t.STOPPABLE and not any(item.status == t.SUCCESSFUL for item in history):
            raise Refused(
                f"There is nothing to go back to: {ongoing.arn} is {ongoing.status}, and no deployment of "
                f"{unchanged.service.name} was successful before."
            )
        unchanged.deploys, unchanged.back = True, True
        return self._joining(unchanged, ongoing.arn)

    def _service(self) -> ServiceView:
        service = self._reader.service()
        problem = refusals.of_service(service, self._reader.cluster, self._reader.name)
        if problem or service is None:
            raise Refused(problem)
        return service

    def _wanted(self, service: ServiceView, before: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """ARN of the task definition that is wanted, empty if it is not registered, and what it says."""
        given = self._params["task_definition"]
        if given is not None:
            found, _tags = self._reader.definition(given)
            problem = refusals.of_definition(given, found["status"])
            if problem and found["taskDefinitionArn"] != service.task_definition:
                raise Refused(problem)
            return found["taskDefinitionArn"], self._request(found["taskDefinitionArn"])
        try:
            made = d.changed(before, self._params["images"] or {}, self._params["environment"] or {})
        except ValueError as error:
            raise Refused(str(error)) from error
        if d.same(made, before):
            return service.task_definition, before
        return self._latest_if_same(made), made

    def _latest_if_same(self, request: Mapping[str, Any]) -> str:
        """ARN of the family's latest revision if it is the same: an earlier run may have ended after registering it."""
        try:
            found, tags = self._reader.definition(request["family"])
        except AwsCallError as error:
            # No revision of the family is ACTIVE.
            # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
            if error.code != "ClientException":
                raise
            return ""
        latest = d.request_of(found, tags, self._taken)
        return found["taskDefinitionArn"] if d.same(latest, request) else ""

    def _check(self, service: ServiceView, made: Mapping[str, Any], has_completed: bool) -> None:
        problem = refusals.of_configuration(service, made, has_completed)
        if not problem and self._params["probes"] and c.PROBE in self._params["rollback_on"] and not has_completed:
            problem = refusals.of_probes(service)
        names = c.watched(made)
        if not problem and names:
            problem = refusals.of_alarms(names, self._reader.alarms(names))
        if problem:
            raise Refused(problem)

    def _request(self, arn: str) -> dict[str, Any]:
        if arn not in self._requests:
            found, tags = self._reader.definition(arn)
            self._requests[arn] = d.request_of(found, tags, self._taken)
        return self._requests[arn]

    def _status(self, arn: str) -> str:
        return str(self._reader.definition(arn)[0]["status"])

    def _same(self, one: str, other: str) -> bool:
        try:
            return one == other or d.same(self._request(one), self._request(other))
        except AwsCallError as error:
            if error.code != "ClientException":
                raise
            return False  # deleted for good


def _said(service: ServiceView) -> list[str]:
    if service.desired_count:
        return []
    return [f"{service.name} has a desired count of 0: ECS calls the deployment successful without starting a task."]
