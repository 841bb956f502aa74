# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._routing import conditions as c


def header(name, *values):
    return {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": name, "Values": list(values)}}


def path(*values):
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(values)}}


def host(*values):
    return {"Field": "host-header", "HostHeaderConfig": {"Values": list(values)}}


@pytest.mark.parametrize(
    "shown",
    [
        {"Field": "path-pattern", "Values": ["/b", "/a"]},
        {"Field": "path-pattern", "Values": ["/a", "/b"], "PathPatternConfig": {"Values": ["/b", "/a"]}},
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a", "/b"]}, "RegexValues": []},
    ],
)
def test_one_form_for_what_can_be_shown_in_several(shown):
    assert c.canonical(shown) == path("/a", "/b")


def test_what_is_said_beside_the_values_stays():
    regex = {"Field": "path-pattern", "PathPatternConfig": {"RegexValues": ["^/a$"]}}
    assert c.canonical(regex) == regex and c.values([regex]) == 1
    assert not c.same([regex], [path("^/a$")])


def test_upper_and_lower_case_are_the_same_but_in_paths():
    assert c.same([header("X-V", "new"), host("Shop.example")], [host("shop.EXAMPLE"), header("x-v", "new")])
    assert c.same([header("x-version", "New")], [header("x-version", "new")])
    query = [{"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": key, "Value": "a"}]}} for key in "Vv"]
    assert c.same(query[:1], query[1:])
    assert not c.same([path("/A")], [path("/a")])


@pytest.mark.parametrize(
    ("first", "second", "all_of"),
    [
        ([path("/*")], [header("x", "new")], True),
        ([path("*", "/a")], [], True),
        ([path("/a")], [header("x", "new")], False),
        ([path("/a", "/b")], [path("/a"), header("x", "new")], True),
        ([path("/a")], [path("/a", "/b")], False),
        ([header("x", "new")], [header("y", "new")], False),
        ([header("X", "new", "old")], [header("x", "new")], True),
        ([path("/a"), host("b")], [path("/a")], False),
    ],
)
def test_which_rule_takes_all_of_another(first, second, all_of):
    assert c.takes_all_of(first, second) is all_of


def test_for_people():
    query = {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "v", "Value": "new"}, {"Value": "x"}]}}
    assert c.told([header("X-V", "new", "try"), query]) == "X-V: new or try and query-string: v=new or x"
