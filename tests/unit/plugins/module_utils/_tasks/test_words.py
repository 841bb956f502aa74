# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.types import TaskState
from ansible_collections.workshop.lifecycle.plugins.module_utils._tasks.words import tasks_message


def test_tasks_that_still_run():
    task = TaskState("arn:task/shop/1", "service:web", "web", "RUNNING", "DEACTIVATING", "stopped", True, 0.0, 0.0)
    assert tasks_message([task], 30) == "1 tasks still run after 30 s: web: 1 DEACTIVATING."
