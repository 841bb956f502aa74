# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.tasks import Cluster
from tests.unit.plugins.fake_aws import FakeAws


def service(name, status="ACTIVE"):
    return {"serviceName": name, "status": status, "desiredCount": 2, "runningCount": 1, "pendingCount": 1}


def test_services_in_tens_in_the_order_given_without_deleted_ones():
    names = [f"s{number:02}" for number in range(12)]

    def describe(cluster, services):
        return {"services": [service(name, "INACTIVE" if name == "s03" else "ACTIVE") for name in reversed(services)]}

    aws = FakeAws({"ecs.describe_services": describe})
    rows = Cluster(Looks(aws), "shop").services(names)
    assert [row["name"] for row in rows] == [name for name in names if name != "s03"]
    assert rows[0] == {"name": "s00", "status": "ACTIVE", "desired_count": 2, "running_count": 1, "pending_count": 1}
    assert [len(asked["services"]) for asked in aws.asked("ecs.describe_services")] == [10, 2]


def test_tasks_that_are_told_to_stop_are_tasks_until_they_have():
    def listing(cluster, desiredStatus):
        return {"taskArns": {"RUNNING": ["t/1"], "STOPPED": ["t/2", "t/3"]}[desiredStatus]}

    def describe(cluster, tasks):
        statuses = {"t/1": "RUNNING", "t/2": "STOPPING", "t/3": "STOPPED"}
        return {"tasks": [{"taskArn": arn, "lastStatus": statuses[arn], "group": f"g{arn[-1]}"} for arn in tasks[::-1]]}

    aws = FakeAws({"ecs.list_tasks": listing, "ecs.describe_tasks": describe})
    assert [view.arn for view in Cluster(Looks(aws), "shop").tasks()] == ["t/1", "t/2"]
