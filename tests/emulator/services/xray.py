# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""X-Ray groups and sampling rules, which moto lacks.

https://docs.aws.amazon.com/xray/latest/api/Welcome.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random
from moto.utilities.utils import get_partition
from moto.xray import urls as xray_urls
from moto.xray.models import XRayBackend, xray_backends
from moto.xray.responses import XRayResponse

from ..world import world
from .pages import InvalidToken, page
from .swap import Swaps, url_module

_PAGE = 100
_DEFAULT_RULE = {
    "RuleName": "Default",
    "ResourceARN": "*",
    "Priority": 10000,
    "FixedRate": 0.05,
    "ReservoirSize": 1,
    "ServiceName": "*",
    "ServiceType": "*",
    "Host": "*",
    "HTTPMethod": "*",
    "URLPath": "*",
    "Version": 1,
    "Attributes": {},
}


class InvalidRequest(JsonRESTError):
    """https://docs.aws.amazon.com/xray/latest/api/API_DeleteGroup.html#API_DeleteGroup_Errors"""

    def __init__(self, message: str) -> None:
        super().__init__("InvalidRequestException", message)


class XRay(XRayBackend):
    """moto's traces, with groups and sampling rules."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.groups: dict[str, dict[str, Any]] = {}
        self.rules: dict[str, dict[str, Any]] = {"Default": self._record(dict(_DEFAULT_RULE))}

    @property
    def _url_module(self) -> Any:
        return _urls

    # groups

    def create_group(self, given: dict[str, Any]) -> dict[str, Any]:
        name = given.get("GroupName")
        if not name:
            raise InvalidRequest("GroupName is required.")
        if name in self.groups:
            raise InvalidRequest(f"Group {name} already exists.")
        self.groups[name] = {
            "GroupName": name,
            "GroupARN": self._arn(f"group/{name}/{mock_random.get_random_hex(32).upper()}"),
            "FilterExpression": given.get("FilterExpression", ""),
            "InsightsConfiguration": given.get("InsightsConfiguration")
            or {"InsightsEnabled": False, "NotificationsEnabled": False},
        }
        world.note("xray_group", name, "created")
        return self.groups[name]

    def find_group(self, given: dict[str, Any]) -> dict[str, Any]:
        """By GroupName or GroupARN."""
        for group in self.groups.values():
            if given.get("GroupName") == group["GroupName"] or given.get("GroupARN") == group["GroupARN"]:
                return group
        raise InvalidRequest("Group not found")

    def update_group(self, given: dict[str, Any]) -> dict[str, Any]:
        group = self.find_group(given)
        group.update({name: given[name] for name in ("FilterExpression", "InsightsConfiguration") if name in given})
        return group

    def delete_group(self, given: dict[str, Any]) -> None:
        group = self.find_group(given)
        del self.groups[group["GroupName"]]
        world.note("xray_group", group["GroupName"], "deleted")

    # sampling rules

    def create_sampling_rule(self, rule: dict[str, Any]) -> dict[str, Any]:
        """https://docs.aws.amazon.com/xray/latest/api/API_CreateSamplingRule.html"""
        name = rule.get("RuleName")
        if not name or name in self.rules:
            raise InvalidRequest(f"Sampling rule {name} already exists." if name else "RuleName is required.")
        self.rules[name] = self._record({"Attributes": {}, **rule})
        return self.rules[name]

    def delete_sampling_rule(self, given: dict[str, Any]) -> dict[str, Any]:
        """https://docs.aws.amazon.com/xray/latest/api/API_DeleteSamplingRule.html"""
        for name, record in self.rules.items():
            rule = record["SamplingRule"]
            if given.get("RuleName") == name or given.get("RuleARN") == rule["RuleARN"]:
                if name == "Default":
                    raise InvalidRequest("The default sampling rule cannot be deleted.")
                return self.rules.pop(name)
        raise InvalidRequest("Sampling rule does not exist.")

    def _record(self, rule: dict[str, Any]) -> dict[str, Any]:
        rule["RuleARN"] = self._arn(f"sampling-rule/{rule['RuleName']}")
        return {"SamplingRule": rule, "CreatedAt": unix_time(), "ModifiedAt": unix_time()}

    def _arn(self, resource: str) -> str:
        return f"arn:{get_partition(self.region_name)}:xray:{self.region_name}:{self.account_id}:{resource}"


class XRayAnswers(XRayResponse):
    """One method per path, named by the last part of it."""

    @property
    def _backend(self) -> XRay:
        return self.xray_backend  # type: ignore[return-value]

    def create_group(self) -> str:
        return json.dumps({"Group": self._backend.create_group(self.request_params)})

    def get_group(self) -> str:
        return json.dumps({"Group": self._backend.find_group(self.request_params)})

    def groups(self) -> str:
        """GetGroups: https://docs.aws.amazon.com/xray/latest/api/API_GetGroups.html"""
        return self._listed("Groups", list(self._backend.groups.values()), lambda item: item["GroupName"])

    def update_group(self) -> str:
        return json.dumps({"Group": self._backend.update_group(self.request_params)})

    def delete_group(self) -> str:
        self._backend.delete_group(self.request_params)
        return "{}"

    def get_sampling_rules(self) -> str:
        records = list(self._backend.rules.values())
        return self._listed("SamplingRuleRecords", records, lambda item: item["SamplingRule"]["RuleName"])

    def create_sampling_rule(self) -> str:
        rule = self.request_params.get("SamplingRule") or {}
        return json.dumps({"SamplingRuleRecord": self._backend.create_sampling_rule(rule)})

    def delete_sampling_rule(self) -> str:
        return json.dumps({"SamplingRuleRecord": self._backend.delete_sampling_rule(self.request_params)})

    def _listed(self, name: str, items: list[dict[str, Any]], key: Any) -> str:
        try:
            shown, token = page(items, self.request_params.get("NextToken"), _PAGE, key)
        except InvalidToken as error:
            raise InvalidRequest("Invalid NextToken") from error
        return json.dumps({name: shown, **({"NextToken": token} if token else {})})


_PATHS = (
    "CreateGroup",
    "GetGroup",
    "Groups",
    "UpdateGroup",
    "DeleteGroup",
    "GetSamplingRules",
    "CreateSamplingRule",
    "DeleteSamplingRule",
)
_known = [path.partition("/")[2].rstrip("$") for path in xray_urls.url_paths]
_urls = url_module(xray_urls.url_bases, {f"{{0}}/{path}$": XRayAnswers.dispatch for path in (*_known, *_PATHS)})


def install(swaps: Swaps) -> None:
    """Have moto use our backend."""
    swaps.use(xray_backends, XRay)
