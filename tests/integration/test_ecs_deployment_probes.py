# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probes of ecs_deployment: real requests that decide whether a version stays."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.answering import Site, answering
from tests.integration.services import FAST, NEXT, Web, release, writes


@pytest.fixture
def web(aws) -> Web:
    return Web(aws)


@pytest.fixture
def site() -> Iterator[Site]:
    with answering() as site:
        yield site


def probe(site: Site, path: str = "/", **more: Any) -> dict[str, Any]:
    return {"url": site.url + path, "interval": 0.1, "timeout": 2, "failures": 2, **more}


def bad_if(web: Web, image: str) -> Any:
    """What a site answers whose requests go to a task with this image as soon as one runs."""
    return lambda path, headers: (400, "no table") if image in web.images("RUNNING") else (200, "ok")


def kinds(result: dict[str, Any]) -> list[str]:
    return [event["kind"] for event in result["events"]]


def test_a_probe_that_fails_has_ecs_roll_back(aws, inside, web, site):
    web.alarm("OK")  # ECS goes on to watch it, so that the deployment is under way for a while
    site.answer = bad_if(web, "shop/web:2")
    result = release(aws, inside, alarms=["web-5xx"], probes=[probe(site, "/register?key=hunter2")], **NEXT)
    name = f"GET {site.url}/register?…"
    assert result["failed"] and result["rolled_back"] and web.runs() == "web:1", result["msg"]
    assert result["msg"].startswith(f"{name} failed ") and "UTC: status 400" in result["msg"], result["msg"]
    assert "web runs web:1. The version that failed took traffic for " in result["msg"]
    assert writes(aws)["ecs:StopServiceDeployment"] == 1 and result["return_deployment"] is None
    (told,) = result["probes"]
    assert told["probe"] == name and told["failed"] and told["failures"] >= 2
    assert told["requests_before"] > 0 and told["first_failure"]["status"] == 400
    assert told["first_failure"]["problem"] == "status 400" and told["last_failure"]["at"] > told["first_failure"]["at"]
    assert 0 < result["bad_seconds"] < 10 and result["verdict"] == result["msg"][: len(result["verdict"])] != ""
    assert [kind for kind in kinds(result) if kind != "deployment"] == ["in_service", "probe", "back", "out_of_service"]
    assert {"deployment IN_PROGRESS", "deployment ROLLBACK_SUCCESSFUL"} <= {item["text"] for item in result["events"]}
    assert "hunter2" not in str(result)


def test_one_that_fails_after_the_end_is_brought_back_by_another_deployment(aws, inside, web, site):
    site.answer = lambda path, headers: (200, "ok") if web.history()[0] != "SUCCESSFUL" else bad_if(web, "shop/web:2")(
        path, headers
    )
    result = release(aws, inside, probes=[probe(site)], probe_for=20, **NEXT)
    assert result["failed"] and result["rolled_back"] and "web runs web:1 again." in result["msg"], result["msg"]
    assert result["deployment"]["status"] == "SUCCESSFUL" == result["return_deployment"]["status"]
    assert web.images() == {"shop/web:1"} and writes(aws)["ecs:UpdateService"] == 2
    assert result["task_definition_before"].endswith("/web:1") and result["task_definition"].endswith("/web:2")
    assert result["bad_seconds"] > 0 and kinds(result)[-1] == "out_of_service"
    # The same again, where the history says that it has gone back from it before.
    result = release(aws, inside, probes=[probe(site)], probe_for=20, **NEXT)
    assert result["failed"] and result["rolled_back"] and web.runs() == "web:1", result["msg"]


def test_a_few_failures_among_many_answers_bring_nothing_back(aws, inside, web, site):
    site.answer = lambda path, headers: (500 if len(site.asked) % 10 == 0 else 200, "ok")
    result = release(aws, inside, probes=[probe(site, of=10)], probe_for=2, **NEXT)
    assert not result["failed"] and not result["rolled_back"] and result["bad_seconds"] is None, result.get("msg")
    assert result["probes"][0]["failures"] >= 1 and result["verdict"] == "" and web.runs() == "web:2"
    assert "was never answered" not in str(result.get("warnings"))
    again = release(aws, inside, probes=[probe(site)], probe_for=1, **NEXT)
    assert not again["changed"] and again["probes"][0]["requests"] == 0


def test_a_trial_is_not_over_with_failures_or_before_it_could_fail(aws, inside, web, site):
    site.answer = bad_if(web, "shop/web:2")
    result = release(aws, inside, probes=[probe(site, interval=0.5, failures=3)], probe_for=1, **NEXT)
    assert result["failed"] and result["rolled_back"] and web.runs() == "web:1", result


def test_an_alarm_after_the_end_brings_back(aws, inside, web):
    web.alarm("OK")
    told = {"alarms": ["web-5xx"], "probe_for": 20, "rollback_on": ["alarm"]}
    running = inside.start("ecs_deployment", **FAST, **told, **NEXT)
    aws.wait_until(lambda: web.history() == ["SUCCESSFUL", "SUCCESSFUL"])
    aws.faults.throttle(0.4, ["cloudwatch:DescribeAlarms"])
    web.alarm("ALARM")
    result = running.result()
    assert result["failed"] and result["rolled_back"] and web.runs() == "web:1", result["msg"]
    assert result["msg"].startswith("In ALARM after the deployment had ended: web-5xx.") and "alarm" in kinds(result)


def test_a_trial_ends_where_another_deployment_begins_or_the_service_goes(aws, inside, web, site):
    running = inside.start("ecs_deployment", **FAST, probes=[probe(site)], probe_for=20, **NEXT)
    aws.wait_until(lambda: web.history() == ["SUCCESSFUL", "SUCCESSFUL"])
    web.begin("shop/web:3")
    result = running.result()
    assert result["failed"] and "Another deployment of web has begun before the trial" in result["msg"]
    assert not result["rolled_back"] and web.runs() == "web:3"
    aws.wait_until(lambda: web.history()[0] == "SUCCESSFUL")
    more = {"images": {"app": "shop/web:4"}, "probes": [probe(site)], "probe_for": 20}
    running = inside.start("ecs_deployment", **FAST, **more)
    aws.wait_until(lambda: len(web.history()) == 4 and web.history()[0] == "SUCCESSFUL")
    web.ecs.delete_service(cluster="shop", service="web", force=True)
    result = running.result()
    assert result["failed"] and "was deleted meanwhile" in result["msg"]


def test_a_probe_only_tells_if_it_is_not_to_bring_back(aws, inside, web, site):
    site.answer = lambda path, headers: None
    result = release(aws, inside, probes=[probe(site)], rollback_on=["failure"], probe_for=20, **NEXT)
    assert result["failed"] and "is left as it is, as rollback_on says." in result["msg"]
    assert "no answer: RemoteDisconnected" in result["msg"] and web.runs() == "web:2" and not result["rolled_back"]
    assert "ecs:StopServiceDeployment" not in writes(aws)
    assert result["probes"][0]["first_failure"]["status"] is None


def test_with_nothing_to_go_back_to_probes_are_refused(aws, inside, web, site):
    aws.faults.break_image("shop/web:1", "pull")
    web.anew()
    web.ecs.stop_service_deployment(
        serviceDeploymentArn=web.described()["currentServiceDeployment"], stopType="ABORT"
    )
    aws.wait_until(lambda: web.history()[0] == "STOPPED")
    result = release(aws, inside, probes=[probe(site)], **NEXT)
    assert result["failed"] and "nothing to go back to when a probe fails" in result["msg"] and writes(aws) == {}
    web.anew(count=0)
    result = release(aws, inside, probes=[probe(site)], **NEXT)
    assert not result["failed"] and "never answered while the new version took traffic" in str(result["warnings"])


def test_until_it_takes_traffic_and_then_to_its_end(aws, inside, web, site):
    web.alarm("OK")
    aws.durations.set("ecs.service.replace", 100)  # so that it is under way until the probe has failed
    first = release(aws, inside, alarms=["web-5xx"], wait_until="traffic", **NEXT)
    assert not first["failed"] and first["deployment"]["status"] == "IN_PROGRESS", first.get("msg")
    assert first["deployment"]["running_count"] > 0 and first["bad_seconds"] is None
    arn = first["deployment"]["arn"]
    site.answer = lambda path, headers: (500, "")
    result = release(aws, inside, deployment=arn, probes=[probe(site)])
    assert result["failed"] and result["joined"] and result["rolled_back"] and web.runs() == "web:1", result["msg"]
    assert result["task_definition_before"].endswith("/web:1") and "ecs:UpdateService" not in writes(aws)
    ended = release(aws, inside, deployment=arn)
    assert ended["failed"] and "was rolled back" in ended["msg"] and writes(aws) == {}
    unknown = release(aws, inside, deployment=arn[:-1])
    assert unknown["failed"] and "ECS knows no deployment" in unknown["msg"]


def test_what_may_not_be_asked_for_is_named_beside_the_probe_that_failed(aws, inside, web, site):
    web.alarm("OK")
    site.answer = bad_if(web, "shop/web:2")
    aws.faults.deny("ecs:StopServiceDeployment")
    result = release(aws, inside, alarms=["web-5xx"], probes=[probe(site)], **NEXT)
    assert result["failed"] and result["msg"].startswith(f"GET {site.url}/ failed "), result["msg"]
    assert "goes on (IN_PROGRESS); run this again to join it." in result["msg"] and not result["rolled_back"]
    assert "It is not followed any more: ecs:StopServiceDeployment" in result["msg"]
    aws.wait_until(lambda: web.history()[0] == "SUCCESSFUL")
    site.answer = lambda path, headers: (200, "ok")
    running = inside.start("ecs_deployment", **FAST, images={"app": "shop/web:3"}, probes=[probe(site)], probe_for=20)
    aws.wait_until(lambda: len(web.history()) == 3 and web.history()[0] == "SUCCESSFUL")
    aws.faults.deny("ecs:UpdateService")
    site.answer = lambda path, headers: (500, "")
    result = running.result()
    assert result["failed"] and "web could not be brought back: ecs:UpdateService" in result["msg"], result["msg"]
    assert "Use state rolled_back." in result["msg"] and not result["rolled_back"] and web.runs() == "web:3"


def trying(aws, web, site, **options: Any) -> subprocess.Popen:
    """The module in a process of its own, whose version is on trial after its deployment."""
    arguments = {**FAST, **NEXT, "probes": [probe(site)], "probe_for": 3600, **options}
    name = "ansible_collections.workshop.lifecycle.plugins.modules.ecs_deployment"
    process = subprocess.Popen(
        [sys.executable, "-m", name, json.dumps({"ANSIBLE_MODULE_ARGS": arguments})],
        env=aws.environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    aws.wait_until(lambda: web.history() == ["SUCCESSFUL", "SUCCESSFUL"])
    asked = len(site.asked)
    aws.wait_until(lambda: len(site.asked) > asked + 10)
    return process


def test_an_interrupted_trial_brings_back(aws, web, site):
    process = trying(aws, web, site)
    process.send_signal(signal.SIGTERM)
    result = json.loads(process.communicate(timeout=60)[0])
    assert result["failed"] and result["msg"] == "Interrupted. ECS brings the service back."
    aws.wait_until(lambda: web.history()[0] == "SUCCESSFUL" and web.images() == {"shop/web:1"})


def test_a_trial_that_was_killed_is_gone_on_with(aws, inside, web, site):
    process = trying(aws, web, site)
    process.kill()
    process.communicate(timeout=60)
    site.answer = bad_if(web, "shop/web:2")
    result = release(aws, inside, probes=[probe(site)], probe_for=3600, **NEXT)
    assert result["failed"] and result["joined"] and result["rolled_back"] and web.runs() == "web:1", result["msg"]
    assert writes(aws) == {"ecs:UpdateService": 1}


BAD = [
    ({"probes": [{"url": "file:///etc/passwd"}]}, "probes[0].url must begin with http:// or https://"),
    ({"probes": [{"url": "http://a:hunter2@shop/"}]}, "user name in it"),
    ({"probes": [{"url": "http://shop/"}], "wait": False}, "probes need wait"),
    ({"probes": [{"url": "http://shop/"}], "state": "rolled_back"}, "probes cannot be given with state rolled_back"),
    ({"deployment": "arn", **NEXT}, "images cannot be given with deployment"),
    ({"probe_for": -1}, "probe_for must be at least 0"),
]


def test_malformed_probes_are_refused_before_any_call(aws, inside):
    for options, words in BAD:
        result = release(aws, inside, **options)
        assert result["failed"] and words in result["msg"], result["msg"]
        assert aws.calls.total == 0 and "hunter2" not in str(result)


def test_back_from_a_deployment_that_is_named_leaves_a_later_one_of_somebody_else(aws, inside, web):
    first = release(aws, inside, **NEXT)["deployment"]["arn"]
    aws.durations.set("ecs.task.start", 120)
    web.begin("shop/web:3")
    result = release(aws, inside, state="rolled_back", deployment=first)
    assert result["failed"] and "Another deployment of web has begun since" in result["msg"], result
    assert web.history()[0] == "IN_PROGRESS" and writes(aws) == {}
    aws.wait_until(lambda: web.history()[0] == "SUCCESSFUL")
    result = release(aws, inside, state="rolled_back", deployment=first)
    assert result["failed"] and "has begun since" in result["msg"] and web.runs() == "web:3" and writes(aws) == {}
    # The way back that another run has begun is followed, and not taken back.
    web.begin("shop/web:4")
    second = web.described()["currentServiceDeployment"]
    aws.wait_until(lambda: web.history()[0] == "SUCCESSFUL")
    web.ecs.update_service(cluster="shop", service="web", taskDefinition="web:3")
    result = release(aws, inside, state="rolled_back", deployment=second)
    assert not result["failed"] and web.runs() == "web:3" and web.history()[0] == "SUCCESSFUL", result.get("msg")


def test_back_from_a_deployment_that_is_named_whatever_was_before(aws, inside, web):
    """The history alone would say that the service has gone back from it already."""
    for options in (NEXT, {"state": "rolled_back"}, NEXT):
        last = release(aws, inside, **options)
        assert not last["failed"], last.get("msg")
    assert not release(aws, inside, state="rolled_back")["changed"] and web.runs() == "web:2"
    arn = last["deployment"]["arn"]
    back = release(aws, inside, state="rolled_back", deployment=arn)
    assert not back["failed"] and back["changed"] and web.runs() == "web:1", back.get("msg")
    assert not release(aws, inside, state="rolled_back", deployment=arn)["changed"] and web.runs() == "web:1"
