# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say what became of a workshop: on the terminal, as data, and as files."""

from __future__ import annotations

import json
from datetime import datetime
from datetime import timezone
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import files as report_files
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.data import build
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.data import check
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.junit import junit
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.page import page
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.showing import show
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.showing import text
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.steps import gathered
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.groups import GROUPS
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.groups import table
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import host_of

ARGUMENTS: dict[str, dict[str, Any]] = {
    "operation": {"type": "str", "choices": ["teardown", "verify"], "default": "teardown"},
    "workshop": {"type": "str", "required": True},
    "survey": {"type": "dict", "required": True},
    "groups": GROUPS,
    "order": {"type": "dict"},
    "part": {"type": "dict"},
    "variables": {"type": "dict", "default": {}},
    "steps": {"type": "dict", "default": {}},
    "started": {"type": "str"},
    "remove": {
        "type": "list",
        "elements": "str",
        "default": ["log_group", "xray_group", "xray_sampling_rule", "alarm", "cloud_map_instance"],
    },
    "retain_on_failure": {"type": "list", "elements": "str", "default": []},
    "may_stay": {"type": "list", "elements": "str", "default": []},
    "may_be_absent": {"type": "bool", "default": False},
    "planned": {"type": "dict"},
    "directory": {"type": "path"},
    "show": {"type": "bool", "default": True},
}


class ActionModule(ActionBase):
    """Runs on the controller, where the terminal is and where the files belong."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validation, given = self.validate_argument_spec(ARGUMENTS)
        try:
            done = gathered(given["steps"])
            groups = table(given["groups"])
            check(given["survey"])
        except ValueError as error:
            raise AnsibleActionFail(str(error)) from error
        report = build({**given, **done, "groups": groups}, datetime.now(timezone.utc))
        files = self._paths(given["directory"], report, task_vars or {})
        problem = "" if self._task.check_mode else self._write(files, report)
        if problem:
            result.update(failed=True, msg=problem)
            files = {}
        written = {} if self._task.check_mode else files
        if given["show"]:
            show(self._task, report, written, problem, host_of(task_vars or {}))
        result.update(
            changed=bool(files),
            report=report,
            verdict=report["verdict"],
            summary=report["summary"],
            text=text(report, written),
            files=files,
        )
        return result

    @staticmethod
    def _paths(directory: str | None, report: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, str]:
        if not directory:
            return {}
        alone = len(task_vars.get("ansible_play_hosts_all") or []) < 2
        target = report_files.folder(directory, str(task_vars.get("inventory_hostname") or ""), alone)
        return report_files.paths(target, report["operation"])

    @staticmethod
    def _write(files: dict[str, str], report: dict[str, Any]) -> str:
        """What went wrong, or nothing."""
        if not files:
            return ""
        contents = {
            files["json"]: json.dumps(report, indent=2).encode() + b"\n",
            files["html"]: page(report),
            files["xml"]: junit(report),
        }
        try:
            report_files.write(contents)
        except OSError as error:
            place = error.filename or ", ".join(files.values())
            return (
                f"The report could not be written: {place}: {error.strerror or error}. "
                f"The {report['operation']} itself is over, with the verdict {report['verdict']}. "
                "Give a directory that can be written to, and run it again."
            )
        return ""
