# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Puts machines, readers and drivers together for the modules."""

from __future__ import annotations

import time
import uuid
from typing import Any
from typing import Sequence

from .._watch.progress import Progress
from .._aws.rate import MOST_LOOKS
from .._aws.rate import Rate
from .._tasks.registrations import Registrations
from .driver import StackDriver
from .gates import Gates
from .machine import StackMachine
from .reader import StackReader
from .types import Options
from .types import StackSpec
from .._tasks.driver import TaskDriver
from .._tasks.machine import TaskMachine
from .._tasks.reader import RegistryReader
from .._tasks.reader import TaskReader
from .telling import tell_stack
from .telling import tell_task

# All pauses are multiples of the poll interval: 5 s, 10 s, 6 s and 60 s with the default of 2 s.
GRACE = 2.5
PAUSE = 5.0
FOLLOW = 3.0
REST = 30.0

# Seconds for so many calls of DescribeStacks, 1.2 s with the default of 2 s.
LOOKS_WITHIN = 0.6


def stack_reader(client: Any, interval: float, express: bool) -> StackReader:
    rate = Rate(MOST_LOOKS, LOOKS_WITHIN * interval, time.monotonic, time.sleep)
    return StackReader(client, express, rate.wait)


def stack_options(
    interval: float,
    retain_on_failure: Sequence[str] = (),
    disable_termination_protection: bool = False,
    role_arn: str | None = None,
    force: bool = False,
) -> Options:
    return Options(
        retain_on_failure=tuple(retain_on_failure),
        disable_termination_protection=disable_termination_protection,
        role_arn=role_arn,
        force=force,
        grace=GRACE * interval,
        pause=PAUSE * interval,
    )


def stack_driver(
    reader: StackReader, gates: Gates, specs: Sequence[StackSpec], options: Options, progress: Progress
) -> StackDriver:
    machine = StackMachine(
        specs,
        options,
        clock=time.monotonic,
        new_token=lambda: f"workshop-lifecycle-{uuid.uuid4()}",
        told=lambda state, what: tell_stack(progress, state, what),
    )
    return StackDriver(machine, reader, gates)


def task_driver(
    ecs: Any, cloud_map: Any, cluster: str, services: Sequence[str] | None, interval: float, progress: Progress
) -> TaskDriver:
    """``services``: exact names, None for everything in the cluster."""
    machine = TaskMachine(
        services,
        clock=time.monotonic,
        patience=PAUSE * interval,
        told=lambda task, what: tell_task(progress, task, what),
    )
    reader = TaskReader(ecs, cluster)
    registrations = Registrations(RegistryReader(cloud_map), reader, time.monotonic, PAUSE * interval)
    return TaskDriver(machine, reader, registrations, time.monotonic, FOLLOW * interval, REST * interval)
