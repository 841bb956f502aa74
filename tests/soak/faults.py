# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults that a trial draws from. Those that pass by themselves must leave the verdict clean."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.emulator.services import network

from .workshop import NAME, Workshop, resource_of

TRANSIENT = ("Internal Failure", "Rate exceeded (HandlerErrorCode: Throttling)", "(HandlerErrorCode: NotStabilized)")
FINAL = "You are not authorized to do that (HandlerErrorCode: AccessDenied)"
READS = ("cloudformation:ListStackResources", "cloudformation:DescribeStackEvents", "cloudformation:ListStacks",
         "ecs:ListTasks", "ecs:DescribeServices", "logs:DescribeLogGroups", "xray:GetGroups", "tag:GetResources",
         "servicediscovery:ListInstances", "ec2:DescribeNetworkInterfaces")  # fmt: skip
WRITES = ("cloudformation:DeleteStack", "ecs:StopTask", "ecs:UpdateService", "ecs:DeleteCluster", "ec2:DeleteSubnet",
          "dynamodb:DeleteTable", "logs:DeleteLogGroup", "xray:DeleteGroup", "iam:DeleteRole",
          "servicediscovery:DeleteNamespace", "elasticloadbalancing:DeleteLoadBalancer")  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """``switch`` turns it on and returns what to call it in the log; ``passes``: AWS mends it, or a teardown has to."""

    name: str
    passes: bool
    switch: Callable[[Workshop], str]


def draw(workshop: Workshop, more: Sequence[Fault] = ()) -> list[tuple[Fault, str]]:
    """Switch some faults on, at random: mostly those that pass, in every other trial one that does not.

    In every other trial one of ``more`` besides, where given. Those that hinder calls come last, since to switch others
    on takes calls.
    """
    dice = workshop.dice
    chosen = dice.sample([fault for fault in FAULTS if fault.passes], dice.randint(0, 4))
    if dice.random() < 0.5:
        chosen += dice.sample([fault for fault in FAULTS if not fault.passes], dice.choice((1, 1, 1, 2)))
    if more and dice.random() < 0.5:
        chosen.append(dice.choice(more))
    chosen.sort(key=lambda fault: fault.switch in (_disorder, _denied, _expiry))
    return [(fault, fault.switch(workshop)) for fault in chosen]


def _some_apis(workshop: Workshop) -> list[str]:
    return workshop.dice.sample(workshop.apis, workshop.dice.randint(1, len(workshop.apis)))


def _linger(workshop: Workshop) -> str:
    apis = _some_apis(workshop)
    workshop.emulator.faults.linger(apis)
    return " ".join(apis)


def _deaf(workshop: Workshop) -> str:
    workshop.emulator.faults.ignore_sigterm(_some_apis(workshop))
    return ""


def _late(workshop: Workshop) -> str:
    seconds = workshop.dice.uniform(1, 40)
    workshop.emulator.faults.late_task(_some_apis(workshop), seconds=seconds)
    return f"{seconds:.0f} s"


def _by_hand(workshop: Workshop) -> str:
    ecs = workshop.emulator.client("ecs")
    (service,) = ecs.describe_services(cluster=NAME, services=workshop.apis[:1])["services"]
    ecs.run_task(cluster=NAME, taskDefinition=service["taskDefinition"], launchType="FARGATE", count=2,
                 networkConfiguration=service["networkConfiguration"])  # fmt: skip
    return ""


def _orphans(workshop: Workshop) -> str:
    workshop.emulator.faults.orphan_instances()
    return ""


def _logs(workshop: Workshop) -> str:
    workshop.emulator.faults.log_groups_come_back(times=1)
    return ""


def _stale(workshop: Workshop) -> str:
    before, after = workshop.dice.randint(1, 6), workshop.dice.randint(0, 3)
    workshop.emulator.faults.stale_reads(before, after_deletion=after)
    return f"{before} {after}"


def _fails_for_now(workshop: Workshop) -> str:
    stack = workshop.dice.choice(workshop.stacks)
    logical_id, _type = resource_of(workshop, stack)
    times = workshop.dice.randint(1, 2)
    workshop.emulator.faults.fail_resource(stack, logical_id, workshop.dice.choice(TRANSIENT), times=times)
    return f"{stack}/{logical_id} {times} times"


def _mesh(workshop: Workshop) -> str:
    calls = workshop.dice.choice(("denied", "answered", "unreachable"))
    workshop.emulator.faults.app_mesh_gone(calls=calls)
    return calls


def _role(workshop: Workshop) -> str:
    workshop.emulator.faults.service_linked_role_in_use()
    return ""


def _disorder(workshop: Workshop) -> str:
    faults, dice = workshop.emulator.faults, workshop.dice
    faults.throttle(dice.choice((0.05, 0.1, 0.2)))
    faults.server_errors(0.02)
    faults.cut_connections(0.02, before=dice.random() < 0.5)
    faults.slow(0.3, fraction=0.05)
    return ""


def _registry(workshop: Workshop) -> str:
    workshop.emulator.faults.orphan_instances()
    workshop.emulator.faults.fail_deregistrations(times=1)
    return ""


def _standing(workshop: Workshop) -> list[str]:
    """The stacks that nothing is under way with: AWS refuses to delete one that is being updated."""
    rows = workshop.emulator.client("cloudformation").describe_stacks()["Stacks"]
    standing = {row["StackName"] for row in rows if row["StackStatus"].endswith("_COMPLETE")}
    return [stack for stack in workshop.stacks if stack in standing]


def _updating(workshop: Workshop) -> str:
    stack = workshop.dice.choice(_standing(workshop))
    workshop.emulator.set_stack_status(stack, "UPDATE_IN_PROGRESS", then=(30.0, "UPDATE_COMPLETE"))
    return stack


def _begun(workshop: Workshop) -> str:
    stack = workshop.dice.choice([stack for stack in _standing(workshop) if "-service-" in stack or "-task-" in stack])
    workshop.emulator.client("cloudformation").delete_stack(StackName=stack)
    return stack


def _fails(workshop: Workshop) -> str:
    stack = workshop.dice.choice(workshop.stacks)
    logical_id, kind = resource_of(workshop, stack)
    workshop.emulator.faults.fail_resource(stack, logical_id, FINAL)
    return f"{stack}/{logical_id} ({kind})"


def _hang(workshop: Workshop) -> str:
    api = workshop.dice.choice(workshop.apis)
    workshop.emulator.faults.hang_service(api)
    workshop.wait_timeout = 10
    return api


def _denied(workshop: Workshop) -> str:
    action = workshop.dice.choice(READS + WRITES)
    workshop.emulator.faults.deny(action)
    workshop.wait_timeout = 20
    return action


def _export(workshop: Workshop) -> str:
    client = workshop.emulator.client("cloudformation")
    stack = workshop.dice.choice(workshop.stacks)
    (row,) = client.describe_stacks(StackName=stack)["Stacks"]
    exports = [output["ExportName"] for output in row.get("Outputs", []) if "ExportName" in output]
    if not exports:
        return f"{stack} has none"
    value = {"Fn::ImportValue": exports[0]}
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/others/x", "Type": "String", "Value": value}}
    client.create_stack(StackName="importer", TemplateBody=json.dumps({"Resources": {"P": parameter}}))
    shows = workshop.dice.choice(("refuse", "bounce", "fail"))
    workshop.emulator.faults.export_in_use(shows)
    workshop.mend.append(lambda: client.delete_stack(StackName="importer"))
    return f"{exports[0]} {shows}"


def _interface(workshop: Workshop) -> str:
    emulator = workshop.emulator
    vpc = emulator.client("ssm").get_parameter(Name=f"/{NAME}/VPCID")["Parameter"]["Value"]
    subnets = emulator.client("ec2").describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    foreign = network.put_foreign_interface(subnets[0]["SubnetId"])
    workshop.wait_timeout = 12
    workshop.mend.append(lambda: network.remove_foreign_interface(foreign))
    return foreign


def _expiry(workshop: Workshop) -> str:
    calls = workshop.dice.randint(1, 120)
    workshop.emulator.faults.expire_credentials(calls)
    return f"after {calls} calls"


def _protected(workshop: Workshop) -> str:
    stack = workshop.dice.choice(workshop.stacks)
    client = workshop.emulator.client("cloudformation")
    client.update_termination_protection(StackName=stack, EnableTerminationProtection=True)
    workshop.mend.append(
        lambda: client.update_termination_protection(StackName=stack, EnableTerminationProtection=False)
    )
    return stack


def _recreated(workshop: Workshop) -> str:
    stack = workshop.dice.choice(workshop.stacks)
    template = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    workshop.emulator.faults.recreate(stack, seconds=workshop.dice.uniform(0, 20), template=template)
    return stack


def _killed(workshop: Workshop) -> str:
    workshop.kill_after = workshop.dice.randint(1, 120)
    return f"after {workshop.kill_after} calls"


FAULTS = (
    Fault("tasks linger", True, _linger),
    Fault("tasks are deaf", True, _deaf),
    Fault("a task comes late", True, _late),
    Fault("tasks started by hand", True, _by_hand),
    Fault("instances stay registered", True, _orphans),
    Fault("a deregistration fails", True, _registry),
    Fault("log groups come back", True, _logs),
    Fault("old answers", True, _stale),
    Fault("a resource fails for now", True, _fails_for_now),
    Fault("App Mesh is gone", True, _mesh),
    Fault("the role is in use elsewhere", True, _role),
    Fault("AWS is out of order", True, _disorder),
    Fault("a stack is being updated", True, _updating),
    Fault("a deletion was begun by hand", True, _begun),
    Fault("a resource fails for good", False, _fails),
    Fault("a service hangs", False, _hang),
    Fault("an action is denied", False, _denied),
    Fault("an export is in use", False, _export),
    Fault("a foreign interface", False, _interface),
    Fault("credentials expire", False, _expiry),
    Fault("a stack is protected", False, _protected),
    Fault("a stack is made anew", False, _recreated),
    Fault("killed", False, _killed),
)
