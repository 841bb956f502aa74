# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.state import StackState
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.words import stacks_message
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.words import tell_stack


class Told:
    def __init__(self):
        self.lines = []

    def tell(self, kind, name, status, text):
        self.lines.append(text)


def state(name="a", **more):
    return StackState(spec=t.StackSpec(name), **more)


def test_stacks_that_were_not_there_are_not_worth_a_line():
    told = Told()
    tell_stack(told, state(), t.ABSENT)
    tell_stack(told, state(), t.IN_PROGRESS)
    assert told.lines == []


def test_lines_on_what_happens():
    told = Told()
    tell_stack(told, state(), "asked")
    tell_stack(told, state(begun_at=1.0, finished_at=43.4), t.GONE)
    tell_stack(told, state(reason="R (X): no"), t.FAILED)
    assert told.lines == ["a: deleting", "a: gone after 42 s", "a: FAILED: R (X): no"]


def test_a_reason_that_stays_the_same_is_told_once_while_it_is_asked_again():
    told, stack = Told(), state(reason="R (X): no")
    for stack.retries, stack.reason in enumerate(["R (X): no", "R (X): no", "S (X): not yet", "R (X): no"], 1):
        tell_stack(told, stack, "retry")
    tell_stack(told, stack, t.FAILED)
    assert told.lines == [
        "a: failed, asking again (1): R (X): no",
        "a: failed, asking again (2): for the same reason",
        "a: failed, asking again (3): S (X): not yet",
        "a: failed, asking again (4): R (X): no",
        "a: FAILED: R (X): no",
    ]


def test_one_message_names_stack_reason_and_what_to_do():
    lost = [
        state(outcome=t.PROTECTED, reason="Termination protection is on."),
        state("b", outcome=t.SKIPPED, reason="x"),
    ]
    assert stacks_message(lost[:1], lost[:1]).startswith("The stack did not go. a protected: Termination")
    assert stacks_message([*lost, state("c"), state("d", outcome=t.ABSENT)], lost) == (
        "2 of 3 stacks did not go. a protected: Termination protection is on (switch its termination protection off, "
        "or set disable_termination_protection); b skipped: x (it follows when what it comes after is gone)."
    )
