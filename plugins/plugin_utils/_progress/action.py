# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Runs a module and prints, while it runs, the progress lines that it writes to a file."""

from __future__ import annotations

import contextlib
import os
import tempfile
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._progress.lines import ProgressLines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._progress.tail import ProgressTail
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.requirements import requirements_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import harmless
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import may_show

display = Display()

_COLORS = {
    "gone": C.COLOR_OK,
    "successful": C.COLOR_OK,
    "failed": C.COLOR_ERROR,
    "refused": C.COLOR_ERROR,
    "protected": C.COLOR_ERROR,
    "timed_out": C.COLOR_ERROR,
    "retry": C.COLOR_WARN,
    "retain": C.COLOR_WARN,
    "force": C.COLOR_WARN,
    "lingers": C.COLOR_WARN,
}


class ProgressActionBase(ActionBase):
    """The module of the same name, with its progress on the terminal.

    Nothing is printed where the file is not shared (other connections than local), in the background (async), in check
    mode, and where nothing may be shown.
    """

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        task_vars = task_vars or {}
        result = super().run(tmp, task_vars)
        problem = requirements_problem()
        if problem:
            raise AnsibleActionFail(problem)
        if not self._shows_progress():
            wrap_async = bool(self._task.async_val) and not self._connection.has_native_async
            result.update(self._execute_module(task_vars=task_vars, wrap_async=wrap_async))
            return result

        given = self._task.args.get("progress_file")
        path = given or self._new_file()
        lines = ProgressLines(self._prefix(task_vars))
        tail = ProgressTail(path, lambda events: self._print(lines, events))
        try:
            with tail:
                result.update(
                    self._execute_module(module_args={**self._task.args, "progress_file": path}, task_vars=task_vars)
                )
        finally:
            if not given:
                with contextlib.suppress(OSError):  # what cleans the folder may have been quicker
                    os.unlink(path)
        arguments = result.get("invocation", {}).get("module_args", {})
        if not given and arguments.get("progress_file"):
            arguments["progress_file"] = None
        return result

    def _shows_progress(self) -> bool:
        return (
            self._connection.transport == "local"
            and not self._task.async_val
            and not self._task.check_mode
            and may_show(self._task)
        )

    def _new_file(self) -> str:
        handle, path = tempfile.mkstemp(prefix="progress-", suffix=".jsonl", dir=C.DEFAULT_LOCAL_TMP)
        os.close(handle)
        return path

    @staticmethod
    def _prefix(task_vars: dict[str, Any]) -> str:
        hosts = task_vars.get("ansible_play_hosts_all") or []
        return f"[{task_vars.get('inventory_hostname', '')}] " if len(hosts) > 1 else ""

    @staticmethod
    def _print(lines: ProgressLines, events: list[dict[str, Any]]) -> None:
        for status, text in lines.render(events):
            display.display(harmless(text, os.environ), color=_COLORS.get(status))
