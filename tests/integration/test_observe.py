# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""playbooks/observe.yml: what it sets up, that a second run changes nothing, that a teardown would find it, and that it
takes it away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.docs import policies
from tests.emulator import Emulator
from tests.integration import tiny
from tests.workshop.left_behind import put_alarm
from tests.workshop.playbooks import ROOT, play

OBSERVE = ROOT / "playbooks/observe.yml"
#: Called where nothing stands in the way, and not in these runs.
OTHERWISE = {"xray:TagResource", "xray:UpdateGroup", "xray:UpdateSamplingRule"}
REFUSED = {
    "hosts": "localhost",
    "connection": "local",
    "gather_facts": False,
    "tasks": [
        {
            "block": [
                {
                    "name": "Ask for a rule that no teardown would find",
                    "ansible.builtin.include_role": {"name": "workshop.lifecycle.observe"},
                    "vars": {"observe_groups": [], "observe_sampling_rules": [{"rule_name": "mine"}, {}, {}]},
                }
            ],
            "rescue": [
                {
                    "name": "It was refused",
                    "ansible.builtin.assert": {
                        "that": ["'observe_sampling_rules (mine, one without a name)' in ansible_failed_result.msg"]
                    },
                }
            ],
        },
        {
            "block": [
                {
                    "name": "Ask for a group that somebody else has made",
                    "ansible.builtin.include_role": {"name": "workshop.lifecycle.observe"},
                    "vars": {
                        "workshop_xray_group": "others",
                        "observe_filter_expression": "fault = true",
                        "observe_groups": [{"group": "all", "stacks": [{"name": tiny.names(tiny.EVERYTHING)[0]}]}],
                    },
                }
            ],
            "rescue": [
                {
                    "name": "It was refused, too",
                    "ansible.builtin.assert": {
                        "that": ["'X-Ray group others-faults already' in ansible_failed_result.msg"]
                    },
                }
            ],
        },
    ],
}


def there(aws: Emulator) -> dict[str, Any]:
    """What is there of each kind."""
    cloudwatch, xray = aws.client("cloudwatch"), aws.client("xray")
    filters = aws.client("logs").describe_metric_filters()["metricFilters"]
    return {
        "alarms": {alarm["AlarmName"]: alarm for alarm in cloudwatch.describe_alarms()["MetricAlarms"]},
        "groups": {group["GroupName"]: group for group in xray.get_groups()["Groups"]},
        "rules": {
            record["SamplingRule"]["RuleName"]: record["SamplingRule"]
            for record in xray.get_sampling_rules()["SamplingRuleRecords"]
        },
        "filters": [(row["logGroupName"], row["filterName"]) for row in filters],
    }


@pytest.mark.slow
def test_it_is_set_up_found_and_taken_away(aws: Emulator, inside: Any, tmp_path: Path) -> None:
    tiny.make(aws, tiny.EVERYTHING)
    put_alarm(aws.client("cloudwatch"), "cuddlekube2/faults", "cuddle-kube")
    for name in ("cuddle-kube", "others-faults"):
        aws.client("xray").create_group(GroupName=name, FilterExpression="fault = true")
    twice = tmp_path / "twice.yml"
    twice.write_text(json.dumps([{"import_playbook": str(OBSERVE)}] * 2 + [REFUSED]), encoding="utf-8")
    aws.calls.clear()
    played = play(twice, aws.environment, tmp_path)
    assert played.code == 0, played.output
    called = set(aws.calls.by_action)
    assert played.recap()["changed"] == 4, "group, rule, filters and alarms, and nothing the second time"

    found = there(aws)
    assert found["groups"]["cuddle-kube"]["FilterExpression"] == "fault = true", "somebody else's stays as it is"
    group = found["groups"]["cuddle-kube-faults"]
    assert 'service("order-api") { fault = true } OR (http.url CONTAINS "//cuddlek' in group["FilterExpression"]
    assert (found["rules"]["cuddlekube"]["URLPath"], found["rules"]["cuddlekube"]["FixedRate"]) == ("/health", 0)
    groups = ["cuddlekube-FlowLogs", "cuddlekube-Microservices"]
    assert sorted(found["filters"]) == [(name, "cuddlekube/errors") for name in groups]
    ours = {name: alarm for name, alarm in found["alarms"].items() if name.startswith("cuddlekube/")}
    assert sorted(alarm["MetricName"] for alarm in ours.values()) == [
        *("ApproximateTraceCount", "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count", "LogErrors"),
    ]
    (balancer,) = aws.client("elbv2").describe_load_balancers()["LoadBalancers"]
    watched = [alarm["Dimensions"] for alarm in ours.values() if alarm["Namespace"] == "AWS/ApplicationELB"]
    of_balancer = {"Name": "LoadBalancer", "Value": balancer["LoadBalancerArn"].partition(":loadbalancer/")[2]}
    assert watched == [[of_balancer]] * 2

    # A fault of a service of the workshop comes to the metric on which the alarm is.
    aws.xray.trace([{"name": "order-api", "status": 200, "calls": [{"name": "list-api", "status": 503}]}])
    aws.xray.trace([{"name": "order-api", "status": 500}])
    faults = {key: ours["cuddlekube/faults"][key] for key in ("Namespace", "MetricName", "Dimensions")}
    now = aws.clock.epoch()

    def counted() -> float:
        more = {"StartTime": now - 600, "EndTime": now + 600, "Period": 600, "Statistics": ["Sum"]}
        points = aws.client("cloudwatch").get_metric_statistics(**faults, **more)["Datapoints"]
        return sum(point["Sum"] for point in points)

    aws.wait_until(lambda: counted() == 1)
    aws.wait_until(lambda: there(aws)["alarms"]["cuddlekube/faults"]["StateValue"] == "ALARM")

    survey = {"stacks": tiny.names(tiny.EVERYTHING), "xray_group": "cuddle-kube", "alarm_prefix": "cuddlekube/"}
    kinds = ["alarm", "xray_group", "xray_sampling_rule"]
    survey |= {"xray_sampling_rules": ["cuddlekube", "cuddle-kube"], "kinds": kinds}
    left = inside("workshop_info", **survey)["leftovers"]
    assert {(row["kind"], row["id"]) for row in left} == {
        *(("xray_group", name) for name in ("cuddle-kube", "cuddle-kube-faults")),
        ("xray_sampling_rule", "cuddlekube"),
        *(("alarm", name) for name in ours),
    }

    others = inside("workshop_info", **{**survey, "xray_group": "others", "kinds": ["xray_group"]})
    assert others["leftovers"] == [], "by its name alone it is nobody's"

    aws.calls.clear()
    gone = play(OBSERVE, aws.environment, tmp_path, observe_state="absent")
    assert gone.code == 0, gone.output
    called |= set(aws.calls.by_action)
    found = there(aws)
    assert set(found["alarms"]) == {"cuddlekube2/faults"} and set(found["rules"]) == {"Default"}
    assert set(found["groups"]) == {"cuddle-kube", "others-faults"} and found["filters"] == []
    assert sorted(called | OTHERWISE) == sorted(policies.actions("observe-policy.json"))
