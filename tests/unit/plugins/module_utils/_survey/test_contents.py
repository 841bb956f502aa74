# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Ours
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Place
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import StackResource
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.blockers import besides
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.contents import held_contents
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.inventory import holdings
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Entry
from tests.unit.plugins.fake_aws import refusal
from tests.unit.plugins.module_utils.boxes import BOX, Boxes

STACK = "arn:aws:cloudformation:eu-central-1:123456789012:stack/{}/1"
NESTED = StackResource("In", STACK.format("in"), "AWS::CloudFormation::Stack", "CREATE_COMPLETE")


def box(logical_id, name, status="CREATE_COMPLETE"):
    return StackResource(logical_id, name, BOX, status)


def found(boxes, *resources, live=True):
    """Rows of a stack with these, by the id of the box; gaps of the survey, and of what is told."""
    inventory = [Entry("shop", STACK.format("shop"), live, None, resources)]
    owned, had = holdings(inventory)
    with Looks(boxes.aws, lambda seconds: None) as looks:
        rows, gaps = held_contents(looks, Ours(owned, had, Place.of(STACK.format("shop"))), inventory)
        return {row["id"]: row for row in rows}, looks.gaps(), gaps


def with_templates(boxes, **resources):
    boxes.aws.answers["cloudformation.get_template"] = lambda StackName, TemplateStage: {
        "TemplateBody": {"Resources": resources.get(StackName.split("/")[1], {})}
    }
    return boxes


def test_what_holds_a_stack_is_told_with_numbers_and_what_clears_it(monkeypatch):
    boxes = with_templates(Boxes(monkeypatch, a=1204))
    rows, gaps, more = found(boxes, box("A", "a"), box("B", "b"))
    assert rows == {
        "a": {
            "stack_name": "shop",
            "type": BOX,
            "id": "a",
            "name": "a",
            "owner": "shop",
            "reason": "a is not empty.",
            "certain": True,
            "how_to_remove": "aws test empty a --region eu-central-1",
            "amounts": [{"count": 1204, "one": "thing", "many": "things", "at_least": False}],
            "clear": BOX,
            "lost": "all things in it",
        }
    }
    assert gaps == more == [] and boxes.full == {"a": 1204}


def test_what_is_kept_does_not_hold_it(monkeypatch):
    boxes = Boxes(monkeypatch, a=1, b=1, c=1, d=1)
    with_templates(boxes, shop={"A": {"DeletionPolicy": "Retain"}}, **{"in": {"B": {"DeletionPolicy": "Retain"}}})
    rows, gaps, _more = found(boxes, box("A", "a"), NESTED, box("In/B", "b"), box("In/C", "c"), box("D", "d"))
    assert set(rows) == {"c", "d"} and rows["c"]["certain"] and gaps == []
    assert rows["c"]["stack_name"] == "shop", "of the root, with which it goes"


def test_a_template_that_can_not_be_read_leaves_doubt_and_a_gap(monkeypatch):
    boxes = Boxes(monkeypatch, a=1)
    boxes.aws.answers["cloudformation.get_template"] = refusal("AccessDenied")
    rows, gaps, _more = found(boxes, box("A", "a"))
    assert [row["certain"] for row in rows.values()] == [False]
    assert [gap["action"] for gap in gaps] == ["cloudformation:GetTemplate"]


def test_what_may_not_be_looked_at_is_no_gap_of_the_survey(monkeypatch):
    boxes = with_templates(Boxes(monkeypatch, a=1))
    boxes.by_hand = {"a"}
    boxes.aws.answers["cloudformation.describe_stack_resources"] = refusal("AccessDenied")
    rows, gaps, more = found(boxes, box("A", "a"))
    assert gaps == [] and [gap["action"] for gap in more] == ["cloudformation:DescribeStackResources"]
    assert [row["clear"] for row in rows.values()] == [""], "nor is it cleared"


def test_nothing_is_asked_about_what_no_stack_owns_for_sure(monkeypatch):
    boxes = Boxes(monkeypatch, a=1, b=1)
    assert found(boxes, box("A", "a", "CREATE_FAILED"), box("B", "b", "DELETE_SKIPPED")) == ({}, [], [])
    assert found(boxes, box("A", "a"), live=False) == ({}, [], [])
    assert boxes.aws.calls == []


def test_what_can_be_cleared_is_told_once_as_that():
    def row(name, owner):
        return {"stack_name": "shop", "type": BOX, "id": name, "owner": owner}

    rows = [row("a", None), row("a", "shop"), row("b", None)]
    assert besides([row("a", None)], rows) == rows[1:]
