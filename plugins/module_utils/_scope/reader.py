# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Reads what the order is found in: of each stack that belongs its resources and its template, two calls a stack."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Mapping
from typing import Sequence

from .._aws.errors import OTHER
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.looks import Looks
from .._stacks.reader import StackReader
from .._stacks.types import StackResource
from .._stacks.types import StackView
from .types import Part
from .types import Stack

# Neither has a published rate: https://github.com/b3ross/dotenvi/issues/35
AT_ONCE = 5
_TEMPLATE = "cloudformation:GetTemplate"


class ScopeReader:
    """``parse``: makes the mapping of a template that is written in YAML, with its abbreviations written out; raises
    ValueError for one that it cannot read."""

    def __init__(self, looks: Looks, parse: Callable[[str], Mapping[str, Any]]) -> None:
        self._looks = looks
        self._parse = parse
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def read(self, stacks: Sequence[Stack]) -> list[Stack]:
        """The same stacks with resources and templates. What cannot be read is a gap that names the stack."""
        return self._with(stacks, {"resources": self._resources, "template": self._template})

    def owned(self, stacks: Sequence[Stack]) -> list[Stack]:
        """The same stacks with their resources alone, which takes half the calls."""
        return self._with(stacks, {"resources": self._resources})

    def templated(self, stacks: Sequence[Stack]) -> list[Stack]:
        """What :meth:`owned` returned, with the other half."""
        return self._with(stacks, {"template": self._template})

    def _with(self, stacks: Sequence[Stack], looks: Mapping[str, Callable[[StackView], Any]]) -> list[Stack]:
        parts = [part for stack in stacks for part in stack.parts]
        jobs = [(name, part.view) for name in looks for part in parts]
        answers = self._looks.each(lambda job: looks[job[0]](job[1]), jobs)
        found: dict[str, dict[str, Any]] = {part.view.stack_id: {} for part in parts}
        for (name, view), answer in zip(jobs, answers):
            found[view.stack_id][name] = answer
        return [
            _placed([replace(part, **found[part.view.stack_id]) for part in stack.parts]) for stack in stacks
        ]

    def importers(self, exports: Sequence[str]) -> dict[str, list[str]]:
        """The names of the stacks that import each of these exports."""
        reader = StackReader(self._looks.clients("cloudformation"))

        def of(export: str) -> list[str]:
            with self._turns:
                return self._looks.at(export, lambda: reader.importers(export)) or []

        return dict(zip(exports, self._looks.each(of, exports)))

    def _resources(self, view: StackView) -> tuple[StackResource, ...] | None:
        reader = StackReader(self._looks.clients("cloudformation"))
        with self._turns:
            found = self._looks.at(view.name, lambda: reader.resources(view.stack_id), [])
        return None if found is None else tuple(found)

    def _template(self, view: StackView) -> Mapping[str, Any] | None:
        with self._turns:
            body = self._looks.at(view.name, lambda: self._body(view.stack_id), {})
        if not isinstance(body, str):
            return body
        try:
            return self._parse(body)
        except ValueError as error:
            unreadable = AwsCallError(OTHER, "Unreadable", f"a template could not be read: {error}", _TEMPLATE)
            self._looks.note(unreadable, view.name)
        return None

    def _body(self, stack_id: str) -> Any:
        """A mapping of a template in JSON, a text of one in YAML: with what its transforms have made of it."""
        with aws_call(_TEMPLATE):
            client = self._looks.clients("cloudformation")
            return client.get_template(StackName=stack_id, TemplateStage="Processed")["TemplateBody"]


def whole(views: Iterable[StackView]) -> dict[str, Stack]:
    """Stacks with those that are nested in them, by the name of the outermost."""
    views = list(views)
    nested: dict[str, list[StackView]] = {}
    for view in views:
        if view.nested:
            nested.setdefault(view.root_id, []).append(view)
    return {
        view.name: Stack((Part(view), *(Part(inner) for inner in nested.get(view.stack_id, ()))))
        for view in views
        if not view.nested
    }


def _placed(parts: Sequence[Part]) -> Stack:
    """The stack of these parts, each of which knows by its resources where those in it are."""
    prefixes = {parts[0].view.stack_id: ""}
    waiting = [parts[0]]
    known = {part.view.stack_id: part for part in parts}
    while waiting:
        part = waiting.pop()
        for item in part.resources or ():
            if item.physical_id in known and item.physical_id not in prefixes:
                prefixes[item.physical_id] = f"{prefixes[part.view.stack_id]}{item.logical_id}/"
                waiting.append(known[item.physical_id])
    return Stack(tuple(replace(part, inside=prefixes.get(part.view.stack_id, "")) for part in parts))
