# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Where each kind of leftover is looked for."""

from __future__ import annotations

from os.path import commonprefix
from typing import Any
from typing import Callable
from typing import Sequence

from .._aws.errors import aws_call
from .._aws.reading import Reading
from .._survey.types import LOG_GROUP
from .._survey.types import SSM_PARAMETER
from .._survey.types import TASK_DEFINITION
from .._survey.types import XRAY_GROUP
from .._survey.types import XRAY_SAMPLING_RULE
from .._survey.types import Found

TELLING = 4  # characters with which names begin alike, so that one listing finds few others


class Kinds:
    """``clients``: makes a boto3 client from the name of its service."""

    def __init__(self, clients: Callable, reading: Reading) -> None:
        self._clients = clients
        self._reading = reading

    def log_groups(self, names: Sequence[str], prefixes: Sequence[str]) -> list[Found]:
        """Log groups of these names, or whose names begin with one of these texts."""
        common = commonprefix(list(names))
        starts = list(dict.fromkeys([*([common] if len(common) >= TELLING else names), *prefixes]))
        pages = self._reading.each(lambda start: self._reading.read(lambda: self._log_groups(start), []), starts)
        found = {}
        for group in (group for page in pages for group in page):
            name = group["logGroupName"]
            if name in names or name.startswith(tuple(prefixes)):
                details = {
                    "retention_in_days": group.get("retentionInDays"),
                    "stored_bytes": group.get("storedBytes", 0),
                }
                found[name] = Found(LOG_GROUP, name, name, physical_id=name, details=details)
        return list(found.values())

    def xray_groups(self, names: Sequence[str]) -> list[Found]:
        """The X-Ray groups of these names."""
        groups = self._reading.read(self._xray_groups, [])
        return [
            Found(
                XRAY_GROUP,
                group["GroupName"],
                group["GroupName"],
                physical_id=group["GroupARN"],
                details={"filter_expression": group.get("FilterExpression", "")},
            )
            for group in groups
            if group["GroupName"] in names
        ]

    def xray_sampling_rules(self, names: Sequence[str]) -> list[Found]:
        """The X-Ray sampling rules of these names."""
        rules = self._reading.read(self._xray_sampling_rules, [])
        return [
            Found(
                XRAY_SAMPLING_RULE,
                rule["RuleName"],
                rule["RuleName"],
                physical_id=rule["RuleARN"],
                details={"service_name": rule.get("ServiceName", ""), "priority": rule.get("Priority")},
            )
            for rule in rules
            if rule["RuleName"] in names
        ]

    def task_definitions(self, families: Sequence[str]) -> list[Found]:
        """INACTIVE revisions of these families. Stacks deregister task definitions, which leaves them INACTIVE."""
        read = self._reading.read
        pages = self._reading.each(
            lambda family: read(lambda: self._task_definitions(family), []), dict.fromkeys(families)
        )
        found = []
        for arn in (arn for page in pages for arn in page):
            name = arn.rsplit("/", 1)[-1]
            if name.rsplit(":", 1)[0] in families:
                found.append(Found(TASK_DEFINITION, name, arn, details={"status": "INACTIVE"}))
        return found

    def ssm_parameters(self, path: str) -> list[Found]:
        """SSM parameters below this path. Their values are not read."""
        return [
            Found(
                SSM_PARAMETER,
                parameter["Name"],
                parameter["Name"],
                physical_id=parameter["Name"],
                details={"type": parameter["Type"], "last_modified": parameter["LastModifiedDate"].isoformat()},
            )
            for parameter in self._reading.read(lambda: self._parameters(path), [])
        ]

    def _log_groups(self, prefix: str) -> list[dict[str, Any]]:
        with aws_call("logs:DescribeLogGroups"):
            pages = self._clients("logs").get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
            return [group for page in pages for group in page["logGroups"]]

    def _xray_groups(self) -> list[dict[str, Any]]:
        with aws_call("xray:GetGroups"):
            pages = self._clients("xray").get_paginator("get_groups").paginate()
            return [group for page in pages for group in page["Groups"]]

    def _xray_sampling_rules(self) -> list[dict[str, Any]]:
        with aws_call("xray:GetSamplingRules"):
            pages = self._clients("xray").get_paginator("get_sampling_rules").paginate()
            return [record["SamplingRule"] for page in pages for record in page["SamplingRuleRecords"]]

    def _task_definitions(self, family: str) -> list[str]:
        # The "prefix" has to be a whole family:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html
        with aws_call("ecs:ListTaskDefinitions"):
            pages = (
                self._clients("ecs")
                .get_paginator("list_task_definitions")
                .paginate(familyPrefix=family, status="INACTIVE")
            )
            return [arn for page in pages for arn in page["taskDefinitionArns"]]

    def _parameters(self, path: str) -> list[dict[str, Any]]:
        # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
        filters = [{"Key": "Path", "Option": "Recursive", "Values": [path.rstrip("/") or "/"]}]
        with aws_call("ssm:DescribeParameters"):
            pages = self._clients("ssm").get_paginator("describe_parameters").paginate(ParameterFilters=filters)
            return [parameter for page in pages for parameter in page["Parameters"]]
