# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timezone
from types import SimpleNamespace

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.reader import DeploymentReader
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.types import Brief

from tests.unit.plugins.fake_aws import FakeAws, refusal


def listed(arn, minute):
    return {
        "serviceDeploymentArn": arn,
        "status": "SUCCESSFUL",
        "targetServiceRevisionArn": f"r-{arn}",
        "createdAt": datetime(2026, 11, 26, 12, minute, tzinfo=timezone.utc),
    }


def test_all_pages_of_the_history_the_newest_first():
    pages = {None: {"serviceDeployments": [listed("b", 2), listed("c", 3)], "nextToken": "x"},
             "x": {"serviceDeployments": [listed("a", 1), listed("d", 4)]}}  # fmt: skip
    aws = FakeAws({"ecs.list_service_deployments": lambda nextToken=None, **_more: pages[nextToken]})
    found = DeploymentReader(aws, "shop", "web").deployments()
    assert [item.arn for item in found] == ["d", "c", "b", "a"] and found[0] == Brief("d", "SUCCESSFUL", "r-d")


def test_revisions_and_alarms_in_batches():
    aws = FakeAws({
        "ecs.describe_service_revisions": lambda serviceRevisionArns: {
            "serviceRevisions": [{"serviceRevisionArn": arn, "taskDefinition": arn} for arn in serviceRevisionArns[1:]]
        },
        "cloudwatch.describe_alarms": lambda AlarmNames, AlarmTypes: {
            "MetricAlarms": [{"AlarmName": AlarmNames[0], "StateValue": "OK"}],
            "CompositeAlarms": [{"AlarmName": AlarmNames[-1], "StateValue": "ALARM"}],
        },
    })  # fmt: skip
    reader = DeploymentReader(aws, "shop", "web")
    assert len(reader.revisions([f"r{number}" for number in range(41)])) == 38
    assert reader.alarms([f"a{number}" for number in range(101)]) == {"a0": "OK", "a99": "ALARM", "a100": "ALARM"}


def test_a_service_without_all_that_newer_ones_show():
    service = {"serviceName": "web", "serviceArn": "arn", "status": "ACTIVE"}
    service["loadBalancers"] = [{"loadBalancerName": "x"}]
    aws = FakeAws({"ecs.describe_services": {"services": [service]}})
    found = DeploymentReader(aws, "shop", "web").service()
    assert (found.controller, found.completed, found.groups, found.desired_count) == ("ECS", False, (), 0)
    assert DeploymentReader(FakeAws({"ecs.describe_services": {"services": []}}), "shop", "web").service() is None


def test_a_deployment_that_went_with_its_service():
    for answer in (refusal("ServiceNotFoundException"), {"serviceDeployments": [], "failures": []}):
        aws = FakeAws({"ecs.describe_service_deployments": answer})
        assert DeploymentReader(aws, "shop", "web").deployment("x") is None
    aws = FakeAws({"ecs.describe_service_deployments": refusal("AccessDeniedException")})
    with pytest.raises(AwsCallError):
        DeploymentReader(aws, "shop", "web").deployment("x")


def test_tasks_that_ecs_had_no_more_use_for_are_left_out():
    def task(reason, definition="web:2", **more):
        return {"taskDefinitionArn": definition, "stoppedReason": reason, "stopCode": "X", **more}

    tasks = [
        task("Scaling activity initiated by (deployment ecs-svc/1)"),
        task("OutOfMemory", "web:1"),
        task("Essential container exited", containers=[{"name": "a", "exitCode": 137, "reason": "OutOfMemory"}]),
    ]
    aws = FakeAws({"ecs.list_tasks": {"taskArns": ["1", "2", "3"]}, "ecs.describe_tasks": {"tasks": tasks}})
    (found,) = DeploymentReader(aws, "shop", "web").stopped_tasks("web:2")
    assert (found.reason, found.code, found.exit_codes) == ("Essential container exited; OutOfMemory", "X", {"a": 137})


def test_what_an_old_botocore_lacks_is_said():
    old = SimpleNamespace(list_services=None)
    assert "botocore 1.35.52" in DeploymentReader(lambda service: old, "shop", "web").lacking(False)
    old.list_service_deployments = None
    reader = DeploymentReader(lambda service: old, "shop", "web")
    assert reader.lacking(False) == "" and "1.38.9" in reader.lacking(True)
