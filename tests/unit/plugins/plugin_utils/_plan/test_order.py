# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why each stack comes after what, as a person reads it."""

from __future__ import annotations

from typing import Any

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import WARNING
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.order import order_lines, order_of


def edge(stack: str, after: str, certain: bool = True) -> dict[str, Any]:
    evidence = f"the parameter It of {after} resolves /it, EC2::VPC Vpc of {stack}"
    return {"stack": stack, "after": after, "signal": "ssm_parameter", "where": "It", "evidence": evidence,
            "certain": certain}  # fmt: skip


def found(**parts: Any) -> dict[str, Any]:
    empty = ("levels", "edges", "dropped", "outsiders", "strays", "survivors", "left_out", "doubts",
             "gaps", "stacks", "changed")  # fmt: skip
    return {**{part: [] for part in empty}, **parts}


def lines_of(width: int = 200, **parts: Any) -> list[tuple[str, str]]:
    planned = {edge[end] for edge in parts.get("edges", []) for end in ("stack", "after")} - {"kept"}
    return list(order_lines(order_of(found(**parts), planned), width))


def test_each_stack_that_waits_has_a_line_with_its_evidence() -> None:
    edges = [edge("kept", "web")]
    edges += [edge("net", "api"), edge("net", "web"), edge("api", "web"), edge("log", "net", certain=False)]
    assert [line for line, _colour in lines_of(edges=edges)] == [
        "  why        api after web: the parameter It of web resolves /it, EC2::VPC Vpc",
        "             log after net: the parameter It of net resolves /it, EC2::VPC Vpc (perhaps)",
        # That net comes after web as well follows from api.
        "             net after api: the parameter It of api resolves /it, EC2::VPC Vpc",
    ]


def test_many_that_a_stack_waits_for_take_one_line() -> None:
    ((line, _colour),) = lines_of(edges=[edge("net", f"api-{number}") for number in range(8)])
    assert line == (
        "  why        net after api-0, api-1, api-2, and 5 more: the parameter It of api-0 resolves /it, EC2::VPC Vpc; "
        "the others alike"
    )


def test_what_else_is_to_be_known() -> None:
    lines = lines_of(
        outsiders=[{"stack": "bank", "depends_on": "net", "evidence": "bank imports vpc, an export of net"}],
        strays=[{"stack": "extra", "because": "it has the tag workshop=shop, as all stacks of the scope"}],
        left_out=[{"stack": "CDKToolkit", "because": "it prepares the account"}],
        survivors=[
            {"stack": "net", "type": "AWS::S3::Bucket", "physical_id": "logs", "policy": "Retain", "costs": True},
            {"stack": "net", "type": "AWS::IAM::Role", "physical_id": "role", "policy": "Retain", "costs": False},
            {"stack": "api", "type": "AWS::RDS::DBInstance", "physical_id": "db", "policy": "Snapshot", "costs": True},
        ],
        doubts=["net goes after api, although it was made later."],
        gaps=[{"action": "cloudformation:GetTemplate", "message": "no", "denied": True, "about": ["api"]}],
    )
    assert lines == [
        ("  GAPS       The order may lack something: cloudformation:GetTemplate of api was not to be had (no).",
         WARNING),
        ("  outside    Bank imports vpc, an export of net. It may hold net, or fail without it.", WARNING),
        ("  survives   S3::Bucket logs of net (Retain), which costs", WARNING),
        ("             IAM::Role role of net (Retain)", WARNING),
        ("             a snapshot of RDS::DBInstance db of api (Snapshot), which costs", WARNING),
        ("  doubt      net goes after api, although it was made later.", WARNING),
        ("  not taken  CDKToolkit: it prepares the account", "plain"),
        ("  stray      extra: it has the tag workshop=shop, as all stacks of the scope. If it belongs, name it in "
         "workshop_scope.", "plain"),
    ]  # fmt: skip
    assert lines_of() == []
    strays = [{"stack": f"extra-{number}", "because": "so"} for number in range(20)]
    assert [line.split()[-3:] for line, _colour in lines_of(strays=strays)][-1] == ["and", "14", "more"]
