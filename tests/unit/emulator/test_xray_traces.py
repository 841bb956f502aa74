# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traces on the emulator: what is sent, and what X-Ray makes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator import Emulator

#: Epoch seconds.
AT = 1_700_000_000.0
TLS = ("x509.UnknownAuthorityError", "certificate signed by unknown authority")


def register(**words: Any) -> list[dict[str, Any]]:
    """The planted failure: the API cannot write to its table, and answers 400."""
    put = {
        "name": "DynamoDB",
        "operation": "PutItem",
        "table_name": "cuddlykube",
        "fault": True,
        "exception": TLS,
        "seconds": 14.0,
    }
    api = {"name": "register-api", "status": 400, "seconds": 15.0, "calls": [put]}
    site = {"name": "public-site", "status": 502, "seconds": 15.2, "method": "POST", "url": "http://shop/register"}
    return [{**site, "origin": "AWS::ECS::Container", "calls": [api], **words}]


@pytest.fixture
def xray(shared_emulator: Emulator) -> Any:
    return shared_emulator.client("xray")


def summaries(xray: Any, start: float = AT - 60, end: float = AT + 600, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = xray.get_trace_summaries(StartTime=start, EndTime=end, **more)["TraceSummaries"]
    return found


def test_a_summary_tells_the_root_and_who_was_asked(xray: Any, shared_emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_TraceSummary.html"""
    trace_id = shared_emulator.xray.trace(register(annotations={"kube": "one"}, user="ann"), AT)
    (found,) = summaries(xray)
    assert found["Id"] == trace_id and found["StartTime"].timestamp() == AT
    assert found["Http"] == {"HttpURL": "http://shop/register", "HttpStatus": 502, "HttpMethod": "POST"}
    assert (found["HasFault"], found["HasError"], found["IsPartial"]) == (True, False, False)
    assert found["ResponseTime"] == found["Duration"] == 15.2
    assert [(one["Name"], one.get("Type")) for one in found["ServiceIds"]] == [
        ("public-site", "AWS::ECS::Container"),
        ("register-api", None),
        ("cuddlykube", "AWS::DynamoDB::Table"),
    ]
    assert found["EntryPoint"]["Name"] == "public-site"
    assert found["Annotations"]["kube"][0]["AnnotationValue"] == {"StringValue": "one"}
    assert found["Users"][0]["UserName"] == "ann"


def test_root_causes_lead_to_the_deepest_entity(xray: Any, shared_emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-api-gettingdata.html#xray-api-analytics"""
    shared_emulator.xray.trace(register(), AT)
    (found,) = summaries(xray)
    (cause,) = found["FaultRootCauses"]
    assert [(one["Name"], one["Inferred"]) for one in cause["Services"]] == [
        ("public-site", False),
        ("register-api", False),
        ("cuddlykube", True),
    ]
    called = cause["Services"][1]["EntityPath"][-1]
    assert called == {"Name": "DynamoDB", "Remote": True, "Exceptions": [{"Name": TLS[0], "Message": TLS[1]}]}
    assert cause["ClientImpacting"]
    (error,) = found["ErrorRootCauses"]
    assert error["Services"][-1]["Name"] == "register-api"
    (slow,) = found["ResponseTimeRootCauses"]
    assert slow["Services"][-1]["Name"] == "cuddlykube"
    assert slow["Services"][0]["EntityPath"][0]["Coverage"] == 1.0


def test_what_the_caller_handled_is_no_fault_of_the_trace(xray: Any, shared_emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html#console-filters-syntax"""
    shared_emulator.xray.trace(register(status=200), AT)
    assert summaries(xray, FilterExpression="fault") == []
    (found,) = summaries(xray, FilterExpression='service("register-api") { error = true }')
    assert not found["FaultRootCauses"][0]["ClientImpacting"]


def test_whole_traces(xray: Any, shared_emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_BatchGetTraces.html"""
    trace_id = shared_emulator.xray.trace(register(), AT)
    answer = xray.batch_get_traces(TraceIds=[trace_id, "1-00000000-000000000000000000000000"])
    assert answer["UnprocessedTraceIds"] == ["1-00000000-000000000000000000000000"]
    documents = [json.loads(segment["Document"]) for segment in answer["Traces"][0]["Segments"]]
    site, api, table = documents
    assert api["parent_id"] == site["subsegments"][0]["id"] and table["parent_id"] == api["subsegments"][0]["id"]
    assert table["inferred"] and table["origin"] == "AWS::DynamoDB::Table" and "cause" not in table
    assert api["subsegments"][0]["aws"] == {"operation": "PutItem", "table_name": "cuddlykube"}
    with pytest.raises(ClientError, match="InvalidRequestException.*1 to 5"):
        xray.batch_get_traces(TraceIds=[trace_id] * 6)


def test_half_a_trace(xray: Any, shared_emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-fields"""
    trace_id = shared_emulator.xray.trace([{"name": "a", "in_progress": True, "id": "a" * 16}], AT)
    alone = {"name": "work", "id": "b" * 16, "trace_id": trace_id, "start_time": AT, "end_time": AT + 1}
    alone |= {"type": "subsegment", "parent_id": "a" * 16}
    xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(alone)])
    (found,) = summaries(xray)
    assert found["IsPartial"] and "ResponseTime" not in found
    assert [one["name"] for one in shared_emulator.xray.documents(trace_id)[0]["subsegments"]] == ["work"]
    whole = {"name": "a", "id": "a" * 16, "trace_id": trace_id, "start_time": AT, "end_time": AT + 2}
    xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(whole)])
    (found,) = summaries(xray)
    assert not found["IsPartial"] and found["ResponseTime"] == 2


def test_odd_traces_are_told_as_they_are(xray: Any, shared_emulator: Emulator) -> None:
    """Two segments that call each other; subsegments that do; a cause that is the id of an exception."""
    one, two = "1" * 16, "2" * 16
    circle = [
        {"name": "a", "id": one, "parent_id": two, "fault": True, "cause": "0123456789abcdef"},
        {"name": "b", "id": two, "parent_id": one, "fault": True},
    ]
    trace_id = shared_emulator.xray.trace(circle, AT)
    for first, second in ((3, 4), (4, 3)):
        lost = {"name": "lost", "id": f"{first}" * 16, "parent_id": f"{second}" * 16, "type": "subsegment"}
        document = json.dumps({**lost, "trace_id": trace_id, "start_time": AT, "end_time": AT + 1})
        xray.put_trace_segments(TraceSegmentDocuments=[document])
    (found,) = summaries(xray)
    assert found["HasFault"]
    documents = shared_emulator.xray.documents(trace_id)
    assert documents[0]["cause"] == "0123456789abcdef" and len(documents) == 4


def test_clocks_that_differ(shared_emulator: Emulator) -> None:
    trace_id = shared_emulator.xray.trace(
        [{"name": "a", "seconds": 2, "calls": [{"name": "b", "skew": -30, "after": 1}, {"name": "c", "after": 1}]}], AT
    )
    starts = {one["name"]: one["start_time"] for one in shared_emulator.xray.documents(trace_id)}
    assert starts == {"a": AT, "b": AT - 29, "c": AT + 1}


def test_bad_documents_are_told(xray: Any) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_UnprocessedTraceSegment.html"""
    whole = {"name": "a", "id": "a" * 16, "trace_id": "1-5759e988-bd862e3fe1be46a994272793", "start_time": 1.0}
    documents = ["{", json.dumps(whole), json.dumps({**whole, "end_time": 2.0, "id": "zz"})]
    documents.append(json.dumps({**whole, "end_time": 2.0, "metadata": "x" * 70_000}))
    told = xray.put_trace_segments(TraceSegmentDocuments=documents)["UnprocessedTraceSegments"]
    codes = [one["ErrorCode"] for one in told]
    assert codes == ["JSONFormatError", "MissingParam", "InvalidId", "SegmentTooLarge"]


def test_which_time_is_asked_for(xray: Any, shared_emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-api-gettingdata.html#xray-api-traces"""
    shared_emulator.xray.trace([{"name": "slow", "seconds": 100}], AT)
    assert len(summaries(xray, AT, AT + 1)) == 1
    assert summaries(xray, AT + 50, AT + 60) == []
    assert len(summaries(xray, AT + 50, AT + 60, TimeRangeType="Event")) == 1
    assert summaries(xray, AT + 50, AT + 60, TimeRangeType="Service") == []
    assert len(summaries(xray, AT + 50, AT + 101, TimeRangeType="Service")) == 1


def test_pages_and_samples(xray: Any, shared_emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_GetTraceSummaries.html"""
    for number in range(120):
        shared_emulator.xray.trace([{"name": "a"}], AT + number)
    first = xray.get_trace_summaries(StartTime=AT, EndTime=AT + 600)
    starts = [one["StartTime"].timestamp() for one in first["TraceSummaries"]]
    assert len(starts) == 100 and starts[0] == AT + 119 and first["TracesProcessedCount"] == 120
    second = xray.get_trace_summaries(StartTime=AT, EndTime=AT + 600, NextToken=first["NextToken"])
    assert len(second["TraceSummaries"]) == 20 and "NextToken" not in second
    quarter = {"Name": "FixedRate", "Value": 0.25}
    assert len(summaries(xray, Sampling=True, SamplingStrategy=quarter)) == 30
    with pytest.raises(ClientError, match="InvalidRequestException"):
        summaries(xray, NextToken="nonsense")


@pytest.mark.parametrize("call", ["get_trace_summaries", "get_service_graph", "get_time_series_service_statistics"])
def test_six_hours_at_most(xray: Any, call: str) -> None:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-console-groups.html#xray-console-group-apply"""
    getattr(xray, call)(StartTime=AT, EndTime=AT + 6 * 3600)
    with pytest.raises(ClientError, match="InvalidRequestException.*longer than 6 hours"):
        getattr(xray, call)(StartTime=AT, EndTime=AT + 6 * 3600 + 1)
    with pytest.raises(ClientError, match="InvalidRequestException"):
        getattr(xray, call)(StartTime=AT, EndTime=AT - 1)


def test_the_graph(xray: Any, shared_emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-api-gettingdata.html#xray-api-servicegraph"""
    for number in range(3):
        trace_id = shared_emulator.xray.trace(register(), AT + number)
    answers = xray.get_service_graph(StartTime=AT, EndTime=AT + 60), xray.get_trace_graph(TraceIds=[trace_id])
    for answer, count in zip(answers, (3, 1)):
        nodes = {(one["Name"], one.get("Type")): one for one in answer["Services"]}
        client = nodes["public-site", "client"]
        site = nodes["public-site", "AWS::ECS::Container"]
        table = nodes["cuddlykube", "AWS::DynamoDB::Table"]
        api = nodes["register-api", None]
        assert [edge["ReferenceId"] for edge in client["Edges"]] == [site["ReferenceId"]] and site["Root"]
        (edge,) = api["Edges"]
        assert edge["ReferenceId"] == table["ReferenceId"]
        assert edge["SummaryStatistics"]["FaultStatistics"]["TotalCount"] == count
        assert api["SummaryStatistics"]["ErrorStatistics"] == {
            "ThrottleCount": 0,
            "OtherCount": count,
            "TotalCount": count,
        }
        assert table["ResponseTimeHistogram"] == [{"Value": 14.0, "Count": count}]


def test_statistics_over_time(xray: Any, shared_emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_GetTimeSeriesServiceStatistics.html"""
    start = AT - AT % 60
    for number, status in ((0, 200), (1, 200), (70, 500)):
        shared_emulator.xray.trace([{"name": "a", "status": status}], start + number)

    def counts(selector: str | None, kind: str = "ServiceSummaryStatistics") -> list[tuple[int, int]]:
        given = {"EntitySelectorExpression": selector} if selector else {}
        answer = xray.get_time_series_service_statistics(StartTime=start, EndTime=start + 600, Period=60, **given)
        rows = [one[kind] for one in answer["TimeSeriesServiceStatistics"]]
        return [(row["OkCount"], row["FaultStatistics"]["TotalCount"]) for row in rows]

    assert counts('service("a")') == counts('id(name: "a")') == [(2, 0), (0, 1)]
    assert counts('service("b")') == counts(None, "EdgeSummaryStatistics") == []
    with pytest.raises(ClientError, match="InvalidRequestException"):
        counts("fault = true")


def test_transaction_search(xray: Any, shared_emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/xray/latest/api/API_StartTraceRetrieval.html"""
    before = shared_emulator.xray.trace(register(), AT)
    assert xray.get_trace_segment_destination()["Destination"] == "XRay"
    ask = {"TraceIds": [before], "StartTime": AT, "EndTime": AT + 60}
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        xray.start_trace_retrieval(**ask)

    xray.update_trace_segment_destination(Destination="CloudWatchLogs")
    assert xray.get_trace_segment_destination() | {"ResponseMetadata": None} == {
        "Destination": "CloudWatchLogs",
        "Status": "ACTIVE",
        "ResponseMetadata": None,
    }
    groups = shared_emulator.client("logs").describe_log_groups(logGroupNamePrefix="aws/spans")["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["aws/spans"]
    ids = [shared_emulator.xray.trace(register(), AT + number) for number in range(7)]
    assert [one["Id"] for one in summaries(xray)] == [before], "X-Ray indexes one in a hundred"
    shared_emulator.xray.transaction_search(indexed=100)
    indexed = shared_emulator.xray.trace(register(), AT + 8)
    assert {one["Id"] for one in summaries(xray)} == {before, indexed}

    assert xray.batch_get_traces(TraceIds=ids[:5])["UnprocessedTraceIds"] == ids[:5]
    token = xray.start_trace_retrieval(**ask | {"TraceIds": [before, *ids]})["RetrievalToken"]
    running = xray.list_retrieved_traces(RetrievalToken=token)
    assert (running["RetrievalStatus"], running["Traces"]) == ("RUNNING", [])
    shared_emulator.clock.advance(60)
    first = xray.list_retrieved_traces(RetrievalToken=token)
    second = xray.list_retrieved_traces(RetrievalToken=token, NextToken=first["NextToken"])
    found = first["Traces"] + second["Traces"]
    assert first["RetrievalStatus"] == "COMPLETE" and {one["Id"] for one in found} == set(ids)
    assert json.loads(found[0]["Spans"][0]["Document"])["name"] == "public-site"
    nodes = xray.get_retrieved_traces_graph(RetrievalToken=token)["Services"]
    assert "cuddlykube" in {one["Service"]["Name"] for one in nodes}
    xray.cancel_trace_retrieval(RetrievalToken=token)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        xray.list_retrieved_traces(RetrievalToken=token)


def test_a_group_counts_its_traces(xray: Any, shared_emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-console-groups.html#xray-console-group-cloudwatch"""
    shared_emulator.xray.trace(register(), AT)
    xray.create_group(GroupName="faults", FilterExpression="fault = true")
    for status in (502, 502, 200):
        shared_emulator.xray.trace(register(status=status), AT)
    metric = {"Namespace": "AWS/X-Ray", "MetricName": "ApproximateTraceCount", "Period": 60, "Statistics": ["Sum"]}
    dimensions = [{"Name": "GroupName", "Value": "faults"}]
    cloudwatch = shared_emulator.client("cloudwatch")

    def points() -> list[float]:
        range_ = {"StartTime": AT - 60, "EndTime": AT + 60}
        answer = cloudwatch.get_metric_statistics(Dimensions=dimensions, **metric, **range_)
        return [point["Sum"] for point in answer["Datapoints"]]

    assert points() == [], "they are told once a minute"
    shared_emulator.clock.advance(60)
    assert points() == [2.0], "a trace that came before the group is not counted"
    graph = xray.get_service_graph(StartTime=AT, EndTime=AT + 60, GroupName="faults")
    assert "register-api" in {one["Name"] for one in graph["Services"]}
