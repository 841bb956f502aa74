# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A type of resource that holds things, and one that protects itself, for tests of how such are cleared."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import aws_call
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.blocker import Amount
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.blocker import Blocker
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import Clearing
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.protection import Protection
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import ResourceType
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import by
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import one
from tests.unit.plugins.fake_aws import FakeAws, refusal

BOX = "AWS::Test::Box"
SAFE = "AWS::Test::Safe"
CFN = "cloudformation.describe_stack_resources"


def things(count: int) -> Amount:
    return Amount(count, "thing", "things")


class Boxes:
    """``full``: how many things are in each box. ``locked``: safes that are protected. ``before``: called with the id
    before a box is cleared, ``before_back`` before that is undone. ``after_each``: called after each step of it.
    ``looked``: called with what looks and the id, when a box is looked at. ``refill``: what is put into a box right
    after. ``stuck``: boxes that can not be cleared. ``by_hand``: those of which what is in them is a resource of its
    own. ``put_back``: boxes for which that was called."""

    def __init__(self, monkeypatch: Any, **full: int) -> None:
        self.full = dict(full)
        self.locked: dict[str, bool] = {}
        self.refill: dict[str, list[int]] = {}
        self.stuck: set[str] = set()
        self.by_hand: set[str] = set()
        self.before = self.before_back = lambda physical_id: None
        self.looked = lambda looks, physical_id: None
        self.after_each = lambda: None
        self.put_back: list[str] = []
        self.cleared: list[str] = []
        self.lock = threading.Lock()
        self.aws = FakeAws(
            {"test.look_at_safe": self._safe, "test.switch_safe": self._switch, CFN: {"StackResources": []}}
        )
        clearing = Clearing(
            self._detect,
            self._clear,
            ("test:LookAtBox",),
            ("test:EmptyBox",),
            "all things in it",
            "https://x",
            self._back,
        )
        box = ResourceType(BOX, by("test delete-box"), one("test:LookAtBox", "Box", "NoBox"), clearing=clearing)
        protection = Protection(
            "test:LookAtSafe", lambda name: {"Safe": name}, lambda answer, name: answer["Locked"],
            lambda name: ("test", "unlock", name), self._call, ("test:SwitchSafe",),
        )  # fmt: skip
        safe = ResourceType(
            SAFE, by("test delete-safe"), one("test:LookAtSafe", "Safe", "NoSafe"), protection=protection
        )
        monkeypatch.setitem(TYPES, BOX, box)
        monkeypatch.setitem(TYPES, SAFE, safe)
        self.without_way_back = lambda: monkeypatch.setitem(
            TYPES, BOX, replace(box, clearing=replace(clearing, put_back=None))
        )

    def _detect(self, looks: Any, ours: Any, ids: Any) -> list[tuple[str, Blocker]]:
        found = []
        for name in ids:
            self.looked(looks, name)
            if self.full.get(name):
                clear = "" if name in self.stuck else BOX
                hand = name in self.by_hand
                what = Blocker(
                    "AWS::Test::Thing" if hand else BOX, f"in-{name}" if hand else name, name, f"{name} is not empty.",
                    ("test", "empty", name), amounts=(things(self.full[name]),), clear=clear, lost="all things in it",
                )  # fmt: skip
                found.append((name, what))
        return found

    def _clear(self, work: Any, name: str) -> list[Amount]:
        self.before(name)
        done = 0
        while self.full[name] and not work.stopped():
            with self.lock:
                step = min(self.full[name], 1000)
                self.full[name] -= step
                done += step
            work.told([things(done)])
            self.after_each()
        self.cleared.append(name)
        if self.refill.get(name):
            self.full[name] = self.refill[name].pop(0)
        return [things(done)]

    def _back(self, work: Any, name: str) -> None:
        self.before_back(name)
        self.put_back.append(name)

    def _call(self, client: Any, name: str, on: bool) -> None:
        with aws_call("test:SwitchSafe"):
            client.switch_safe(Safe=name, Locked=on)

    def _safe(self, Safe: str) -> Any:
        if Safe not in self.locked:
            return refusal("NoSafe")
        return {"Locked": self.locked[Safe]}

    def _switch(self, Safe: str, Locked: bool) -> Any:
        if Safe not in self.locked:
            return refusal("GoneException")
        self.locked[Safe] = Locked
        return {}
