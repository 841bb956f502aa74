# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Task definitions that go from ACTIVE over INACTIVE and DELETE_IN_PROGRESS to nothing.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-definition-state.html
"""

from __future__ import annotations

from typing import Any

from moto.ecs.exceptions import EcsClientException, TaskDefinitionNotFoundException
from moto.ecs.models import EC2ContainerServiceBackend, TaskDefinition

from ...world import world

#: AWS seconds between two checks whether a definition that is being deleted is still used.
_CHECK_INTERVAL = 30.0


class TaskDefinitions(EC2ContainerServiceBackend):
    """The part of the backend that keeps task definitions."""

    def describe_task_definition(self, task_definition_str: str) -> TaskDefinition:
        """By ``family:revision`` or ARN in any status; by family alone the latest ACTIVE one."""
        name = task_definition_str.split("/")[-1]
        if ":" in name:
            return super().describe_task_definition(task_definition_str)
        active = [item for item in self.task_definitions.get(name, {}).values() if item.status == "ACTIVE"]
        if not active:
            raise TaskDefinitionNotFoundException()
        return max(active, key=lambda item: item.revision)

    def usable_definition(self, task_definition_str: str) -> TaskDefinition:
        """One that new services and tasks may use. Raises ClientException for any other."""
        definition = self.describe_task_definition(task_definition_str)
        if definition.status != "ACTIVE":
            raise EcsClientException("TaskDefinition is inactive")
        return definition

    def delete_task_definitions(self, task_definitions: list[str]) -> tuple[list[TaskDefinition], list[Any]]:
        """They stay DELETE_IN_PROGRESS as long as tasks or deployments use them.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteTaskDefinitions.html
        """
        deleted, failures = super().delete_task_definitions(task_definitions)
        for definition in deleted:
            self.task_definitions[definition.family][definition.revision] = definition
            world.clock.call_later(
                world.durations.draw("ecs.task_definition", definition.arn), self._remove_when_unused, definition
            )
        return deleted, failures

    def _remove_when_unused(self, definition: TaskDefinition) -> None:
        tasks = (task for tasks in self.tasks.values() for task in tasks.values())
        used_by_task = any(
            task.task_definition_arn == definition.arn and task.last_status != "STOPPED" for task in tasks
        )
        used_by_service = any(
            deployment["taskDefinition"] == definition.arn
            for service in self.services.values()
            for deployment in service.deployments
        )
        if used_by_task or used_by_service:
            world.clock.call_later(_CHECK_INTERVAL, self._remove_when_unused, definition)
        else:
            self.task_definitions.get(definition.family, {}).pop(definition.revision, None)
