# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report takes from the results of a teardown's steps."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.steps import gathered

from tests.unit.plugins.plugin_utils.report_samples import leftover, stack, task

#: As Ansible registers what a module returned, and what it makes of a module that crashed.
GONE = {"changed": True, "failed": False, "stacks": [stack("shop-vpc")], "tasks": [task()]}
SKIPPED = {"changed": False, "skipped": True, "skip_reason": "Conditional result was False"}
SPARED = {"changed": True, "failed": False, "failed_when_result": False}
TRACEBACK = "Traceback (most recent call last):\n  File ...\nKeyError: 'Stacks'\n"


def test_rows_of_all_steps_are_put_together() -> None:
    more = {"leftovers": [leftover(action="removed")], "tasks": [task(2)]}
    found = gathered({"stacks": GONE, "leftovers": more, "other": SKIPPED, "never": {}})
    assert found["stacks"] == GONE["stacks"] and found["leftovers"] == more["leftovers"]
    assert found["tasks"] == [task(), task(2)]
    assert found["failed"] == {}


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({"failed": True, "msg": "AccessDenied"}, "AccessDenied"),
        (SPARED | {"msg": "1 of 2 stacks did not go."}, "1 of 2 stacks did not go."),
        ({"failed": True}, "failed without a message"),
        (SPARED | {"msg": "MODULE FAILURE", "module_stderr": TRACEBACK, "rc": 1}, "MODULE FAILURE KeyError: 'Stacks'"),
        (SPARED | {"msg": "Failed: KeyError: 'Stacks'", "exception": TRACEBACK}, "Failed: KeyError: 'Stacks'"),
        (SPARED, None),
        ({"failed": False, "msg": "All well"}, None),
        (SKIPPED, None),
        ({}, None),
    ],
)
def test_a_step_failed_if_it_says_so_or_was_told_not_to(result: dict[str, Any], reason: str | None) -> None:
    assert gathered({"stacks": result})["failed"] == ({"stacks": reason} if reason else {})


@pytest.mark.parametrize(("kind", "key"), [("stacks", "name"), ("tasks", "task_arn"), ("leftovers", "kind")])
def test_row_without_its_name_is_refused(kind: str, key: str) -> None:
    with pytest.raises(ValueError, match=rf"^mine: {kind}\[0\] has no {key}: give the result"):
        gathered({"mine": {kind: [{"x": 1}]}})


def test_what_is_no_result_is_refused() -> None:
    with pytest.raises(ValueError, match="mine: 'text' is no result"):
        gathered({"mine": "text"})
