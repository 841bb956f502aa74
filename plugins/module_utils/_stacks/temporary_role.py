# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A role with which CloudFormation deletes the stacks whose own role is gone: made for a run, removed after it."""

from __future__ import annotations

import hashlib
import json
import re
import time
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Mapping
from typing import Sequence

from .._aws.errors import AwsCallError
from .._aws.errors import MISSING
from .._aws.errors import aws_call
from .._aws.looks import Looks
from .._resources.iam import ROLE
from .._resources.lookup import Lookups
from .._resources.resource import Resource
from .._resources.resource import last_part
from .._watch.progress import Progress
from .state import StackState
from .types import ABSENT
from .types import DELETE_IN_PROGRESS
from .types import GONE
from .types import RECREATED

#: What a policy can allow to be made, passed and removed, and nothing else.
PATH = "/workshop-lifecycle/"
TAG = "workshop-lifecycle:made-for"
ACTIONS = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DetachRolePolicy",
    "iam:GetRole",
    "iam:ListAttachedRolePolicies",
)
_LONGEST = 64  # characters of a role's name
_POLICY = re.compile(r"arn:[a-z-]+:iam::(aws|\d{12}):policy/[\w+=,.@/-]+")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
# To delete it, since what was just detached may still count; and to find what was just made:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html (eventually consistent)
_TRIES = 5


def role_name(made_for: str, region: str) -> str:
    """What the role for a workshop in a region is called: IAM knows no regions."""
    name = f"workshop-lifecycle-{made_for}-{region}"
    if len(name) <= _LONGEST:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: _LONGEST - 9]}-{mark}"


def policies_problem(policies: Sequence[str], option: str) -> str:
    """Why a role can not be made with these policies; empty if it can. ``option``: what has them."""
    if not policies:
        return (
            f"{option} is empty, and a role without a policy deletes nothing: name the ARNs of managed policies that "
            "allow to delete what is in the stacks whose role is gone, and no more."
        )
    strange = [arn for arn in policies if not _POLICY.fullmatch(arn)]
    return f"{option} has {', '.join(map(repr, strange))}, which is no ARN of a managed policy." if strange else ""


def is_temporary(arn: str) -> bool:
    """Whether a role with this ARN may be such a one."""
    return f":role{PATH}" in arn


class TemporaryRole:
    """``given``: C(create), C(name), of what it is made for, and C(policies), ARNs; None for no such role at all. A
    role of its name that was not made for this is never touched. One that an earlier run was kept from removing is
    taken up, and removed as any other, but not while another run deletes stacks with it.

    ``problems``: what could not be looked at, and what may follow from its end."""

    def __init__(
        self,
        clients: Callable[[str], Any],
        given: Mapping[str, Any] | None,
        progress: Progress,
        clock: Callable[[], float],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clients = clients
        self._sleep = sleep
        self._wanted = given is not None and bool(given["create"])
        self._made_for = str((given or {}).get("name") or "")
        self._policies = tuple((given or {}).get("policies") or ())
        self._progress = progress
        self._clock = clock
        self._stacks: list[str] = []
        self._arn = ""
        self._mine = False
        self._made_now = False
        self._check_mode = False
        self._own_ids: frozenset[str] = frozenset()
        self._removed = False
        self._reason = ""
        self.changed = False
        self.problems: list[str] = []

    def begin(self, states: Iterable[StackState], given: Callable[[StackState], str | None], check_mode: bool) -> str:
        """Make it, and give it to those that need it. ``given``: the role that somebody has named for a stack. What is
        wrong; empty if nothing is. Raises :class:`AwsCallError`."""
        if not self._wanted:
            return ""
        states = list(states)
        self._check_mode = check_mode
        self._own_ids = frozenset(state.stack_id for state in states)
        found = self._found()
        self._mine = found is not None and self._is_mine(found)
        self._arn = str(found["Arn"]) if found is not None and self._mine else ""
        needy = self._needy([state for state in states if state.own_role and not state.outcome and not given(state)])
        self._stacks = [state.spec.name for state in needy]
        if not needy:
            return ""
        if found is not None and not self._mine:
            return (
                f"Nothing was asked for: the role {self._name} is there, and was not made for this by a run of this "
                f"module, which its path {PATH} and its tag {TAG} would say. Remove or rename it, or name a role in "
                "workshop_role_arn (role_arn of the module)."
            )
        if not check_mode:
            self._make()
            for state in needy:
                state.give_role(self._arn, self._clock())
        return ""

    def end(self, states: Iterable[StackState]) -> str:
        """Remove it. Why that could not be done; empty if it is not there."""
        if not self._mine or self._removed:
            return ""
        if self._check_mode:
            self.changed = True
            return ""
        going = [item.spec.name for item in states if item.spec.name in self._stacks and _goes_on(item)]
        try:
            with Looks(self._clients, self._sleep) as looks:
                others = self._used_by_others(looks)
                if others:
                    return self._still_there(
                        f"the deletion of {', '.join(others)} goes on with it, which this run has not asked for."
                    )
                self._remove(looks)
        except AwsCallError as error:
            return self._still_there(error.advice())
        self._removed = self.changed = True
        self._reason = ""
        self._tell("gone", f"removed the role {self._name}")
        if going:
            self.problems.append(
                f"The role {self._name} was removed while the deletion of {', '.join(going)} went on with it, which "
                "may fail for that. Run this again: it makes the role anew."
            )
        return ""

    def row(self) -> dict[str, Any] | None:
        """As it is returned; None where none was needed, nor found."""
        if not self._stacks and not self._mine:
            return None
        return {
            "name": self._name,
            "arn": self._arn or None,
            "policies": list(self._policies),
            "stacks": self._stacks,
            "removed": self._removed,
            "reason": self._reason,
        }

    @property
    def _name(self) -> str:
        return role_name(self._made_for, self._region)

    @property
    def _region(self) -> str:
        return str(self._clients("cloudformation").meta.region_name)

    @property
    def _tags(self) -> list[dict[str, str]]:
        return [{"Key": TAG, "Value": f"{self._made_for} {self._region}"}]

    def _found(self) -> Mapping[str, Any] | None:
        with Looks(self._clients, self._sleep) as looks:
            try:
                (answer,) = looks.tried(lambda: looks.pages("iam:GetRole", RoleName=self._name))
            except AwsCallError as error:
                if error.kind != MISSING:
                    raise
                return None
        return dict(answer["Role"])

    def _is_mine(self, role: Mapping[str, Any]) -> bool:
        tags = role.get("Tags") or ()
        return role.get("Path") == PATH and all(tag in tags for tag in self._tags)

    def _needy(self, states: Sequence[StackState]) -> list[StackState]:
        """Those whose own role is gone, or is this very one. Where that can not be looked at, it is said."""
        roles = {state.own_role: Resource(ROLE, last_part(state.own_role)) for state in states}
        asked = [role for arn, role in roles.items() if arn != self._arn]
        with Looks(self._clients, self._sleep) as looks:
            there = Lookups(looks).there(asked)
            for gap in looks.gaps():
                self.problems.append(
                    f"Whether roles of stacks are gone is not all known. {gap['action']}: {gap['message']}"
                )
        return [state for state in states if self._arn == state.own_role or there[roles[state.own_role]] is False]

    def _make(self) -> None:
        """The role with these policies, and no others, but for those with which another run deletes stacks now."""
        iam = self._clients("iam")
        with Looks(self._clients, self._sleep) as looks:
            if not self._mine:
                self._arn = str(looks.tried(lambda: self._create(iam)))
                self._mine = self._made_now = self.changed = True
            attached = self._attached(looks)
            for arn in self._policies:
                if arn not in attached:
                    self._known(looks, lambda arn=arn: self._call(iam.attach_role_policy, "iam:AttachRolePolicy", arn))
            surplus = [arn for arn in attached if arn not in self._policies]
            for arn in surplus if surplus and not self._used_by_others(looks) else ():
                looks.tried(lambda arn=arn: self._call(iam.detach_role_policy, "iam:DetachRolePolicy", arn))
        self._tell("asked", f"made the role {self._name} for {', '.join(self._stacks)}: {', '.join(self._policies)}")

    def _used_by_others(self, looks: Looks) -> list[str]:
        """Names of stacks that are being deleted with it and are not of this run. Raises :class:`AwsCallError`."""
        pages = looks.tried(lambda: looks.pages("cloudformation:DescribeStacks"))
        return sorted(
            row["StackName"]
            for page in pages
            for row in page["Stacks"]
            if row.get("RoleARN") == self._arn
            and row["StackStatus"] == DELETE_IN_PROGRESS
            and row.get("RootId", row["StackId"]) not in self._own_ids
        )

    def _still_there(self, why: str) -> str:
        self._reason = f"The role {self._name}, made for this run, is still there: {why} Running this again removes it."
        self._tell("failed", self._reason)
        return self._reason

    def _create(self, iam: Any) -> str:
        with aws_call("iam:CreateRole"):
            made = iam.create_role(
                Path=PATH,
                RoleName=self._name,
                AssumeRolePolicyDocument=json.dumps(_TRUST),
                Description="Made by workshop.lifecycle for one run, and removed after it",
                Tags=self._tags,
            )
        return made["Role"]["Arn"]

    def _attached(self, looks: Looks) -> list[str]:
        action = "iam:ListAttachedRolePolicies"
        pages = self._known(looks, lambda: looks.pages(action, RoleName=self._name))
        return [policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"]]

    def _known(self, looks: Looks, call: Callable[[], Any]) -> Any:
        """The answer of ``call``. That there is no role is not believed at once of one that this run has made. Raises
        :class:`AwsCallError`."""
        for attempt in range(1, _TRIES + 1):
            try:
                return looks.tried(call)
            except AwsCallError as error:
                if error.kind != MISSING or not self._made_now or attempt == _TRIES:
                    raise
            self._sleep(attempt)
        return None

    def _call(self, call: Callable[..., Any], action: str, policy_arn: str) -> None:
        with aws_call(action):
            call(RoleName=self._name, PolicyArn=policy_arn)

    def _remove(self, looks: Looks) -> None:
        """Raises :class:`AwsCallError`, but not for a role that is gone by now."""
        iam = self._clients("iam")
        try:
            for arn in self._attached(looks):
                looks.tried(lambda arn=arn: self._call(iam.detach_role_policy, "iam:DetachRolePolicy", arn))
            self._delete(looks, iam)
        except AwsCallError as error:
            if error.kind != MISSING:
                raise

    def _delete(self, looks: Looks, iam: Any) -> None:
        def delete() -> None:
            with aws_call("iam:DeleteRole"):
                iam.delete_role(RoleName=self._name)

        for attempt in range(1, _TRIES + 1):
            try:
                looks.tried(delete)
                return
            except AwsCallError as error:
                if error.code != "DeleteConflict" or attempt == _TRIES:
                    raise
                self._sleep(attempt)

    def _tell(self, status: str, text: str) -> None:
        self._progress.tell("role", self._name, status, text)


def _goes_on(state: StackState) -> bool:
    gone = state.outcome in (ABSENT, GONE, RECREATED)
    return not gone and (state.status == DELETE_IN_PROGRESS or (state.started and not state.outcome))
