# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Whether a user's own tasks could be run at the end of a teardown, found out before it begins."""

from __future__ import annotations

import json
import os
from typing import Any
from typing import Callable
from typing import Mapping

from ansible.errors import AnsibleError


def tasks_problem(path: str | None, load: Callable[[str], Any]) -> str:
    """Why a file has no tasks that could be included; empty if it has, or if there is no file.

    :param load: reads a YAML file, and raises AnsibleError
    """
    if not path:
        return ""
    said = f"workshop_notify_tasks is {json.dumps(path)}"
    if not os.path.isfile(path):
        return f"{said}, and there is no such file."
    try:
        tasks = load(os.path.abspath(path))
    except AnsibleError as error:
        return f"{said}, which can not be read: {' '.join(str(error).split())}"
    if isinstance(tasks, list) and tasks and all(isinstance(task, Mapping) for task in tasks):
        return ""
    return f"{said}, and there is no list of tasks in it."
