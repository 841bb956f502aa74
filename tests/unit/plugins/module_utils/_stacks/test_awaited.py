# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.awaited import Awaited
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import NESTED
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.state import StackState
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.template import property_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.progress import Progress

CALLED = datetime(2026, 10, 1, 13, 32, 5, tzinfo=timezone.utc)


def going(name="Filled", kind="Custom::Filled", status="DELETE_IN_PROGRESS", physical="x"):
    return t.StackResource(name, physical, kind, status, updated=CALLED)


class World:
    """A stack that is being deleted, and what StackReader tells of it. ``raises``: instead of its resources."""

    def __init__(self, clock, tmp_path, *resources, timeout="1800", left=7200.0, leaves=False, seen=None):
        self.clock = clock
        self.file = tmp_path / "progress"
        self.owned = {"arn:a": list(resources)}
        self.timeout = timeout
        self.raises = None
        self.looks = 0
        self.state = StackState(
            t.StackSpec("a", resources=seen), stack_id="arn:a", status="DELETE_IN_PROGRESS"
        )
        self.awaited = Awaited(
            self, Progress(str(self.file)), clock, lambda state: left, leaves, lambda: CALLED.replace(minute=34)
        )

    def resources(self, stack_id):
        self.looks += 1
        if self.raises is not None:
            raise self.raises
        return self.owned[stack_id]

    def property_of(self, stack_id, logical_id, name):
        assert name == "ServiceTimeout"
        if isinstance(self.timeout, Exception):
            raise self.timeout
        return self.timeout

    def after(self, seconds):
        """What is told after so many more seconds."""
        before = len(self.told())
        self.clock.now += seconds
        self.awaited.look([self.state])
        return self.told()[before:]

    def told(self):
        lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        return [json.loads(line)["text"] for line in lines]


def test_after_a_minute_it_is_told_since_when_until_when_and_what_to_do(clock, tmp_path):
    world = World(clock, tmp_path, going(), going("Done", status="DELETE_COMPLETE"), going("Table", "AWS::X::Y"))
    assert world.after(0) == [] == world.after(59) and world.looks == 0
    words = "waits for the function of Filled (Custom::Filled) since 13:32:05 UTC, until 14:02:05 UTC"
    assert world.after(1) == [
        f"a: CloudFormation {words}",
        "a: if that function, its role or its network is gone, make it again before, or the stack fails then",
    ]
    assert world.awaited.words(world.state) == words
    assert world.after(59) == [] and world.looks == 1
    assert world.after(1) == [] and world.looks == 2
    assert world.after(300) == [f"a: CloudFormation still {words}"]
    world.owned["arn:a"] = []
    assert world.after(60) == [] and world.awaited.words(world.state) == ""


def test_that_it_is_left_behind_and_that_the_run_ends_before_is_said(clock, tmp_path):
    world = World(clock, tmp_path, going(), left=600.0, leaves=True)
    world.after(0)
    (_waits, todo) = world.after(60)
    assert "or it is left behind then" in todo
    assert todo.endswith("this run waits for the stack until 13:44:05 UTC only, see workshop_wait_timeout")


@pytest.mark.parametrize(
    ("said", "end"),
    [
        (None, ", until 14:32:05 UTC"),
        ("{'Ref': 'Seconds'}", ", for an hour at most"),
        (AwsCallError(errors.DENIED, "AccessDenied", "no", "cloudformation:GetTemplate"), ", for an hour at most"),
    ],
)
def test_until_when_is_as_the_template_says_or_an_hour(clock, tmp_path, said, end):
    world = World(clock, tmp_path, going(), timeout=said)
    world.after(0)
    assert world.after(60)[0].endswith(f"since 13:32:05 UTC{end}")


def test_one_in_a_nested_stack_is_seen(clock, tmp_path):
    old = going("Old", NESTED, "DELETE_COMPLETE")
    world = World(clock, tmp_path, going("Inner", NESTED, physical="arn:inner"), old)
    world.owned["arn:inner"] = [going()]
    world.after(0)
    assert "the function of Inner/Filled (Custom::Filled)" in world.after(60)[0]


def test_what_can_have_none_is_not_looked_at(clock, tmp_path):
    world = World(clock, tmp_path, going(), seen=(going("Table", "AWS::X::Y"),))
    world.after(0)
    assert world.after(600) == [] and world.looks == 0
    world = World(clock, tmp_path, going(), seen=(going(status="CREATE_COMPLETE"),))
    world.state.status = "DELETE_FAILED"
    world.after(0)
    assert world.after(600) == [] and world.looks == 0


def test_what_passes_is_looked_at_again_and_what_is_denied_is_not(clock, tmp_path):
    world = World(clock, tmp_path, going())
    world.after(0)
    world.raises = AwsCallError(errors.TRANSIENT, "Throttling", "slow", "cloudformation:ListStackResources")
    assert world.after(60) == [] and world.looks == 1
    world.raises = AwsCallError(errors.DENIED, "AccessDenied", "no", "cloudformation:ListStackResources")
    assert world.after(60) == [] == world.after(600) and world.looks == 2
    world = World(clock, tmp_path, going())
    world.after(0)
    world.raises = AwsCallError(errors.CREDENTIALS, "ExpiredToken", "over", "cloudformation:ListStackResources")
    with pytest.raises(AwsCallError):
        world.after(60)


YAML = """
Resources:
  Other:
    Properties:
      ServiceTimeout: 1
  Filled:
    Type: Custom::Filled
    Properties:
      Config:
        ServiceTimeout: 5
      ServiceTimeout: {said}
  Last:
    Type: AWS::X::Y
"""


@pytest.mark.parametrize(("said", "found"), [("90", "90"), ('"90" # short', "90"), ("!Ref Seconds", "!Ref Seconds")])
def test_a_property_of_a_template_in_yaml(said, found):
    assert property_of(YAML.format(said=said), "Filled", "ServiceTimeout") == found
    assert property_of(YAML.format(said=said), "Last", "ServiceTimeout") is None


def test_a_property_of_a_template_in_json():
    template = {"Resources": {"Filled": {"Properties": {"ServiceTimeout": 90, "X": {"Ref": "Y"}}}}}
    assert property_of(template, "Filled", "ServiceTimeout") == "90"
    assert not property_of(template, "Filled", "X").isdigit() and property_of(template, "Gone", "X") is None


@pytest.mark.parametrize(
    "resource", ["{Type: Custom::F, Properties: {ServiceTimeout: 90}}", "\n    Properties: {ServiceTimeout: 90}"]
)
def test_what_a_template_in_flow_style_says_is_not_taken_for_nothing(resource):
    said = property_of(f"Resources:\n  Filled: {resource}\n", "Filled", "ServiceTimeout")
    assert said is not None and not said.isdigit()
