# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is there now, in few calls, without changing anything."""

from __future__ import annotations

import time
from typing import Any
from typing import Callable
from typing import Sequence
from typing import TypeVar

from ._client_config import CLIENT_CONFIG
from ._errors import DENIED
from ._errors import MISSING
from ._errors import TRANSIENT
from ._errors import AwsCallError
from ._errors import aws_call
from ._task_reader import TaskReader
from ._task_types import ENDED

TRIES = 5

T = TypeVar("T")


class Survey:
    """``client``: makes a boto3 client from a service name and ``config``. ``denied`` collects what may not be read."""

    def __init__(self, client: Callable[..., Any], sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep
        self.denied: list[dict[str, str]] = []

    def caller(self) -> dict[str, str] | None:
        return self._read(self._caller, None)

    def stacks(self, names: Sequence[str], prefix: str) -> tuple[list[dict[str, Any]], list[str]]:
        """The stacks of these names that exist, and the names of others that begin with ``prefix`` (if it is not
        empty)."""
        live = self._read(self._live_stacks, {})
        known = [live[name] for name in dict.fromkeys(names) if name in live]
        others = sorted(name for name in live if prefix and name.startswith(prefix) and name not in names)
        return known, others

    def tasks(self, cluster: str) -> list[dict[str, str]]:
        """All tasks of a cluster that have not ended, those that were told to stop included."""
        reader = TaskReader(self._client("ecs", config=CLIENT_CONFIG), cluster)
        return self._read(lambda: self._tasks(reader), [])

    def log_groups(self, names: Sequence[str], prefixes: Sequence[str]) -> list[dict[str, Any]]:
        """Log groups of these names, or whose names begin with one of these texts, sorted by name."""
        found: dict[str, dict[str, Any]] = {}
        for start in dict.fromkeys([*names, *prefixes]):
            for group in self._read(lambda start=start: self._log_groups(start), []):
                if group["name"] in names or group["name"].startswith(tuple(prefixes)):
                    found[group["name"]] = group
        return [found[name] for name in sorted(found)]

    def xray_group(self, name: str) -> str | None:
        """The name if there is such an X-Ray group."""
        return name if name in self._read(self._xray_groups, []) else None

    def _read(self, call: Callable[[], T], nothing: T) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                return call()
            except AwsCallError as error:
                if error.kind == MISSING:
                    return nothing
                if error.kind == DENIED:
                    entry = {"action": error.action, "message": error.message}
                    if entry not in self.denied:
                        self.denied.append(entry)
                    return nothing
                if error.kind != TRANSIENT or attempt == TRIES:
                    raise
            self._sleep(attempt)
        return nothing

    def _caller(self) -> dict[str, str] | None:
        with aws_call("sts:GetCallerIdentity"):
            answer = self._client("sts", config=CLIENT_CONFIG).get_caller_identity()
        return {"account": answer["Account"], "arn": answer["Arn"], "user_id": answer["UserId"]}

    def _live_stacks(self) -> dict[str, dict[str, Any]]:
        client = self._client("cloudformation", config=CLIENT_CONFIG)
        found = {}
        with aws_call("cloudformation:DescribeStacks"):
            for page in client.get_paginator("describe_stacks").paginate():
                for stack in page["Stacks"]:
                    if stack["StackStatus"] != "DELETE_COMPLETE":
                        found[stack["StackName"]] = {
                            "name": stack["StackName"],
                            "stack_id": stack["StackId"],
                            "status": stack["StackStatus"],
                            "termination_protection": bool(stack.get("EnableTerminationProtection", False)),
                            "creation_time": stack["CreationTime"].isoformat(),
                        }
        return found

    def _tasks(self, reader: TaskReader) -> list[dict[str, str]]:
        arns = dict.fromkeys([*reader.task_arns("RUNNING"), *reader.task_arns("STOPPED")])
        views, _missing = reader.tasks(list(arns))
        return [
            {
                "task_arn": view.arn,
                "group": view.group,
                "last_status": view.last_status,
                "desired_status": view.desired_status,
            }
            for view in sorted(views, key=lambda view: (view.group, view.arn))
            if view.last_status not in ENDED
        ]

    def _log_groups(self, prefix: str) -> list[dict[str, Any]]:
        client = self._client("logs", config=CLIENT_CONFIG)
        found = []
        with aws_call("logs:DescribeLogGroups"):
            for page in client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix):
                for group in page["logGroups"]:
                    found.append({"name": group["logGroupName"], "retention_in_days": group.get("retentionInDays")})
        return found

    def _xray_groups(self) -> list[str]:
        client = self._client("xray", config=CLIENT_CONFIG)
        found = []
        with aws_call("xray:GetGroups"):
            for page in client.get_paginator("get_groups").paginate():
                found.extend(group["GroupName"] for group in page["Groups"])
        return found
