# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Auto Scaling groups, and what keeps their instances when CloudFormation scales them to 0.

CloudFormation does not force the deletion: it waits until no instance is left, for an hour or so.
https://github.com/aws/aws-cdk/issues/18179
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Iterable
from typing import Mapping
from typing import Sequence

from .._aws.batches import batches
from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import Work
from .ours import Ours
from .protection import Protection
from .protection import one_call
from .resource import Lookup
from .resource import ResourceType
from .resource import by
from .steps import call
from .steps import listed
from .steps import owner_of
from .steps import unless
from .steps import wait

GROUP = "AWS::AutoScaling::AutoScalingGroup"
_POOL = "AWS::AutoScaling::WarmPool"
_PATIENCE = 600.0
# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
_GROUPS_PER_CALL = 50
# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceProtection.html
_PROTECTED_PER_CALL = 50
# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ExitStandby.html: "a maximum number of 19 items"
_STANDBY_PER_CALL = 19
# The protection of others can not be changed:
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-protection.html
_PROTECTABLE = frozenset(("InService", "EnteringStandby", "Standby"))
_STANDBY = frozenset(("EnteringStandby", "Standby"))
_LONG_HOOK = 600  # seconds


@dataclass(frozen=True)
class _Held:
    """What keeps instances of a group: ids of instances, and the rest as it is in the group."""

    protected: tuple[str, ...]
    standby: tuple[str, ...]
    pool: bool
    pool_size: int
    suspended: bool

    def __bool__(self) -> bool:
        return bool(self.protected or self.standby or self.pool or self.suspended)

    def amounts(self) -> tuple[Amount, ...]:
        """Those of which there are any."""
        several = (
            Amount(
                len(self.protected), "instance protected from scale-in", "instances protected from scale-in"
            ),
            Amount(len(self.standby), "instance in standby", "instances in standby"),
            Amount(int(self.pool), "warm pool", "warm pools"),
            Amount(self.pool_size, "instance in a warm pool", "instances in a warm pool"),
            Amount(int(self.suspended), "suspended process (Terminate)", "suspended processes (Terminate)"),
        )
        return tuple(item for item in several if item.count)


def _held(group: Mapping[str, Any], own_pool: bool) -> _Held:
    """``own_pool``: whether a stack owns the warm pool, which it deletes before the group."""
    instances = group.get("Instances") or ()
    pool = group.get("WarmPoolConfiguration")
    going = bool(pool) and pool.get("Status") == "PendingDelete"
    counts = bool(pool) and not own_pool
    terminate = any(item.get("ProcessName") == "Terminate" for item in group.get("SuspendedProcesses") or ())
    return _Held(
        protected=tuple(
            item["InstanceId"]
            for item in instances
            if item.get("ProtectedFromScaleIn") and not str(item.get("LifecycleState", "")).startswith("Terminat")
        ),
        standby=tuple(item["InstanceId"] for item in instances if item.get("LifecycleState") in _STANDBY),
        pool=counts and not going,
        pool_size=group.get("WarmPoolSize") or 0 if counts else 0,
        suspended=terminate and bool(instances),
    )


def _detect(looks: Looks, ours: Ours, names: Sequence[str]) -> list[tuple[str, Blocker]]:
    """What keeps instances in groups of ours, and hooks for which their end is waited for."""
    pools = ours.owned_ids(_POOL)
    groups = [
        group
        for page in looks.each(lambda some: _described(looks, some), batches(list(names), _GROUPS_PER_CALL))
        for group in page
    ]
    held = [(group["AutoScalingGroupName"], _held(group, group["AutoScalingGroupName"] in pools)) for group in groups]
    found = [(name, _blocker(name, it)) for name, it in held if it]
    full = [group["AutoScalingGroupName"] for group in groups if group.get("Instances")]
    hooks = looks.each(lambda name: _hooks(looks, name), full)
    return found + [(name, _hook(name, hook)) for name, several in zip(full, hooks) for hook in several]


def _described(looks: Looks, names: Sequence[str]) -> list[dict[str, Any]]:
    action = "autoscaling:DescribeAutoScalingGroups"
    return looks.listing(action, "AutoScalingGroups", ", ".join(names), AutoScalingGroupNames=list(names))


def _blocker(name: str, held: _Held) -> Blocker:
    amounts = held.amounts()
    reason = (
        f"CloudFormation scales {name} to 0 and waits for an hour or so until no instance is left in it. These stay: "
        f"{', '.join(map(str, amounts))}."
    )
    return Blocker(
        GROUP,
        name,
        name,
        reason,
        _by_hand(name, held),
        goes_with_owner=False,
        amounts=amounts,
        clear=GROUP,
        lost=_LOST,
    )


def _by_hand(name: str, held: _Held) -> tuple[str, ...]:
    """The first command that a person needs."""
    group = ("--auto-scaling-group-name", name)
    if held.suspended:
        return ("autoscaling", "resume-processes", *group, "--scaling-processes", "Terminate")
    if held.standby:
        return ("autoscaling", "exit-standby", *group, "--instance-ids", *held.standby)
    if held.protected:
        protection = ("--no-protected-from-scale-in", "--instance-ids", *held.protected)
        return ("autoscaling", "set-instance-protection", *group, *protection)
    return ("autoscaling", "delete-warm-pool", *group, "--force-delete")


def _hooks(looks: Looks, name: str) -> list[dict[str, Any]]:
    """Hooks that can keep an instance for long before it is terminated, unless somebody completes them.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html
    """
    hooks = looks.listing("autoscaling:DescribeLifecycleHooks", "LifecycleHooks", name, AutoScalingGroupName=name)
    return [
        hook
        for hook in hooks
        if hook.get("LifecycleTransition") == "autoscaling:EC2_INSTANCE_TERMINATING"
        and hook.get("HeartbeatTimeout", 3600) >= _LONG_HOOK
    ]


def _hook(name: str, hook: Mapping[str, Any]) -> Blocker:
    key, minutes = hook["LifecycleHookName"], hook.get("HeartbeatTimeout", 3600) // 60
    reason = (
        f"Its lifecycle hook {key} keeps each instance of {name} for up to {minutes} min before it is terminated, "
        "unless what the hook is for says that it is done."
    )
    command = ("--lifecycle-hook-name", key, "--auto-scaling-group-name", name)
    return Blocker(
        "AWS::AutoScaling::LifecycleHook",
        key,
        name,
        reason,
        ("autoscaling", "delete-lifecycle-hook", *command),
        certain=False,
        goes_with_owner=False,
    )


class _Clearing:
    """Lets the instances of one group go when it is scaled to 0; none is terminated, but for those of a warm pool."""

    def __init__(self, work: Work, name: str) -> None:
        self._work = work
        self._name = name
        self._own_pool = bool(owner_of(work, _POOL, name))

    def run(self) -> list[Amount]:
        """How much that was."""
        group = self._group()
        if group is None:
            return []
        self._stop_protecting(group)
        held = _held(group, self._own_pool)
        if held.suspended:
            self._call("ResumeProcesses", ScalingProcesses=["Terminate"])
        if held.pool:
            self._call("DeleteWarmPool", ForceDelete=True)
        if not wait(self._work, _PATIENCE, self._kept, f"until nothing keeps instances of {self._name}"):
            return []
        done = list(held.amounts())
        self._work.told(done)
        return done

    def _group(self) -> dict[str, Any] | None:
        action = "autoscaling:DescribeAutoScalingGroups"
        groups = listed(self._work, action, "AutoScalingGroups", AutoScalingGroupNames=[self._name])
        return groups[0] if groups else None

    def _call(self, operation: str, **arguments: Any) -> None:
        call(self._work, f"autoscaling:{operation}", AutoScalingGroupName=self._name, **arguments)

    def _stop_protecting(self, group: Mapping[str, Any]) -> None:
        """What would protect instances again: the group itself, and ECS.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-termination-protection.html
        """
        if not group.get("NewInstancesProtectedFromScaleIn"):
            return  # which ECS needs for its own
        self._call("UpdateAutoScalingGroup", NewInstancesProtectedFromScaleIn=False)
        for provider in _providers(self._work, {self._name, group.get("AutoScalingGroupARN", self._name)}):
            off = {"managedTerminationProtection": "DISABLED"}
            call(self._work, "ecs:UpdateCapacityProvider", name=provider, autoScalingGroupProvider=off)

    def _kept(self) -> list[str]:
        """What still keeps instances; for those that are ready for it, that is ended."""
        group = self._group()
        if group is None:
            return []
        held = _held(group, self._own_pool)
        states = {item["InstanceId"]: item.get("LifecycleState") for item in group.get("Instances") or ()}
        # An instance may have gone, or changed its state, between two calls: then it is seen with the next look.
        passing = ("ValidationError",)
        for some in batches([key for key in held.protected if states[key] in _PROTECTABLE], _PROTECTED_PER_CALL):
            protection = {"InstanceIds": list(some), "ProtectedFromScaleIn": False}
            unless(passing, lambda protection=protection: self._call("SetInstanceProtection", **protection))
        standby = [key for key in held.standby if states[key] == "Standby"]
        self._make_room(group, len(standby))
        for some in batches(standby, _STANDBY_PER_CALL):
            unless(passing, lambda some=some: self._call("ExitStandby", InstanceIds=list(some)))
        pool = [f"the warm pool of {self._name}"] if held.pool or held.pool_size else []
        return list(dict.fromkeys((*held.protected, *held.standby, *pool)))

    def _make_room(self, group: Mapping[str, Any], count: int) -> None:
        """Instances in standby stay when the group is scaled to 0, in service they go. For each that is put back in
        service "the desired capacity is incremented", and it can not be above the maximum.

        https://github.com/hashicorp/terraform-provider-aws/issues/34113
        https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ExitStandby.html
        """
        wanted = group.get("DesiredCapacity", 0) + count
        if count and wanted > group.get("MaxSize", wanted):
            self._call("UpdateAutoScalingGroup", MaxSize=wanted)


def _providers(work: Work, group: Iterable[str]) -> list[str]:
    """Capacity providers of ECS that protect instances of a group, given by its name and ARN."""
    found: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        answer = call(work, "ecs:DescribeCapacityProviders", **token)
        found += answer.get("capacityProviders", ())
        if not answer.get("nextToken"):
            break
        token = {"nextToken": answer["nextToken"]}
    settings = [(item["name"], item.get("autoScalingGroupProvider") or {}) for item in found]
    return [
        name
        for name, setting in settings
        if setting.get("autoScalingGroupArn") in group and setting.get("managedTerminationProtection") == "ENABLED"
    ]


# "prevent-force-deletion" lets an empty group go, and CloudFormation empties it:
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/resource-deletion-protection.html
_ALL_DELETION = "prevent-all-deletion"
_LOST = "the protection of its instances, and the instances of its warm pool; all instances go with the group"

TYPES = (
    ResourceType(
        name=GROUP,
        command=by("autoscaling delete-auto-scaling-group --force-delete --auto-scaling-group-name"),
        lookup=Lookup(
            action="autoscaling:DescribeAutoScalingGroups",
            ask=lambda names: {"AutoScalingGroupNames": list(names)},
            there=lambda answer, names: (item["AutoScalingGroupName"] for item in answer["AutoScalingGroups"]),
            most=_GROUPS_PER_CALL,
        ),
        arn="autoscaling:autoScalingGroup",
        arn_id=lambda arn: arn.partition("autoScalingGroupName/")[2],
        protection=Protection(
            action="autoscaling:DescribeAutoScalingGroups",
            ask=lambda name: {"AutoScalingGroupNames": [name]},
            on=lambda answer, name: any(
                item.get("DeletionProtection") == _ALL_DELETION for item in answer["AutoScalingGroups"]
            ),
            lift=lambda name: (
                *("autoscaling", "update-auto-scaling-group", "--auto-scaling-group-name", name),
                *("--deletion-protection", "none"),
            ),
            switch=one_call(
                "autoscaling:UpdateAutoScalingGroup",
                lambda name, on: {
                    "AutoScalingGroupName": name,
                    "DeletionProtection": _ALL_DELETION if on else "none",
                },
            ),
            switches=("autoscaling:UpdateAutoScalingGroup",),
        ),
        clearing=Clearing(
            detect=_detect,
            clear=lambda work, name: _Clearing(work, name).run(),
            detects=("autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeLifecycleHooks"),
            clears=(
                "autoscaling:DeleteWarmPool",
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:ExitStandby",
                "autoscaling:ResumeProcesses",
                "autoscaling:SetInstanceProtection",
                "autoscaling:UpdateAutoScalingGroup",
                "cloudformation:DescribeStackResources",
                "ecs:DescribeCapacityProviders",
                "ecs:UpdateCapacityProvider",
            ),
            lost=_LOST,
            source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-protection.html",
            in_vain=60,
        ),
    ),
)
