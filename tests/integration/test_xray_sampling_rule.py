# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module xray_sampling_rule against the emulator, in this process."""

from __future__ import annotations

from typing import Any

import pytest

HEALTH = {"rule_name": "health", "priority": 1, "url_path": "/health", "fixed_rate": 0, "reservoir_size": 0}


def rules(aws) -> dict[str, dict[str, Any]]:
    found = aws.client("xray").get_sampling_rules()["SamplingRuleRecords"]
    return {record["SamplingRule"]["RuleName"]: record["SamplingRule"] for record in found}


def test_it_comes_changes_and_goes(aws, inside):
    made = inside("xray_sampling_rule", **HEALTH)
    assert made["changed"] and made["sampling_rule"]["rule_arn"] == rules(aws)["health"]["RuleARN"]
    assert rules(aws)["health"]["URLPath"] == "/health" and rules(aws)["health"]["Host"] == "*"
    assert not inside("xray_sampling_rule", **HEALTH)["changed"]

    aws.calls.clear()
    changed = inside("xray_sampling_rule", diff=True, rule_name="health", fixed_rate=0.5, host="shop.example.com")
    assert changed["changed"] and changed["diff"]["before"]["fixed_rate"] == 0
    assert (rules(aws)["health"]["FixedRate"], rules(aws)["health"]["URLPath"]) == (0.5, "/health")
    assert "xray:ListTagsForResource" not in {call.action for call in aws.calls.log}, "tags were not asked for"

    assert inside("xray_sampling_rule", rule_name="health", state="absent")["sampling_rule"] is None
    assert set(rules(aws)) == {"Default"}
    assert not inside("xray_sampling_rule", rule_name="health", state="absent")["changed"]


def test_check_mode_predicts_and_touches_nothing(aws, inside):
    made = inside("xray_sampling_rule", check=True, diff=True, **HEALTH, tags={"course": "a"})
    assert made["changed"] and made["diff"]["before"] == {} and made["sampling_rule"]["rule_arn"] is None
    assert made["sampling_rule"]["tags"] == {"course": "a"} and set(rules(aws)) == {"Default"}
    inside("xray_sampling_rule", **HEALTH)
    assert inside("xray_sampling_rule", check=True, rule_name="health", state="absent")["changed"]
    assert inside("xray_sampling_rule", check=True, rule_name="health", priority=2)["changed"]
    assert rules(aws)["health"]["Priority"] == 1


def test_tags(aws, inside):
    tags = {"course": "a", "owner": "ann"}
    made = inside("xray_sampling_rule", **HEALTH, tags=tags)
    arn = made["sampling_rule"]["rule_arn"]

    def there() -> dict[str, str]:
        return {tag["Key"]: tag["Value"] for tag in aws.client("xray").list_tags_for_resource(ResourceARN=arn)["Tags"]}

    assert there() == tags and not inside("xray_sampling_rule", **HEALTH, tags=tags)["changed"]
    assert inside("xray_sampling_rule", rule_name="health", tags={"course": "b"}, purge_tags=False)["changed"]
    assert there() == {"course": "b", "owner": "ann"}
    assert inside("xray_sampling_rule", rule_name="health", tags={"owner": "ann"})["changed"]
    assert there() == {"owner": "ann"}


def test_the_default_rule_is_changed_but_not_deleted(aws, inside):
    changed = inside("xray_sampling_rule", rule_name="Default", fixed_rate=0.01, priority=10000)
    assert changed["changed"] and rules(aws)["Default"]["FixedRate"] == 0.01
    other = inside("xray_sampling_rule", rule_name="Default", fixed_rate=0.02, url_path="/health", priority=1)
    assert other["failed"] and "fixed_rate and reservoir_size alone, not priority, url_path" in other["msg"]
    gone = inside("xray_sampling_rule", check=True, rule_name="Default", state="absent")
    assert gone["failed"] and "does not delete" in gone["msg"] and rules(aws)["Default"]["FixedRate"] == 0.01


@pytest.mark.parametrize(
    "given, told",
    [
        ({"rule_name": "x" * 33}, "rule_name must have 1 to 32 characters, not 33"),
        ({"http_method": "x" * 11}, "http_method must have 1 to 10"),
        ({"host": ""}, "host must have 1 to 64"),
        ({"fixed_rate": 5}, "fixed_rate must be from 0 to 1, not 5"),
        ({"priority": 10000}, "priority must be from 1 to 9999"),
        ({"reservoir_size": -1}, "reservoir_size must be 0 or more"),
        ({"attributes": {str(number): "x" for number in range(6)}}, "attributes must be at most 5, not 6"),
        ({"attributes": {"x": "y" * 33}}, "1 to 32 characters"),
    ],
)
def test_what_x_ray_would_refuse_is_refused_before_it_is_asked(aws, inside, given, told):
    result = inside("xray_sampling_rule", **HEALTH | given)
    assert result["failed"] and told in result["msg"] and aws.calls.total == 0


def test_what_a_new_rule_needs(aws, inside):
    result = inside("xray_sampling_rule", check=True, rule_name="health", priority=1)
    assert result["failed"] and "fixed_rate, reservoir_size must be given" in result["msg"]


def test_errors_of_x_ray_are_shown(aws, inside):
    for number in range(25):
        inside("xray_sampling_rule", **HEALTH | {"rule_name": f"r{number}"})
    full = inside("xray_sampling_rule", **HEALTH)
    assert full["failed"] and "RuleLimitExceededException" in full["msg"]
    aws.faults.deny("xray:GetSamplingRules")
    denied = inside("xray_sampling_rule", **HEALTH)
    assert denied["failed"] and "xray:GetSamplingRules" in denied["msg"]
