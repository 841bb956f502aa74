# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuse variables that look like this collection's and are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._variables import names_of
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._variables import strangers


class ActionModule(ActionBase):
    """Runs on the controller: only there all variables of a play are known."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        self.validate_argument_spec({})
        problems = strangers(task_vars or {}, names_of(str(Path(__file__).parents[2])))
        result.update(changed=False, failed=bool(problems))
        if problems:
            result["msg"] = " ".join([*problems, "Nothing was touched."])
        return result
