# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.log_reader import MOST
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.log_reader import LogReader
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.service_reader import log_streams

from tests.unit.plugins.fake_aws import FakeAws


def field(**values):
    return [{"field": f"@{name}", "value": value} for name, value in values.items()]


def test_a_query_is_waited_for():
    row = field(timestamp="2025-11-26 12:00:01.500", logStream="api/app/1", message="panic: x")
    answers = iter([{"status": "Running", "results": []}, {"status": "Complete", "results": [row, field(ptr="x")]}])
    aws = FakeAws({"logs.start_query": {"queryId": "q"}, "logs.get_query_results": lambda **_given: next(answers)})
    slept = []
    (line,) = LogReader(aws, slept.append).queried("g", "api/a.b", 1764158400.7, 1764158500.2)
    assert (line.at, line.stream, line.message) == (1764158401.5, "api/app/1", "panic: x") and slept == [0.5]
    (asked,) = aws.asked("logs.start_query")
    assert (asked["startTime"], asked["endTime"]) == (1764158400, 1764158501)
    assert r"@logStream like /^api\/a\.b/" in asked["queryString"]


@pytest.mark.parametrize(("status", "calls"), [("Failed", 1), ("Running", 41)])
def test_a_query_that_does_not_come_to_an_end_is_an_error(status, calls):
    aws = FakeAws({"logs.start_query": {"queryId": "q"}, "logs.get_query_results": {"status": status, "results": []}})
    with pytest.raises(AwsCallError, match=status):
        LogReader(aws, lambda seconds: None).queried("g", "", 0, 1)
    assert len(aws.asked("logs.get_query_results")) == calls


def test_events_are_read_on_a_few_pages():
    event = {"timestamp": 1500, "logStreamName": "s", "message": "m"}
    aws = FakeAws({"logs.filter_log_events": {"events": [event] * 20, "nextToken": "n"}})
    found = LogReader(aws).filtered("g", "api/", 1.0, 2.0)
    assert len(found) == MOST and found[0].at == 1.5
    first, *_more = aws.asked("logs.filter_log_events")
    assert (first["startTime"], first["endTime"], first["logStreamNamePrefix"]) == (1000, 2001, "api/")
    assert len(aws.calls) == 3
    aws = FakeAws({"logs.filter_log_events": {"events": [], "nextToken": "n"}})
    assert LogReader(aws).filtered("g", "", 1.0, 2.0) == [] and len(aws.calls) == 5


def test_streams_of_containers_that_write_here():
    def container(name, driver="awslogs", **options):
        return {"name": name, "logConfiguration": {"logDriver": driver, "options": options}}

    definition = {"containerDefinitions": [
        container("app", **{"awslogs-group": "g", "awslogs-stream-prefix": "api", "awslogs-region": "eu-central-1"}),
        container("side", **{"awslogs-group": "g", "awslogs-region": "us-east-1"}),
        container("old", **{"awslogs-group": "h"}), container("fluent", "awsfirelens"), {"name": "mute"},
    ]}  # fmt: skip
    assert log_streams(definition, "eu-central-1") == [("g", "api/app/"), ("h", "")]
    assert log_streams({}, "eu-central-1") == []
