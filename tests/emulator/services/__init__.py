# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS services of the emulator: moto's backends with the parts replaced that decide how a teardown goes.

Each service has one place, its ``install``, where moto's backend is exchanged; where AWS's documentation and moto
differ, AWS wins.
"""

from __future__ import annotations

from ..patching import Patches
from . import (
    cloudmap,
    cloudwatch,
    ecr,
    ecs,
    file_systems,
    functions,
    iam,
    iam_users,
    load_balancers,
    logs,
    network,
    route53,
    s3,
    stack_tags,
    tagging,
    xray,
)
from .swap import Swaps

__all__ = [
    "cloudmap",
    "cloudwatch",
    "ecr",
    "ecs",
    "file_systems",
    "functions",
    "iam",
    "iam_users",
    "install",
    "load_balancers",
    "logs",
    "network",
    "reset",
    "route53",
    "s3",
    "stack_tags",
    "tagging",
    "uninstall",
    "xray",
]

_swaps = Swaps()


def install(patches: Patches) -> None:
    """Put the services in place. Call before the server exists; undone by ``uninstall`` and by undoing the patches."""
    network.install(_swaps, patches)
    iam.install(patches)
    s3.install(patches)
    iam_users.install(patches)
    ecr.install(patches)
    route53.install(patches)
    for service in (cloudwatch, load_balancers, logs, cloudmap, ecs, file_systems, functions, xray, tagging):
        service.install(_swaps)


def uninstall() -> None:
    """Give moto back as it was."""
    _swaps.undo()


def reset() -> None:
    """After moto's backends have been emptied: nothing is left, all state is in them."""
