# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cleanup as the workshop documents it, to see what it leaves: the measure of what the playbook does better.

It asks for every stack once, in the documented order, waits once in all, and never looks whether anything went.
https://github.com/cuddlekube/workshop/blob/master/step5.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.emulator import Emulator

APIS = (
    "register-api-new",
    "validate-api",
    "register-api",
    "public-site",
    "order-api",
    "list-api",
    "happiness-api",
    "feed-api",
)
BEFORE_THE_WAIT = (
    *(f"service-{api}" for api in APIS),
    *(f"task-{api}" for api in APIS),
    "alb",
    "appmesh-structure",
)
AFTER_THE_WAIT = ("appmesh", "cloudmap", "ecs", "dynamodb", "vpc", "logs")


def clean_up(emulator: Emulator, name: str = "cuddlekube", poll: float = 30.0) -> None:
    """Do what the workshop's last page says. Raises what botocore raises; returns when the last request is made.

    poll: real seconds between two looks of the one wait, 30 in the AWS command line.
    """
    cloudformation = emulator.client("cloudformation")
    _delete(cloudformation, name, BEFORE_THE_WAIT)
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=f"{name}-appmesh-structure", WaiterConfig={"Delay": poll, "MaxAttempts": 120}
    )
    _delete(cloudformation, name, AFTER_THE_WAIT)
    emulator.client("xray").delete_group(GroupName="cuddle-kube")


def _delete(cloudformation: Any, name: str, suffixes: tuple[str, ...]) -> None:
    for suffix in suffixes:
        cloudformation.delete_stack(StackName=f"{name}-{suffix}")
