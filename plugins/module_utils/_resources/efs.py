# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""File systems of Amazon EFS, and mount targets of others that keep them."""

from __future__ import annotations

from typing import Any

from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import NotCleared
from .clearing import Work
from .ours import Ours
from .ours import Resource
from .resource import Ids
from .resource import ResourceType
from .resource import by
from .resource import one
from .steps import call
from .steps import listed
from .steps import owner_of
from .steps import unless
from .steps import wait

FILE_SYSTEM = "AWS::EFS::FileSystem"
_ABSENT = "FileSystemNotFound"
_TARGET = "AWS::EFS::MountTarget"
_LISTING = ("elasticfilesystem:DescribeMountTargets", "MountTargets")
_PATIENCE = 600.0
_WORDS = ("mount target", "mount targets")
_GOING = frozenset(("deleting", "deleted"))


def _detect(looks: Looks, ours: Ours, file_systems: Ids) -> list[tuple[str, Blocker]]:
    """Mount targets that are not ours."""
    found = looks.each(lambda key: looks.listing(*_LISTING, key, (_ABSENT,), FileSystemId=key), file_systems)
    return [
        (file_system, _blocker(file_system, item))
        for file_system, items in zip(file_systems, found)
        for item in items
        if Resource(_TARGET, item["MountTargetId"]) not in ours.owned and item.get("LifeCycleState") not in _GOING
    ]


def _blocker(file_system: str, item: dict[str, Any]) -> Blocker:
    key = item["MountTargetId"]
    return Blocker(
        _TARGET,
        key,
        item.get("SubnetId", ""),
        f"A file system cannot be deleted with a mount target, and {key} of others mounts {file_system}.",
        ("efs", "delete-mount-target", "--mount-target-id", key),
        amounts=(Amount(1, *_WORDS),),
        clear=FILE_SYSTEM,
        lost="the mount target, so that who has mounted the file system there loses it",
    )


def _clear(work: Work, file_system: str) -> list[Amount]:
    """Delete the mount targets that no stack owns, and wait until they are gone."""
    own = owner_of(work, FILE_SYSTEM, file_system)
    owners: dict[str, str] = {}
    asked: set[str] = set()

    def there() -> list[str]:
        found: list[dict[str, Any]] = []

        def look() -> None:
            found.extend(listed(work, *_LISTING, FileSystemId=file_system))

        unless((_ABSENT,), look)
        for item in found:
            owners.setdefault(item["MountTargetId"], owner_of(work, _TARGET, item["MountTargetId"]))
        others = [key for key, owner in owners.items() if owner not in ("", own)]
        if others:
            raise NotCleared(f"Mount targets of other stacks keep {file_system}: {', '.join(sorted(others))}.")
        return [item["MountTargetId"] for item in found if not owners[item["MountTargetId"]]]

    def left() -> list[str]:
        keys = there()
        for key in keys:
            if key not in asked and not work.stopped():
                gone = ("MountTargetNotFound",)
                action = "elasticfilesystem:DeleteMountTarget"
                unless(gone, lambda key=key: call(work, action, MountTargetId=key))
                asked.add(key)
                work.told([Amount(len(asked), *_WORDS)])
        return keys

    wait(work, _PATIENCE, left, f"until others have {file_system} mounted no more")
    return [Amount(len(asked), *_WORDS)] if asked else []


TYPES = (
    ResourceType(
        name=FILE_SYSTEM,
        command=by("efs delete-file-system --file-system-id"),
        lookup=one("elasticfilesystem:DescribeFileSystems", "FileSystemId", _ABSENT),
        arn="elasticfilesystem:file-system",
        clearing=Clearing(
            detect=_detect,
            clear=_clear,
            detects=("elasticfilesystem:DescribeMountTargets",),
            # DeleteMountTarget takes the one of EC2:
            # https://docs.aws.amazon.com/efs/latest/ug/API_DeleteMountTarget.html
            clears=(
                "cloudformation:DescribeStackResources",
                "ec2:DeleteNetworkInterface",
                "elasticfilesystem:DeleteMountTarget",
                "elasticfilesystem:DescribeMountTargets",
            ),
            lost="the mount targets that others have made for it",
            source="https://docs.aws.amazon.com/efs/latest/ug/API_DeleteFileSystem.html",
        ),
    ),
)
