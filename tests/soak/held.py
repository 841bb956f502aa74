# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One trial of what holds stacks up: some stacks of that kind, a teardown that may clear some of it, the judgement,
and further teardowns that may clear all until the workshop is gone. Beside each there is a stranger's of the same."""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from botocore.exceptions import ClientError
from moto.s3.exceptions import MissingBucket
from moto.s3.models import s3_backends

from tests.emulator import Emulator
from tests.emulator.world import ACCOUNT_ID, world
from tests.integration import templates

from .holds import HOLDS, Hold, Place, Put, amount, network
from .runs import MOST_RERUNS, Outcome, Run, busiest_second, own_emulator, teardown

OURS, THEIRS = "soak-", "soaked-"  # the one begins as the other does, but for the hyphen
BUCKET = "AWS::S3::Bucket"
FINAL = "You are not authorized to do that (HandlerErrorCode: AccessDenied)"
GONE, LEFT, EITHER = "gone", "left", "either"
READS = ("Describe", "List", "Get", "BatchGet", "Search", "Head", "Validate")


@dataclass
class Stack:
    """One, and what holds it. ``fate``: what has to become of it; ``kept``: whether what holds it is as before then;
    ``counted``: whether the numbers that are told are those that were there."""

    name: str
    hold: Hold
    put: Put
    agreed: bool = False
    fate: str = GONE
    kept: bool = False
    counted: bool = True
    before: object = None

    def now(self) -> object:
        """What is there of what holds it."""
        try:
            return self.put.state()
        except ClientError as error:
            return error.response["Error"]["Code"]


@dataclass
class Held:
    """A workshop of such stacks. ``strangers``: stacks of others; ``mend``: ends what a fault does."""

    emulator: Emulator
    dice: random.Random
    stacks: list[Stack]
    strangers: list[Stack]
    clear: list[str] = field(default_factory=list)
    uncleared: str = "fail"
    kill_after: int = 0
    kill_by_writes: bool = False
    mend: list[Callable[[], object]] = field(default_factory=list)

    @property
    def variables(self) -> dict[str, object]:
        """What its teardown has to be told."""
        return {
            "workshop_scope": {"prefix": OURS},
            "workshop_confirm": OURS.rstrip("-"),
            "workshop_clear": self.clear,
            "workshop_uncleared": self.uncleared,
            "workshop_poll_interval": 0.2,
            "workshop_wait_timeout": 60,
            "leftovers_settle": 1,
        }

    def doomed(self) -> bool:
        """Whether its teardown is to be killed now."""
        called = self.emulator.calls.by_action
        counted = writes(called) if self.kill_by_writes else called
        return 0 < self.kill_after <= sum(called[action] for action in counted)

    @property
    def refused(self) -> bool:
        """Whether nothing may be touched."""
        return self.uncleared == "fail" and any(item.hold.own and not item.agreed for item in self.stacks)


def writes(actions: Iterable[str]) -> list[str]:
    """Those that are no looks."""
    return [action for action in actions if not action.split(":")[1].startswith(READS)]


def deploy(emulator: Emulator, dice: random.Random) -> Held:
    """An empty account, but for some stacks that are held, and as many of others."""
    emulator.reset()
    place = network(emulator)
    holds = dice.sample(HOLDS, dice.randint(2, 5))
    stacks: dict[str, list[Stack]] = {OURS: [], THEIRS: []}
    for number, (prefix, hold) in enumerate((prefix, hold) for hold in holds for prefix in stacks):
        name = f"{prefix}{number}"
        stacks[prefix].append(Stack(name, hold, hold.put(Place(emulator, dice, name, number, place))))
    for stack in (*stacks[OURS], *stacks[THEIRS]):
        stack.before = stack.now()
    return Held(emulator, dice, stacks[OURS], stacks[THEIRS])


def agree(held: Held) -> list[tuple[str, str]]:
    """Draw what may be cleared, and what becomes of the rest: what the trial is called, and what holds its stacks."""
    types = sorted({stack.hold.type for stack in held.stacks})
    drawn = held.dice.choice(("all", "all", "some", "some", "none"))
    some = held.dice.sample(types, held.dice.randint(1, max(1, len(types) - 1)))
    held.clear = {"all": ["all"], "some": some, "none": []}[drawn]
    held.uncleared = held.dice.choice(("fail", "go_on"))
    for stack in held.stacks:
        stack.agreed = drawn == "all" or stack.hold.type in held.clear
    for stack in held.stacks:
        if held.refused or not stack.agreed:
            passes = stack.hold.passes and not held.refused
            stack.fate, stack.kept = (EITHER, False) if passes else (LEFT, True)
    rows = [(stack.hold.type, stack.name + ("" if stack.agreed else ", not agreed to")) for stack in held.stacks]
    return [(f"{drawn} agreed to, {held.uncleared}", ""), *rows]


def hinder(held: Held) -> tuple[str, str] | None:
    """Switch a fault on, in three trials of four; what to call it. None is drawn where all is refused anyway."""
    agreed = [stack for stack in held.stacks if stack.agreed]
    drawn = held.dice.choice((None, None, _disorder, _killed, _killed, _killed, _denied, _fails))
    if any(stack.hold.type == BUCKET for stack in agreed):
        drawn = held.dice.choice((drawn, _writer, _writer_past_the_policy))
    if drawn is None or held.refused or not agreed:
        return None
    return drawn(held, agreed)


def _disorder(held: Held, _agreed: list[Stack]) -> tuple[str, str]:
    held.emulator.faults.throttle(held.dice.choice((0.05, 0.1, 0.2)))
    held.emulator.faults.slow(0.3, fraction=0.05)
    return "throttled", ""


def _killed(held: Held, agreed: list[Stack]) -> tuple[str, str]:
    """At any moment, or soon after something was changed."""
    held.kill_after, held.kill_by_writes = held.dice.choice(
        ((held.dice.randint(1, 250), False), (held.dice.randint(1, 12), True))
    )
    for stack in agreed:
        stack.fate, stack.counted = EITHER, False
    return "killed while clearing", f"after {held.kill_after} {'changes' if held.kill_by_writes else 'calls'}"


def _denied(held: Held, agreed: list[Stack]) -> tuple[str, str]:
    action = held.dice.choice(agreed).hold.action
    held.emulator.faults.deny(action)
    for stack in held.stacks:
        if action in (stack.hold.action, stack.hold.needs):
            stack.fate, stack.counted = EITHER if stack.hold.passes else LEFT, False
            stack.kept = action == stack.hold.action and (stack.hold.protection or stack.hold.type == BUCKET)
    return "what clears it is denied", action


def _fails(held: Held, agreed: list[Stack]) -> tuple[str, str]:
    stack = held.dice.choice(agreed)
    held.emulator.faults.fail_resource(stack.name, "It", FINAL)
    stack.fate, stack.kept = LEFT, stack.hold.protection
    return "it fails otherwise", stack.name


def _writer(held: Held, agreed: list[Stack]) -> tuple[str, str]:
    """One more object comes while a bucket is emptied."""
    return "somebody writes meanwhile", _write_after(held, agreed, ["s3:DeleteObjectVersion"])


def _writer_past_the_policy(held: Held, agreed: list[Stack]) -> tuple[str, str]:
    """Another one as well, after writers were denied, as one does that was accepted before S3 knew of it everywhere."""
    after = ["s3:DeleteObjectVersion", "s3:PutBucketPolicy"]
    return "somebody writes past the policy", _write_after(held, agreed, after)


def _write_after(held: Held, agreed: list[Stack], actions: Sequence[str]) -> str:
    """Put an object into a bucket right after each of these was called for the first time; the bucket's name."""
    (bucket,) = (stack for stack in agreed if stack.hold.type == BUCKET)
    bucket.counted = False
    ended = threading.Event()

    def write() -> None:
        for action in actions:
            while not held.emulator.calls.by_action.get(action):
                if ended.wait(0.02):
                    return
            with suppress(MissingBucket), world.lock:
                s3_backends[ACCOUNT_ID]["aws"].put_object(bucket.name, f"late-{action[3:]}", b"x")

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    held.mend += [ended.set, thread.join]
    return bucket.name


def trial(seed: int, number: int) -> Outcome:
    """Repeated with the same arguments, it draws the same stacks and the same fault."""
    emulator = own_emulator()
    dice = random.Random(f"{seed}/{number}")
    began = time.monotonic()
    held = deploy(emulator, dice)
    faults = agree(held)
    if hindered := hinder(held):
        faults.append(hindered)
    outcome = Outcome(number, faults)
    with tempfile.TemporaryDirectory(prefix="soak-") as scratch:
        run = teardown(held, Path(scratch, "0"))
        outcome.verdict, outcome.busiest_second = run.verdict, busiest_second(emulator)
        written = writes(call.action for call in emulator.calls.log)
        emulator.faults.clear()
        for mend in held.mend:
            mend()
        note(outcome, held, run, written)
        held.clear, held.uncleared, held.kill_after = ["all"], "fail", 0
        for stack in held.stacks:
            stack.agreed, stack.fate, stack.kept, stack.counted = True, GONE, False, False
        while run.code != 0:
            if outcome.reruns == MOST_RERUNS:
                note(outcome, held, run, [])
                outcome.wrong.append(f"not clean after {MOST_RERUNS} more runs")
                break
            outcome.reruns += 1
            run = teardown(held, Path(scratch, str(outcome.reruns)))
            if run.code == 0:
                note(outcome, held, run, [])
    outcome.seconds = time.monotonic() - began
    return outcome


def note(outcome: Outcome, held: Held, run: Run, written: Sequence[str]) -> None:
    """Put a run and what was wrong with it into the outcome. ``written``: the actions that were no looks."""
    outcome.log += run.output
    outcome.ended = outcome.ended and (run.code is not None or run.killed)
    there = set(templates.live(held.emulator))
    for stack in held.strangers:
        if stack.name not in there or stack.now() != stack.before:
            outcome.wrong.append(f"not ours, but touched: {stack.hold.type} of {stack.name}: {stack.now()}")
    if held.refused and written:
        outcome.wrong.append(f"refused, but called {', '.join(sorted(set(written)))}")
    outcome.wrong += judge(run, held.stacks, there)


def judge(run: Run, stacks: Sequence[Stack], there: set[str]) -> list[str]:
    """What a run did or said that is not so. ``there``: names of stacks."""
    if run.code is None and not run.killed:
        return ["it did not end"]
    wrong = ["it ended with a traceback"] if "Traceback (most recent call last)" in run.output else []
    for stack in stacks:
        words = f"{stack.hold.type} of {stack.name}"
        if stack.fate == GONE and stack.name in there:
            wrong.append(f"left, although it was agreed to: {words}")
        if stack.fate == LEFT and stack.name not in there:
            wrong.append(f"gone, although something held it: {words}")
        if stack.kept and (now := stack.now()) != stack.before:
            wrong.append(f"touched: {words}: {stack.before} is {now}")
    if run.killed:
        return wrong
    left = {stack.name for stack in stacks if stack.name in there}
    if (run.code == 0) != (not left):
        wrong.append(f"the exit is {run.code}, left: {', '.join(sorted(left)) or 'nothing'}")
    if not run.report:
        return wrong
    if (run.report["verdict"] == "clean") != (run.code == 0):
        wrong.append(f"the verdict is {run.report['verdict']}, the exit {run.code}")
    named = {row["name"] for row in run.report["left"] if row["kind"] == "stack"}
    if named != left:
        wrong.append(f"named as left: {', '.join(sorted(named))}; left: {', '.join(sorted(left))}")
    more = [row["name"] for row in run.report["left"] if row["kind"] != "stack"]
    if more:
        wrong.append(f"named as left besides: {', '.join(more)}")
    return wrong + [text for stack in stacks for text in _numbers(run, stack)]


def _numbers(run: Run, stack: Stack) -> list[str]:
    """What is wrong with what a report tells of a stack as cleared."""
    rows = [row for row in run.report["cleared"] if row["stack_name"] == stack.name]
    told = {amount(item["count"], item["one"], item["many"]) for row in rows for item in row["amounts"]}
    if not stack.agreed:
        return [f"told as cleared, but not agreed to: {stack.name}"] if rows else []
    if stack.counted and told != stack.put.amounts:
        return [f"cleared of {stack.name}: {sorted(stack.put.amounts)}; told: {sorted(told)}"]
    if stack.kept and stack.hold.protection and any(row["amounts"] and not row["put_back"] for row in rows):
        return [f"put back, but not told: {stack.name}"]
    return []
