# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.judge import judge
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.result import result
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.running import is_failure
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.traced import to_read
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.types import Ended
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.types import Limits
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.types import Line

from tests.diagnosis import scenarios as s
from tests.diagnosis.requests import Requests

TLS = s.broken(fault=True, exception=s.X509)
API = "register-api"


def judged(material, **limits):
    _verdict, found, _notes = judge(material, Limits(**limits))
    return found


def one(material, **limits):
    (found,) = judged(material, **limits)
    return found


def test_a_share_below_the_limit_is_not_told():
    requests = s.failing(s.WELL)
    requests.every(300.0, s.NOON + 10, s.NOW, TLS)  # 6 of 96
    assert judged(s.material(requests), share=0.07) == []
    assert one(s.material(requests), share=0.06).kind == "tls"


def test_a_deployment_long_before_is_not_blamed():
    deployment = s.deployed(started=s.NOON - 1000, finished=s.NOON - 900)
    quiet = Requests()
    quiet.every(20.0, s.NOON + 60, s.NOW, TLS)
    found = one(s.material(quiet, s.seen(API, deployments=(deployment,))), just_before=900)
    assert found.deployment is None and found.not_blamed == ()
    assert one(s.material(quiet, s.seen(API, deployments=(deployment,))), just_before=1100).deployment == deployment
    # One that still goes on is, however long ago it began.
    going = replace(deployment, finished=None)
    assert one(s.material(quiet, s.seen(API, deployments=(going,)))).deployment == going


def test_a_deployment_after_which_requests_went_well_is_not_blamed():
    early = s.deployed(started=s.NOON + 600, finished=s.NOON + 700)
    found = one(s.material(s.failing(TLS), s.seen(API, deployments=(early,))))
    assert found.deployment is None
    assert [why for _one, why in found.not_blamed] == ["26 requests went well after it had ended"]


def test_the_last_deployment_that_began_before_is_blamed():
    early, late = s.deployed(started=s.BEGAN - 300, finished=s.BEGAN - 200), s.deployed(started=s.NOW - 60)
    found = one(s.material(s.failing(TLS), s.seen(API, deployments=(late, *s.NEW, early))))
    assert found.deployment == s.NEW[0] and [item for item, _why in found.not_blamed] == [late]


def test_whether_it_failed_before_is_not_known_without_requests_before():
    requests = Requests()
    requests.every(20.0, s.SERVES, s.NOW, TLS)
    found = one(s.material(requests, s.seen(API, deployments=s.NEW)))
    assert found.deployment == s.NEW[0] and not found.exact and found.before == (0, 0)


def test_what_was_over_before_is_not_told():
    requests = Requests()
    requests.every(20.0, s.NOON, s.NOON + 300, TLS)
    requests.every(20.0, s.NOON + 300, s.NOW, s.WELL)
    material = s.material(requests)
    assert one(material).until == s.NOON + 280
    assert judged(replace(material, since=s.NOON + 600)) == []


def test_tasks_that_stopped_before_are_not_told():
    tasks = s.ended(2, "Essential container in task exited", exit_codes={"app": 1})
    material = s.material(s.failing(s.WELL), s.seen(API, ended=tasks))
    assert one(material).count == 2
    assert judged(replace(material, since=s.NOW)) == []


def test_requests_that_nothing_is_known_of_go_with_those_that_were_read():
    requests = Requests()
    requests.every(20.0, s.NOON, s.SERVES, s.WELL)
    requests.every(60.0, s.SERVES, s.NOW, TLS, mute=True)
    requests.every(60.0, s.SERVES + 20, s.NOW, TLS, mute=True, bare=True)
    found = one(s.material(requests))
    assert (found.kind, found.count, found.of) == ("tls", 19, 19)


def test_without_segments_the_root_causes_tell_it():
    requests = Requests()
    requests.every(20.0, s.NOON, s.SERVES, s.WELL)
    requests.every(20.0, s.SERVES, s.NOW, TLS, bare=True)
    found = one(s.material(requests))
    assert (found.service, found.kind, found.entity) == (API, "tls", "DynamoDB")
    assert found.exception.message == s.X509[1]


def test_without_both_it_is_told_that_it_fails():
    requests = Requests()
    requests.every(20.0, s.NOON, s.NOW, TLS, bare=True, mute=True)
    found = one(s.material(requests))
    assert (found.kind, found.count, found.of) == ("unknown", 90, 90)


def test_what_only_happens_along_with_something_else_is_not_told_for_itself():
    requests = Requests()
    requests.every(20.0, s.NOON, s.SERVES, s.WELL)
    requests.every(20.0, s.SERVES, s.NOW - 200, TLS, bare=True)
    retry = s.put(fault=True, exception=("Retry", "try 1"))
    tried = s.site(s.register(retry, s.put(fault=True, exception=s.X509), status=400), status=502)
    requests.every(20.0, s.NOW - 200, s.NOW, tried, bare=True)
    assert [(found.exception.type, found.count) for found in judged(s.material(requests))] == [(s.X509[0], 28)]


def test_lines_are_those_of_the_failure_and_of_its_moment():
    lines = tuple(
        Line(at, "x", text)
        for at, text in (
            (s.NOON, "x509: certificate expired"), (s.SERVES + 5, "error: name is missing"),
            (s.SERVES + 6, "x509: unknown authority"), (s.SERVES + 7, "GET /health 200"),
            (s.SERVES + 8, "x509: unknown authority"), (s.SERVES + 9, "x509: not yet valid"),
        )
    )  # fmt: skip
    found = one(s.material(s.failing(TLS), s.seen(API, lines=lines)))
    told = [(line.at, line.message) for line in found.lines]
    assert told == [(s.SERVES + 6, "x509: unknown authority"), (s.SERVES + 9, "x509: not yet valid")]


def test_the_slow_one_is_known_by_what_its_own_requests_took():
    found = one(s.slow_dependency(), slower=3.0, slow=1.0)
    assert found.seconds == (0.1, 4.2) and found.since == s.SERVES
    assert judged(s.slow_dependency(), slow=5.0) == [] and judged(s.slow_dependency(), slower=50.0) == []


def test_slow_all_the_time_is_not_told_as_if_it_had_begun():
    requests = Requests()
    requests.every(20.0, s.NOON, s.NOW, s.site(s.register(s.put(seconds=4.0), seconds=4.1), seconds=4.2))
    assert judged(s.material(requests)) == []


@pytest.mark.parametrize(
    ("task", "failed"),
    [
        (Ended("a", 1.0, "d", "Scaling activity initiated by (deployment x)", exit_codes={"app": 137}), False),
        (Ended("a", 1.0, "d", "stopped by anna", "UserInitiated", {"app": 137}), False),
        (Ended("a", 1.0, "d", "Your Spot Task was interrupted.", "SpotInterruption", {"app": 143}), False),
        (Ended("a", 1.0, "d", "Essential container in task exited", "EssentialContainerExited", {"app": 0}), True),
        (Ended("a", 1.0, "d", "", "TaskFailedToStart"), True),
        (Ended("a", 1.0, "d", "done", "", {"app": 0}), False),
    ],
)
def test_a_task_may_end_without_a_failure(task, failed):
    assert is_failure(task) is failed


def test_callers_follow_only_from_what_was_down_while_they_failed():
    material = s.caller_of_what_is_down()
    found = one(material)
    refused = "ConnectionRefusedError: validate-api: connection refused"
    assert found.effects == (f"28 of 28 requests to register-api failed: {refused}",)
    late = tuple(replace(seen, ended=tuple(replace(task, at=s.NOW - 1) for task in seen.ended or ()))
                 for seen in material.services)  # fmt: skip
    requests = Requests()
    refused = s.site(s.register(s.Call("validate-api", remote=True, fault=True, exception=("R", "connection refused")),
                                status=500), status=502)  # fmt: skip
    requests.every(20.0, s.NOON + 300, s.NOON + 600, refused)
    requests.every(20.0, s.NOON + 600, s.NOW, s.WELL)
    apart = replace(material, services=late, summaries=tuple(requests.summaries), documents=requests.documents)
    assert sorted(item.service for item in judged(apart)) == [API, "validate-api"]


def test_segments_are_read_of_each_failure_and_of_some_that_nothing_is_known_of():
    requests = Requests()
    requests.every(20.0, s.NOON, s.NOON + 1000, s.WELL)
    requests.every(20.0, s.NOON, s.NOON + 1000, TLS, bare=True)
    other = s.broken(fault=True, exception=s.DENIED)
    requests.every(20.0, s.NOON, s.NOON + 200, other, bare=True)
    ids = to_read(requests.summaries, 25)
    failed = [key for key in ids if next(item for item in requests.summaries if item.id == key).failed]
    assert len(failed) >= 4 and len(ids) <= 6
    mute = Requests()
    mute.every(20.0, s.NOON, s.NOON + 2000, TLS, mute=True)
    ids = to_read(mute.summaries, 25)
    assert 23 <= len(ids) <= 25 and len(set(ids)) == len(ids)
    assert to_read([], 25) == []


def test_the_result_names_who_bore_it_and_what_was_rolled_back():
    told = result(s.handled(), Limits(), None, [], [])["findings"][0]
    assert told["handled_by"] == "public-site" and told["roll_back"]
    gone_back = s.seen(API, deployments=(s.deployed(status="ROLLBACK_SUCCESSFUL"),))
    told = result(s.material(s.failing(TLS), gone_back), Limits(), None, [], [])["findings"][0]
    assert (told["roll_back"], told["rolled_back"]) == (False, True)
    now_runs = s.seen(API, deployments=s.NEW, definition=f"{s.ARN}register-api:7")
    told = result(s.material(s.failing(TLS), now_runs), Limits(), None, [], [])["findings"][0]
    assert (told["roll_back"], told["rolled_back"]) == (False, True)


def test_what_could_not_be_looked_at_is_not_ruled_out():
    blind = s.seen(API, deployments=None, ended=None, unhealthy=None, alarms=None, balanced=True, running=0)
    told = result(s.material(s.failing(TLS), blind), Limits(), None, [], [])["findings"][0]
    assert told["ruled_out"] == []


def test_the_graph_of_xray_is_taken_and_the_faulty_way_drawn_into_it():
    node = {"type": "", "requests": 3, "failed": 1}
    graph = {"nodes": [{"name": name, **node} for name in ("client", "public-site", API, "cuddlykube")],
             "edges": [{"source": "client", "target": "public-site", "requests": 3, "failed": 1}]}  # fmt: skip
    drawn = result(s.tls(), Limits(), graph, [], [])["map"]
    assert [item["name"] for item in drawn["nodes"] if item["faulty"]] == ["public-site", API, "cuddlykube"]
    assert [(item["source"], item["target"]) for item in drawn["edges"] if item["faulty"]] == [
        ("client", "public-site"), ("public-site", API), (API, "cuddlykube"),
    ]  # fmt: skip
    assert len(drawn["nodes"]) == 4


def test_the_timeline_counts_each_request_once():
    told = result(s.tls(), Limits(), None, [], [])
    assert sum(part["requests"] for part in told["timeline"]) == told["requests"]["read"] == 210
    assert sum(part["failed"] for part in told["timeline"]) == told["requests"]["failed"] == 28


def test_statistics_are_parted_where_the_failure_began():
    minutes = tuple(
        {"at": s.SERVES - 40 + 60 * order, "requests": 100, "failed": 90 * (order >= 0)} for order in range(-5, 5)
    )
    told = result(replace(s.tls(), minutes={API: minutes}, sampled=True), Limits(), None, [], [])["findings"][0]
    assert told["statistics"] == {"now": {"failed": 450, "of": 500}, "before": {"failed": 0, "of": 500}}


def test_of_what_was_so_all_the_time_no_deployment_is_blamed():
    """One that still goes on, of which no request tells that it went well after its end."""
    requests = Requests()
    for order in range(90):
        requests.add(TLS if order % 10 == 9 else s.WELL, s.NOON + 20 * order)
    before = s.deployed(started=s.NOON - 60, finished=None)
    found = one(s.material(requests, s.seen(API, deployments=(before,))))
    assert not found.exact and found.deployment is None
    told = replace(s.material(requests, s.seen(API, deployments=(before,))), start=s.NOON - 600)
    assert [why for _one, why in one(told).not_blamed] == ["it is not known whether the failure began later"]


def test_tasks_of_the_old_version_are_not_blamed_on_the_new_one():
    old = tuple(replace(task, definition=f"{s.ARN}register-api:7")
                for task in s.ended(2, "OutOfMemoryError: Container killed", exit_codes={"app": 137}))  # fmt: skip
    found = one(s.material(s.failing(s.WELL), s.seen(API, deployments=s.GOING, ended=old)))
    assert (found.kind, found.deployment) == ("memory", None)


def test_a_task_whose_end_is_not_known_yet_is_of_its_version_all_the_same():
    tasks = tuple(replace(task, at=None) for task in s.ended(2, "Task failed container health checks"))
    found = one(s.material(s.failing(s.WELL), s.seen(API, deployments=s.GOING, ended=tasks)))
    assert (found.kind, found.since, found.deployment) == ("health_check", None, s.GOING[0])


def test_the_log_of_a_task_tells_why_its_process_ended():
    tasks = s.ended(2, "Essential container in task exited", exit_codes={"app": 1})
    line = Line(s.SERVES, f"register-api/app/{tasks[1].arn.rsplit('/', 1)[-1]}", "write /data: no space left on device")
    found = one(s.material(s.failing(s.WELL), s.seen(API, ended=tasks, lines=(line,))))
    # Of the other task no line was read.
    assert (found.kind, found.count, found.lines) == ("disk", 2, (line,))


def test_events_tell_that_a_port_is_not_reached_when_no_target_does_any_more():
    tasks = s.ended(2, f"Task failed ELB health checks in (target-group {s.GROUP})")

    def kind(reason):
        said = f"(service x) (port 80) is unhealthy in (target-group {s.GROUP}) due to (reason {reason})"
        event = s.Event(s.SERVES, said)
        return one(s.material(s.failing(s.WELL), s.seen(API, ended=tasks, events=(event,)))).kind

    assert kind("Request timed out") == kind("Health checks failed") == "wrong_port"
    assert kind("Health checks failed with these codes: [500]") == "health_check"


def test_callers_of_something_else_do_not_follow():
    material = s.caller_of_what_is_down()
    lost = s.Call("cache", remote=True, fault=True, exception=("ConnectionRefusedError", "cache: connection refused"))
    requests = s.failing(s.site(s.register(lost, status=500), status=502))
    apart = replace(material, summaries=tuple(requests.summaries), documents=requests.documents)
    assert sorted((item.service, item.kind) for item in judged(apart)) == [
        (API, "refused"), ("validate-api", "crash"),
    ]  # fmt: skip


def test_what_was_slow_now_and_then_all_the_time_has_not_begun():
    requests = Requests()
    for order in range(60):
        seconds = 5.0 if order % 4 == 3 else 0.1
        requests.add(s.site(s.register(s.put(seconds=seconds), seconds=seconds), seconds=seconds), s.NOON + 20 * order)
    assert judged(s.material(requests)) == []


def test_the_way_to_what_is_slow_is_drawn_from_the_client_on():
    drawn = result(s.slow_dependency(), Limits(), None, [], [])["map"]
    assert [(item["source"], item["target"]) for item in drawn["edges"] if item["faulty"]] == [
        ("client", "public-site"), ("public-site", API), (API, "DynamoDB"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "INFO starting with a read timeout of 30s",
        "2025-11-26T12:20:00Z info TLS certificate of api.example loaded, 0 errors",
        '{"level":"debug","msg":"throttling disabled, connection refused is tried again"}',
        "level=info msg=\"retry on: connection refused, timeout, x509 error\"",
        "client connected, timeout=30s",
        "Loaded 142 CA certificates from /etc/ssl/certs",
        "Throttle is 100 requests/s",
        "12:20:00.123 [main] INFO  c.x.Foo - connection refused is tried again",
        "[" * 5000,
        "[1]" * 5000,
    ],
)
def test_a_line_that_tells_of_no_failure_is_no_evidence(text):
    seen = s.seen(API, lines=(Line(s.SERVES, "register-api/app/4f1c", text),))
    assert judged(s.material(s.failing(s.WELL), seen)) == []
    task, = s.ended(1, "Essential container in task exited", exit_codes={"app": 1})
    crashed = s.seen(API, ended=(task,), lines=(Line(s.SERVES, f"x/app/{task.arn.rsplit('/', 1)[-1]}", text),))
    assert one(s.material(None, crashed)).kind == "crash"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("put: x509: certificate signed by unknown authority", "tls"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "tls"),
        ("ERROR read timeout of 30s", "timeout"),
        ("requests.exceptions.ReadTimeout: HTTPConnectionPool: Read timed out.", "timeout"),
        ("context deadline exceeded", "timeout"),
        ("error fetching trace info: connection refused", "refused"),
        ("ThrottlingException: Rate exceeded", "throttled"),
        ("2025-11-26T12:20:00Z warn dial tcp: lookup list-api: no such host", "dns"),
        ("INFO put failed: AccessDeniedException: not authorized to perform: dynamodb:PutItem", "permission"),
    ],
)
def test_a_line_that_tells_of_one_is(text, kind):
    found = one(s.material(None, s.seen(API, lines=(Line(s.SERVES, "register-api/app/4f1c", text),))))
    assert (found.kind, found.source) == (kind, "logs")
