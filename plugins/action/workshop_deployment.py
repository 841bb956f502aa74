# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show what a deployment would do, or has done."""

from __future__ import annotations

from typing import Any

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.action import PageAction
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.deployment_text import done_ending
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.deployment_text import done_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.deployment_text import plan_ending
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.deployment_text import plan_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.deployment_text import summary
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import host_of

OPTIONS = {"result": {"type": "dict", "required": True}, "planned": {"type": "bool", "required": True}}


class ActionModule(PageAction):
    """Prints it, and fails where the stacks do not stand."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validation, given = self.validate_argument_spec(OPTIONS)
        found, host = given["result"], host_of(task_vars or {})
        problem = str(found.get("msg") or "") if found.get("failed") else ""
        result.update(changed=False, failed=bool(problem), text="", summary="")
        if problem:
            result["msg"] = problem
        if "stacks" not in found:
            return result
        # A plan that is gone on with ends nothing.
        shown = problem or self._task.check_mode
        if given["planned"] or self._task.check_mode:
            lines = plan_lines(found, width=self.width(), host=host)
            ending = plan_ending(found, host, problem) if shown else None
            result["summary"] = summary(found)
        else:
            lines, ending = done_lines(found, width=self.width(), host=host), done_ending(found, host)
        result["text"] = self.show(lines, ending)
        return result
