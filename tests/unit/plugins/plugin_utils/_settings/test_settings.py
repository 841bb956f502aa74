# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.settings import settings_problem

RIGHT: dict[str, Any] = {
    "workshop_name": "shop",
    "workshop_account_id": None,
    "workshop_apis": ["orders", "users-2"],
    "workshop_alarm_prefix": "shop/",
    "workshop_ssm_path": "/school/shop",
    "workshop_xray_group": "shop",
    "workshop_xray_sampling_rules": ["shop"],
    "workshop_wait_timeout": 1800,
    "workshop_poll_interval": None,
    "leftovers_settle": None,
}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"workshop_poll_interval": "0.5"},
        {"workshop_wait_timeout": "60"},
        {"workshop_ssm_path": "/shop/"},
        {"workshop_alarm_prefix": "shop/a/"},
        {"workshop_scope": {"prefix": "shop-dev-"}, "workshop_alarm_prefix": ""},
        {"workshop_account_id": "012345670123"},
        {"workshop_account_id": 123456789012},
        {"leftovers_settle": 0},
        {"workshop_scope": {"prefix": "shop-dev-"}, "workshop_ssm_path": "", "workshop_xray_group": ""},
        {"workshop_scope": {"tags": {"workshop": "shop"}}},
        {"leftovers_settle": "30"},
        {"workshop_tags": {"workshop": "shop", "aws:createdBy": "anna"}},
    ],
)
def test_nothing_is_wrong(changed: dict[str, Any]) -> None:
    assert settings_problem(RIGHT | changed) == ""


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("workshop_name", "a" * 101, "which is not the name of one workshop"),
        ("workshop_name", "2shop", 'workshop_name is "2shop"'),
        ("workshop_name", "shop\n", 'workshop_name is "shop\\n"'),
        ("workshop_scope", {}, "workshop_scope is {}, which says of no stack that it belongs"),
        ("workshop_scope", "shop-dev-", 'workshop_scope is "shop-dev-"'),
        ("workshop_scope", {"except": ["shop-a"]}, "It takes prefix, tags or names"),
        ("workshop_account_id", 0o12345670123, "workshop_account_id is 1402433619; it takes 12 digits. Quote them"),
        ("workshop_account_id", 0o12345670123, 'leading zeros count. If it is 012345670123, write "012345670123".'),
        ("workshop_account_id", "1234-5678-9012", "it takes 12 digits"),
        ("workshop_account_id", "", "it takes 12 digits"),
        ("workshop_apis", ["orders", "a_b", ""], 'workshop_apis "a_b", workshop_apis "": patterns'),
        ("workshop_apis", ["a" * 202], "patterns, spaces and empty names are refused."),
        ("workshop_xray_sampling_rules", ["ok", "x\n"], 'workshop_xray_sampling_rules "x\\n"'),
        ("workshop_xray_group", "", 'workshop_xray_group ""'),
        ("workshop_xray_group", "*", 'workshop_xray_group "*"'),
        ("workshop_xray_sampling_rules", ["a b"], 'workshop_xray_sampling_rules "a b"'),
        ("workshop_ssm_path", "/workshop/", 'workshop_ssm_path is "/workshop/", which would match more than this'),
        ("workshop_ssm_path", "/shops/", "It takes shop between slashes"),
        ("workshop_ssm_path", "shop/", "would match more than this workshop"),
        ("workshop_alarm_prefix", "shop-", 'workshop_alarm_prefix is "shop-", which would match more'),
        ("workshop_alarm_prefix", "shops/", 'begins with shop and a slash, as in "shop/"'),
        ("workshop_alarm_prefix", "", 'workshop_alarm_prefix ""'),
        ("workshop_wait_timeout", 0, "workshop_wait_timeout is 0, workshop_poll_interval not set; each takes"),
        ("workshop_poll_interval", "soon", "workshop_poll_interval soon; each takes a number of seconds above 0."),
        ("workshop_poll_interval", [], "workshop_poll_interval []"),
        ("leftovers_settle", -1, "leftovers_settle is -1; it takes a whole number of seconds."),
        ("leftovers_settle", "soon", "leftovers_settle is soon"),
        ("workshop_tags", {" ": "shop"}, "workshop_tags has a tag without a key, which would match everything."),
        ("workshop_tags", {"AWS:createdBy": "anna"}, "workshop_tags has only tags that AWS sets"),
        ("workshop_tags", {"course": 2026}, "workshop_tags has 'course': 2026, where both have to be text"),
        ("workshop_tags", {"workshop": ""}, "workshop_tags has workshop: '': a value of fewer than 3 characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(variable: str, value: Any, words: str) -> None:
    assert words in settings_problem(RIGHT | {variable: value})
