# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment import configuration as c
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment import refusals
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.types import ServiceView

CURRENT = {
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "strategy": "ROLLING",
    "bakeTimeInMinutes": 0,
    "deploymentCircuitBreaker": {"enable": True, "rollback": True},
}


def options(**given):
    names = ("maximum_percent", "minimum_healthy_percent", "circuit_breaker", "alarms", "strategy", "bake_time",
             "step_percent", "step_bake_time")  # fmt: skip
    return {**dict.fromkeys(names), "rollback_on": ["failure", "alarm", "interrupt"], **given}


def breaker(**given):
    return {"enable": True, "threshold": None, "threshold_type": "count", **given}


def test_without_options_nothing_differs():
    assert not c.differs(CURRENT, c.wanted(CURRENT, options()))
    assert not c.differs({}, c.wanted({}, options()))


def test_all_is_sent_but_what_ecs_takes_of_other_strategies_only():
    made = c.wanted(CURRENT, options(maximum_percent=150, circuit_breaker=breaker(threshold=2)))
    assert c.differs(CURRENT, made) and c.request(made) == {
        "maximumPercent": 150,
        "minimumHealthyPercent": 100,
        "strategy": "ROLLING",
        "deploymentCircuitBreaker": {
            "enable": True,
            "rollback": True,
            "thresholdConfiguration": {"type": "COUNT", "value": 2},
        },
        "alarms": {"alarmNames": [], "enable": False, "rollback": False},
    }
    other = {**CURRENT, "strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5}
    assert c.request(c.wanted(other, options()))["bakeTimeInMinutes"] == 5


# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ThresholdConfiguration.html
@pytest.mark.parametrize(
    ("counted", "named"),
    [("count", "COUNT"), ("bounded_percent", "BOUNDED_PERCENT"), ("unbounded_percent", "UNBOUNDED_PERCENT")],
)
def test_a_threshold_is_counted_as_ecs_calls_it_and_stays(counted, named):
    made = c.wanted(CURRENT, options(circuit_breaker=breaker(threshold=20, threshold_type=counted)))
    assert c.request(made)["deploymentCircuitBreaker"]["thresholdConfiguration"] == {"type": named, "value": 20}
    assert not c.differs(made, c.wanted(made, options(circuit_breaker=breaker())))


def test_a_strategy_with_its_steps_and_no_others():
    made = c.wanted(CURRENT, options(strategy="canary", step_percent=20.0, bake_time=5))
    assert c.strategy(made) == "CANARY" and c.differs(CURRENT, made) and c.misplaced(made, options(bake_time=5)) == ""
    sent = c.request(made)
    assert sent["canaryConfiguration"] == {"canaryPercent": 20.0} and sent["bakeTimeInMinutes"] == 5
    assert not c.differs(made, c.wanted(made, options()))
    linear = c.wanted(made, options(strategy="linear", step_bake_time=2))
    assert linear["linearConfiguration"] == {"stepBakeTimeInMinutes": 2} and "canaryConfiguration" not in linear
    back = c.request(c.wanted(linear, options(strategy="rolling")))
    assert back["strategy"] == "ROLLING" and not {"bakeTimeInMinutes", "linearConfiguration"} & back.keys()
    assert not c.differs({}, c.wanted({}, options(strategy="rolling")))


@pytest.mark.parametrize(
    ("strategy", "given", "words"),
    [
        (None, {"bake_time": 5}, "bake_time cannot be given with the strategy rolling"),
        ("blue_green", {"bake_time": 5}, ""),
        ("blue_green", {"step_percent": 5.0}, "step_percent cannot be given with the strategy blue_green"),
        ("rolling", {"step_bake_time": 5, "bake_time": 1}, "step_bake_time, bake_time cannot"),
        ("linear", {"step_bake_time": 5, "bake_time": 1}, ""),
        ("linear", {"step_percent": 2.9}, "step_percent must be 3 to 100 with the strategy linear, not 2.9"),
        ("linear", {"step_percent": 3.0}, ""),
        ("canary", {"step_percent": 0.1}, ""),
    ],
)
def test_options_that_the_strategy_has_no_use_for(strategy, given, words):
    params = options(strategy=strategy, **given)
    told = c.misplaced(c.wanted(CURRENT, params), params)
    assert words in told and bool(told) is bool(words)


GROUP = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef"


@pytest.mark.parametrize(
    ("more", "strategies", "words"),
    [
        ({}, ("CANARY", "LINEAR"), "no traffic to shift"),
        ({}, ("ROLLING", "BLUE_GREEN"), ""),
        ({"connected": True}, ("ROLLING", "BLUE_GREEN", "CANARY", "LINEAR"), ""),
        ({"groups": (GROUP,), "single": (GROUP,)}, ("BLUE_GREEN", "CANARY", "LINEAR"), "web has no alternate target"),
        ({"groups": (GROUP,), "single": (GROUP,)}, ("ROLLING",), ""),
        ({"groups": (GROUP, GROUP)}, ("BLUE_GREEN", "CANARY", "LINEAR"), ""),
        ({"registered": True}, ("BLUE_GREEN", "CANARY"), "through Cloud Map"),
        ({"registered": True, "groups": (GROUP, GROUP)}, ("BLUE_GREEN",), ""),
    ],
)
def test_what_a_strategy_takes(more, strategies, words):
    service = ServiceView("shop", "arn", "ACTIVE", "ECS", "web:1", 1, True, **more)
    for strategy in strategies:
        told = refusals.of_strategy(service, strategy)
        assert words in told and bool(told) is bool(words)


def test_what_is_on_rolls_back_as_rollback_on_says():
    made = c.wanted(CURRENT, options(alarms=["b", "a"], rollback_on=["alarm"]))
    assert made["deploymentCircuitBreaker"] == {"enable": True, "rollback": False}
    assert made["alarms"] == {"alarmNames": ["b", "a"], "enable": True, "rollback": True}
    assert c.watched(made) == ["b", "a"]
    assert c.watched(c.wanted({"alarms": made["alarms"]}, options(alarms=[]))) == []


def test_the_order_of_alarms_makes_no_difference():
    current = c.wanted({}, options(alarms=["b", "a"]))
    assert not c.differs(current, c.wanted(current, options(alarms=["a", "b"])))
    assert c.lines({}, c.wanted({}, options(maximum_percent=150))) == ("maximumPercent: 200\n", "maximumPercent: 150\n")


@pytest.mark.parametrize(
    ("desired", "minimum", "maximum", "stuck"),
    [(1, 100, 100, True), (1, 100, 199, True), (1, 51, 100, True), (1, 100, 200, False), (1, 0, 100, False),
     (4, 100, 125, False), (4, 76, 100, True), (4, 75, 100, False), (0, 100, 100, False)],
)  # fmt: skip
def test_a_deployment_that_could_never_end_is_refused(desired, minimum, maximum, stuck):
    service = ServiceView("web", "arn", "ACTIVE", "ECS", "web:1", desired, True)
    made = c.wanted({}, options(minimum_healthy_percent=minimum, maximum_percent=maximum))
    assert ("never end" in refusals.of_configuration(service, made, True)) is stuck


def test_a_circuit_breaker_needs_something_to_go_back_to_and_rolling_deployments():
    service = ServiceView("web", "arn", "ACTIVE", "ECS", "web:1", 1, False)
    made = c.wanted({}, options(circuit_breaker=breaker()))
    assert "would stall" in refusals.of_configuration(service, made, False)
    assert refusals.of_configuration(service, made, True) == ""
    stopping = c.wanted({}, options(circuit_breaker=breaker(), rollback_on=[]))
    assert refusals.of_configuration(service, stopping, False) == ""
    canary = c.wanted({"strategy": "CANARY"}, options(circuit_breaker=breaker()))
    assert "web has CANARY" in refusals.of_configuration(service, canary, True)


def test_alarms_have_to_be_there_and_calm():
    assert refusals.of_alarms(["a", "b"], {"a": "OK", "b": "INSUFFICIENT_DATA"}) == ""
    assert "no alarm b" in refusals.of_alarms(["a", "b"], {"a": "ALARM"})
    assert refusals.of_alarms(["a", "b"], {"a": "ALARM", "b": "OK"}).startswith("a: in ALARM already")
