# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from botocore.exceptions import EndpointConnectionError

from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.removal import Remover
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.leftover import Leftover
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.lookup import Lookups
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import resource_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from tests.unit.plugins.fake_aws import FakeAws, refusal

ARN = "arn:aws:ecs:eu-central-1:1:task-definition/web:"
INSTANCE = Leftover("cloud_map_instance", "web/i", "i", "srv-1")


def removal(aws, clock):
    return Remover(Looks(aws, clock.sleep), clock, clock.sleep, timeout=60)


def outcomes(aws, clock, *items):
    found = removal(aws, clock).remove(items)
    return [(found[item].action, found[item].reason) for item in items]


@pytest.mark.parametrize(
    "kind, call, arguments",
    [
        ("log_group", "logs.delete_log_group", {"logGroupName": "x"}),
        ("xray_group", "xray.delete_group", {"GroupName": "x"}),
        ("xray_sampling_rule", "xray.delete_sampling_rule", {"RuleName": "x"}),
        ("alarm", "cloudwatch.delete_alarms", {"AlarmNames": ["x"]}),
    ],
)
def test_one_by_one(kind, call, arguments, clock):
    aws = FakeAws({call: {}})
    assert outcomes(aws, clock, Leftover(kind, "x", "x")) == [("removed", "")]
    assert aws.calls == [(call, arguments)]


def test_what_is_gone_meanwhile(clock):
    aws = FakeAws(
        {
            "logs.delete_log_group": refusal("ResourceNotFoundException"),
            "cloudwatch.delete_alarms": refusal("ResourceNotFound"),
            "xray.delete_group": refusal("InvalidRequestException", "whatever X-Ray says"),
            "xray.get_groups": {"Groups": []},
        }
    )
    items = [Leftover(kind, "x", "x") for kind in ("log_group", "alarm", "xray_group")]
    assert outcomes(aws, clock, *items) == [("absent", "")] * 3


def test_what_is_refused_keeps_no_other(clock):
    aws = FakeAws(
        {
            "logs.delete_log_group": lambda logGroupName: (
                refusal("AccessDeniedException") if logGroupName == "a" else {}
            ),
            "xray.delete_group": refusal("InvalidRequestException", "bad"),
            "xray.get_groups": {"Groups": [{"GroupName": "x", "GroupARN": "arn:x"}]},
        }
    )
    items = [Leftover("log_group", name, name) for name in "ab"] + [Leftover("xray_group", "x", "x")]
    denied, removed, bad = outcomes(aws, clock, *items)
    assert denied[0] == "failed" and denied[1].endswith("Allow the IAM action logs:DeleteLogGroup.")
    assert removed == ("removed", "") and bad == ("failed", "xray:DeleteGroup answered InvalidRequestException: bad")


def test_after_credentials_have_ended_nothing_else_is_tried(clock):
    expired = refusal("ExpiredTokenException")
    aws = FakeAws({"logs.delete_log_group": expired, "sts.get_caller_identity": expired})
    items = [Leftover("log_group", name, name) for name in "ab"] + [INSTANCE]
    assert [action for action, reason in outcomes(aws, clock, *items)] == ["failed"] * 3
    assert [name for name, _arguments in aws.calls] == ["logs.delete_log_group", "sts.get_caller_identity"]


@pytest.mark.parametrize("error", [refusal("UnrecognizedClientException"), EndpointConnectionError(endpoint_url="x")])
def test_a_service_that_is_lost_is_tried_once_and_keeps_nothing_of_others(error, clock):
    aws = FakeAws(
        {
            "logs.delete_log_group": error,
            "xray.delete_group": {},
            "sts.get_caller_identity": {"Account": "123456789012", "Arn": "arn:x", "UserId": "x"},
        }
    )
    items = [Leftover("log_group", name, name) for name in "ab"] + [Leftover("xray_group", "x", "x")]
    assert [action for action, reason in outcomes(aws, clock, *items)] == ["failed", "failed", "removed"]
    assert len(aws.asked("logs.delete_log_group")) == 1


def test_throttling_passes(clock):
    answers = [refusal("ThrottlingException"), {}]
    aws = FakeAws({"logs.delete_log_group": lambda logGroupName: answers.pop(0)})
    assert outcomes(aws, clock, Leftover("log_group", "a", "a")) == [("removed", "")]


def test_parameters_in_tens(clock):
    aws = FakeAws(
        {"ssm.delete_parameters": lambda Names: {"InvalidParameters": [name for name in Names if name == "/3"]}}
    )
    items = [Leftover("ssm_parameter", f"/{number}", f"/{number}") for number in range(12)]
    found = [action for action, reason in outcomes(aws, clock, *items)]
    assert found == ["removed"] * 3 + ["absent"] + ["removed"] * 8
    assert [len(call["Names"]) for call in aws.asked("ssm.delete_parameters")] == [10, 2]


def test_task_definitions_in_tens_and_not_too_fast(clock):
    def delete(taskDefinitions):
        failures = [{"arn": arn, "reason": "IN_USE", "detail": "why"} for arn in taskDefinitions if arn == f"{ARN}5"]
        return {"taskDefinitions": [], "failures": failures}

    aws = FakeAws({"ecs.delete_task_definitions": delete})
    items = [Leftover("task_definition", f"web:{number}", f"{ARN}{number}") for number in range(61)]
    found = outcomes(aws, clock, *items)
    assert found.pop(5) == ("failed", "ecs:DeleteTaskDefinitions answered IN_USE: why")
    assert set(found) == {("removed", "")}
    assert len(aws.calls) == 7 and clock.slept == [1.0, 1.0]


def operation(*statuses):
    left = list(statuses)

    def get(OperationId):
        return {"Operation": left.pop(0) if len(left) > 1 else left[0]}

    return get


PENDING, SUCCESS = {"Status": "PENDING"}, {"Status": "SUCCESS"}


def cloud_map(get_operation, deregister=None, instances=()):
    return FakeAws(
        {
            "servicediscovery.deregister_instance": deregister or {"OperationId": "op"},
            "servicediscovery.get_operation": get_operation,
            "servicediscovery.list_instances": {"Instances": [{"Id": name} for name in instances]},
        }
    )


def test_an_instance_is_removed_when_its_operation_has_ended(clock):
    aws = cloud_map(operation(PENDING, PENDING, SUCCESS))
    assert outcomes(aws, clock, INSTANCE) == [("removed", "")]
    assert aws.asked("servicediscovery.deregister_instance") == [{"ServiceId": "srv-1", "InstanceId": "i"}]
    assert clock.slept == [0.25, 0.5]


def test_all_are_asked_for_before_any_is_waited_for(clock):
    aws = cloud_map(operation(PENDING, SUCCESS))
    other = Leftover("cloud_map_instance", "web/j", "j", "srv-1")
    assert outcomes(aws, clock, INSTANCE, other) == [("removed", "")] * 2
    assert [name for name, arguments in aws.calls[:2]] == ["servicediscovery.deregister_instance"] * 2


def test_an_operation_that_fails(clock):
    failed = {"Status": "FAIL", "ErrorCode": "INTERNAL_FAILURE", "ErrorMessage": "why"}
    reason = "servicediscovery:DeregisterInstance ended with INTERNAL_FAILURE: why"
    assert outcomes(cloud_map(operation(failed)), clock, INSTANCE) == [("failed", reason)]


def test_an_operation_that_does_not_end(clock):
    aws = cloud_map(operation(PENDING))
    reason = "It is still there 60 s after it was told to go. Run this again."
    assert outcomes(aws, clock, INSTANCE) == [("failed", reason)]
    assert sum(clock.slept) == 60 and max(clock.slept) == 4


@pytest.mark.parametrize("code", ["InstanceNotFound", "ServiceNotFound"])
def test_an_instance_that_is_gone_meanwhile(code, clock):
    assert outcomes(cloud_map(None, refusal(code)), clock, INSTANCE) == [("absent", "")]


@pytest.mark.parametrize(
    "get_operation, deregister", [(None, refusal("DuplicateRequest")), (refusal("AccessDeniedException"), None)]
)
def test_where_there_is_no_operation_to_look_at_the_list_tells(get_operation, deregister, clock):
    assert outcomes(cloud_map(get_operation, deregister), clock, INSTANCE) == [("removed", "")]
    (outcome,) = outcomes(cloud_map(get_operation, deregister, ["i"]), clock, INSTANCE)
    assert outcome[0] == "failed"


def test_whether_it_is_gone_can_not_be_seen(clock):
    aws = cloud_map(refusal("AccessDeniedException"))
    aws.answers["servicediscovery.list_instances"] = refusal("AccessDeniedException")
    (outcome,) = outcomes(aws, clock, INSTANCE)
    assert outcome[0] == "failed" and "servicediscovery:ListInstances" in outcome[1]


def test_what_cloud_map_refuses_has_not_begun(clock):
    aws = cloud_map(None, refusal("ResourceInUse", "in use"))
    reason = "servicediscovery:DeregisterInstance answered ResourceInUse: in use"
    assert outcomes(aws, clock, INSTANCE) == [("failed", reason)]


def test_a_look_before():
    aws = FakeAws(
        {
            "logs.describe_log_groups": lambda logGroupNamePrefix: {"logGroups": [{"logGroupName": "a"}]},
            "ssm.describe_parameters": {"Parameters": [{"Name": "/a"}]},
            "ecs.list_task_definitions": {"taskDefinitionArns": [f"{ARN}1"]},
            "xray.get_groups": refusal("AccessDeniedException"),
            "xray.get_sampling_rules": {"SamplingRuleRecords": []},
            "cloudwatch.describe_alarms": {"MetricAlarms": [{"AlarmName": "shop/x"}]},
            "servicediscovery.list_instances": {"Instances": [{"Id": "i"}]},
        }
    )
    there = {
        Leftover("log_group", "a", "a"): True,
        Leftover("log_group", "b", "b"): False,
        Leftover("ssm_parameter", "/a", "/a"): True,
        Leftover("task_definition", "web:1", f"{ARN}1"): True,
        Leftover("task_definition", "web:2", f"{ARN}2"): False,
        Leftover("xray_group", "x", "x"): None,
        Leftover("xray_sampling_rule", "x", "x"): False,
        Leftover("alarm", "shop/x", "shop/x"): True,
        Leftover("alarm", "shop/y", "shop/y"): False,
        INSTANCE: True,
        Leftover("cloud_map_instance", "web/j", "j", "srv-1"): False,
    }
    found = Lookups(Looks(aws)).there(resource_of(item) for item in there)
    assert {item: found[resource_of(item)] for item in there} == there


VOLUME, INSTANCE_BY_TAG = (
    Leftover("tagged_resource", name, f"arn:aws:ec2:eu-central-1:1:{name}", details={"physical_id": name.split("/")[1]})
    for name in ("volume/vol-1", "instance/i-1")
)


def in_use_until(clock, freed):
    """EC2 with an instance that is terminated at 10 s, and its volume, which is free then, or at ``freed``."""

    def instances(Filters):
        state = "terminated" if clock() >= 10 else "shutting-down"
        return {"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": state}}]}]}

    return FakeAws(
        {
            "ec2.terminate_instances": {},
            "ec2.describe_instances": instances,
            "ec2.delete_volume": lambda VolumeId: {} if clock() >= freed else refusal("VolumeInUse", "attached"),
        }
    )


@pytest.mark.parametrize("freed", [10, 25])
def test_what_others_of_these_have_used_is_asked_for_again_once_they_are_gone(clock, freed):
    aws = in_use_until(clock, clock() + freed)
    assert outcomes(aws, clock, VOLUME, INSTANCE_BY_TAG) == [("removed", "")] * 2


def test_what_stays_in_use_is_told_when_the_time_is_over_and_nobody_elses_use_is_waited_for(clock):
    began, aws = clock(), in_use_until(clock, float("inf"))
    (volume, instance) = outcomes(aws, clock, VOLUME, INSTANCE_BY_TAG)
    assert volume == ("failed", "ec2:DeleteVolume answered VolumeInUse: attached") and instance[0] == "removed"
    assert 60 <= clock() - began <= 70
    began, aws = clock(), in_use_until(clock, float("inf"))
    assert outcomes(aws, clock, VOLUME)[0][0] == "failed" and clock() == began
    assert len(aws.asked("ec2.delete_volume")) == 1
