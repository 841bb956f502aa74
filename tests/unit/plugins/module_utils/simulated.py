# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A CloudFormation without AWS and without time, for properties: it keeps AWS's rules, and is as difficult as told."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t

#: Whether events have the token of their request. Who hides it still takes the same token as a repetition.
TOKENS_IN_EVENTS = ("shown", "hidden", "unknown")
UNLUCKY = (errors.TRANSIENT, errors.UNREACHABLE)
OUTSIDE = "y"  # a stack that nobody deletes


@dataclass
class Thing:
    """A resource. ``fates``: the reasons with which its next deletions fail, one by one; then it goes."""

    type: str
    fates: list[str] = field(default_factory=list)
    needs: tuple[str, ...] = ()
    status: str = "CREATE_COMPLETE"
    reason: str = ""


@dataclass
class Stack:
    """A stack with its whole truth. ``ticks``: how long each of its operations takes.

    ``export_shows``: it has an export in use by the stacks ``used_by``, which shows as "refuse", "bounce" or "fail", as
    in the emulator's faults.
    """

    name: str
    things: dict[str, Thing]
    ticks: int = 3
    number: int = 1
    status: str = "CREATE_COMPLETE"
    reason: str = ""
    protected: bool = False
    export_shows: str = ""
    used_by: tuple[str, ...] = (OUTSIDE,)
    blocked: str = ""
    left: int = 0
    token: str = ""
    retain: tuple[str, ...] = ()
    events: list[t.StackEvent] = field(default_factory=list)
    old: str = ""
    stale: int = 0
    used: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        return f"arn:{self.name}/{self.number}"

    def enter(self, status: str, reason: str = "") -> None:
        self.status, self.reason = status, reason
        self.events.insert(0, t.StackEvent(status, reason, self.token, str(len(self.events))))


class CloudFormation:
    """Answers as StackLister and StackReader do.

    ``luck``: returns for each call None, or when to fail it: "before" it took effect or "after".
    ``staleness``: returns for each accepted deletion how many of the next looks still show the old status.
    ``tokens``: one of TOKENS_IN_EVENTS.
    """

    def __init__(
        self,
        stacks: list[Stack],
        luck: Callable[[], str | None],
        staleness: Callable[[], int] = lambda: 0,
        tokens: str = "shown",
    ) -> None:
        self.stacks = {stack.name: stack for stack in stacks}
        self.everything = list(stacks)
        self.pages = 1
        self.deletions: list[t.Delete] = []
        self._luck = luck
        self._staleness = staleness
        self._tokens = tokens
        for stack in stacks:
            stack.blocked = self._in_use(stack) if stack.status == t.DELETE_IN_PROGRESS else ""

    # What time does

    def tick(self) -> None:
        for stack in self.everything:
            if stack.status.endswith("_IN_PROGRESS"):
                stack.left -= 1
                if stack.left <= 0:
                    self._end(stack)

    def _end(self, stack: Stack) -> None:
        if stack.status != t.DELETE_IN_PROGRESS:
            stack.enter(stack.status.replace("_IN_PROGRESS", "_COMPLETE"))
        elif stack.blocked:
            stack.enter(stack.old if stack.export_shows == "bounce" else t.DELETE_FAILED, stack.blocked)
        else:
            self._end_deletion(stack)

    def _end_deletion(self, stack: Stack) -> None:
        failed: set[str] = set()
        progress = True
        while progress:
            progress = False
            for name, thing in stack.things.items():
                standing = [other for other, its in stack.things.items() if name in its.needs and _stands(its)]
                if standing or name in failed or not _stands(thing):
                    continue
                progress = True
                if name in stack.retain:
                    thing.status = "DELETE_SKIPPED"
                elif thing.fates:
                    thing.status, thing.reason = t.DELETE_FAILED, thing.fates.pop(0)
                    failed.add(name)
                else:
                    thing.status = t.DELETE_COMPLETE
        if any(_stands(thing) for thing in stack.things.values()):
            stack.enter(t.DELETE_FAILED, f"The following resource(s) failed to delete: [{', '.join(sorted(failed))}].")
        else:
            stack.enter(t.DELETE_COMPLETE)
            if self.stacks.get(stack.name) is stack:
                del self.stacks[stack.name]

    def make_anew(self, name: str) -> Stack:
        """Somebody makes a stack of a name that is free now."""
        number = 1 + max(stack.number for stack in self.everything if stack.name == name)
        stack = Stack(name, {"R": Thing("AWS::X::Y")}, number=number)
        self.everything.append(stack)
        self.stacks[name] = stack
        return stack

    def listing(self) -> dict[str, t.StackView]:
        """A first look that nothing goes wrong with."""
        return {name: _view(stack) for name, stack in self.stacks.items()}

    # What StackLister and StackReader offer

    def described(self, names: Collection[str] = ()) -> dict[str, t.StackView]:
        self._call("cloudformation:DescribeStacks")
        return self.listing()

    def by_id(self, stack_id: str) -> t.StackView | None:
        self._call("cloudformation:DescribeStacks")
        if stack_id == OUTSIDE:
            return t.StackView(f"arn:{OUTSIDE}/1", OUTSIDE, "CREATE_COMPLETE")
        return _view(self._find(stack_id))

    def deleted(self, stack_ids: Collection[str]) -> list[t.StackView]:
        """Every second one: nothing says that the list is complete."""
        self._call("cloudformation:ListStacks")
        gone = [stack for stack in self.everything if stack.status == t.DELETE_COMPLETE and stack.id in stack_ids]
        return [_view(stack) for stack in gone[::2]]

    def resources(self, stack_id: str) -> list[t.StackResource]:
        self._call("cloudformation:ListStackResources")
        stack = self._find(stack_id)
        going = stack.status == t.DELETE_IN_PROGRESS
        return [
            t.StackResource(name, f"physical-{name}", thing.type,
                            t.DELETE_IN_PROGRESS if going and _stands(thing) else thing.status, thing.reason)
            for name, thing in sorted(stack.things.items())
        ]  # fmt: skip

    def events(self, stack_id: str) -> list[t.StackEvent]:
        self._call("cloudformation:DescribeStackEvents")
        found = self._find(stack_id).events
        return list(found) if self._tokens == "shown" else [replace(event, token="") for event in found]

    def importers(self, export: str) -> list[str]:
        self._call("cloudformation:ListImports")
        return self._users(next(stack for stack in self.everything if f"x-{stack.name}" == export))

    def delete(self, request: t.Delete) -> None:
        late = self._call("cloudformation:DeleteStack", write=True)
        self.deletions.append(request)
        self._delete(self._find(request.stack_id), request)
        if late:
            raise late

    def unprotect(self, stack_id: str) -> None:
        self._call("cloudformation:UpdateTerminationProtection")
        self._find(stack_id).protected = False

    # Inside

    def _delete(self, stack: Stack, request: t.Delete) -> None:
        if stack.status == t.DELETE_COMPLETE:
            return
        if stack.protected:
            raise _refusal(errors.PROTECTED, f"Stack [{stack.name}] cannot be deleted while TerminationProtection is "
                           "enabled")  # fmt: skip
        if stack.status in t.MUST_END_FIRST:
            raise _refusal(errors.WRONG_STATUS, f"Stack [{stack.id}] cannot be deleted while in status {stack.status}")
        blocked = self._in_use(stack)
        if blocked and stack.export_shows == "refuse":
            raise _refusal(errors.EXPORT_IN_USE, blocked)
        # https://github.com/rebuy-de/aws-nuke/issues/244
        if request.retain and stack.status != t.DELETE_FAILED:
            raise _refusal(errors.OTHER, "specify which resources to retain only when the stack is in the "
                           "DELETE_FAILED state.")  # fmt: skip
        if any(stack.things[name].status != t.DELETE_FAILED for name in request.retain):
            raise _refusal(errors.OTHER, "The specified resources to retain must be in a valid state.")
        # A token that was used before is a repetition:
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
        if stack.status == t.DELETE_IN_PROGRESS or request.token in stack.used and self._tokens != "unknown":
            return
        stack.used.add(request.token)
        stack.blocked = blocked
        stack.old, stack.stale = stack.status, self._staleness()
        stack.token, stack.retain, stack.left = request.token, request.retain, stack.ticks
        stack.enter(t.DELETE_IN_PROGRESS, "User Initiated")

    def _call(self, action: str, write: bool = False) -> errors.AwsCallError | None:
        when = self._luck()
        if when is None:
            return None
        error = errors.AwsCallError(UNLUCKY[when == "after"], "Code", "message", action)
        if when == "before" or not write:
            raise error
        return error

    def _users(self, stack: Stack) -> list[str]:
        """The stacks that import from one, and stand."""
        standing = {other.name for other in self.everything if other.status != t.DELETE_COMPLETE and other.number == 1}
        return [name for name in stack.used_by if name in standing or name == OUTSIDE] if stack.export_shows else []

    def _in_use(self, stack: Stack) -> str:
        users = self._users(stack)
        return f"Export x-{stack.name} cannot be deleted as it is in use by {' and '.join(users)}" if users else ""

    def _find(self, stack_id: str) -> Stack:
        return next(stack for stack in self.everything if stack.id == stack_id)


def _stands(thing: Thing) -> bool:
    return thing.status not in (t.DELETE_COMPLETE, "DELETE_SKIPPED")


def _view(stack: Stack) -> t.StackView:
    status = stack.status
    if stack.stale > 0 and status in (t.DELETE_IN_PROGRESS, t.DELETE_FAILED):
        stack.stale -= 1
        status = stack.old
    exports = (f"x-{stack.name}",) if stack.export_shows else ()
    return t.StackView(stack.id, stack.name, status, stack.reason, stack.protected, exports=exports)


def _refusal(kind: str, message: str) -> errors.AwsCallError:
    return errors.AwsCallError(kind, "ValidationError", message, "cloudformation:DeleteStack")
