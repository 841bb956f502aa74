# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show how a workshop stands."""

from __future__ import annotations

from datetime import datetime
from datetime import timezone
from typing import Any

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.action import PageAction
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.ci import status_ending
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.status import build_status
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.status_text import status_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.groups import GROUPS
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import host_of

OPTIONS = {
    "workshop": {"type": "str", "required": True},
    "survey": {"type": "dict", "required": True},
    "groups": GROUPS,
    "part": {"type": "dict"},
    "remove": {"type": "list", "elements": "str", "default": []},
    "site_outputs": {"type": "list", "elements": "str", "default": []},
    "command": {"type": "str", "required": True},
}


class ActionModule(PageAction):
    """Builds the status and prints it."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validation, given = self.validate_argument_spec(OPTIONS)
        status = build_status(
            given["survey"],
            self.groups(given["groups"]),
            workshop=given["workshop"],
            part=given["part"],
            remove=given["remove"],
            site_outputs=given["site_outputs"],
        )
        host = host_of(task_vars or {})
        lines = status_lines(
            status, width=self.width(), now=datetime.now(timezone.utc), host=host, command=given["command"]
        )
        result.update(changed=False, status=status, text=self.show(lines, status_ending(status, host)))
        return result
