# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""X-Ray groups: https://docs.aws.amazon.com/xray/latest/devguide/xray-console-groups.html"""

from __future__ import annotations

import re
from typing import Any

from moto.moto_api._internal import mock_random

from ...world import world
from .errors import InvalidRequest
from .filters import parse

_NAME = re.compile(r"[A-Za-z0-9-]{1,32}")
#: https://docs.aws.amazon.com/general/latest/gr/xray.html
_MOST = 25


class Groups:
    """Those of one account and region."""

    def __init__(self, arn: str) -> None:
        """``arn``: what the ARN of a group begins with, up to its name."""
        self._arn = arn
        self.by_name: dict[str, dict[str, Any]] = {}

    def create(self, given: dict[str, Any]) -> dict[str, Any]:
        """https://docs.aws.amazon.com/xray/latest/api/API_CreateGroup.html"""
        name = given.get("GroupName")
        if not name:
            raise InvalidRequest("GroupName is required.")
        if name in self.by_name or name == "Default":
            raise InvalidRequest(f"Group {name} already exists.")
        if not _NAME.fullmatch(name):
            raise InvalidRequest("GroupName must have at most 32 letters, digits and dashes.")
        if len(self.by_name) >= _MOST:
            raise InvalidRequest(f"You have reached the maximum number of groups: {_MOST}")
        group = {
            "GroupName": name,
            "GroupARN": f"{self._arn}{name}/{mock_random.get_random_hex(32).upper()}",
            "FilterExpression": "",
            "InsightsConfiguration": {"InsightsEnabled": False, "NotificationsEnabled": False},
        }
        self._change(group, given)
        self.by_name[name] = group
        world.note("xray_group", name, "created")
        return group

    def _change(self, group: dict[str, Any], given: dict[str, Any]) -> None:
        expression = given.get("FilterExpression", group["FilterExpression"])
        insights = {**group["InsightsConfiguration"], **(given.get("InsightsConfiguration") or {})}
        parse(expression, self.expression)
        if insights["NotificationsEnabled"] and not insights["InsightsEnabled"]:
            raise InvalidRequest("Notifications can only be enabled on a group with InsightsEnabled set to true.")
        group.update(FilterExpression=expression, InsightsConfiguration=insights)

    def find(self, given: dict[str, Any]) -> dict[str, Any]:
        """By GroupName or GroupARN."""
        for group in self.by_name.values():
            if given.get("GroupName") == group["GroupName"] or given.get("GroupARN") == group["GroupARN"]:
                return group
        raise InvalidRequest("Group not found")

    def update(self, given: dict[str, Any]) -> dict[str, Any]:
        """https://docs.aws.amazon.com/xray/latest/api/API_UpdateGroup.html"""
        group = self.find(given)
        self._change(group, given)
        return group

    def delete(self, given: dict[str, Any]) -> dict[str, Any]:
        """https://docs.aws.amazon.com/xray/latest/api/API_DeleteGroup.html"""
        name = self.find(given)["GroupName"]
        world.note("xray_group", name, "deleted")
        return self.by_name.pop(name)

    def expression(self, field: str, value: str) -> str:
        """Of the group whose ``name`` or ``arn`` this is."""
        found: str = self.find({"GroupName" if field == "name" else "GroupARN": value})["FilterExpression"]
        return found
