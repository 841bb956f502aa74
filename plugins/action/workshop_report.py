# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say what became of a workshop: on the terminal, as data, and as files."""

from __future__ import annotations

import json
import os
from datetime import datetime
from datetime import timezone
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import ci as report_ci
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import files as report_files
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import text as report_text
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.data import build
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.data import check
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.junit import junit
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.page import page
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.steps import gathered
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import CLEAN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.groups import GROUPS
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.groups import table
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import add_summary
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import closing_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import harmless
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import section
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import host_of
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import may_show

display = Display()

ARGUMENTS: dict[str, dict[str, Any]] = {
    "operation": {"type": "str", "choices": ["teardown", "verify"], "default": "teardown"},
    "workshop": {"type": "str", "required": True},
    "survey": {"type": "dict", "required": True},
    "groups": GROUPS,
    "steps": {"type": "dict", "default": {}},
    "started": {"type": "str"},
    "remove": {
        "type": "list",
        "elements": "str",
        "default": ["log_group", "xray_group", "xray_sampling_rule", "cloud_map_instance"],
    },
    "retain_on_failure": {"type": "list", "elements": "str", "default": []},
    "may_stay": {"type": "list", "elements": "str", "default": []},
    "may_be_absent": {"type": "bool", "default": False},
    "planned": {"type": "dict"},
    "directory": {"type": "path"},
}
_COLORS = {"clean": C.COLOR_OK, "leftovers": C.COLOR_WARN, "failed": C.COLOR_ERROR}


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
        body = report_text.body(report, {} if self._task.check_mode else files)
        closing = report_text.closing(report)
        self._show(body, closing, report, host_of(task_vars or {}))
        result.update(
            changed=bool(files),
            report=report,
            verdict=report["verdict"],
            summary=report["summary"],
            text=f"{body}\n{closing}\n",
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

    def _show(self, body: str, closing: str, report: dict[str, Any], host: str) -> None:
        """On the terminal, and to the CI if there is one. Each part in one go, so that those of several hosts do not
        mix."""
        environment = os.environ
        note = "" if self._task.no_log else add_summary(report_ci.summary(report, host), environment)
        if not may_show(self._task):
            return
        folded = section(
            harmless(f"{body}\n", environment),
            "_".join(filter(None, ["workshop", report["operation"], host])),
            f"The {report['operation']} of {report['workshop']} in detail",
            environment,
            seconds=_span(report),
            collapsed=report["verdict"] == CLEAN,
        )
        display.display(folded)
        display.display(harmless(closing, environment), color=_COLORS[report["verdict"]])
        if note:
            display.display(note)
        last = closing_lines(report_ci.line(report, host), report_ci.notices(report, host), environment)
        if last:
            display.display(last)


def _span(report: dict[str, Any]) -> tuple[float, float]:
    """When it began and ended, in seconds since 1970."""
    began, ended = (moment(report[key]) for key in ("started", "finished"))
    return (began.timestamp(), ended.timestamp()) if began and ended else (0.0, 0.0)
