# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put together what became of a release, or of a way back: as data, and as files."""

from __future__ import annotations

import json
from datetime import datetime
from datetime import timezone
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.data import GOOD
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.data import build
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.page import page
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.text import body
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._release.text import closing
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import files as report_files

OPTIONS: dict[str, dict[str, Any]] = {
    "operation": {"type": "str", "choices": ["release", "rollback"], "default": "release"},
    "service": {"type": "dict", "required": True},
    "planned": {"type": "dict", "required": True},
    "steps": {"type": "list", "elements": "dict", "default": []},
    "returned": {"type": "dict", "default": {}},
    "problem": {"type": "str", "default": ""},
    "started": {"type": "str"},
    "variables": {"type": "dict", "default": {}},
    "directory": {"type": "path"},
}


class ActionModule(ActionBase):
    """Runs on the controller, where the terminal is and where the files belong."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validation, given = self.validate_argument_spec(OPTIONS)
        report = build(given, datetime.now(timezone.utc))
        files = self._paths(given["directory"], given["operation"], task_vars or {})
        problem = self._write(files, report)
        written = {} if problem else files
        result.update(
            changed=bool(written),
            report=report,
            verdict=report["verdict"],
            good=report["verdict"] in GOOD and not problem,
            summary=report["summary"],
            text=f"{body(report, written)}\n{closing(report)}\n",
            files=written,
            problem=problem,
        )
        return result

    @staticmethod
    def _paths(directory: str | None, operation: str, task_vars: dict[str, Any]) -> dict[str, str]:
        if not directory:
            return {}
        alone = len(task_vars.get("ansible_play_hosts_all") or []) < 2
        target = report_files.folder(directory, str(task_vars.get("inventory_hostname") or ""), alone)
        return {kind: str(target / f"{operation}.{kind}") for kind in ("json", "html")}

    @staticmethod
    def _write(files: dict[str, str], report: dict[str, Any]) -> str:
        """What went wrong, or nothing."""
        if not files:
            return ""
        contents = {files["json"]: json.dumps(report, indent=2).encode() + b"\n", files["html"]: page(report)}
        try:
            report_files.write(contents)
        except OSError as error:
            return f"The report could not be written: {error.filename or files['json']}: {error.strerror or error}."
        return ""
