# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The soak's judge tells a wrong verdict from a right one."""

from __future__ import annotations

import random
from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from tests.emulator import Emulator
from tests.integration import others
from tests.soak import held
from tests.soak.__main__ import KINDS, kind_of
from tests.soak.faults import Fault, draw
from tests.soak.holds import HOLDS, Hold, Put
from tests.soak.others import OTHERS
from tests.soak.runs import Outcome, Run
from tests.soak.trial import judge, note
from tests.soak.workshop import Workshop

MESH = {"physical_id": "arn:aws:appmesh:eu-central-1:123456789012:mesh/soak"}


def report(verdict: str, **more: Any) -> dict[str, Any]:
    return {"verdict": verdict, "retained": [], "gaps": [], "left": [], **more}


@pytest.mark.parametrize(
    ("run", "left", "passes", "words"),
    [
        (Run(0, "", report("clean")), {}, True, None),
        (Run(0, "", report("clean", retained=[MESH])), {"meshes": ["soak"]}, True, None),
        (Run(0, "", report("clean")), {"meshes": ["soak"]}, True, "clean, but left: meshes soak"),
        (Run(0, "", report("failed")), {}, False, "the verdict is failed, the exit 0"),
        (Run(2, "", report("clean")), {}, False, "the verdict is clean, the exit 2"),
        (Run(2, "", report("leftovers")), {}, False, "leftovers, but nothing is left"),
        (Run(2, "", report("failed")), {"stacks": ["soak-vpc DELETE_FAILED"]}, False, "not named: soak-vpc"),
        (Run(2, "", report("failed", gaps=[1])), {"stacks": ["soak-vpc DELETE_FAILED"]}, False, None),
        (Run(2, "", {}), {}, True, "not clean, although everything passes by itself"),
        (Run(2, "", {}), {}, False, None),
        (Run(None, "", {}), {}, False, "it did not end"),
        (Run(2, "Traceback (most recent call last)", {}), {}, False, "a traceback"),
    ],
)
def test_judge(run: Run, left: dict[str, list[str]], passes: bool, words: str | None) -> None:
    wrong = judge(run, left, passes, anew=False)
    assert (not wrong) if words is None else words in "; ".join(wrong)


@pytest.mark.parametrize(("now", "wrong"), [("", []), ("it is gone", ["not ours, but touched: it is gone"])])
def test_what_is_done_to_others_is_wrong_even_in_a_run_that_is_killed(now: str, wrong: list[str]) -> None:
    workshop = Workshop(Emulator(), random.Random(1), [], [])
    workshop.others.append(others.Thing("theirs", lambda: now, lambda: None))
    outcome = Outcome(1, [])
    note(outcome, workshop, Run(None, "", {}, killed=True), passes=False, anew=False)
    assert outcome.wrong == wrong


def test_what_is_drawn_besides_changes_nothing_of_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def switch(_workshop: Workshop) -> str:
        return ""

    monkeypatch.setattr("tests.soak.faults.FAULTS", tuple(Fault(str(n), n % 2 == 0, switch) for n in range(20)))
    more = [Fault(fault.name, fault.passes, switch) for fault in OTHERS]
    seen = set()
    for seed in range(40):
        plain, besides = (
            [fault.name for fault, _text in draw(Workshop(Emulator(), random.Random(seed), [], []), extra)]
            for extra in ((), more)
        )
        assert besides[: len(plain)] == plain
        seen |= set(besides[len(plain) :])
    assert seen == {fault.name for fault in OTHERS}


AGREED = {"agreed": True}
LEFT = {"fate": held.LEFT, "kept": True}
KEPT = {**LEFT, "before": 3}


def told(*amounts: tuple[int, str], put_back: bool = False) -> dict[str, Any]:
    """What a report has on a stack a, as cleared."""
    rows = [{"count": count, "one": one, "many": f"{one}s"} for count, one in amounts]
    return {"stack_name": "soak-a", "amounts": rows, "put_back": put_back}


def named(name: str, kind: str = "stack") -> dict[str, str]:
    return {"kind": kind, "name": name}


@pytest.mark.parametrize(
    ("run", "stack", "there", "words"),
    [
        (Run(0, "", report("clean", cleared=[told((3, "image"))])), AGREED, False, None),
        (Run(0, "", report("clean", cleared=[told((2, "image"))])), AGREED, False, "['3 images']; told: ['2 images']"),
        (Run(0, "", report("clean", cleared=[])), AGREED, False, "['3 images']; told: []"),
        (Run(0, "", report("clean", cleared=[])), AGREED, True, "left, although it was agreed to"),
        (Run(0, "", report("clean", cleared=[])), KEPT, False, "gone, although something held it"),
        (Run(2, "", report("failed", left=[named("soak-a")], cleared=[])), KEPT, True, None),
        (Run(2, "", report("failed", left=[named("soak-a")], cleared=[])), LEFT, True, "touched: a type of soak-a"),
        (Run(2, "", report("failed", left=[], cleared=[])), KEPT, True, "named as left: ; left: soak-a"),
        (Run(2, "", report("failed", left=[named("soak-a"), named("x", "task")], cleared=[])), KEPT, True,
         "besides: x"),
        (Run(2, "", report("failed", left=[named("soak-a")], cleared=[told()])), KEPT, True, "but not agreed to"),
        (Run(0, "", report("clean", left=[named("soak-a")], cleared=[])), KEPT, True, "the exit is 0, left: soak-a"),
        (Run(2, "", report("failed", cleared=[told((3, "image"))])), AGREED, False, "the exit is 2, left: nothing"),
        (Run(2, "", report("failed", left=[named("soak-a")], cleared=[told((3, "image"))])), {**AGREED, **KEPT}, True,
         "put back, but not told"),
        (Run(2, "", report("failed", left=[named("soak-a")], cleared=[told((3, "image"), put_back=True)])),
         {**AGREED, **KEPT}, True, None),
        (Run(2, "", {}), KEPT, True, None),
        (Run(None, "", {}), KEPT, True, "it did not end"),
        (Run(None, "", {}, killed=True), {"fate": held.EITHER}, True, None),
        (Run(None, "", {}, killed=True), LEFT, True, "touched"),
        (Run(2, "Traceback (most recent call last)", {}), KEPT, True, "a traceback"),
    ],
)  # fmt: skip
def test_judge_of_what_held_a_stack(run: Run, stack: dict[str, Any], there: bool, words: str | None) -> None:
    put = Put(frozenset({"3 images"}), lambda: 3)
    hold = Hold("a type", "ecr:BatchDeleteImage", lambda _place: put, protection=True)
    wrong = held.judge(run, [held.Stack("soak-a", hold, put, **stack)], {"soak-a"} if there else set())
    assert (not wrong) if words is None else words in "; ".join(wrong)


def workshop(seed: int, *holds: Hold) -> held.Held:
    """One that is drawn, and not made."""
    put = Put(frozenset(), lambda: "")
    stacks = [held.Stack(f"soak-{number}", hold, put) for number, hold in enumerate(holds)]
    return held.Held(Emulator(), random.Random(seed), stacks, [])


def test_nothing_may_be_touched_where_somebody_did_not_agree_to_lose_what_is_the_stacks_own() -> None:
    own, strange = (next(hold for hold in HOLDS if hold.own == own) for own in (True, False))
    seen = set()
    for seed in range(60):
        drawn = workshop(seed, own, strange)
        held.agree(drawn)
        first, second = drawn.stacks
        seen.add((drawn.uncleared, first.agreed, second.agreed))
        assert drawn.refused == (drawn.uncleared == "fail" and not first.agreed)
        fates = [held.LEFT if drawn.refused or not stack.agreed else held.GONE for stack in drawn.stacks]
        assert [stack.fate for stack in drawn.stacks] == fates
    assert len(seen) == 8, "with and without, and both ways to go on"


def test_what_is_held_has_a_row_and_an_action_of_that() -> None:
    for hold in HOLDS:
        row = TYPES[hold.type]
        known = row.protection.switches if hold.protection else row.clearing.clears
        assert hold.action in known and not hold.action.split(":")[1].startswith(held.READS), hold.type


def test_both_kinds_are_played() -> None:
    assert {kind_of(number) for number in (1, 2)} == set(KINDS)
