# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show what a release, or a way back, is going to do, and refuse what could not be carried out."""

from __future__ import annotations

from typing import Any

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.action import PageAction
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.ci import Ending
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.folder import folder_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.plan import headline
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.plan import plan_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.tasks import tasks_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import host_of

OPTIONS: dict[str, dict[str, Any]] = {
    "operation": {"type": "str", "choices": ["release", "rollback"], "default": "release"},
    "service": {"type": "dict", "required": True},
    "planned": {"type": "dict", "required": True},
    "probes": {"type": "list", "elements": "dict", "default": []},
    "probe_tasks": {"type": "path"},
    "rollback_on": {"type": "list", "elements": "str", "default": []},
    "reconcile": {"type": "bool", "default": False},
    "report_directory": {"type": "path"},
}


class ActionModule(PageAction):
    """Shows the plan."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validation, given = self.validate_argument_spec(OPTIONS)
        service, planned, tasks = given["service"], given["planned"], given["probe_tasks"] or ""
        folder = given["report_directory"]
        problem = (
            str(planned.get("msg") or "")
            or tasks_problem(tasks, self._loader.load_from_file, "release_probe_tasks is")
            or (folder_problem(folder, touch=not self._task.check_mode) if folder else "")
        )
        reconciles = given["reconcile"] and service["drifted"]
        anything = bool(planned.get("changed")) or reconciles
        lines = plan_lines(
            given["operation"], service, planned, problem, given["probes"], tasks, given["rollback_on"], self.width()
        )
        text = f"Nothing was touched: {problem}" if problem else headline(given["operation"], service, planned)
        state = "refused" if problem else "plan"
        ends = bool(problem) or self._task.check_mode
        ending = Ending(service["service"], host_of(task_vars or {}), state, text) if ends else None
        shown = self.show(lines, ending)
        result.update(
            changed=False,
            anything=anything,
            deploys=bool(planned.get("changed")),
            headline=headline(given["operation"], service, planned),
            text=shown,
        )
        if problem:
            result.update(failed=True, msg=f"{problem} Nothing was touched.")
        return result
