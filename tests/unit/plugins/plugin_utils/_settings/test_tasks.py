# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.tasks import tasks_problem


def problem(folder: Path, text: str) -> str:
    path = folder / "notify.yml"
    path.write_text(text, encoding="utf-8")
    return tasks_problem(str(path), DataLoader().load_from_file)


def test_list_of_tasks_is_fine(tmp_path: Path):
    assert problem(tmp_path, "- ansible.builtin.debug:\n    msg: hello\n  when: x\n  register: y\n") == ""
    tasks = "- block:\n    - ansible.builtin.copy: {}\n  rescue:\n    - include_tasks: more.yml\n"
    assert problem(tmp_path, tasks) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no list of tasks in it."),
        ("[]", "there is no list of tasks in it."),
        ("ansible.builtin.debug: {}", "there is no list of tasks in it."),
        ("- debug", "there is no list of tasks in it."),
        ("- {", "which can not be run: "),
        ("- nobody.knows.this: {}", "couldn't resolve module/action 'nobody.knows.this'"),
        ("- block:\n    - nobody.knows.this: {}\n", "couldn't resolve module/action 'nobody.knows.this'"),
        ("- name: nothing", "which can not be run: no module/action detected in task"),
    ],
)
def test_anything_else_is_said(tmp_path: Path, text: str, words: str):
    said = problem(tmp_path, text)
    assert said.startswith(f'workshop_notify_tasks is "{tmp_path}/notify.yml"') and words in said
    assert "\n" not in said


def test_no_file_is_fine_and_one_that_is_not_there_is_not(tmp_path: Path):
    assert tasks_problem(None, DataLoader().load_from_file) == ""
    assert "there is no such file" in tasks_problem(str(tmp_path), DataLoader().load_from_file)
