# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What would change, in CloudFormation's own words: a change set each, all at once, of which none is left."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Iterator
from typing import Mapping

from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.text import one_line

_NOTHING = ("didn't contain changes", "No updates are to be performed")


@dataclass(frozen=True)
class Changes:
    """``any``: whether anything would. ``rows``: dictionaries ``action, logical_id, type, replacement, scope``, none
    where only parameters or outputs change. ``problem``: why it is not known."""

    any: bool = True
    rows: tuple[dict[str, Any], ...] = ()
    problem: str = ""


class ChangeSets:
    """Asks through a boto3 CloudFormation client. ``sleep``: seconds between two looks are given to it."""

    def __init__(
        self,
        client: Any,
        timeout: float,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._timeout = timeout
        self._sleep = sleep
        self._clock = clock

    def ask(self, stacks: Mapping[str, Mapping[str, Any]]) -> dict[str, Changes]:
        """By stack id, of stacks that stand. ``stacks``: what CreateChangeSet takes, by stack id.

        Every change set is deleted again, whatever happens. Raises :class:`AwsCallError`.
        """
        made: dict[str, str] = {}
        found: dict[str, Changes] = {}
        try:
            for stack_id, arguments in stacks.items():
                try:
                    made[stack_id] = self._make(stack_id, arguments)
                except AwsCallError as error:
                    found[stack_id] = Changes(problem=error.advice())
            end = self._clock() + self._timeout
            while len(found) < len(stacks):
                for stack_id in stacks:
                    if stack_id not in found:
                        self._look(stack_id, made[stack_id], found)
                if len(found) < len(stacks):
                    if self._clock() >= end:
                        late = [stack_id for stack_id in stacks if stack_id not in found]
                        found |= {stack_id: Changes(problem="the change set was not made in time") for stack_id in late}
                    else:
                        self._sleep(1.0)
        finally:
            self._remove(made)
        return found

    def _make(self, stack_id: str, arguments: Mapping[str, Any]) -> str:
        with aws_call("cloudformation:CreateChangeSet"):
            return self._client.create_change_set(
                StackName=stack_id,
                ChangeSetName=f"workshop-lifecycle-{uuid.uuid4()}",
                ChangeSetType="UPDATE",
                **arguments,
            )["Id"]

    def _look(self, stack_id: str, change_set: str, found: dict[str, Changes]) -> None:
        rows: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        while True:
            with aws_call("cloudformation:DescribeChangeSet"):
                page = self._client.describe_change_set(ChangeSetName=change_set, **token)
            if page["Status"] == "FAILED":
                reason = one_line(page.get("StatusReason", ""))
                nothing = any(words in reason for words in _NOTHING)
                found[stack_id] = Changes(False) if nothing else Changes(problem=reason or "no reason was given")
                return
            if page["Status"] != "CREATE_COMPLETE":
                return
            rows += _rows(page.get("Changes", []))
            if not page.get("NextToken"):
                found[stack_id] = Changes(rows=tuple(rows))
                return
            token = {"NextToken": page["NextToken"]}

    def _remove(self, made: Mapping[str, str]) -> None:
        """All of them: the error of one is raised when the others are gone."""
        problem: AwsCallError | None = None
        for change_set in made.values():
            try:
                with aws_call("cloudformation:DeleteChangeSet"):
                    self._client.delete_change_set(ChangeSetName=change_set)
            except AwsCallError as error:
                problem = problem if error.kind == MISSING else error
        if problem is not None:
            raise problem


def _rows(changes: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for change in changes:
        item = change.get("ResourceChange")
        if item:
            yield {
                "action": item["Action"],
                "logical_id": item.get("LogicalResourceId", ""),
                "type": item.get("ResourceType", ""),
                "replacement": item.get("Replacement", ""),
                "scope": list(item.get("Scope", [])),
            }
