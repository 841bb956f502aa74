# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timezone
from html.parser import HTMLParser

import jsonschema
import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.result import result
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.types import Limits
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.drawing import service_map
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.drawing import timeline
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.drawing import waterfall
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.page import page
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.report import build
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.text import lines

from tests.diagnosis import scenarios as s
from tests.judges.venv import CHECKOUT

SCHEMA = json.loads((CHECKOUT / "docs/diagnosis.schema.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=timezone.utc)
GAP = {"action": "xray:GetTraceSummaries", "message": "no", "denied": True, "about": ["web"]}


def report(material, **more):
    found = {"cluster": "shop", "region": "eu-central-1", **result(material, Limits(), None, [], []), **more}
    return build("shop", [found], "workshop.lifecycle.rollback", {}, NOW)


def text(told):
    return [line for line, _colour in lines(told, {})]


def test_the_layout_of_a_failure():
    assert text(report(s.tls()))[4:] == [
        "register-api fails: 28 of 28 requests since 12:20:40 (before: 0 of 62)",
        "began 40 s after deployment …/1764159600: register-api:7 -> register-api:8 (register:1.0 -> register:broken)",
        "  client -> public-site POST /register   502    1.3 s",
        "     -> register-api POST /              400    1.2 s",
        "        -> validate-api POST /           200",
        "        -> DynamoDB PutItem cuddlykube   FAULT",
        "             x509.UnknownAuthorityError: certificate signed by unknown authority",
        'log  register-api/…/4f1c: "level=error msg="put item" error="x509: certificate signed by …""',
        "not the cause: tasks healthy, no stopped tasks",
        "to do: the container does not trust, or does not get, the certificate of DynamoDB PutItem cuddlykube: put the "
        "CA certificates into the image, or renew the certificate.",
        "switch back:  ansible-playbook workshop.lifecycle.rollback -e workshop_cluster=shop "
        "-e workshop_service=register-api",
    ]


@pytest.mark.parametrize(
    ("make", "first"),
    [
        (s.always, "register-api fails: 9 of 81 requests since 12:03:00, or earlier (before: 0 of 9)"),
        (s.slow_dependency, "register-api is slow: 28 of 28 requests since 12:20:40 took 4.2 s (before: 0.1 s)"),
        (s.crash_loop, "register-api fails: 5 tasks stopped since 12:20:40"),
        (s.no_capacity, "register-api fails: ECS has said 1 time why since 12:20:40"),
        (s.log_alone, "register-api fails: 4 lines of its log tell it since 12:20:40"),
        (s.alarm_alone, "register-api fails: alarm register-5xx since 12:20:40"),
    ],
)
def test_the_first_line_of_each_source(make, first):
    told = report(make())
    assert text(told)[4] == first and told["summary"] == first


def test_nothing_says_what_was_looked_at():
    assert text(report(s.nothing_after_deployment()))[3:] == [
        "nothing found, looked at 4 services, 210 requests, 1 deployment, no stopped tasks, no alarms, no log lines, "
        "no unhealthy targets"
    ]


def test_what_is_over_is_told_as_over_and_a_sample_as_a_sample():
    requests = s.Requests()
    requests.every(20.0, s.NOON, s.NOON + 600, s.WELL)
    requests.every(20.0, s.NOON + 600, s.NOON + 900, s.broken(fault=True, exception=s.X509))
    requests.every(20.0, s.NOON + 900, s.NOW, s.WELL)
    told = text(report(s.material(requests, s.seen("register-api"), sampled=True)))
    assert told[4] == "register-api failed: 15 of 15 requests from 12:10:00 to 12:14:40 (before: 0 of 30)"
    assert told[-1] == "note: a sample of 90 requests was read; there were more"


def test_gaps_say_what_to_allow():
    told = text(report(s.nothing(), gaps=[GAP, {**GAP, "denied": False, "message": "timed out", "about": []}]))
    assert told[-2:] == [
        "not looked at: xray:GetTraceSummaries (web): allow xray:GetTraceSummaries",
        "not looked at: xray:GetTraceSummaries: timed out",
    ]
    assert report(s.nothing(), gaps=[GAP, GAP])["summary"].endswith("; not looked at: xray:GetTraceSummaries")


def test_times_of_another_day_have_their_date():
    tomorrow = datetime.fromtimestamp(s.NOW + 86400, timezone.utc).isoformat()
    told = report(s.tls(), end=tomorrow)
    assert "since 2025-11-26 12:20:40 (before" in told["summary"] and told["summary"] in text(told)
    assert b"since 2025-11-26 12:20:40 (before" in page(told)


def test_the_command_is_one_that_a_shell_takes_as_it_is_meant():
    found = {"cluster": "my shop; true", "region": "", **result(s.tls(), Limits(), None, [], [])}
    told = build("x", [found], "play books/rollback.yml", {"workshop_profile": "a'b"}, NOW)
    assert told["clusters"][0]["findings"][0]["command"] == (
        "ansible-playbook 'play books/rollback.yml' -e '{\"workshop_profile\": \"a'\"'\"'b\"}' "
        "-e '{\"workshop_cluster\": \"my shop; true\"}' -e workshop_service=register-api"
    )


def test_what_is_no_diagnosis_is_refused():
    with pytest.raises(ValueError, match="it has no cluster, deployments, .*verdict"):
        build("x", [{"findings": []}], "p", {}, NOW)


@pytest.mark.parametrize("scenario", s.SCENARIOS, ids=lambda scenario: scenario.name)
def test_each_report_has_the_form_of_the_schema_and_a_page(scenario):
    told = report(scenario.make())
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    assert page(told).strip().startswith(b"<!DOCTYPE html>")


class Tags(HTMLParser):
    """All tags, attributes and what else could make a browser ask or do something."""

    def __init__(self, text_):
        super().__init__()
        self.tags = set()
        self.attributes = set()
        self.feed(text_)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _value in attrs)


EVIL = "<script>alert(1)</script>\" onload='x' \x1b[31m&"


def poisoned(value):
    """The same data with evil words in all texts but those that are chosen from a list, or are times."""
    if isinstance(value, dict):
        kept = ("verdict", "kind", "source", "outcome", "since", "until", "at", "start", "end", "started_at",
                "finished_at", "schema_version")  # fmt: skip
        return {key: item if key in kept else poisoned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item) for item in value]
    return f"{value}{EVIL}" if isinstance(value, str) else value


def test_words_of_others_are_shown_and_do_nothing():
    found = {"cluster": "shop", "region": "eu-central-1", **result(s.two_at_once(), Limits(), None, [GAP], ["a note"])}
    told = build(EVIL, [poisoned(found)], "p", {}, NOW)
    drawn = page(told).decode()
    plain = Tags(page(report(s.two_at_once(), gaps=[GAP], notes=["a note"])).decode())
    seen = Tags(drawn)
    assert seen.tags == plain.tags and seen.attributes == plain.attributes
    assert "<script" not in drawn and "\x1b" not in drawn and "&lt;script&gt;" in drawn
    assert not any("\x1b" in line for line in text(told))


def test_the_page_asks_for_nothing():
    drawn = page(report(s.two_at_once())).decode()
    assert not re.findall(r"(?:src|href|url\()\s*[=(]?\s*[\"']?(?!#)[a-z]+:", drawn)
    assert "default-src 'none'" in drawn and not Tags(drawn).tags & {"script", "link", "img", "iframe", "a", "form"}


def edge(source, target):
    return {"source": source, "target": target, "requests": 0, "failed": 0, "faulty": False}


def node(name, faulty=False):
    return {"name": name, "type": "", "requests": 0, "failed": 0, "faulty": faulty}


def test_the_map_goes_from_left_to_right_and_bears_circles():
    names = ("client", "site", "api", "table")
    edges = [edge("client", "site"), edge("site", "api"), edge("api", "site"), edge("api", "table"), edge("api", "api")]
    drawn = service_map({"nodes": [node(name, name == "api") for name in names], "edges": edges})
    places = {item["name"]: item["x"] for item in drawn["nodes"]}
    assert [places[name] for name in names] == sorted(places.values()) and len(set(places.values())) == 4
    assert len(drawn["edges"]) == 4
    circle = service_map({"nodes": [node("a"), node("b")], "edges": [edge("a", "b"), edge("b", "a")]})
    assert {item["x"] for item in circle["nodes"]} == {2, 208}
    assert service_map({"nodes": [node("a")], "edges": []}) is None


def test_a_map_of_hundreds_shows_what_fails_and_says_how_many_are_left_out():
    names = [f"s{number}" for number in range(200)]
    edges = [edge("s0", name) for name in names[1:]]
    drawn = service_map({"nodes": [node(name, name in ("s0", "s199")) for name in names], "edges": edges})
    assert drawn["left_out"] == 160 and {"s0", "s199"} <= {item["name"] for item in drawn["nodes"]}


def test_bars_are_within_their_track():
    rows = [{"start": 0.0, "seconds": 2.0}, {"start": 1.5, "seconds": None}, {"start": 2.0, "seconds": 0.0}]
    drawn = waterfall(rows)
    assert all(row["x"] >= 0 and row["x"] + row["width"] <= 100.001 for row in drawn)
    assert drawn[1]["x"] + drawn[1]["width"] == 100 and drawn[1]["spent"] == "not ended"
    assert waterfall([]) == []


def test_deployments_of_before_are_not_on_the_timeline():
    old = s.deployed(started=s.NOON - 5000)
    told = report(s.material(s.failing(s.WELL), s.seen("register-api", deployments=(s.NEW[0], old))))
    drawn = timeline(told["clusters"][0])
    assert [item["number"] for item in drawn["deployments"]] == [1] and round(drawn["deployments"][0]["x"]) == 67
    assert timeline({**told["clusters"][0], "timeline": [], "deployments": []}) is None


def test_what_xray_has_counted_is_told_only_of_a_sample():
    minutes = ({"at": s.SERVES - 120, "requests": 90, "failed": 0}, {"at": s.SERVES, "requests": 80, "failed": 70})
    for sampled in (False, True):
        told = text(report(replace(s.tls(), minutes={"register-api": minutes}, sampled=sampled)))
        counted = "X-Ray has counted 70 of 80 requests to register-api that failed since then, 0 of 90 before"
        assert (counted in told) == sampled
