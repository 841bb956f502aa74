# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A report as JUnit XML, which CI systems show as tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Mapping
from xml.etree import ElementTree

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import blockers
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import WENT
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import is_left
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import CLEAN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import CLEARS
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import clearing_step
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import kind_name
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import title

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """``result`` is empty for a pass, or ``failure`` or ``skipped``; ``kind`` is the type of a failure."""

    name: str
    seconds: float = 0.0
    result: str = ""
    kind: str = ""
    message: str = ""
    text: str = ""


def junit(report: Row) -> bytes:
    """The document in UTF-8. Failures are what keeps the verdict from being clean, and nothing else is."""
    suites = {name: cases for name, cases in _suites(report).items() if cases}
    root = ElementTree.Element(
        "testsuites", name=f"{report['operation']} of {report['workshop']}", time=f"{report['seconds']:.1f}"
    )
    for name, cases in suites.items():
        suite = ElementTree.SubElement(root, "testsuite", name=name, timestamp=report["started"][:19])
        _count(suite, cases)
        for case in cases:
            _add(suite, f"{report['workshop']}.{name}", case)
    _count(root, [case for cases in suites.values() for case in cases], time=False)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _suites(report: Row) -> dict[str, list[Case]]:
    suites: dict[str, list[Case]] = {}
    for group in report["groups"]:
        cases = suites.setdefault(group["group"] or "stacks", [])
        cases += [_stack(stack, report) for stack in report["stacks"] if stack["group"] == group["group"]]
        if group["outcome"] == "failed" and not any(case.result == "failure" for case in cases):
            cases.append(Case(group["group"], group["seconds"], "failure", "group", group["reason"], group["reason"]))
    passed = report["verdict"] == CLEAN
    others = {
        "steps": [
            Case(step["step"], 0.0, "failure", "step", step["reason"], step["reason"])
            for step in report["failed_steps"]
        ],
        "tasks": [_left(item) for item in report["left"] if item["kind"] == "task"],
        "resources": [_left(item) for item in report["left"] if item["kind"] == "resource"],
        "leftovers": [_leftover(item) for item in report["leftovers"]],
        "retained": [_skipped(item, "retained on purpose") for item in report["retained"]],
        "not_looked_up": [_skipped(item, f"not looked up: {item['reason']}") for item in report["not_looked_up"]],
        "tagged_resources": [_left(item) for item in report["left"] if item["kind"] == "tagged_resource"],
        "gaps": [
            Case(gap["action"], 0.0, "failure", "gap", f"could not be looked at: {gap['message']}", gap["message"])
            for gap in report["gaps"]
        ],
        "verdict": [
            Case("verdict") if passed else Case("verdict", 0.0, "failure", report["verdict"], report["summary"])
        ],
    }
    for name, cases in others.items():
        suites.setdefault(name, []).extend(cases)  # a stack group may have such a name
    return suites


def _stack(stack: Row, report: Row) -> Case:
    if not is_left(stack) and (stack["outcome"] in WENT or stack["there"] is False):
        return Case(stack["name"], stack["seconds"])
    causes = [f"{item['logical_id']} ({item['type']}): {item['reason']}" for item in stack["failed_resources"]]
    status = " ".join(filter(None, [stack["outcome"], stack["status"]]))
    items = [item for item in report["left"] if (item["kind"], item["name"]) == ("stack", stack["name"])]
    reason = blockers.without(stack["reason"], report["blockers"]) or "".join(item["reason"] for item in items)
    message = f"{status}: {reason}" if reason else status
    held = [row for item in items for row in blockers.holding(item, report["blockers"])]
    for row in held:
        causes += [f"held by {blockers.words(row)}", *filter(None, [row["how_to_remove"]])]
    if any(row["clear"] for row in held):
        causes.append(f"{CLEARS}: {clearing_step(report)}")
    return Case(stack["name"], stack["seconds"], "failure", stack["outcome"], message, "\n".join([message, *causes]))


def _leftover(item: Row) -> Case:
    name = f"{kind_name(item['kind'])} {item['name']}"
    if item["action"] in ("left", "failed"):
        text = "\n".join(filter(None, [item["reason"], item["how_to_remove"]]))
        return Case(name, 0.0, "failure", item["action"], item["reason"] or "it is left", text)
    if item["action"] == "kept":
        return Case(name, result="skipped", message=f"kept: {item['reason']}")
    return Case(name)


def _skipped(item: Row, why: str) -> Case:
    name = f"{item['stack_name']} {item['logical_id']} {item['type']} {item['physical_id']}"
    return Case(name, result="skipped", message=f"{why}. {item['how_to_remove']}".rstrip())


def _left(item: Row) -> Case:
    text = "\n".join(filter(None, [item["reason"], item["how_to_remove"]]))
    return Case(f"{title(item)} {item['name']}", 0.0, "failure", item["kind"], item["reason"], text)


def _count(element: ElementTree.Element, cases: list[Case], time: bool = True) -> None:
    element.set("tests", str(len(cases)))
    element.set("failures", str(sum(case.result == "failure" for case in cases)))
    element.set("errors", "0")
    element.set("skipped", str(sum(case.result == "skipped" for case in cases)))
    if time:
        element.set("time", f"{sum(case.seconds for case in cases):.1f}")


def _add(suite: ElementTree.Element, classname: str, case: Case) -> None:
    element = ElementTree.SubElement(suite, "testcase", classname=classname, name=case.name, time=f"{case.seconds:.1f}")
    if case.result:
        result = ElementTree.SubElement(element, case.result, message=case.message)
        result.text = case.text or None
        if case.result == "failure":
            result.set("type", case.kind)
