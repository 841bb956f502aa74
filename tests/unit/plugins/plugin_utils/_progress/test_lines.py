# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._progress.lines import ProgressLines


def event(text, kind="stack", status="gone"):
    return {"kind": kind, "status": status, "text": text}


def test_lines_carry_the_host():
    assert ProgressLines("[team1] ").render([event("a: gone")]) == [("gone", "  [team1] a: gone")]


def test_a_crowd_of_tasks_becomes_a_line():
    lines = ProgressLines().render([event(f"task {number}", "task", "ended") for number in range(300)])
    assert len(lines) == 9 and lines[-1] == ("ended", "  … and 292 more tasks: ended")


def test_every_stack_keeps_its_line():
    assert len(ProgressLines().render([event(f"stack {number}") for number in range(24)])) == 24


def test_events_without_text_do_no_harm():
    assert ProgressLines().render([{}]) == [("", "  ")]
