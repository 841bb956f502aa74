# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.trace_reader import LONGEST
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.trace_reader import PARTS
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.trace_reader import TraceReader
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.trace_reader import window

from tests.unit.plugins.fake_aws import FakeAws

START, END = 1764158400.0, 1764162000.0


def trace(number, at=START, **more):
    moment = datetime.fromtimestamp(at, timezone.utc)
    return {"Id": f"1-{int(at):08x}-{number:024x}", "StartTime": moment, "ServiceIds": [{"Name": "api"}], **more}


def test_one_call_reads_what_fits():
    aws = FakeAws({"xray.get_trace_summaries": {"TraceSummaries": [trace(1, HasFault=True), trace(2)]}})
    found, more = TraceReader(aws).summaries(["api", 'a"b\\c'], START, END, 10, failed=True)
    assert not more and len(found) == 2
    (asked,) = aws.asked("xray.get_trace_summaries")
    inner = "{fault = true OR error = true}"
    assert asked["FilterExpression"] == f'service("api") {inner} OR service("a\\"b\\\\c") {inner}'


def test_of_thousands_as_many_are_read_from_all_parts_of_the_time_as_are_asked_for():
    def answer(StartTime, EndTime, FilterExpression, NextToken="0"):
        page, begin = int(NextToken), StartTime.timestamp()
        rows = [trace(int(begin) * 1000 + page * 100 + order, begin) for order in range(100)]
        return {"TraceSummaries": rows, "NextToken": str(page + 1)}

    aws = FakeAws({"xray.get_trace_summaries": answer})
    found, more = TraceReader(aws).summaries(["api"], START, END, 900, failed=False)
    assert more and len(found) == 900
    assert len({summary.at for summary in found.values()}) == PARTS
    assert len(aws.calls) == 9 + PARTS * 2


def test_a_long_time_is_asked_for_in_parts_and_many_names_in_several_expressions():
    aws = FakeAws({"xray.get_trace_summaries": {"TraceSummaries": []}})
    assert TraceReader(aws).summaries(["api"], START, START + 10 * LONGEST, 10, failed=False) == ({}, False)
    asked = aws.asked("xray.get_trace_summaries")
    assert len(asked) == 10
    assert all((item["EndTime"] - item["StartTime"]).total_seconds() <= LONGEST for item in asked)
    aws.calls.clear()
    TraceReader(aws).summaries([f"s{number}" for number in range(11)], START, END, 10, failed=False)
    assert len({item["FilterExpression"] for item in aws.asked("xray.get_trace_summaries")}) == 2


def test_a_summary_with_its_causes():
    def service(name, *entities, inferred=False):
        path = [{"Name": entity, "Exceptions": exceptions} for entity, exceptions in entities]
        return {"Name": name, "EntityPath": path, "Inferred": inferred}

    x509 = [{"Name": "x509", "Message": "unknown"}]
    cause = {"Services": [service("api", ("api", []), ("DynamoDB", x509), ("inner", [])),
                          service("t", ("DynamoDB", []), inferred=True)], "ClientImpacting": False}  # fmt: skip
    row = trace(7, ResponseTime=1.5, IsPartial=True, ErrorRootCauses=[cause, {}], FaultRootCauses=[{"Services": [{}]}])
    aws = FakeAws({"xray.get_trace_summaries": {"TraceSummaries": [row]}})
    (found,) = TraceReader(aws).summaries(["api"], START, END, 10, failed=False)[0].values()
    assert (found.at, found.seconds, found.failed, found.partial) == (START, 1.5, False, True)
    fault, error = found.causes
    assert fault.fault and fault.steps[0].service == "?"
    assert not error.fault and not error.impacting
    assert [(step.service, step.entity, step.exception.type) for step in error.steps] == [
        ("api", "DynamoDB", "x509"), ("t", "DynamoDB", ""),
    ]  # fmt: skip


def test_without_a_start_the_id_tells_when():
    row = {"Id": "1-6926e980-000000000000000000000001"}
    aws = FakeAws({"xray.get_trace_summaries": {"TraceSummaries": [row]}})
    (found,) = TraceReader(aws).summaries(["api"], START, END, 10, failed=True)[0].values()
    assert found.at == float(0x6926E980) and found.failed and found.services == frozenset()


def test_segments_in_batches_and_what_is_no_document_left_out():
    def answer(TraceIds):
        documents = [json.dumps({"id": "1"}), "no json", "[]"]
        return {"Traces": [{"Id": key, "Segments": [{"Document": text} for text in documents]} for key in TraceIds]}

    aws = FakeAws({"xray.batch_get_traces": answer})
    found = TraceReader(aws).documents([str(number) for number in range(11)])
    assert len(found) == 11 and found["10"] == ({"id": "1"},)
    assert [len(item["TraceIds"]) for item in aws.asked("xray.batch_get_traces")] == [5, 5, 1]


def test_traces_in_cloudwatch_logs_are_waited_for_and_read_on_all_pages():
    def retrieved(key, document=None):
        return {"Id": key, "Spans": [{"Document": json.dumps({"id": document or key})}]}

    answers = iter([
        {"RetrievalStatus": "RUNNING", "Traces": [retrieved("1", "half")]},
        {"RetrievalStatus": "COMPLETE", "Traces": [retrieved("1")], "NextToken": "n"},
        {"RetrievalStatus": "COMPLETE", "Traces": [retrieved("2")]},
    ])  # fmt: skip
    aws = FakeAws({"xray.start_trace_retrieval": {"RetrievalToken": "t"},
                   "xray.list_retrieved_traces": lambda **_given: next(answers)})  # fmt: skip
    slept = []
    found = TraceReader(aws, slept.append).retrieved(["1", "2"], START, END)
    assert found == {"1": ({"id": "1"},), "2": ({"id": "2"},)} and slept == [1.0]


@pytest.mark.parametrize(("status", "calls"), [("FAILED", 1), ("RUNNING", 31)])
def test_a_retrieval_that_does_not_come_to_an_end_is_an_error(status, calls):
    aws = FakeAws({"xray.start_trace_retrieval": {"RetrievalToken": "t"},
                   "xray.list_retrieved_traces": {"RetrievalStatus": status}})  # fmt: skip
    with pytest.raises(AwsCallError, match=status):
        TraceReader(aws, lambda seconds: None).retrieved(["1"], START, END)
    assert len(aws.asked("xray.list_retrieved_traces")) == calls


def test_a_graph_with_clients_in_one_node():
    services = [
        {"ReferenceId": 0, "Name": "site", "Type": "client", "Edges": [{"ReferenceId": 1}]},
        {"ReferenceId": 1, "Name": "site", "SummaryStatistics": {"TotalCount": 5, "FaultStatistics": {"TotalCount": 2},
         "ErrorStatistics": {"TotalCount": 1}}, "Edges": [{"ReferenceId": 2}, {"ReferenceId": 9}]},
        {"ReferenceId": 2, "Edges": []},
    ]  # fmt: skip
    found = TraceReader(FakeAws({"xray.get_service_graph": {"Services": services}})).graph(START, END)
    assert [(node["name"], node["requests"], node["failed"]) for node in found["nodes"]] == [
        ("client", 0, 0), ("site", 5, 3), ("?", 0, 0),
    ]  # fmt: skip
    assert [(edge["source"], edge["target"]) for edge in found["edges"]] == [("client", "site"), ("site", "?")]


def test_a_graph_is_of_six_hours_around_the_failure():
    assert window(START, START, END) == (START, END)
    day = START + 86400
    assert window(START + 43200, START, day) == (START + 32400, START + 54000)
    assert window(START, START, day) == (START, START + LONGEST)
    assert window(day, START, day) == (day - LONGEST, day)


def test_statistics_of_each_minute():
    row = {"Timestamp": datetime.fromtimestamp(START, timezone.utc),
           "ServiceSummaryStatistics": {"TotalCount": 3, "FaultStatistics": {"TotalCount": 1}}}  # fmt: skip
    rows = [row, {**row, "ServiceSummaryStatistics": None}]
    aws = FakeAws({"xray.get_time_series_service_statistics": {"TimeSeriesServiceStatistics": rows}})
    assert TraceReader(aws).statistics("api", START, END) == [
        {"at": START, "requests": 3, "failed": 1}, {"at": START, "requests": 0, "failed": 0},
    ]  # fmt: skip
    (asked,) = aws.asked("xray.get_time_series_service_statistics")
    assert (asked["EntitySelectorExpression"], asked["Period"]) == ('service("api")', 60)


def test_pages_without_requests_are_not_read_for_ever():
    calls = []

    def answer(StartTime, EndTime, FilterExpression, NextToken="0"):
        calls.append(NextToken)
        assert len(calls) < 5000
        return {"TraceSummaries": [], "NextToken": str(int(NextToken) + 1)}

    found, more = TraceReader(FakeAws({"xray.get_trace_summaries": answer})).summaries(
        ["api"], START, END, 1000, failed=False
    )
    assert found == {} and more


def test_a_document_that_goes_too_deep_is_left_out():
    deep = '{"a":' * 60_000 + "1" + "}" * 60_000
    page = {"Traces": [{"Id": "1-a-b", "Segments": [{"Document": deep}, {"Document": '{"id": "1"}'}]}]}
    assert TraceReader(FakeAws({"xray.batch_get_traces": page})).documents(["1-a-b"]) == {"1-a-b": ({"id": "1"},)}
