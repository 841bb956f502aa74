# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the containers of tasks write, into the log groups of their task definitions.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.logs.models import logs_backends

from ...world import world

if TYPE_CHECKING:
    from .task import Task


def write(task: Task, line: str, image: str | None = None, epoch: float | None = None) -> None:
    """A line of the container that runs this image (None: of the first one), now or at this time.

    It is lost unless the container has the log driver awslogs, and its log group is there or may be created.
    """
    definitions = task.definition.container_definitions
    container = next((item for item in definitions if image in (None, item.get("image"))), definitions[0])
    configuration = container.get("logConfiguration") or {}
    if configuration.get("logDriver") != "awslogs":
        return
    options = configuration.get("options") or {}
    region = options.get("awslogs-region") or task.backend.region_name
    group = str(options.get("awslogs-group"))
    backend = logs_backends[task.backend.account_id][region]
    if options.get("awslogs-create-group") == "true" and group not in backend.groups:
        backend.create_log_group(group, {})
    stream = f"{options.get('awslogs-stream-prefix', 'ecs')}/{container['name']}/{task.id}"
    backend.write(group, stream, line, world.clock.epoch() if epoch is None else epoch)
