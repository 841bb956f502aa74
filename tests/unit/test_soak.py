# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The soak's judge tells a wrong verdict from a right one."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.integration import others
from tests.soak.faults import Fault, draw
from tests.soak.others import OTHERS
from tests.soak.trial import Outcome, Run, judge, note
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
