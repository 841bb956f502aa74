# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
import time

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._progress.tail import ProgressTail


def test_only_new_complete_lines_are_shown_and_none_is_lost(tmp_path):
    path = tmp_path / "file"
    path.write_text('{"text": "old"}\n')
    shown = []
    with ProgressTail(str(path), shown.extend):
        with path.open("a") as stream:
            stream.write('{"text": "one"}\nnot json\n[1]\n{"text": "t')
            stream.flush()
            time.sleep(0.6)
            assert [item["text"] for item in shown] == ["one"]
            stream.write('wo"}\n')
    assert [item["text"] for item in shown] == ["one", "two"]


def test_no_thread_is_left(tmp_path):
    with ProgressTail(str(tmp_path / "never-written"), lambda events: None):
        pass
    assert not [thread for thread in threading.enumerate() if thread.name == "workshop-progress"]


def test_a_file_that_was_taken_away_and_is_written_anew_is_shown_from_its_beginning(tmp_path):
    path = tmp_path / "file"
    path.write_text('{"text": "a long line of an earlier time"}\n')
    shown = []
    with ProgressTail(str(path), shown.extend):
        path.unlink()
        path.write_text('{"text": "new"}\n')
    assert [item["text"] for item in shown] == ["new"]
