# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import time

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.entities import cause_of, trees, ways
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.log_reader import LogReader
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.secrets import without_secrets
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.trace_reader import TraceReader

from tests.unit.plugins.fake_aws import FakeAws

KEY = "AKIA" + "IOSFODNN7EXAMPLE"
TOLD = f"cannot reach db: password=hunter2 (key {KEY})"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("login failed: password=hunter2, user=anna", "login failed: password=[hidden], user=anna"),
        ('{"DB_PASSWORD": "a b", "error": "x"}', '{"DB_PASSWORD": "[hidden]", "error": "x"}'),
        ("connect postgres://anna:pa55@db:5432/x failed", "connect postgres://[hidden]@db:5432/x failed"),
        ("GET /x?X-Amz-Signature=abc&X-Amz-Date=1", "GET /x?X-Amz-Signature=[hidden]&X-Amz-Date=1"),
        ("Authorization: Bearer abc.def", "Authorization: [hidden]"),
        (f"key {KEY} denied", "key [hidden] denied"),
        ("token eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.abc is old", "token [hidden] is old"),
    ],
)
def test_what_looks_like_a_secret_is_hidden(text, left):
    assert without_secrets(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "x509: certificate signed by unknown authority",
        "ExpiredTokenException: The security token included in the request is expired",
        "InvalidSignatureException: The request signature we calculated does not match",
        "invalid token: expired",
        "dial tcp 10.0.0.1:443: connection refused",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret is not there",
    ],
)
def test_what_tells_of_a_failure_stays(text):
    assert without_secrets(text) == text


def test_a_long_line_takes_no_long_time():
    began = time.process_time()
    for text in ("password" * 20_000, "a-" * 100_000, "://" * 60_000, "token: " * 20_000, "'" * 200_000):
        without_secrets(text)
    assert time.process_time() - began < 10


def test_nothing_that_is_read_has_one():
    event = {"timestamp": 1000, "message": TOLD}
    (line,) = LogReader(FakeAws({"logs.filter_log_events": {"events": [event]}})).filtered("g", "", 0.0, 1.0)
    row = [{"field": "@timestamp", "value": "2026-11-26 10:42:07.123"}, {"field": "@message", "value": TOLD}]
    aws = FakeAws(
        {"logs.start_query": {"queryId": "q"}, "logs.get_query_results": {"status": "Complete", "results": [row]}}
    )
    (queried,) = LogReader(aws).queried("g", "", 0.0, 1.0)
    thrown = {"exceptions": [{"type": "E", "message": TOLD}]}
    roots = trees([{"id": "1", "name": "api", "start_time": 1.0, "end_time": 2.0, "fault": True, "cause": thrown}])
    _entity, exception = cause_of(ways(roots)[0])
    path = [{"Name": "api", "Exceptions": [{"Name": "E", "Message": TOLD}]}]
    summary = {
        "Id": "1-69270000-1", "HasFault": True, "ServiceIds": [{"Name": "api"}],
        "FaultRootCauses": [{"Services": [{"Name": "api", "EntityPath": path}]}],
    }  # fmt: skip
    aws = FakeAws({"xray.get_trace_summaries": {"TraceSummaries": [summary]}})
    found, _more = TraceReader(aws).summaries(["api"], 0.0, 10.0, 10, failed=False)
    summed = found["1-69270000-1"].causes[0].steps[0].exception
    for text in (line.message, queried.message, exception.message, summed.message):
        assert text == "cannot reach db: password=[hidden] (key [hidden])", json.dumps(text)
