# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show a report that was put together before."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.text import show as show_release
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.showing import show
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import host_of

OPTIONS: dict[str, dict[str, Any]] = {
    "report": {"type": "dict", "required": True},
    "files": {"type": "dict", "default": {}},
    "problem": {"type": "str", "default": ""},
}


class ActionModule(ActionBase):
    """Runs on the controller, where the terminal is."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validation, given = self.validate_argument_spec(OPTIONS)
        files = {} if self._task.check_mode else given["files"]
        shown = show_release if given["report"].get("operation") in ("release", "rollback") else show
        shown(self._task, given["report"], files, given["problem"], host_of(task_vars or {}))
        result.update(changed=False)
        return result
