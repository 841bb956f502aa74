# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.progress import Progress


def test_a_line_for_each_event(tmp_path):
    progress = Progress(str(tmp_path / "file"), now=lambda: 12.345)
    progress.tell("stack", "a", "gone", "a: gone\nafter 3 s")
    progress.tell("task", "b", "ended", "b")
    lines = (tmp_path / "file").read_text().splitlines()
    assert json.loads(lines[0]) == {
        "time": 12.3, "kind": "stack", "name": "a", "status": "gone", "text": "a: gone\nafter 3 s"
    }  # fmt: skip
    assert len(lines) == 2


def test_without_a_file_nothing_happens():
    Progress(None).tell("stack", "a", "gone", "a")


def test_a_file_that_cannot_be_written_is_only_a_problem_to_tell(tmp_path):
    progress = Progress(str(tmp_path / "missing" / "file"))
    progress.tell("stack", "a", "gone", "a")
    assert "cannot be written" in progress.problem
