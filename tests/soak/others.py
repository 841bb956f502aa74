# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of what is somebody else's: it is in the way, and may not be touched."""

from __future__ import annotations

from tests.integration import others

from .faults import Fault
from .workshop import NAME, Workshop


def _add(workshop: Workshop, thing: others.Thing) -> str:
    workshop.others.append(thing)
    workshop.mend.append(thing.remove)
    workshop.wait_timeout = 20
    return thing.name


def _foreign_service(workshop: Workshop) -> str:
    return _add(workshop, others.service_of_a_stack(workshop.emulator, NAME))


def _by_hand(workshop: Workshop) -> str:
    aws = workshop.emulator

    def physical_id(stack: str, logical_id: str) -> str:
        return others.physical_id(aws, f"{NAME}-{stack}", logical_id)

    make = workshop.dice.choice(
        (
            lambda: others.security_group(aws, physical_id("vpc", "Vpc")),
            lambda: others.cloud_map_service(aws, physical_id("cloudmap", "Namespace")),
            lambda: others.service_by_hand(aws, NAME),
            lambda: others.attached_policy(aws, physical_id("ecs", "TaskRole")),
        )
    )
    return _add(workshop, make())


def _foreign_instance(workshop: Workshop) -> str:
    stack = f"{NAME}-service-{workshop.dice.choice(workshop.apis)}"
    registry = others.physical_id(workshop.emulator, stack, "Discovery")
    return _add(workshop, others.instance_of_another_account(workshop.emulator, registry, NAME))


OTHERS = (
    Fault("a foreign service in the cluster", False, _foreign_service),
    Fault("made by hand", False, _by_hand),
    Fault("another account's instance", False, _foreign_instance),
)
