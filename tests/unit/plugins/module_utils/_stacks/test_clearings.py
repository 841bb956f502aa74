# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import NESTED
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.clearings import StackClearings
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.held import Held
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.inventory import Inventory
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.state import StackState
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.progress import Progress
from tests.unit.plugins.module_utils.boxes import BOX, SAFE, Boxes

STACK = "arn:aws:cloudformation:eu-central-1:123456789012:stack/{}/1"


def resource(type_name, name, status="CREATE_COMPLETE"):
    return t.StackResource(f"L-{name}", name, type_name, status)


class World:
    """A stack ``shop`` with two boxes and a safe, and what StackReader offers."""

    def __init__(self, monkeypatch, clock, tmp_path, *, agreed=(BOX, SAFE), go_on=False, **full):
        self.boxes = Boxes(monkeypatch, **(full or {"a": 3000, "b": 1}))
        self.boxes.locked = {"s": True}
        self.file = tmp_path / "progress"
        self.state = StackState(t.StackSpec("shop"), stack_id=STACK.format("shop"), status="CREATE_COMPLETE")
        self.owned = {self.state.stack_id: [resource(BOX, "a"), resource(BOX, "b"), resource(SAFE, "s")]}
        self.kept_ids = {}
        self.imported = []
        self.refused: AwsCallError | None = None
        states = {"shop": self.state}
        self.clearings = StackClearings(
            self.boxes.aws, self, Inventory(self, states), agreed, go_on, Progress(str(self.file)), clock
        )

    def resources(self, stack_id):
        return self.owned[stack_id]

    def perhaps_kept(self, stack_id):
        kept = self.kept_ids.get(stack_id, frozenset())
        if isinstance(kept, Exception):
            raise kept
        return kept

    def importers(self, export):
        if self.refused is not None:
            raise self.refused
        return self.imported

    def until_open(self):
        """What was waited for, until nothing is."""
        reasons = []
        end = time.monotonic() + 20
        while time.monotonic() < end:
            reason = self.clearings.why_closed(self.state)
            if not reason:
                return reasons
            reasons.append(reason)
            time.sleep(0.005)
        raise AssertionError(reasons)

    def end(self, outcome="", status="CREATE_COMPLETE"):
        self.state.outcome, self.state.status = outcome, status
        self.clearings.end([self.state])

    def told(self):
        return self.file.read_text(encoding="utf-8") if self.file.exists() else ""

    def rows(self):
        return {row["id"]: row for row in self.clearings.rows(self.state)}


@pytest.fixture
def world(monkeypatch, clock, tmp_path):
    made = []

    def make(**options):
        made.append(World(monkeypatch, clock, tmp_path, **options))
        return made[-1]

    yield make
    for item in made:
        item.clearings.end([])


def test_a_stack_is_closed_until_all_that_holds_it_is_cleared(world):
    shop = world()
    go = threading.Event()
    shop.boxes.before = lambda name: go.wait(10)
    reasons = [shop.clearings.why_closed(shop.state)]
    go.set()
    reasons += shop.until_open()
    assert all(reason.startswith("being cleared: ") for reason in reasons)
    assert shop.boxes.full == {"a": 0, "b": 0} and shop.boxes.locked == {"s": False}
    assert shop.rows()["a"]["amounts"][0]["count"] == 3000 and shop.rows()["s"]["reason"] == ""
    assert "shop: cleared box a: 3,000 things" in shop.told()
    assert shop.clearings.why_closed(shop.state) == "" and sorted(shop.boxes.cleared) == ["a", "b"], "only once"
    shop.end(t.GONE, t.DELETE_COMPLETE)
    assert shop.boxes.locked == {"s": False} and shop.boxes.put_back == []


def test_what_goes_on_is_told_with_numbers(world):
    shop = world(a=3000)
    told = []
    shop.boxes.after_each = lambda: told.append(shop.clearings.goes_on(shop.state))
    shop.until_open()
    steps = ("1,000 of 3,000 things", "2,000 of 3,000 things", "3,000 things")
    assert told == [f"being cleared: box a: {step}" for step in steps]


def test_nothing_is_cleared_that_nobody_agreed_to(world):
    shop = world(agreed=())
    assert shop.until_open() == [] and shop.boxes.full == {"a": 3000, "b": 1} and shop.boxes.aws.calls == []
    shop = world(agreed=(SAFE,))
    shop.until_open()
    assert shop.boxes.full == {"a": 3000, "b": 1} and shop.boxes.locked == {"s": False}


def test_nothing_is_lost_beside_a_protection_that_nobody_agreed_to_lift(world):
    shop = world(agreed=(BOX,))
    with pytest.raises(Held, match="safe s: "):
        shop.until_open()
    assert shop.boxes.full == {"a": 3000, "b": 1} and shop.boxes.locked == {"s": True}
    kept = world(agreed=(BOX,))
    kept.kept_ids = {kept.state.stack_id: frozenset(["L-s"])}
    kept.until_open()
    assert kept.boxes.full == {"a": 0, "b": 0} and kept.boxes.locked == {"s": True}


@pytest.mark.parametrize(
    "status",
    [
        "DELETE_COMPLETE",
        "DELETE_SKIPPED",
        "CREATE_FAILED",
        "IMPORT_FAILED",
        "IMPORT_IN_PROGRESS",
        "IMPORT_ROLLBACK_COMPLETE",
    ],
)
def test_nothing_is_cleared_that_the_stack_does_not_own_by_now(world, status):
    shop = world()
    shop.state.spec = t.StackSpec("shop", resources=tuple(shop.owned[shop.state.stack_id]))
    shop.owned[shop.state.stack_id] = [resource(BOX, "a", status), resource(BOX, "b")]
    shop.until_open()
    assert shop.boxes.full == {"a": 3000, "b": 0} and shop.boxes.locked == {"s": True}


def test_nothing_is_cleared_that_a_template_keeps_or_may_keep(world):
    shop = world()
    shop.kept_ids = {shop.state.stack_id: frozenset({"L-a"})}
    shop.until_open()
    assert shop.boxes.full == {"a": 3000, "b": 0}
    shop = world()
    shop.kept_ids = {shop.state.stack_id: None}
    assert shop.until_open() == [] and shop.boxes.full == {"a": 3000, "b": 1}
    assert "its template may keep any of it" in " ".join(shop.clearings.problems)
    shop = world()
    shop.kept_ids = {
        shop.state.stack_id: AwsCallError(errors.DENIED, "AccessDenied", "no", "cloudformation:GetTemplate")
    }
    with pytest.raises(AwsCallError, match="AccessDenied"):
        shop.until_open()
    assert shop.boxes.full == {"a": 3000, "b": 1}


def test_what_is_in_nested_stacks_is_cleared_with_their_root(world):
    shop = world()
    inner, kept = STACK.format("shop-inner"), STACK.format("shop-kept")
    shop.owned = {
        shop.state.stack_id: [resource(BOX, "a"), resource(NESTED, inner), resource(NESTED, kept)],
        inner: [resource(BOX, "b"), resource(SAFE, "s")],
        kept: [resource(BOX, "c")],
    }
    shop.boxes.full["c"] = 7
    shop.kept_ids = {shop.state.stack_id: frozenset({f"L-{kept}"}), inner: frozenset({"L-s"})}
    shop.until_open()
    assert shop.boxes.full == {"a": 0, "b": 0, "c": 7} and shop.boxes.locked == {"s": True}


def test_a_stack_that_is_still_held_is_not_asked_for(world):
    shop = world()
    shop.boxes.refill = {"b": [1, 1, 1]}
    with pytest.raises(Held, match="box b is not cleared: After 2 rounds there is still: 1 thing.") as held:
        shop.until_open()
    assert [(row["type"], row["id"], row["stack_name"]) for row in held.value.blockers] == [(BOX, "b", "shop")]
    assert shop.rows()["b"]["reason"] and not shop.rows()["a"]["reason"]
    shop.end(t.FAILED)
    assert shop.boxes.locked == {"s": True} and shop.rows()["s"]["put_back"]
    assert "shop: put back, since the stack is there: safe s" in shop.told()


def test_or_it_is_where_that_is_wanted(world):
    shop = world(go_on=True)
    shop.boxes.refill = {"b": [1, 1, 1]}
    shop.until_open()
    assert shop.rows()["b"]["reason"]


def test_a_second_time_it_is_not_asked_for_while_it_is_still_held(world):
    shop = world(go_on=True)
    shop.boxes.refill = {"b": [1, 1, 1, 1]}
    shop.until_open()
    shop.state.cleared_again = 1
    with pytest.raises(Held, match="box b"):
        shop.until_open()


def test_what_holds_a_stack_that_failed_is_its_own_and_certain_whoever_agreed_to_it(world):
    shop = world(agreed=(), s=0)
    shop.boxes.full.update(a=3, b=1, c=1, d=1, e=1)
    names = {"a": "DELETE_FAILED", "b": "CREATE_COMPLETE", "c": "DELETE_FAILED", "d": "DELETE_FAILED"}
    inner = STACK.format("inner")
    shop.owned[shop.state.stack_id] = [
        *(resource(BOX, name, status) for name, status in names.items()),
        resource(SAFE, "s", "DELETE_FAILED"),
        resource(NESTED, inner, "DELETE_FAILED"),
        resource("AWS::Test::Other", "o", "DELETE_FAILED"),
    ]
    shop.owned[inner] = [resource(BOX, "e", "DELETE_FAILED")]
    shop.boxes.stuck, shop.boxes.by_hand = {"c"}, {"d"}
    found = shop.clearings.still_held(shop.state)
    assert sorted(item.resource.physical_id for item in found) == ["a", "e", "s"]
    shop.boxes.full, shop.boxes.locked = {}, {}
    assert shop.clearings.still_held(shop.state) == []


def test_a_second_time_all_is_looked_at_anew(world):
    shop = world()
    shop.until_open()
    shop.boxes.full["a"] = 5
    shop.until_open()
    assert shop.boxes.full["a"] == 5
    shop.state.cleared_again = 1
    shop.until_open()
    assert shop.boxes.full["a"] == 0
    assert [row["amounts"][0]["count"] for row in shop.clearings.rows(shop.state) if row["id"] == "a"] == [3000, 5]


@pytest.mark.parametrize(
    ("outcome", "status", "asked", "back"),
    [
        (t.FAILED, "DELETE_FAILED", True, True),
        (t.TIMED_OUT, "DELETE_IN_PROGRESS", True, False),
        (t.IN_PROGRESS, "CREATE_COMPLETE", True, False),
        ("", "CREATE_COMPLETE", True, False),
        ("", "CREATE_COMPLETE", False, True),
        (t.IN_PROGRESS, "DELETE_FAILED", True, True),
        (t.GONE, "DELETE_COMPLETE", True, False),
        (t.RECREATED, "DELETE_COMPLETE", True, False),
    ],
)
def test_protections_are_put_back_of_stacks_that_stay(world, outcome, status, asked, back):
    shop = world()
    shop.until_open()
    shop.state.asked = asked
    shop.end(outcome, status)
    assert shop.boxes.locked == {"s": back}


def test_a_stack_whose_time_is_over_is_let_go(world):
    shop = world(a=3000)
    shop.boxes.before = lambda name: shop.clearings.let_go(shop.state)
    with pytest.raises(Held, match="It was stopped before it was done"):
        shop.until_open()


def test_a_prediction_touches_nothing(world):
    shop = world()
    shop.clearings.predict([shop.state])
    assert shop.boxes.full == {"a": 3000, "b": 1} and shop.boxes.locked == {"s": True}
    foretold = {row["id"]: row["amounts"][0]["count"] for row in shop.clearings.rows(shop.state, foretold=True)}
    assert foretold == {"a": 3000, "b": 1, "s": 1}
    shop.end()
    assert shop.boxes.put_back == []


def test_some_types_are_cleared_early_and_once(world):
    shop = world()
    while shop.clearings.why_closed(shop.state, (SAFE,)):
        time.sleep(0.005)
    assert shop.boxes.locked == {"s": False} and shop.boxes.full == {"a": 3000, "b": 1}
    assert shop.clearings.has_cleared(shop.state)
    shop.boxes.locked = {"s": True}
    assert shop.clearings.why_closed(shop.state, (SAFE,)) == "" and shop.boxes.locked == {"s": True}
    shop.until_open()
    assert shop.boxes.locked == {"s": False} and shop.boxes.full == {"a": 0, "b": 0}


def test_what_can_not_be_cleared_early_is_no_reason_then(world):
    shop = world()
    shop.boxes.stuck = {"a"}
    while shop.clearings.why_closed(shop.state, (BOX,)):
        time.sleep(0.005)
    with pytest.raises(Held):
        shop.until_open()
    assert not shop.clearings.has_cleared(shop.state)


def test_nothing_is_lost_while_another_stack_imports_from_it(world):
    shop = world()
    shop.state.exports = ("shop:Value",)
    shop.imported = ["bank"]
    assert shop.until_open() == [] and shop.boxes.full == {"a": 3000, "b": 1} and shop.boxes.locked == {"s": True}
    throttled = AwsCallError(errors.TRANSIENT, "Throttling", "no", "cloudformation:ListImports")
    shop.refused = throttled
    with pytest.raises(AwsCallError, match="Throttling"):
        shop.clearings.why_closed(shop.state)
    shop.refused = AwsCallError(errors.DENIED, "AccessDenied", "no", "cloudformation:ListImports")
    shop.until_open()
    assert shop.boxes.full == {"a": 0, "b": 0}
    (problem,) = shop.clearings.problems
    assert problem.startswith("Whether another stack imports from shop is not known. cloudformation:ListImports")
