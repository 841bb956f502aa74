# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.page import page

from tests.unit.plugins.plugin_utils import report_samples as samples
from tests.unit.plugins.plugin_utils.report_samples import live, report, stack

ALLOWED = set(
    "html head meta title style body main header section div p b small code pre span a h1 h2 h3 h4 dl dt dd ul ol li "
    "time table thead tbody tr th td details summary svg defs pattern rect circle polygon path line text".split()
)
VOID = {"meta"}


class Page(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.source = content.decode("utf-8")
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(self.source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def handle_data(self, data: str) -> None:
        self.text += data

    def having(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        """The attributes of elements of this kind that have at least these attributes (class: one of its classes)."""
        return [
            found
            for name, found in self.elements
            if name == tag
            and all(
                value in found.get("class", "").split() if key == "class_" else found.get(key) == value
                for key, value in attributes.items()
            )
        ]


MADE = {
    "clean": report(),
    "ordered": report(stacks=[stack("shop-cluster", "cluster"), stack("shop-vpc", after=["shop-cluster"])]),
    "failed": samples.failed(),
    "hostile": samples.hostile(),
    "verify": report(operation="verify", stacks=[], tasks=[], leftovers=[]),
    "nothing": samples.build({**samples.given(), "survey": {}, "groups": [], "stacks": []}, samples.START),
}


@pytest.mark.parametrize("name", MADE)
def test_page_needs_nothing_but_itself(name):
    made = Page(page(MADE[name]))
    assert {tag for tag, _attributes in made.elements} <= ALLOWED
    assert not [attrs for _tag, attrs in made.elements if {"src", "style", "srcset", "onerror", "onclick"} & set(attrs)]
    assert all(attrs["href"].startswith("https://docs.aws.amazon.com/") for attrs in made.having("a"))
    (style,) = re.findall(r"<style>(.*?)</style>", made.source, re.DOTALL)
    assert "url(" not in style and "@import" not in style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = made.having("meta", **{"http-equiv": "Content-Security-Policy"})
    assert policy["content"] == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_page_names_the_log_groups_that_may_come_back():
    made = page(samples.report(samples.with_log_group())).decode()
    assert "<dt>May come back</dt>" in made and ": shop-flow, shop-logs. Look again later" in made
    assert "May come back" not in page(samples.report(leftovers=[])).decode()


@pytest.mark.parametrize("name", MADE)
def test_page_is_for_phones_dark_rooms_and_paper(name):
    made = Page(page(MADE[name]))
    assert made.having("meta", name="viewport")[0]["content"] == "width=device-width, initial-scale=1"
    assert made.having("meta", name="color-scheme")[0]["content"] == "light dark"
    for query in ("prefers-color-scheme: dark", "max-width: 640px", "@media print"):
        assert query in made.source


def test_clean_page_says_so_and_shows_every_stack_on_the_timeline():
    made = Page(page(report()))
    assert "<h1>Clean</h1>" in made.source and "Nothing of shop is left" in made.text
    bars = [attrs for attrs in made.having("rect", class_="gone") if attrs.get("x")]
    assert len(bars) == 4
    assert not made.having("rect", class_="failed") and "What is left" not in made.text


def test_failed_page_says_what_is_left_and_how_to_get_rid_of_it():
    failed = samples.failed()
    made = Page(page(failed))
    assert "<h1>Failed</h1>" in made.source
    for item in failed["left"]:
        assert item["name"] in made.text and item["reason"] in made.text and item["how_to_remove"] in made.text
    for words in (
        "xray:GetGroups",
        "shop2-vpc",
        "2026-10-31",
        "▲ lingered",
        "ansible-playbook workshop.lifecycle.teardown",
    ):
        assert words in made.text
    # Told apart without colour: by pattern, sign and word.
    (failed,) = [attrs for attrs in made.having("rect", class_="failed") if "x" in attrs]
    assert failed["fill"] == "url(#hatch)" and made.having("pattern", id="hatch")
    assert "✕" in made.text


def test_page_shows_the_proof_by_type_and_what_nobody_knows():
    rows = [
        {"logical_id": f"S{number}", "type": "AWS::EC2::Subnet", "physical_id": f"s-{number}", "status": ""}
        for number in range(3)
    ]
    inventory = [{"name": "shop-vpc", "stack_id": "arn:1", "live": False, "deletion_time": None, "resources": rows}]
    topic = {"stack_name": "shop-vpc", "type": "AWS::SNS::Topic", "physical_id": "arn:topic", "tagged": True}
    left = samples.remaining(
        stack_name="shop-vpc", type="AWS::EC2::Subnet", physical_id="s-0", how_to_remove="aws it away"
    )
    made = Page(page(report({"inventory": inventory, "not_looked_up": [topic], "remaining_resources": [left]})))
    assert "2 resources of 1 type absent" in made.text and "2 of 3 looked up" in made.text
    assert "Not looked up" in made.text and "arn:topic" in made.text
    assert "AWS::EC2::Subnet s-0 DELETE_SKIPPED" in made.text and "aws it away" in made.text


def test_page_says_what_holds_a_stack_before_its_own_command():
    made = Page(page(report({"stacks": [live("shop-vpc")], "blockers": [samples.blocker()]}, stacks=[])))
    order = [
        "Held by",
        "sg-1 (by-hand) of payments",
        "aws ec2 delete-security-group",
        "Then:",
        "aws cloudformation delete",
    ]
    assert [made.text.index(words) for words in order] == sorted(made.text.index(words) for words in order)


def test_page_says_how_what_holds_a_stack_can_be_cleared():
    held = samples.blocker(reason="It is in the VPC.", clear="AWS::EC2::VPC")
    made = Page(page(report({"stacks": [live("shop-vpc")], "blockers": [held]}, stacks=[])))
    assert "It is in the VPC. First:" in made.text
    assert """-e '{"workshop_clear": ["AWS::EC2::VPC"]}'""" in made.text
    bare = Page(page(report({"stacks": [live("shop-vpc")], "blockers": [samples.blocker()]}, stacks=[])))
    assert "it is in the VPC. First:" in bare.text and "workshop_clear" not in bare.text


def test_page_tells_the_reason_of_a_stack_once():
    reason = "Mesh is in use"
    rows = [stack("shop-vpc", outcome="failed", status="DELETE_FAILED", reason=reason)]
    assert Page(page(report({"stacks": [live("shop-vpc", "DELETE_FAILED")]}, stacks=rows))).text.count(reason) == 1


def test_page_of_what_was_never_seen_says_what_to_do():
    made = Page(page(report({"seen": False}, operation="verify", stacks=[], tasks=[], leftovers=[])))
    assert "never seen in this account and region" in made.text and "workshop_may_be_absent=true" in made.text
    assert "What is left" not in made.text


def test_page_of_a_hundred_stacks_stays_small():
    names = [f"shop-service-{number}" for number in range(100)]
    made = report(
        groups=[{"group": "services", "phase": 1, "stacks": names}], stacks=[stack(name, "services") for name in names]
    )
    assert len(page(made)) < 200_000


def test_hostile_text_is_text():
    made = Page(page(samples.hostile()))
    assert "<script>alert(1)</script>" in made.text
    assert not made.having("script") and not made.having("img")
    assert "{{ 1 + 1 }}" in made.text and "{% raw %}" in made.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", made.source)


def test_page_tells_a_long_reason_that_several_have_once():
    reason = "It is denied by a policy of the organization, whatever other policies allow"
    names = ("shop-service-web", "shop-service-api")
    rows = [stack(name, "services", outcome="failed", reason=reason) for name in names]
    made = Page(page(report({"stacks": [live(row["name"]) for row in rows]}, stacks=rows)))
    left = made.text.split("What is left")[1].split("Timeline")[0]
    assert left.count(reason) == 1 and "the same as of shop-service-web" in left


def test_cell_of_the_account_is_as_wide_as_its_alias():
    made = Page(page(report()))
    assert ".facts > .account { flex-basis: auto;" in made.source and made.having("div", class_="account")
