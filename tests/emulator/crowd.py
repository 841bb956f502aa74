# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts many things of other people into the account at once, without a request for each."""

from __future__ import annotations

import copy
import json

from moto.cloudformation.models import cloudformation_backends
from moto.cloudformation.utils import generate_stack_id
from moto.ec2.models import ec2_backends
from moto.ecs.models import ecs_backends
from moto.logs.models import logs_backends

from .cloudformation import stacks
from .cloudformation.records import records
from .services.ecs import life
from .world import ACCOUNT_ID, world

_TEMPLATE = json.dumps({"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}})


def put_stacks(count: int, prefix: str = "other", region: str | None = None) -> list[str]:
    """Stacks ``<prefix>-0000`` and so on, each with a resource that nobody uses; their names."""
    backend = cloudformation_backends[ACCOUNT_ID][region or world.region]
    names = [f"{prefix}-{number:04}" for number in range(count)]
    with world.lock:
        pattern = stacks.create(backend, names[0], _TEMPLATE, {})
        for name in names[1:]:
            stack = copy.copy(pattern)
            stack.name = name
            stack.stack_id = generate_stack_id(name, backend.region_name, ACCOUNT_ID)
            stack.events = []
            stack.resource_records = {logical_id: copy.copy(record) for logical_id, record in records(pattern).items()}
            for record in records(stack).values():
                record.physical_id = f"{name}-{record.logical_id}"
            backend.stacks[stack.stack_id] = stack
    return names


def put_log_groups(count: int, prefix: str = "/other/", region: str | None = None) -> list[str]:
    """Log groups ``<prefix>0000`` and so on; their names."""
    names = [f"{prefix}{number:04}" for number in range(count)]
    with world.lock:
        for name in names:
            logs_backends[ACCOUNT_ID][region or world.region].create_log_group(name, {})
    return names


def put_tasks(count: int, cluster: str, family: str = "other", region: str | None = None) -> list[str]:
    """Running standalone tasks in a cluster, with interfaces in the default VPC; their ARNs."""
    region = region or world.region
    with world.lock:
        backend = ecs_backends[ACCOUNT_ID][region]
        subnets = [subnet.id for subnet in ec2_backends[ACCOUNT_ID][region].get_default_subnets().values()]
        backend.register_task_definition(
            family=family,
            container_definitions=[{"name": family, "image": "example/other"}],
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu="256",
            memory="512",
        )
        tasks = backend.make_tasks(
            cluster, family, count, network={"awsvpcConfiguration": {"subnets": subnets}}, launch_type="FARGATE"
        )
        for task in tasks:
            life.start(task, at_once=True)
        return [task.task_arn for task in tasks]
