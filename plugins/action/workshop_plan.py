# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show what a teardown would do."""

from __future__ import annotations

from datetime import datetime
from datetime import timezone
from typing import Any
from typing import Mapping

from ansible.errors import AnsibleActionFail

from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import FAIL
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import GO_ON
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.temporary_role import policies_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import absence_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import build_plan
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import clears
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import part_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import protection_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.plan import tagged
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.action import PageAction
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.ci import plan_ending
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.diff import plan_diff
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.folder import folder_problem
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.groups import seen_groups
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.text import plan_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.text import summary
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.groups import GROUPS
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import host_of

OPTIONS = {
    "workshop": {"type": "str", "required": True},
    "survey": {"type": "dict", "required": True},
    "groups": GROUPS,
    "part": {"type": "dict"},
    "order": {"type": "dict"},
    "remove": {"type": "list", "elements": "str", "default": []},
    "retain_on_failure": {"type": "list", "elements": "str", "default": []},
    "disable_termination_protection": {"type": "bool", "default": False},
    "role_arn": {"type": "str"},
    "temporary_role": {
        "type": "dict",
        "options": {
            "create": {"type": "bool", "default": False},
            "name": {"type": "str", "required": True},
            "policies": {"type": "list", "elements": "str", "default": []},
        },
    },
    "clear": {"type": "list", "elements": "str", "default": []},
    "uncleared": {"type": "str", "choices": [FAIL, GO_ON], "default": FAIL},
    "may_be_absent": {"type": "bool", "default": False},
    "report_directory": {"type": "path"},
}


class ActionModule(PageAction):
    """Builds the plan and prints it."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validation, given = self.validate_argument_spec(OPTIONS)
        plan = build_plan(
            given["survey"],
            self.groups(given["groups"]),
            workshop=given["workshop"],
            part=given["part"],
            order=given["order"],
            remove=given["remove"],
            retain_on_failure=given["retain_on_failure"],
            disable_termination_protection=given["disable_termination_protection"],
            role_arn=given["role_arn"],
            temporary_role=given["temporary_role"],
            clear=given["clear"],
            uncleared=given["uncleared"],
        )
        check = self._task.check_mode
        host = host_of(task_vars or {})
        lines = plan_lines(plan, width=self.width(), now=datetime.now(timezone.utc), host=host, check=check)
        folder = given["report_directory"]
        problems = [
            absence_problem(plan) if not (given["may_be_absent"] or check) else "",
            folder_problem(folder, touch=not check) if folder else "",
            part_problem(plan),
            _role_problem(given["temporary_role"]),
            protection_problem(plan, given["disable_termination_protection"]),
        ]
        problem = " ".join([*filter(None, problems), "Nothing was touched."]) if any(problems) else ""
        text = self.show(lines, plan_ending(plan, host, problem) if check or problem else None)
        if problem:
            raise AnsibleActionFail(problem)
        result.update(
            changed=check and plan["found"],
            plan=plan,
            groups=seen_groups(given["groups"], given["survey"]),
            anything=plan["anything"],
            summary=summary(plan),
            clears=clears(plan),
            tagged=tagged(plan),
            text=text,
        )
        if self._task.diff:
            result["diff"] = plan_diff(plan)
        return result


def _role_problem(given: Mapping[str, Any] | None) -> str:
    """Why the role that is to be made could not be; empty if it can."""
    if not given or not given["create"]:
        return ""
    return policies_problem(given["policies"], "workshop_role_policies")
