# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show what fails and why: on the terminal, as data, and as files."""

from __future__ import annotations

import json
from datetime import datetime
from datetime import timezone
from typing import Any

from ansible.errors import AnsibleActionFail

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.page import page
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.report import build
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.text import lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.action import PageAction
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.ci import Ending
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import files as report_files
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import host_of

OPTIONS: dict[str, dict[str, Any]] = {
    "subject": {"type": "str", "required": True},
    "found": {"type": "list", "elements": "dict", "required": True},
    "playbook": {"type": "str", "default": "workshop.lifecycle.rollback"},
    "variables": {"type": "dict", "default": {}},
    "directory": {"type": "path"},
}


class ActionModule(PageAction):
    """Runs on the controller, where the terminal is and where the files belong."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validation, given = self.validate_argument_spec(OPTIONS)
        try:
            report = build(
                given["subject"], given["found"], given["playbook"], given["variables"], datetime.now(timezone.utc)
            )
        except ValueError as error:
            raise AnsibleActionFail(str(error)) from error
        files = self._paths(given["directory"], task_vars or {})
        written = {} if self._task.check_mode else files
        problem = self._write(written, report)
        if problem:
            result.update(failed=True, msg=problem)
            written = {}
        host = host_of(task_vars or {})
        ending = Ending(report["subject"], host, "diagnosis", report["summary"])
        text = self.show(lines(report, written, host), ending)
        result.update(
            changed=bool(files) and not problem,
            report=report,
            verdict=report["verdict"],
            summary=report["summary"],
            text=text,
            files=written,
        )
        return result

    @staticmethod
    def _paths(directory: str | None, task_vars: dict[str, Any]) -> dict[str, str]:
        if not directory:
            return {}
        alone = len(task_vars.get("ansible_play_hosts_all") or []) < 2
        target = report_files.folder(directory, str(task_vars.get("inventory_hostname") or ""), alone)
        return {kind: str(target / f"diagnosis.{kind}") for kind in ("json", "html")}

    @staticmethod
    def _write(files: dict[str, str], report: dict[str, Any]) -> str:
        """What went wrong, or nothing."""
        if not files:
            return ""
        try:
            report_files.write(
                {files["json"]: json.dumps(report, indent=2).encode() + b"\n", files["html"]: page(report)}
            )
        except OSError as error:
            place = error.filename or ", ".join(files.values())
            return (
                f"The report could not be written: {place}: {error.strerror or error}. What was found is "
                f"{report['verdict']}: {report['summary']}. Give a directory that can be written to."
            )
        return ""
