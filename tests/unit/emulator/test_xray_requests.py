# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Segments of the requests that a load balancer has answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.emulator.services.xray import record
from tests.emulator.traffic import Hop, Request
from tests.unit.emulator.account import Account
from tests.unit.emulator.test_traffic import Shop

AT = 1_700_000_000.0
LISTENER = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/shop/1/2"
TLS = ("x509.UnknownAuthorityError", "certificate signed by unknown authority")
TABLE = ("DynamoDB", "PutItem", "cuddlykube")


def hop(service: str, parent: int | None, status: int, seconds: float, **more: Any) -> Hop:
    task = f"arn:aws:ecs:eu-central-1:123456789012:task/shop/{service}-1"
    return Hop(service, task, "x:1", parent, status, seconds, AT, **more)


@pytest.fixture
def ask(shared_emulator: Emulator) -> Callable[..., list[dict[str, Any]]]:
    """Documents that a request with these hops leaves; of several with the same trace, all."""

    def call(*hops: Hop, path: str = "/register", at: float = AT, **headers: str) -> list[dict[str, Any]]:
        root = "1-6553f100-aaaaaaaaaaaaaaaaaaaaaaaa"
        sent = {"host": "shop.example.com", "x-amzn-trace-id": f"Root={root}", **headers}
        given = {"rule": "", "target_group": "group", "status": hops[0].status or 502, "seconds": hops[0].seconds}
        record(Request(at, "POST", path, "", sent, LISTENER, hops=hops, **given))
        known = shared_emulator.client("xray").batch_get_traces(TraceIds=[root])["Traces"]
        return shared_emulator.xray.documents(root) if known else []

    return call


def test_the_tasks_that_handled_it_send_segments(ask: Any) -> None:
    site, api, table = ask(
        hop("public-site", None, 502, 15.2),
        hop("register-api", 0, 400, 15.0, cause=TLS, dependency=TABLE),
    )
    assert site["name"] == "public-site" and site["fault"] and site["origin"] == "AWS::ECS::Container"
    assert site["http"] == {
        "request": {"method": "POST", "url": "http://shop.example.com/register"},
        "response": {"status": 502},
    }
    assert site["aws"] == {"ecs": {"container": "public-site-1"}}
    called = site["subsegments"][0]
    assert called["http"]["request"]["traced"] and called["error"] and api["parent_id"] == called["id"]
    assert api["error"] and "fault" not in api and "cause" not in api
    put = api["subsegments"][0]
    assert put["fault"] and put["namespace"] == "aws" and put["aws"]["table_name"] == "cuddlykube"
    assert [(one["type"], one["message"], one["remote"]) for one in put["cause"]["exceptions"]] == [(*TLS, True)]
    assert table["inferred"]


@pytest.mark.parametrize(
    "kind, flags",
    [
        ("ProvisionedThroughputExceededException", {"error", "throttle"}),
        ("AccessDeniedException", {"error"}),
        ("ConnectTimeoutError", {"fault"}),
    ],
)
def test_what_kind_of_error_a_call_ends_with(ask: Any, kind: str, flags: set[str]) -> None:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-errors"""
    documents = ask(hop("api", None, 500, 1.0, cause=(kind, "why"), dependency=TABLE))
    call = documents[0]["subsegments"][0]
    assert {flag for flag in ("error", "throttle", "fault") if call.get(flag)} == flags


def test_a_cause_of_the_task_itself(ask: Any) -> None:
    (api,) = ask(hop("api", None, 500, 1.0, cause=("KeyError", "name")))
    assert api["cause"]["exceptions"][0]["type"] == "KeyError" and "remote" not in api["cause"]["exceptions"][0]


def test_a_task_that_gives_no_answer_sends_nothing(ask: Any) -> None:
    assert ask(hop("api", None, 0, 1.0)) == []
    (site,) = ask(hop("public-site", None, 502, 1.0), hop("api", 0, 0, 0.5), at=AT + 1)
    assert site["subsegments"][0]["fault"] and "response" not in site["subsegments"][0]["http"]


def test_sampling_rules_decide(ask: Any, shared_emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html"""
    rule = {"RuleName": "health", "URLPath": "/health", "Priority": 1, "FixedRate": 0.0, "ReservoirSize": 0}
    rule |= dict.fromkeys(("ResourceARN", "ServiceName", "ServiceType", "Host", "HTTPMethod"), "*") | {"Version": 1}
    xray = shared_emulator.client("xray")
    xray.create_sampling_rule(SamplingRule=rule)
    assert ask(hop("api", None, 200, 0.1), path="/health") == []
    assert ask(hop("api", None, 200, 0.1), path="/healthy")


@pytest.mark.parametrize("rate, expected", [(0.0, 2), (0.25, 7), (1.0, 22)])
def test_reservoir_and_rate(ask: Any, shared_emulator: Emulator, rate: float, expected: int) -> None:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html#xray-console-sampling-options"""
    update = {"RuleName": "Default", "FixedRate": rate, "ReservoirSize": 2}
    xray = shared_emulator.client("xray")
    xray.update_sampling_rule(SamplingRuleUpdate=update)
    for _number in range(22):
        ask(hop("api", None, 200, 0.1), **{"x-amzn-trace-id": ""})
    found = xray.get_trace_summaries(StartTime=AT - 1, EndTime=AT + 1)["TraceSummaries"]
    assert len(found) == expected


def test_a_client_may_decide(ask: Any) -> None:
    """https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader"""
    root = "Root=1-6553f100-aaaaaaaaaaaaaaaaaaaaaaaa"
    assert ask(hop("api", None, 200, 0.1), **{"x-amzn-trace-id": f"{root};Sampled=0"}) == []
    assert ask(hop("api", None, 200, 0.1), path="/health", **{"x-amzn-trace-id": f"Self=1-1;{root};Sampled=1"})


def test_what_goes_through_a_load_balancer_is_traced(account: Account) -> None:
    shop = Shop(account.network().cluster())
    shop.kitchen.emulator.wait_until(lambda: shop.asked() == "web")
    shop.kitchen.emulator.clock.advance(10)
    shop.kitchen.emulator.traffic.calls("web", "api", "/register")
    shop.kitchen.emulator.faults.answer("shop/api:*", 400, after=3, cause=TLS, dependency=TABLE)
    before = shop.kitchen.emulator.clock.epoch()
    assert shop.asked("/register", "POST") == "502"
    xray = shop.kitchen.emulator.client("xray")
    (found,) = xray.get_trace_summaries(StartTime=int(before), EndTime=int(before) + 60)["TraceSummaries"]
    (cause,) = [one for one in found["FaultRootCauses"] if len(one["Services"]) == 3]
    assert [one["Name"] for one in cause["Services"]] == ["web", "api", "cuddlykube"]
    request = shop.kitchen.emulator.traffic.requests[-1]
    assert request.headers["x-amzn-trace-id"] == f"Root={found['Id']}"
