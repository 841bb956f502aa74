# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment import definition as d
from hypothesis import given
from hypothesis import strategies as st

TAKEN = {"family", "containerDefinitions", "cpu", "tags", "volumes", "placementConstraints"}
DESCRIBED = {
    "taskDefinitionArn": "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7",
    "revision": 7,
    "status": "ACTIVE",
    "requiresAttributes": [{"name": "x"}],
    "registeredBy": "arn:aws:iam::123456789012:user/somebody",
    "family": "web",
    "cpu": "256",
    "volumes": [],
    "containerDefinitions": [
        {
            "name": "app",
            "image": "shop/web:1",
            "environment": [{"name": "LEVEL", "value": "info"}, {"name": "API_TOKEN", "value": "old"}],
            "secrets": [{"name": "DB", "valueFrom": "arn:aws:ssm:eu-central-1:123456789012:parameter/db"}],
        },
        {"name": "side", "image": "shop/side:1"},
    ],
}
TAGS = [{"key": "team", "value": "shop"}]


@pytest.fixture
def request_() -> dict:
    return d.request_of(DESCRIBED, TAGS, TAKEN)


def test_only_what_may_be_given_back_is(request_):
    assert set(request_) == {"family", "cpu", "volumes", "containerDefinitions", "tags"} and request_["tags"] == TAGS
    request_["containerDefinitions"][0]["image"] = "other"
    assert DESCRIBED["containerDefinitions"][0]["image"] == "shop/web:1"


def test_tags_that_only_aws_may_set_are_not_given_back():
    of_stack = [{"key": key, "value": "shop"} for key in ("aws:cloudformation:stack-name", "AWS:x")]
    assert d.request_of(DESCRIBED, [*of_stack, *TAGS], TAKEN)["tags"] == TAGS
    assert "tags" not in d.request_of(DESCRIBED, of_stack, TAKEN)


def test_images_and_variables_are_changed_and_nothing_else(request_):
    made = d.changed(request_, {"app": "shop/web:2"}, {"app": {"LEVEL": None, "N": 3}, "side": {"A": ""}})
    app, side = made["containerDefinitions"]
    assert app["image"] == "shop/web:2" and side["image"] == "shop/side:1"
    assert app["environment"] == [{"name": "API_TOKEN", "value": "old"}, {"name": "N", "value": "3"}]
    assert side["environment"] == [{"name": "A", "value": ""}]
    assert app["secrets"] == DESCRIBED["containerDefinitions"][0]["secrets"]
    assert d.same(request_, d.request_of(DESCRIBED, TAGS, TAKEN))


@pytest.mark.parametrize(
    ("images", "environment", "words"),
    [
        ({"ap": "x"}, {}, "images has ap"),
        ({}, {"ap": {}}, "environment has ap"),
        ({"app": ""}, {}, "images.app must be the name"),
        ({"app": 1}, {}, "images.app must be the name"),
        ({}, {"app": "A=1"}, "environment.app must be a dictionary"),
        ({}, {"app": {"A": True}}, "environment.app.A must be text"),
        ({}, {"app": {"A": ["x"]}}, "environment.app.A must be text"),
        ({}, {"app": {"DB": "x"}}, "DB of the container app is among its secrets"),
    ],
)
def test_what_cannot_be_is_said(request_, images, environment, words):
    with pytest.raises(ValueError, match=words):
        d.changed(request_, images, environment)


def test_the_order_of_named_things_and_what_is_empty_make_no_difference(request_):
    other = d.changed(request_, {}, {})
    other["containerDefinitions"].reverse()
    other["containerDefinitions"][1]["environment"].reverse()
    other["placementConstraints"] = []
    assert d.same(request_, other)
    other["tags"] = []
    assert not d.same(request_, other)


def test_the_difference_shows_no_secret(request_):
    made = d.changed(request_, {"app": "shop/web:2"}, {"app": {"API_TOKEN": "new", "URL": "https://me:word@shop"}})
    made["containerDefinitions"][0]["secrets"][0]["valueFrom"] += "2"
    before, after = d.difference(request_, made)
    assert before.splitlines() == [
        "containerDefinitions.app.environment.API_TOKEN: (hidden)",
        "containerDefinitions.app.image: shop/web:1",
        "containerDefinitions.app.secrets.DB: (hidden)",
    ]
    assert after.splitlines() == [
        "containerDefinitions.app.environment.API_TOKEN: (hidden, changed)",
        "containerDefinitions.app.environment.URL: (hidden)",
        "containerDefinitions.app.image: shop/web:2",
        "containerDefinitions.app.secrets.DB: (hidden, changed)",
    ]


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("DB_PASSWORD", "x", True),
        ("githubToken", "x", True),
        ("AWS_SECRET_ACCESS_KEY", "x", True),
        ("SIGNING_KEY", "x", True),
        ("X", "AKIAIOSFODNN7EXAMPLE", True),
        ("X", "-----BEGIN RSA", True),
        ("X", "postgres://shop:word@db/shop", True),
        ("X", "dGhpcyBpcyBub3QgYSBzZWNyZXQ0Mg", True),
        ("command", '["serve", "--db-password", "hunter2"]', True),
        ("command", '["serve", "--Token=hunter2"]', True),
        ("X", "https://shop/hook?sig=abc", True),
        ("X", "https://shop/hook?a=b&X-Amz-Signature=abc", True),
        ("command", '["serve", "--port", "80"]', False),
        ("LEVEL", "info", False),
        ("URL", "https://shop.example/path?a=b", False),
        ("MONKEYS", "12", False),
        ("image", "dGhpcyBpcyBub3QgYSBzZWNyZXQ0Mg", False),
    ],
)
def test_what_looks_like_a_secret(name, value, secret):
    assert d.is_secret(("containerDefinitions", "app", "environment", name), value) is secret


def test_the_option_is_shown_without_its_secrets():
    given_ = {"app": {"TOKEN": "abc", "LEVEL": "info", "OLD_KEY": None}, "odd": "TOKEN=abc"}
    shown = d.without_secrets(given_)
    assert shown == {"app": {"TOKEN": "(hidden)", "LEVEL": "info", "OLD_KEY": None}, "odd": "(hidden)"}
    assert d.without_secrets(None) is None


NAMES = st.sampled_from(["A", "LEVEL", "API_TOKEN", "PASSWORD", "URL"])
VALUES = st.one_of(st.none(), st.sampled_from(["", "x", "info", "https://me:word@shop"]), st.integers(0, 9))


@given(st.dictionaries(NAMES, VALUES), st.dictionaries(NAMES, VALUES))
def test_changes_are_what_they_say_and_once_made_make_no_more(first, second):
    base = d.request_of(DESCRIBED, TAGS, TAKEN)
    made = d.changed(d.changed(base, {}, {"app": first}), {}, {"app": second})
    variables = {item["name"]: item["value"] for item in made["containerDefinitions"][0]["environment"]}
    for name, value in {**first, **second}.items():
        assert variables.get(name) == (None if value is None else str(value))
    assert d.same(d.changed(made, {}, {"app": second}), made)
    before, after = d.difference(base, made)
    assert bool(before or after) != d.same(base, made)
    for name in ("API_TOKEN", "PASSWORD"):
        for line in (before + after).splitlines():
            assert f".{name}: " not in line or "(hidden" in line
