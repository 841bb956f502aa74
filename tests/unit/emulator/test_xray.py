# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""X-Ray groups and sampling rules on the emulator, with their tags."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from tests.emulator import Emulator

RULE = {
    "RuleName": "health",
    "ResourceARN": "*",
    "Priority": 1,
    "FixedRate": 0.0,
    "ReservoirSize": 0,
    "ServiceName": "*",
    "ServiceType": "*",
    "Host": "*",
    "HTTPMethod": "*",
    "URLPath": "/health",
    "Version": 1,
}


@pytest.fixture
def xray(shared_emulator: Emulator) -> Any:
    """A client for X-Ray of an empty account."""
    return shared_emulator.client("xray")


def test_a_group_is_created_and_found_by_name_or_arn(xray: Any) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_GetGroup.html"""
    created = xray.create_group(GroupName="kitchen", FilterExpression="fault = true")["Group"]
    assert created["GroupARN"].startswith("arn:aws:xray:eu-central-1:123456789012:group/kitchen/")
    assert xray.get_group(GroupName="kitchen")["Group"] == created
    assert xray.get_group(GroupARN=created["GroupARN"])["Group"] == created
    assert xray.get_groups()["Groups"] == [created]


def test_a_group_is_updated(xray: Any) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_UpdateGroup.html"""
    xray.create_group(GroupName="kitchen")
    xray.update_group(GroupName="kitchen", FilterExpression="error = true")
    assert xray.get_group(GroupName="kitchen")["Group"]["FilterExpression"] == "error = true"


@pytest.mark.parametrize("by", ["GroupName", "GroupARN"])
def test_a_group_is_deleted_by_name_or_arn(xray: Any, by: str) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_DeleteGroup.html"""
    group = xray.create_group(GroupName="kitchen")["Group"]
    xray.delete_group(**{by: group[by]})
    assert xray.get_groups()["Groups"] == []


@pytest.mark.parametrize("call", ["get_group", "delete_group", "update_group"])
def test_a_missing_group(xray: Any, call: str) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_DeleteGroup.html#API_DeleteGroup_Errors"""
    with pytest.raises(ClientError, match="InvalidRequestException.*Group not found"):
        getattr(xray, call)(GroupName="kitchen")


def test_a_group_is_not_created_twice(xray: Any) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_CreateGroup.html#API_CreateGroup_Errors"""
    xray.create_group(GroupName="kitchen")
    with pytest.raises(ClientError, match="InvalidRequestException"):
        xray.create_group(GroupName="kitchen")


def test_groups_are_of_a_region(xray: Any, shared_emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/general/latest/gr/xray.html"""
    xray.create_group(GroupName="kitchen")
    assert shared_emulator.client("xray", region="us-west-2").get_groups()["Groups"] == []


def test_sampling_rules(xray: Any) -> None:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html"""

    def names() -> list[str]:
        return [item["SamplingRule"]["RuleName"] for item in xray.get_sampling_rules()["SamplingRuleRecords"]]

    assert names() == ["Default"]
    xray.create_sampling_rule(SamplingRule=RULE)
    assert names() == ["Default", "health"]
    xray.delete_sampling_rule(RuleName="health")
    assert names() == ["Default"]
    with pytest.raises(ClientError, match="InvalidRequestException"):
        xray.delete_sampling_rule(RuleName="health")
    with pytest.raises(ClientError, match="InvalidRequestException"):
        xray.delete_sampling_rule(RuleName="Default")


def test_a_rule_is_changed(xray: Any) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_UpdateSamplingRule.html"""
    arn = xray.create_sampling_rule(SamplingRule=RULE)["SamplingRuleRecord"]["SamplingRule"]["RuleARN"]
    changed = xray.update_sampling_rule(SamplingRuleUpdate={"RuleARN": arn, "FixedRate": 0.5})["SamplingRuleRecord"]
    assert changed["SamplingRule"]["FixedRate"] == 0.5 and changed["SamplingRule"]["URLPath"] == "/health"
    for both in ({"RuleName": "health", "RuleARN": arn}, {}, {"RuleName": "nobody"}):
        with pytest.raises(ClientError, match="InvalidRequestException"):
            xray.update_sampling_rule(SamplingRuleUpdate=both)


def test_of_the_default_rule_rate_and_reservoir_are_changed(xray: Any) -> None:
    """https://github.com/hashicorp/terraform-provider-aws/issues/49597"""
    update = {"RuleName": "Default", "FixedRate": 0.01, "ReservoirSize": 0}
    changed = xray.update_sampling_rule(SamplingRuleUpdate=update)["SamplingRuleRecord"]["SamplingRule"]
    assert (changed["FixedRate"], changed["ReservoirSize"], changed["Priority"]) == (0.01, 0, 10000)
    with pytest.raises(ClientError, match="Invalid update request for default sampling rule"):
        xray.update_sampling_rule(SamplingRuleUpdate={**update, "Priority": 10000})


@pytest.mark.parametrize(
    "field, value",
    [("HTTPMethod", "x" * 11), ("URLPath", "x" * 129), ("ReservoirSize", -1), ("FixedRate", 2.0), ("Priority", 10000)],
)
def test_what_a_rule_can_not_have(xray: Any, field: str, value: Any) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html"""
    xray.create_sampling_rule(SamplingRule={**RULE, "RuleName": "good"})
    update = {"RuleName": "good", field: value}
    with pytest.raises((ClientError, ParamValidationError)):
        xray.update_sampling_rule(SamplingRuleUpdate=update)
    with pytest.raises((ClientError, ParamValidationError)):
        xray.create_sampling_rule(SamplingRule={**RULE, field: value})


def test_how_many_rules_and_groups_there_can_be(xray: Any) -> None:
    """https://docs.aws.amazon.com/general/latest/gr/xray.html"""
    for number in range(25):
        xray.create_sampling_rule(SamplingRule={**RULE, "RuleName": f"r{number}"})
        xray.create_group(GroupName=f"g{number}")
    with pytest.raises(ClientError, match="RuleLimitExceededException"):
        xray.create_sampling_rule(SamplingRule=RULE)
    with pytest.raises(ClientError, match="InvalidRequestException.*maximum"):
        xray.create_group(GroupName="kitchen")


def test_insights_of_a_group(xray: Any) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_InsightsConfiguration.html"""
    on = {"InsightsEnabled": True, "NotificationsEnabled": True}
    group = xray.create_group(GroupName="kitchen", InsightsConfiguration=on)["Group"]
    assert group["InsightsConfiguration"] == on
    with pytest.raises(ClientError, match="InvalidRequestException.*Notifications"):
        xray.update_group(GroupName="kitchen", InsightsConfiguration={"InsightsEnabled": False})
    with pytest.raises(ClientError, match="InvalidRequestException"):
        xray.create_group(GroupName="Default")


def test_tags_of_groups_and_rules(xray: Any) -> None:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-tagging.html"""
    tags = [{"Key": "course", "Value": "a"}]
    group = xray.create_group(GroupName="kitchen", Tags=tags)["Group"]["GroupARN"]
    rule = xray.create_sampling_rule(SamplingRule=RULE)["SamplingRuleRecord"]["SamplingRule"]["RuleARN"]
    xray.tag_resource(ResourceARN=rule, Tags=tags)
    assert xray.list_tags_for_resource(ResourceARN=group)["Tags"] == tags
    assert xray.list_tags_for_resource(ResourceARN=rule)["Tags"] == tags
    xray.untag_resource(ResourceARN=group, TagKeys=["course"])
    assert xray.list_tags_for_resource(ResourceARN=group)["Tags"] == []
    xray.delete_group(GroupName="kitchen")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        xray.list_tags_for_resource(ResourceARN=group)


def test_traces_still_work(xray: Any) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_PutTraceSegments.html"""
    document = '{"name": "a", "id": "70de5b6f19ff9a0a", "trace_id": "1-5759e988-bd862e3fe1be46a994272793", '
    document += '"start_time": 1.478293361271E9, "end_time": 1.478293361449E9}'
    assert xray.put_trace_segments(TraceSegmentDocuments=[document])["UnprocessedTraceSegments"] == []
    traces = xray.batch_get_traces(TraceIds=["1-5759e988-bd862e3fe1be46a994272793"])["Traces"]
    assert len(traces) == 1
