# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EFS: a file system with mount targets is not deleted, and these take their time.

https://docs.aws.amazon.com/efs/latest/ug/API_DeleteMountTarget.html: the state is "deleting" until it is gone
(kanisterio/kanister#1140 has to wait for it). The words of the refusal are in rebuy-de/aws-nuke#1203.
"""

from __future__ import annotations

from typing import Any

from moto.efs import urls as efs_urls
from moto.efs.exceptions import FileSystemInUse
from moto.efs.models import EFSBackend, efs_backends

from ..cloudformation.deletion import Context, Resource, register
from ..world import world
from .swap import Swaps


class FileSystems(EFSBackend):
    """moto's file systems."""

    @property
    def _url_module(self) -> Any:
        return efs_urls

    def delete_file_system(self, file_system_id: str) -> None:
        if any(target.file_system_id == file_system_id for target in self.mount_targets_by_id.values()):
            raise FileSystemInUse(
                f"The file system '{file_system_id}' cannot be deleted because it has mount targets. You must delete "
                "the mount targets, and then try again."
            )
        super().delete_file_system(file_system_id)

    def delete_mount_target(self, mount_target_id: str) -> None:
        target = self.mount_targets_by_id.get(mount_target_id)
        if target is None or target.life_cycle_state != "deleting":
            if target is None:
                super().delete_mount_target(mount_target_id)
            target.life_cycle_state = "deleting"
            seconds = world.durations.draw("efs.mount_target", mount_target_id)
            world.clock.call_later(seconds, self._end, mount_target_id)

    def _end(self, mount_target_id: str) -> None:
        if mount_target_id in self.mount_targets_by_id:
            super().delete_mount_target(mount_target_id)


class _TargetDeletion:
    def begin(self, resource: Resource, context: Context) -> float | None:
        backend = efs_backends[resource.account_id][resource.region]
        if resource.physical_id in backend.mount_targets_by_id:
            backend.delete_mount_target(resource.physical_id)
        return None

    def poll(self, resource: Resource, context: Context) -> bool:
        return resource.physical_id not in efs_backends[resource.account_id][resource.region].mount_targets_by_id


def install(swaps: Swaps) -> None:
    """Have moto use our backend, and CloudFormation wait for the mount targets."""
    swaps.use(efs_backends, FileSystems)
    register("AWS::EFS::MountTarget", _TargetDeletion())
