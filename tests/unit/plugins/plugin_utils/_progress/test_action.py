# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module is run with a file for its progress, whatever becomes of that file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._progress import action
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._progress.action import ProgressActionBase

RESULT = {"changed": True, "stacks": []}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], None]], dict[str, Any]]:
    """Runs a module that is this function of the file's path; what it returns, and what was shown as ``shown``."""
    shown: list[str] = []
    monkeypatch.setattr(action.C, "DEFAULT_LOCAL_TMP", str(tmp_path))
    monkeypatch.setattr(action.display, "display", lambda text, color=None: shown.append(text))
    monkeypatch.setattr(action, "may_show", lambda task: True)
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda self, tmp=None, task_vars=None: {})

    def with_module(module: Callable[[str], None]) -> dict[str, Any]:
        base = ProgressActionBase.__new__(ProgressActionBase)
        base._task = SimpleNamespace(args={}, async_val=0, check_mode=False)
        base._connection = SimpleNamespace(transport="local")
        base._execute_module = lambda module_args, task_vars: module(module_args["progress_file"]) or dict(RESULT)
        return base.run() | {"shown": shown}

    return with_module


def write(path: str, *texts: str) -> None:
    with open(path, "a", encoding="utf-8") as stream:
        stream.writelines(json.dumps({"kind": "stack", "status": "gone", "text": text}) + "\n" for text in texts)


def test_what_is_told_is_shown_and_nothing_is_left(run: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    assert run(lambda path: write(path, "a: gone")) == RESULT | {"shown": ["  a: gone"]}
    assert not list(tmp_path.iterdir())


def test_the_file_is_taken_away(run: Callable[..., dict[str, Any]]) -> None:
    assert run(os.unlink) == RESULT | {"shown": []}


def test_the_whole_folder_is_taken_away(run: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    def clean(path: str) -> None:
        os.unlink(path)
        tmp_path.rmdir()

    assert run(clean) == RESULT | {"shown": []}
