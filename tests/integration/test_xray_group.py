# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module xray_group against the emulator: by pytest-ansible; check mode, which that lacks, in this process."""

from __future__ import annotations

import sys
from typing import Any

import pytest

EXPRESSION = 'http.url BEGINSWITH "http://shop"'


@pytest.fixture
def xray_group(aws, ansible_adhoc, monkeypatch):
    """Calls the module by pytest-ansible."""
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    hosts = ansible_adhoc(inventory="localhost,", connection="local")
    hosts.options["variable_manager"].extra_vars["ansible_python_interpreter"] = sys.executable

    def call(**options: Any) -> dict[str, Any]:
        return getattr(hosts.all, "workshop.lifecycle.xray_group")(**options)["localhost"]

    return call


def groups(aws) -> dict[str, str]:
    found = aws.client("xray").get_groups()["Groups"]
    return {group["GroupName"]: group.get("FilterExpression", "") for group in found if group["GroupName"] != "Default"}


@pytest.mark.smoke
def test_it_comes_changes_and_goes(aws, xray_group):
    made = xray_group(name="shop")
    assert made["changed"] and made["group"]["arn"].startswith("arn:aws:xray:") and groups(aws) == {"shop": ""}

    changed = xray_group(name="shop", filter_expression=EXPRESSION)
    assert changed["changed"] and groups(aws) == {"shop": EXPRESSION}

    assert not xray_group(name="shop", filter_expression=EXPRESSION)["changed"]
    assert not xray_group(name="shop")["changed"], "an expression that is not given is left as it is"

    gone = xray_group(name="shop", state="absent")
    assert gone["changed"] and gone["group"] is None and groups(aws) == {}

    assert not xray_group(name="shop", state="absent")["changed"]


def test_a_missing_name(xray_group, aws):
    result = xray_group(state="absent")
    assert result["failed"] and "missing required arguments: name" in result["msg"] and aws.calls.total == 0


@pytest.mark.parametrize("action", ["xray:GetGroup", "xray:CreateGroup"])
def test_what_may_not_be_done_is_named(aws, xray_group, action):
    aws.faults.deny(action)
    result = xray_group(name="shop")
    assert result["failed"] and action in result["msg"] and groups(aws) == {}


def test_check_mode_predicts_and_touches_nothing(aws, inside):
    made = inside("xray_group", check=True, diff=True, name="shop", filter_expression=EXPRESSION)
    assert made["changed"] and made["diff"]["after"]["filter_expression"] == EXPRESSION and groups(aws) == {}

    aws.client("xray").create_group(GroupName="shop")
    changed = inside("xray_group", check=True, name="shop", filter_expression=EXPRESSION)
    gone = inside("xray_group", check=True, diff=True, name="shop", state="absent")
    assert changed["changed"] and gone["changed"] and gone["diff"]["before"]["name"] == "shop"
    assert groups(aws) == {"shop": ""}


def test_insights(aws, inside):
    refused = inside("xray_group", name="shop", notifications_enabled=True)
    assert refused["failed"] and "insights_enabled" in refused["msg"] and groups(aws) == {}
    on = {"insights_enabled": True, "notifications_enabled": True}
    made = inside("xray_group", name="shop", **on)
    assert made["changed"] and made["group"]["notifications_enabled"]
    assert not inside("xray_group", name="shop", **on)["changed"]
    assert not inside("xray_group", name="shop", filter_expression="")["changed"], "what is not given is left as it is"
    off = inside("xray_group", name="shop", insights_enabled=False)
    assert off["changed"] and not off["group"]["notifications_enabled"]
    insights = aws.client("xray").get_group(GroupName="shop")["Group"]["InsightsConfiguration"]
    assert insights == {"InsightsEnabled": False, "NotificationsEnabled": False}


def test_tags(aws, inside):
    predicted = inside("xray_group", check=True, name="shop", tags={"course": "a"})
    assert predicted["group"]["tags"] == {"course": "a"} and groups(aws) == {}
    arn = inside("xray_group", name="shop", tags={"course": "a"})["group"]["arn"]
    assert not inside("xray_group", name="shop", tags={"course": "a"})["changed"]
    assert inside("xray_group", name="shop", tags={"owner": "ann"})["changed"]
    tags = aws.client("xray").list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert tags == [{"Key": "owner", "Value": "ann"}]
