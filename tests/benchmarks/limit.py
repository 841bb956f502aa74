# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The least time that AWS allows: what an operator needs who sees everything at once and takes no time to act.

It runs on the emulator too, with the clock held, so that it meets exactly the durations that a contender of the same
seed meets: every service is scaled to 0 and every task is stopped at the very start, and every stack is asked for at
the moment when what holds it is gone. Like everybody it deletes by stacks: it cannot begin with a part of one.
"""

from __future__ import annotations

from tests.emulator import Emulator
from tests.workshop import Workshop
from tests.workshop.inventory import tasks_of

PATIENCE = 7200.0  # AWS seconds


def edges(workshop: Workshop) -> dict[str, frozenset[str]]:
    """For each stack, those that have to be gone before it, by name.

    All services before the cluster, whose roles their tasks need, and before the Cloud Map namespace; the mesh's
    structure before the mesh; the VPC, with its flow log, before the log groups. By reference: the service behind the
    load balancer before it, the namespace, whose hosted zone is tied to the VPC, before that.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
    https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteNamespace.html
    https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html
    """
    name = workshop.name
    services = frozenset(f"{name}-service-{service}" for service in workshop.services)
    needs = {
        f"{name}-alb": frozenset({f"{name}-service-public-site"}),
        f"{name}-cloudmap": services,
        f"{name}-ecs": services,
        f"{name}-appmesh": frozenset({f"{name}-appmesh-structure"}),
        f"{name}-vpc": services | {f"{name}-alb", f"{name}-cloudmap"},
        f"{name}-logs": frozenset({f"{name}-vpc"}),
    }
    return {stack: needs.get(stack, frozenset()) for stack in workshop.stacks}


def delete(emulator: Emulator, workshop: Workshop) -> float:
    """Delete the workshop in the least possible time, which is returned in AWS seconds.

    The VPC waits, besides for its stacks, until no network interface is left. TimeoutError when a stack does not go.
    """
    clock = emulator.clock
    clock.pause()
    begun = clock.now()
    _stop_tasks(emulator, workshop)
    waiting = edges(workshop)
    interfaces = {event.name for event in emulator.timeline.select("interface", status="in-use")}
    while True:
        gone = {event.name for event in emulator.timeline.select("stack", status="DELETE_COMPLETE")}
        released = {event.name for event in emulator.timeline.select("interface", status="deleted")}
        for stack in [stack for stack, needed in waiting.items() if needed <= gone]:
            if stack != f"{workshop.name}-vpc" or interfaces <= released:
                emulator.client("cloudformation").delete_stack(StackName=stack)
                del waiting[stack]
        if gone.issuperset(workshop.stacks):
            return clock.now() - begun
        if not clock.step(begun + PATIENCE):
            raise TimeoutError(f"not gone: {', '.join(sorted(set(workshop.stacks) - gone))}")


def _stop_tasks(emulator: Emulator, workshop: Workshop) -> None:
    ecs = emulator.client("ecs")
    for service in workshop.services:
        ecs.update_service(cluster=workshop.name, service=service, desiredCount=0)
    for task in tasks_of(ecs, workshop.name):
        ecs.stop_task(cluster=workshop.name, task=task["taskArn"])
