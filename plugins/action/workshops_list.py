# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show which workshops there are."""

from __future__ import annotations

from datetime import datetime
from datetime import timezone
from typing import Any

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.action import PageAction
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.ci import list_ending
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.list_text import commands
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.list_text import list_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import host_of

OPTIONS = {
    "found": {"type": "dict", "required": True},
    "playbook": {"type": "str", "default": "workshop.lifecycle.teardown"},
    "variables": {"type": "dict", "default": {}},
}


class ActionModule(PageAction):
    """Prints the list."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validation, given = self.validate_argument_spec(OPTIONS)
        found = given["found"]
        plans = commands(found["workshops"], given["playbook"], given["variables"])
        host = host_of(task_vars or {})
        lines = list_lines(found, plans, width=self.width(), now=datetime.now(timezone.utc), host=host)
        result.update(changed=False, commands=plans, text=self.show(lines, list_ending(found, host)))
        return result
