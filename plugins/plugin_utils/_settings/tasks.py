# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Whether a user's own tasks could be run later, found out before anything begins."""

from __future__ import annotations

import json
import os
from typing import Any
from typing import Callable
from typing import Iterator
from typing import Mapping
from typing import Sequence

from ansible.errors import AnsibleError
from ansible.parsing.mod_args import ModuleArgsParser


def tasks_problem(path: str | None, load: Callable[[str], Any], given: str = "workshop_notify_tasks is") -> str:
    """Why a file has no tasks that could be included; empty if it has, or if there is no file.

    :param load: reads a YAML file, and raises AnsibleError
    :param given: how the variable that says which file is named in front of it
    """
    if not path:
        return ""
    said = f"{given} {json.dumps(path)}"
    if not os.path.isfile(path):
        return f"{said}, and there is no such file."
    try:
        tasks = load(os.path.abspath(path))
        if not _are_tasks(tasks):
            return f"{said}, and there is no list of tasks in it."
        for task in _each(tasks):
            # What Ansible can not load when it comes to it ends the whole run, before the report is shown.
            ModuleArgsParser(dict(task)).parse()
    except AnsibleError as error:
        return f"{said}, which can not be run: {' '.join(str(error).split())}"
    return ""


def _are_tasks(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(task, Mapping) for task in value)


def _each(tasks: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """All tasks, those in blocks too."""
    for task in tasks:
        parts = [task[part] for part in ("block", "rescue", "always") if _are_tasks(task.get(part))]
        if "block" not in task:
            yield task
        for part in parts:
            yield from _each(part)
