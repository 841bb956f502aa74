# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts of a rehearsal of a whole life, and the page that ends it."""

from __future__ import annotations

import copy
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.workshop import life, life_page, release

FINDING = {
    "service": "register-api",
    "exception": {"type": "x509.UnknownAuthorityError", "message": "x509: certificate signed by unknown authority"},
    "deployment": {"images": {"register-api": release.IMAGES["broken"], "envoy": "aws-appmesh-envoy"}},
    "logs": [{"message": "POST /register 400"}, {"message": "ERROR x509: certificate signed by unknown authority"}],
}
BACK = {"verdict": "switched_back", "summary": "<b>register-api</b> & was switched back", "commands": []}


def diagnosed(*findings: dict[str, Any]) -> life.Reports:
    return {"diagnosis": {"verdict": "failing", "clusters": [{"findings": []}, {"findings": list(findings)}]}}


@pytest.mark.parametrize(
    ("step", "code", "reports", "found"),
    [
        (life.DEPLOY, 0, {}, []),
        (life.DEPLOY, 2, {}, ["It ended with 2, and not with 0."]),
        (life.BROKEN, 2, {"release": BACK, "diagnosis": {}}, []),
        (life.BROKEN, 0, {"release": BACK, "diagnosis": {}}, ["It ended with 0, and not with another code."]),
        (life.BROKEN, 2, {"release": BACK}, ["It wrote no diagnosis.json."]),
        (life.VERIFY, 2, {}, ["It ended with 2, and not with 0.", "It wrote no verify.json."]),
        (life.VERIFY, 0, {"verify": {"verdict": "leftovers"}}, ["Its verdict is leftovers, and not clean."]),
    ],
)
def test_how_a_step_must_end(step: life.Step, code: int, reports: life.Reports, found: list[str]) -> None:
    assert life.problems(step, code, reports) == found


def test_a_diagnosis_must_name_the_cause() -> None:
    assert life.misjudged(diagnosed(FINDING)) == []
    assert life.misjudged(diagnosed()) == ["The diagnosis has 0 findings, and not one."]
    assert life.misjudged({}) == ["The diagnosis has 0 findings, and not one."]
    assert life.misjudged(diagnosed(FINDING, FINDING)) == ["The diagnosis has 2 findings, and not one."]


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({"service": "public-site"}, "the service register-api"),
        ({"exception": None}, "the exception x509"),
        ({"deployment": None}, "the release of the broken version"),
        ({"logs": FINDING["logs"][:1]}, "a line of the log with the exception"),
    ],
)
def test_what_a_diagnosis_lacks_is_told(change: dict[str, Any], lacks: str) -> None:
    assert life.misjudged(diagnosed({**copy.deepcopy(FINDING), **change})) == [f"The diagnosis does not name {lacks}."]


def test_the_command_of_a_diagnosis_is_the_one_that_the_release_tells() -> None:
    commands = [
        {"for": "to go back", "command": "ansible-playbook other"},
        {"for": "why it fails", "command": "ansible-playbook a -e 'b c'"},
    ]
    assert life.why({"commands": commands}) == ["ansible-playbook", "a", "-e", "b c"]
    with pytest.raises(LookupError):
        life.why({"commands": commands[:1]})
    with pytest.raises(LookupError):
        life.why({})


class Links(HTMLParser):
    """What a page links, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [given["href"] or ""] if tag == "a" else []
        self.loads += [tag] if tag in ("script", "img", "iframe", "link") or "src" in given else []


def test_one_page_links_all_reports() -> None:
    def ended(step: life.Step, *problems: str) -> life.Ended:
        reports = {name: {**BACK, "verdict": step.verdict} for name in step.reports}
        return life.Ended(step, 3.0, 4.6, 46.0, 2 if step.fails else 0, reports, problems)

    text = life_page.page([ended(step) for step in life.STEPS], life.STEPS, True, 61.0, 40, 3).decode()
    found = Links(text)
    pages = ["broken/release", "broken/diagnosis", "diagnosis/diagnosis", "fixed/release"]
    pages += ["teardown/teardown", "verify/verify"]
    terminals = [f"{step.name}/terminal.txt" for step in life.STEPS]
    assert sorted(found.links) == sorted([f"{page}.html" for page in pages] + terminals)
    assert found.loads == [] and "http" not in re.sub("http-equiv", "", text)
    assert "&lt;b&gt;register-api&lt;/b&gt; &amp; was" in text and "<b>register-api" not in text
    assert "Went well" in text and "7 of 7 steps" in text and "switched back, exit code 2" in text
    assert "began after 3 s, took 5 s" in text and "40 <small>3 failed" in text

    text = life_page.page([ended(life.DEPLOY, "It ended <with> 2.")], life.STEPS, False, 9.0, 0, 0).decode()
    assert "0 of 7 steps" in text and "It ended &lt;with&gt; 2." in text and text.count("not played") == 6
    assert "Failed" in text and Links(text).links == ["deploy/terminal.txt"]
