# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuse settings that are misspelled, or that are not those of exactly one workshop, and missing requirements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.part import part_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.requirements import requirements_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.settings import settings_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.tasks import tasks_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.variables import names_of
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.variables import strangers

display = Display()

_NAME = {"type": "str", "required": True}
_NAMES = {"type": "list", "elements": "str", "required": True}
OPTIONS = {
    "workshop_name": _NAME,
    "workshop_scope": {"type": "raw"},
    "workshop_account_id": {"type": "raw"},
    "workshop_apis": _NAMES,
    "workshop_alarm_prefix": _NAME,
    "workshop_ssm_path": _NAME,
    "workshop_xray_group": _NAME,
    "workshop_xray_sampling_rules": _NAMES,
    "workshop_clear": {"type": "list", "elements": "str", "default": []},
    "workshop_tags": {"type": "dict", "default": {}},
    "workshop_wait_timeout": {"type": "raw"},
    "workshop_poll_interval": {"type": "raw"},
    "leftovers_settle": {"type": "raw"},
    "workshop_notify_tasks": {"type": "path"},
    "workshop_groups": {"type": "list", "elements": "dict", "default": []},
    "workshop_only": {"type": "raw"},
    "workshop_keep": {"type": "raw"},
}


class ActionModule(ActionBase):
    """Runs on the controller: only there all variables of a play are known."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validation, settings = self.validate_argument_spec(OPTIONS)
        problems, notes = strangers(task_vars or {}, names_of(str(Path(__file__).parents[2])))
        problem = (
            " ".join(problems)
            or settings_problem(settings)
            or requirements_problem()
            or self._no_part(settings)
            or tasks_problem(settings["workshop_notify_tasks"], self._loader.load_from_file)
        )
        for note in notes:
            display.warning(note)
        result.update(changed=False, failed=bool(problem))
        if problem:
            result["msg"] = f"{problem} Nothing was touched."
        return result

    @staticmethod
    def _no_part(settings: dict[str, Any]) -> str:
        """A role alone knows of no groups."""
        groups = settings["workshop_groups"]
        return part_problem(groups, settings["workshop_only"], settings["workshop_keep"]) if groups else ""
