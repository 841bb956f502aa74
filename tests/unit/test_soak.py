# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The soak's judge tells a wrong verdict from a right one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.soak.trial import Run, judge

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
