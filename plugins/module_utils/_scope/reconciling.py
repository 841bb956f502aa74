# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Brings a parameter of the stack that owns a service in line with what the service runs, and nothing else of it."""

from __future__ import annotations

import time
from typing import Any
from typing import Callable
from typing import Sequence

from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.errors import survivable
from .._resources.owner import beside
from .._stacks.listing import StackLister
from .._stacks.types import StackParameter
from .._stacks.types import StackView
from .service_stack import SSM
from .service_stack import ServiceStacks
from .service_stack import Source
from .service_stack import in_the_form_of

_PARAMETER = "AWS::SSM::Parameter"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-update-rollback-states.html
_READY = frozenset(("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"))


class Reconciler:
    """``timeout`` and ``interval``: seconds."""

    def __init__(
        self,
        clients: Callable[[str], Any],
        stacks: ServiceStacks,
        timeout: float,
        interval: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clients = clients
        self._stacks = stacks
        self._timeout = timeout
        self._interval = interval
        self._clock = clock
        self._sleep = sleep

    def refused(self, stack: StackView, source: Source) -> str:
        """Why the stack must not be updated; empty if it may. Raises :class:`AwsCallError`."""
        if stack.nested:
            return f"The stack {stack.name} is nested: update its root, {stack.root_id}, with the parameter there."
        if stack.status not in _READY:
            return f"The stack {stack.name} is {stack.status}: it takes no update now."
        others = _others(stack.parameters, source.parameter)
        now = self._stacks.values([item.value for item in others])
        changed = [item.name for item in others if now.get(item.value, item.resolved) != item.resolved]
        if changed:
            return (
                f"An update of the stack {stack.name} would change more than the service: {', '.join(changed)} has "
                "another value in Systems Manager than when the stack was updated last. Update it by its template."
            )
        return ""

    def other_owner(self, source: Source) -> str:
        """The stack that owns the SSM parameter, which then drifts; empty if none does."""
        if source.kind != SSM:
            return ""
        owned = beside(self._clients("cloudformation"), source.value)
        return next((stack for item, stack in owned.items() if item.type == _PARAMETER), "")

    def reconcile(self, stack: StackView, source: Source, definition: str) -> str:
        """Have the parameter say this task definition. What went wrong; empty if nothing did. Raises
        :class:`AwsCallError`."""
        client = self._clients("cloudformation")
        if source.kind == SSM:
            with aws_call("ssm:PutParameter"):
                self._clients("ssm").put_parameter(
                    Name=source.value, Value=in_the_form_of(source.says, definition), Overwrite=True
                )
        given = [
            {"ParameterKey": item.name, "ParameterValue": in_the_form_of(source.value, definition)}
            if item.name == source.parameter and source.kind != SSM
            else {"ParameterKey": item.name, "UsePreviousValue": True}
            for item in stack.parameters
        ]
        with aws_call("cloudformation:DescribeStacks"):
            (described,) = client.describe_stacks(StackName=stack.stack_id)["Stacks"]
        try:
            with aws_call("cloudformation:UpdateStack"):
                client.update_stack(
                    StackName=stack.stack_id,
                    UsePreviousTemplate=True,
                    Parameters=given,
                    Capabilities=described.get("Capabilities", []),
                )
        except AwsCallError as error:
            if "No updates are to be performed" in error.message:
                return ""
            done = f"{source.value} has been set in Systems Manager, and " if source.kind == SSM else ""
            return f"{done}the stack {stack.name} was not updated: {error.advice()}"
        return self._followed(client, stack)

    def _followed(self, client: Any, stack: StackView) -> str:
        lister, deadline, view = StackLister(client), self._clock() + self._timeout, stack
        while True:
            try:
                view = lister.by_id(stack.stack_id) or view
            except AwsCallError as error:
                if not survivable(error):
                    raise
            if not view.status.endswith("_IN_PROGRESS") and view.updated != stack.updated:
                break
            if self._clock() >= deadline:
                return f"The update of the stack {stack.name} has not ended within {self._timeout:g} s: {view.status}."
            self._sleep(self._interval)
        if view.status == "UPDATE_COMPLETE":
            return ""
        return f"The update of the stack {stack.name} ended with {view.status}: {view.reason or 'no reason given'}"


def _others(parameters: Sequence[StackParameter], ours: str) -> list[StackParameter]:
    """Those that are looked up in Systems Manager at each update. A version in the name stays what it is."""
    return [item for item in parameters if item.resolved is not None and item.name != ours and ":" not in item.value]
