# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""One run of ecs_service_stack, from options to result."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Mapping

from .._aws.errors import AwsCallError
from .._deployment.refusals import short
from .._deployment.types import ServiceView
from .._stacks.types import StackView
from .reconciling import Reconciler
from .service_stack import NONE
from .service_stack import SSM
from .service_stack import Found
from .service_stack import ServiceStacks
from .service_stack import Source
from .service_stack import same_definition


class ServiceRun:
    """``clients``: makes a boto3 client from the name of its service. ``parse``: as of :class:`ServiceStacks`."""

    def __init__(
        self,
        params: Mapping[str, Any],
        clients: Callable[[str], Any],
        parse: Callable[[str], Mapping[str, Any]],
        check_mode: bool,
    ) -> None:
        self._params = params
        self._check_mode = check_mode
        self._stacks = ServiceStacks(clients, parse)
        self._reconciler = Reconciler(clients, self._stacks, params["wait_timeout"], params["poll_interval"])
        self._owned: list[Found] = []
        self._cluster = ""
        self._service: ServiceView | None = None
        self._stack: StackView | None = None
        self._source: Source | None = None
        self._also = ""
        self._changed = False

    def run(self) -> str:
        """Do it all. Returns what went wrong; empty if nothing did."""
        try:
            return self._find() or self._look() or (self._reconcile() if self._params["reconcile"] else "")
        except AwsCallError as error:
            return error.advice()

    def result(self) -> dict[str, Any]:
        result: dict[str, Any] = {"changed": self._changed, "services": [item.as_result() for item in self._owned]}
        service, source = self._service, self._source
        if service is None:
            return result
        parts = service.arn.split(":")
        return {
            **result,
            "account": parts[4],
            "region": parts[3],
            "service": service.name,
            "cluster": self._cluster,
            "service_arn": service.arn,
            "task_definition": service.task_definition,
            "stack": self._stack.name if self._stack else "",
            "source": None
            if source is None
            else {"kind": source.kind, "parameter": source.parameter, "value": source.value, "says": source.says},
            "drifted": self._drifted(),
            "how": self._how(),
            "also_drifted": self._also,
        }

    def _find(self) -> str:
        name, cluster = self._params["service"], self._params["cluster"]
        if cluster and name:
            self._cluster = cluster.rsplit("/", 1)[-1]
            return ""
        if not self._params["stacks"]:
            return "Give service and cluster, or stacks: the services of which one is meant."
        self._owned = self._stacks.owned(self._params["stacks"])
        given = cluster.rsplit("/", 1)[-1] if cluster else ""
        fitting = [item for item in self._owned if name in (None, item.name) and given in ("", item.cluster)]
        if len(fitting) == 1:
            self._cluster = fitting[0].cluster
            self._params = {**self._params, "service": fitting[0].name}
            return ""
        choice = ", ".join(f"{item.name} (cluster {item.cluster})" for item in fitting or self._owned)
        if fitting:
            return f"Several services could be meant: {choice}. Name one, with its cluster if that is not enough."
        wanted = " ".join(filter(None, ("no service", name, f"in the cluster {given}" if given else "")))
        return f"The stacks own {wanted}. They own: {choice or 'none at all'}."

    def _look(self) -> str:
        service = self._stacks.service(self._cluster, self._params["service"])
        if service is None or service.status != "ACTIVE":
            return f"There is no service {self._params['service']} in the cluster {self._cluster}."
        self._service = service
        self._stack = self._stacks.owner(service)
        if self._stack is not None:
            self._source = self._stacks.source(self._stack, service)
            if self._drifted():
                self._also = self._reconciler.other_owner(self._source)
        return ""

    def _reconcile(self) -> str:
        service, stack, source = self._service, self._stack, self._source
        if service is None or stack is None or source is None:
            return "No stack owns the service: there is nothing to bring in line."
        if not self._drifted():
            return ""
        if source.kind == NONE:
            return self._how()
        if not service.completed:
            return f"A deployment of {service.name} is under way, or was not successful: release or go back first."
        problem = self._reconciler.refused(stack, source)
        if problem:
            return problem
        self._changed = True
        if not self._check_mode:
            problem = self._reconciler.reconcile(stack, source, service.task_definition)
            return problem or self._look_again(service.task_definition)
        return ""

    def _look_again(self, definition: str) -> str:
        also, problem = self._also, self._look()
        self._also = also
        if problem or self._service is None:
            return problem
        if self._service.task_definition != definition:
            return f"{self._service.name} runs {short(self._service.task_definition)} since the update of its stack."
        return self._how()

    def _drifted(self) -> bool:
        service, source = self._service, self._source
        return bool(service and source and not same_definition(source.says, service.task_definition))

    def _how(self) -> str:
        service, stack, source = self._service, self._stack, self._source
        if service is None or stack is None or source is None or not self._drifted():
            return ""
        runs, says = short(service.task_definition), short(source.says) if source.says else "another task definition"
        told = f"The stack {stack.name} says {says}, and {service.name} runs {runs}: "
        told += f"its next update brings {says} back."
        if source.kind == NONE:
            return (
                f"{told} No parameter can be set to match: {source.otherwise}. Change the template, so that it has the "
                f"images and variables of {runs}, and update the stack."
            )
        where = f"{source.value} in Systems Manager" if source.kind == SSM else f"its parameter {source.parameter}"
        more = f" {source.value} belongs to the stack {self._also}, which drifts then." if self._also else ""
        return f"{told} workshop_reconcile=true sets {where} and updates the stack.{more}"
