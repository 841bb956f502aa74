# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of workshops: what is shown, and commands that find the same stacks."""

from __future__ import annotations

import json
import shlex
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.ci import list_ending
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import WARNING
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.list_text import commands, list_lines

NOW = datetime(2026, 11, 26, tzinfo=timezone.utc)
GAP = {
    "region": "eu-west-1",
    "action": "cloudformation:DescribeStacks",
    "message": "User is not authorized.",
    "denied": True,
    "about": [],
}


def workshop(**more: Any) -> dict[str, Any]:
    return {
        "name": "shop",
        "region": "eu-central-1",
        "by": "prefix",
        "scope": {"prefix": "shop-"},
        "stacks": ["shop-api", "shop-net"],
        "joined": [],
        "linked": [],
        "made": (NOW - timedelta(days=3)).isoformat(),
        "runs": {"ecs_services": 2, "nat_gateways": 1, "databases": 1},
        "not_counted": [],
        "not_known": [],
        **more,
    }


def found(*workshops: dict[str, Any], gaps: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    regions = ["eu-central-1", "eu-west-1"]
    return {"workshops": list(workshops), "left_out": [], "regions": regions, "gaps": list(gaps)}


def lines_of(what: dict[str, Any], host: str = "") -> list[tuple[str, str]]:
    plans = commands(what["workshops"], "workshop.lifecycle.teardown", {})
    return list_lines(what, plans, width=79, now=NOW, host=host)


def test_what_is_shown_of_a_workshop() -> None:
    given = '{"workshop_scope": {"prefix": "shop-"}, "workshop_region": "eu-central-1"}'
    assert [line for line, _colour in lines_of(found(workshop()))] == [
        "1 workshop in 1 of 2 regions",
        "",
        "shop in eu-central-1",
        "  stacks     2, by how their names begin; 3 days old",
        "  runs       2 ECS services, 1 NAT gateway, 1 database",
        f"  plan       ansible-playbook workshop.lifecycle.teardown -e '{given}' --check",
    ]


def test_what_is_not_sure_is_told_within_the_width() -> None:
    names = [f"a-rather-long-name-of-a-stack-{number}" for number in range(9)]
    joined = [{"stack": name, "because": "web uses them"} for name in names]
    row = workshop(joined=joined, linked=["bank-net"], not_counted=names, not_known=["tasks"], runs={}, made=None)
    lines = lines_of(found(row, gaps=(GAP,)), host="here")
    text = " ".join(" ".join(line for line, _colour in lines).split())
    assert lines[0][0].endswith(" [here]")
    assert "runs tasks unknown, unknown in a-rather-long-name-of-a-stack-0," in text and "and 3 more" in text
    assert "and 3 more: web uses them" in text
    assert "linked with bank-net, which seem to be of others" in text
    assert "GAPS eu-west-1: not allowed to look (cloudformation:DescribeStacks): User is not authorized. So" in text
    assert all(len(line) <= 79 for line, _colour in lines if not line.startswith("  plan"))
    assert any(line.startswith("  runs") and colour == WARNING for line, colour in lines)


def test_what_is_of_no_workshop_is_told() -> None:
    what = found() | {"left_out": [{"region": "eu-west-1", "stack": "CDKToolkit", "because": "it deploys"}]}
    text = " ".join(" ".join(line for line, _colour in lines_of(what)).split())
    assert "besides of no workshop, as they prepare an account" in text and text.endswith(": CDKToolkit (eu-west-1)")


def test_why_stacks_belong_that_have_nothing_in_common_with_the_others() -> None:
    joined = [{"stack": f"s{number}", "because": f"reason {number}"} for number in range(9)]
    namesake = {"stack": "s", "because": ""}
    texts = [line.strip() for line, _colour in lines_of(found(workshop(joined=[*joined, namesake])))]
    assert "joined     s0: reason 0" in texts and "and more for 6 other reasons" in texts
    (only,) = [line for line, _colour in lines_of(found(workshop(joined=[namesake]))) if "joined" in line]
    assert only.endswith("s: called as others are that belong to it")


def test_a_command_is_for_a_shell_as_it_is() -> None:
    scope = {"tags": {"workshop": "it's $HOME"}, "names": ["a"], "except": ["b"]}
    (plan,) = commands([workshop(scope=scope)], "playbooks/teardown.yml", {"workshop_profile": "blue"})
    program, playbook, option, given, check = shlex.split(plan)
    assert (program, playbook, option, check) == ("ansible-playbook", "playbooks/teardown.yml", "-e", "--check")
    variables = {"workshop_scope": scope, "workshop_region": "eu-central-1", "workshop_profile": "blue"}
    assert json.loads(given) == variables


def test_nothing_runs_and_nothing_is_there() -> None:
    texts = [line for line, _colour in lines_of(found(workshop(runs={}, by="alone", stacks=["shop-net"])))]
    assert "  stacks     1; 3 days old" in texts
    assert "  runs       nothing that costs money by the hour is known" in texts
    assert lines_of(found()) == [("No workshop in eu-central-1, eu-west-1", "plain")]


def test_the_last_line_says_what_was_not_seen() -> None:
    assert list_ending(found(workshop()), "").line == (
        "workshop.lifecycle: all workshops list: 1 workshop in 1 of 2 regions"
    )
    assert list_ending(found(gaps=(GAP,)), "").line.endswith("and more may be where it was not possible to look")
