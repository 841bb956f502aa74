# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sampling rules, and what they let through.

https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
"""

from __future__ import annotations

import fnmatch
import re
from typing import Any

from moto.core.utils import unix_time

from ...world import world
from .errors import InvalidRequest, RuleLimitExceeded

#: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-configuration.html#xray-api-configuration-sampling
_DEFAULT = {
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
_REQUIRED = tuple(name for name in _DEFAULT if name not in ("RuleName", "Attributes"))
#: https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html
_LONGEST = {
    "RuleName": 32,
    "ServiceName": 64,
    "ServiceType": 64,
    "Host": 64,
    "HTTPMethod": 10,
    "URLPath": 128,
    "ResourceARN": 500,
}
#: Those beside the default one: https://docs.aws.amazon.com/general/latest/gr/xray.html
_MOST = 25


class Sampling:
    """The rules of one account and region."""

    def __init__(self, arn: str) -> None:
        """``arn``: what the ARN of a rule begins with, up to its name."""
        self._arn = arn
        self.rules: dict[str, dict[str, Any]] = {}
        self._seen: dict[str, int] = {}
        self._reserved: dict[tuple[str, int], int] = {}
        self._record(dict(_DEFAULT))

    def _record(self, rule: dict[str, Any]) -> dict[str, Any]:
        rule["RuleARN"] = self._arn + rule["RuleName"]
        now = unix_time()
        self.rules[rule["RuleName"]] = {"SamplingRule": rule, "CreatedAt": now, "ModifiedAt": now}
        return self.rules[rule["RuleName"]]

    def create(self, rule: dict[str, Any]) -> dict[str, Any]:
        """https://docs.aws.amazon.com/xray/latest/api/API_CreateSamplingRule.html"""
        name = rule.get("RuleName")
        if not name or name in self.rules:
            raise InvalidRequest(f"Sampling rule {name} already exists." if name else "RuleName is required.")
        missing = [field for field in _REQUIRED if field not in rule]
        if missing:
            raise InvalidRequest(f"Missing required parameters: {', '.join(missing)}")
        _check(rule)
        if len(self.rules) > _MOST:
            raise RuleLimitExceeded(f"You have reached the maximum number of sampling rules: {_MOST}")
        world.note("xray_sampling_rule", name, "created")
        return self._record({"Attributes": {}, **rule})

    def find(self, given: dict[str, Any]) -> dict[str, Any]:
        """By name or ARN, but not both."""
        if bool(given.get("RuleName")) == bool(given.get("RuleARN")):
            raise InvalidRequest("Specify a rule by either name or ARN, but not both.")
        for name, record in self.rules.items():
            if given.get("RuleName") == name or given.get("RuleARN") == record["SamplingRule"]["RuleARN"]:
                return record
        raise InvalidRequest("Sampling rule does not exist.")

    def update(self, given: dict[str, Any]) -> dict[str, Any]:
        """Of the default one rate and reservoir alone (hashicorp/terraform-provider-aws#49597).

        https://docs.aws.amazon.com/xray/latest/api/API_UpdateSamplingRule.html
        """
        record = self.find(given)
        rule = record["SamplingRule"]
        changes = {name: value for name, value in given.items() if name not in ("RuleName", "RuleARN")}
        if rule["RuleName"] == "Default" and set(changes) - {"FixedRate", "ReservoirSize"}:
            raise InvalidRequest("Invalid update request for default sampling rule")
        _check(changes)
        rule.update(changes)
        record["ModifiedAt"] = unix_time()
        return record

    def delete(self, given: dict[str, Any]) -> dict[str, Any]:
        """https://docs.aws.amazon.com/xray/latest/api/API_DeleteSamplingRule.html"""
        record = self.find(given)
        name = record["SamplingRule"]["RuleName"]
        if name == "Default":
            raise InvalidRequest("The default sampling rule cannot be deleted.")
        world.note("xray_sampling_rule", name, "deleted")
        return self.rules.pop(name)

    def takes(self, moment: float, asked: dict[str, str]) -> bool:
        """Whether a request is recorded: the rule's reservoir in each second, and beyond it each n-th by its rate.

        ``asked``: ServiceName, ServiceType, Host, HTTPMethod and URLPath. The first rule that matches decides; one
        with attributes or the ARN of a resource is passed over, as by the SDKs.
        """
        for rule in sorted((record["SamplingRule"] for record in self.rules.values()), key=_order):
            if not _matches(rule, asked):
                continue
            name, second = rule["RuleName"], int(moment)
            taken = self._reserved.get((name, second), 0)
            if taken < rule["ReservoirSize"]:
                self._reserved[name, second] = taken + 1
                return True
            self._seen[name] = seen = self._seen.get(name, 0) + 1
            return int(seen * rule["FixedRate"] + 1e-9) > int((seen - 1) * rule["FixedRate"] + 1e-9)
        return False


def _order(rule: dict[str, Any]) -> tuple[int, str]:
    return rule["Priority"], rule["RuleName"]


def _check(rule: dict[str, Any]) -> None:
    for name, longest in _LONGEST.items():
        if len(rule.get(name, "")) > longest:
            raise InvalidRequest(f"{name} must not be longer than {longest}")
    if not 1 <= rule.get("Priority", 1) <= 9999:
        raise InvalidRequest("Priority must be between 1 and 9999")
    if not 0 <= rule.get("FixedRate", 0) <= 1:
        raise InvalidRequest("FixedRate must be between 0 and 1")
    if rule.get("ReservoirSize", 0) < 0:
        raise InvalidRequest("ReservoirSize must not be negative")
    if rule.get("Version", 1) != 1:
        raise InvalidRequest("Version must be 1")
    if len(rule.get("Attributes") or {}) > 5:
        raise InvalidRequest("A rule must not have more than 5 attributes")


def _matches(rule: dict[str, Any], asked: dict[str, str]) -> bool:
    """Wildcards are ``?`` and ``*`` alone, and case is not looked at."""
    if rule["Attributes"] or rule["ResourceARN"] != "*":
        return False
    patterns = {name: fnmatch.translate(rule[name].replace("[", "[[]")) for name in asked}
    return all(re.match(patterns[name], value, re.IGNORECASE) for name, value in asked.items())
