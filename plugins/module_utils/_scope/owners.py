# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Whose a value is: an id, an ARN, an export, an SSM parameter or an output."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import replace
from os.path import commonprefix
from typing import Collection
from typing import Iterator
from typing import Sequence

from .._resources.logs import LOG_GROUP
from .._resources.ours import Place
from .._stacks.types import DELETE_COMPLETE
from .._stacks.types import StackResource
from .._stacks.types import name_of
from .template import Reading
from .types import Stack

LEAST = 8  # characters of a name that is looked for where any text may stand

# vpc-0123456789abcdef0, srv-e4anhexample0004
_AWS_ID = re.compile(r"[a-z]{1,12}-[0-9a-z]{8,20}\Z")
# What CloudFormation adds to names that it makes.
_MADE = re.compile(r"-[A-Za-z0-9]{12,13}\Z")
_DIGIT_AND_LETTER = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9][a-z]?\Z")
_NUMBERS = re.compile(r"[0-9.:/,-]+\Z")
# One may stand in another: "arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/arn:aws:lambda:…/invocations".
_ARN = re.compile(r"(?=(\barn:[\w-]+:[\w-]+:[\w-]*:\d*:[^\s\"',\0{}]+))")
_IN_BUCKET = re.compile(r"\bs3://([a-z0-9.-]+)")
_PIECE = re.compile(r"[^\s\"',\0{}()\[\]]+")
_INSIDE = re.compile(r"(?<![\w-])[a-z]{1,12}-[0-9a-z]{8,20}(?![\w-])")
# What ties two resources to each other may bear the id of one of them.
_BETWEEN = re.compile(r"(Attachment|Association)\Z")
# Where an ARN names the service otherwise than the types of its resources do.
_SERVICES = {
    "acm": "certificatemanager",
    "cognito-idp": "cognito",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elasticloadbalancingv2",
    "es": "opensearchservice",
    "firehose": "kinesisfirehose",
    "states": "stepfunctions",
}


@dataclass(frozen=True)
class Holder:
    """A resource of a stack, or an output (``type`` empty) whose resource is not known. ``sure``: whether the value
    that led here is the id of nothing else. ``physical_id``: empty of what is no resource."""

    stack: str
    logical_id: str
    type: str = ""
    sure: bool = True
    physical_id: str = ""


class Owners:
    """``stacks``: all whose things are looked for. ``readings``: of each of their parts, by stack id."""

    def __init__(self, stacks: Sequence[Stack], readings: dict[str, Reading]) -> None:
        self._common = commonprefix([stack.name for stack in stacks]) if len(stacks) > 1 else ""
        self._ids: dict[str, Holder] = {}
        self._named: dict[tuple[str, str], Holder] = {}
        self._arns: dict[tuple[str, str], Holder] = {}
        self._shared: set[tuple[str, str]] = set()
        self._owned: set[tuple[str, str, str]] = set()
        self._given: dict[str, set[str]] = {}
        self._log_groups: dict[str, Holder] = {}
        self._outputs: dict[str, Holder] = {}
        self._exports: dict[str, tuple[str, Reading, str]] = {}
        self._ssm: dict[str, tuple[str, Reading, str]] = {}
        self._stacks: dict[str, Reading] = {}
        self._place = Place.of(stacks[0].view.stack_id) if stacks else Place()
        for stack in stacks:
            for part in stack.parts:
                reading = readings[part.view.stack_id]
                self._stacks[part.view.name] = reading
                self._given.setdefault(stack.name, set()).update(item.value for item in part.view.parameters)
                for item in part.resources or ():
                    if item.physical_id and item.status != DELETE_COMPLETE:
                        self._add(stack.name, part.inside, item, reading.called(item.logical_id, item.type))
                for export, key in part.view.exports.items():
                    self._exports[export] = (stack.name, reading, key)
                for name, logical_id in reading.ssm_parameters().items():
                    self._ssm[name] = (stack.name, reading, logical_id)
        self._roots = {part.view.name: stack.name for stack in stacks for part in stack.parts}
        for stack in stacks:
            for part in stack.parts:
                self._add_outputs(stack.name, readings[part.view.stack_id], part.view.outputs)

    def owns(self, stack: str, holder: Holder) -> bool:
        """Whether a stack owns that very resource itself: one that was imported may be in two."""
        return bool(holder.physical_id) and (stack, holder.type, holder.physical_id) in self._owned

    def export(self, name: str) -> Iterator[Holder]:
        """What is exported under a name."""
        if name in self._exports:
            stack, reading, key = self._exports[name]
            yield from _holders(stack, reading.behind_output(key)) or [Holder(stack, key)]

    def ssm(self, name: str) -> tuple[str, list[Holder]] | None:
        """The stack with an SSM parameter of this name, and the resources whose ids it holds; None if no stack has it.
        No resource if it holds but a word, the parameter itself if what it holds is not known."""
        if name not in self._ssm:
            return None
        stack, reading, logical_id = self._ssm[name]
        return stack, (
            list(_holders(stack, reading.behind_parameter(logical_id)))
            if reading.is_known()
            else [Holder(stack, logical_id, sure=False)]
        )

    def output(self, stack_and_key: str) -> Iterator[Holder]:
        """What an output is, by C(STACK/KEY)."""
        name, _slash, key = stack_and_key.rpartition("/")
        name = name_of(name) if name.startswith("arn:") else name
        if name in self._stacks:
            stack = self._roots[name]
            yield from _holders(stack, self._stacks[name].behind_output(key)) or [Holder(stack, key)]

    def named(self, types: Collection[str], text: str) -> Holder | None:
        """The resource of one of these types that has this bare name."""
        return next((self._named[item, text] for item in sorted(types) if (item, text) in self._named), None)

    def log_groups(self, start: str) -> list[Holder]:
        """The log groups of a name, or of names that begin with one that ends with a slash or a dash."""
        begins = start.endswith(("/", "-"))
        return [
            holder
            for name, holder in self._log_groups.items()
            if name == start or (begins and name.startswith(start))
        ]

    def id(self, type_name: str, physical_id: str) -> Holder | None:
        """The resource of this type and physical id."""
        found = self._ids.get(physical_id)
        return found if found is not None and found.type == type_name else self._named.get((type_name, physical_id))

    def of(self, text: str) -> Iterator[tuple[str, Holder]]:
        """What a text names, each with the words that do."""
        seen: set[str] = set()
        for words in _candidates(text):
            if words not in seen:
                seen.add(words)
                holder = self._at(words)
                if holder is not None:
                    yield words, holder

    def _at(self, words: str) -> Holder | None:
        if words.startswith("arn:"):
            by_arn = self._by_arn(words) if words.count(":") > 4 else None  # else it is only the beginning of one
            return self._ids.get(words) or by_arn or self._outputs.get(words)
        kind = _kind(words, self._common)
        found = (self._ids.get(words) or self._outputs.get(words)) if kind else None
        if found is None or (kind != "id" and words in self._given[found.stack]):
            return None  # a name that somebody has given to several stacks is no more than that
        return replace(found, sure=kind == "id")

    def _by_arn(self, arn: str) -> Holder | None:
        """By the names in an ARN of this account and region, the longest way into it first."""
        _arn, _partition, service, region, account, rest = arn.split(":", 5)
        if region not in ("", self._place.region) or account not in ("", self._place.account):
            return None
        service = _SERVICES.get(service, service)
        parts = [piece for piece in re.split("[/:]", rest.removesuffix(":*").removesuffix("/*")) if piece]
        for end in range(len(arn), 0, -1):
            if end < len(arn) and arn[end] in ":/" and arn[:end] in self._ids:
                return self._ids[arn[:end]]
        whole = [rest, rest.partition("/")[2], rest.partition(":")[2].removesuffix(":*")]
        names = [(service, name) for name in (*whole, *reversed(parts))]
        return next((self._arns[key] for key in names if key in self._arns and key not in self._shared), None)

    def _add(self, stack: str, inside: str, item: StackResource, called: str) -> None:
        holder = Holder(stack, inside + item.logical_id, item.type, physical_id=item.physical_id)
        self._owned.add((stack, item.type, item.physical_id))
        name = re.split("[/|]", item.physical_id)[-1] if ":" in item.physical_id else item.physical_id
        service = item.type.split("::")[1].lower() if "::" in item.type else ""
        known = self._ids.get(item.physical_id)
        if known is None or _BETWEEN.search(known.type):
            self._ids[item.physical_id] = holder
        if item.type == LOG_GROUP:
            self._log_groups[item.physical_id] = holder
        if called:
            self._named.setdefault((item.type, called), holder)
        for words in (item.physical_id, name):
            self._named.setdefault((item.type, words), holder)
            if self._arns.setdefault((service, words), holder).stack != stack:
                self._shared.add((service, words))  # such as "prod", which many a stage is called

    def _add_outputs(self, stack: str, reading: Reading, outputs: dict) -> None:
        for key, value in outputs.items():
            behind = reading.behind_output(key)
            kind = _kind(value, self._common)
            if kind == "id" or (kind and behind):
                first = next(iter(_holders(stack, behind)), Holder(stack, key))
                self._outputs.setdefault(value, first)


def _holders(stack: str, resources: Sequence[StackResource]) -> list[Holder]:
    return [Holder(stack, item.logical_id, item.type, physical_id=item.physical_id) for item in resources]


def _kind(text: str, common: str) -> str:
    """C(id) of what can hardly be anything else, C(name) of what may be a coincidence, nothing of words that mean
    nothing by themselves: short ones, numbers, regions, and what the names of all stacks begin with."""
    if text.startswith(("arn:", "https://", "http://")):
        return "id"
    if _NUMBERS.match(text) or _REGION.match(text) or common.startswith(text):
        return ""
    if _AWS_ID.match(text) and _DIGIT_AND_LETTER.match(text):
        return "id"
    if _MADE.search(text) and _DIGIT_AND_LETTER.match(text[-13:]):
        return "id"
    return "name" if len(text) >= LEAST and re.search(r"[-_./:0-9]", text) else ""


def _candidates(text: str) -> Iterator[str]:
    yield text
    yield from _ARN.findall(text)
    yield from _PIECE.findall(text)
    yield from (f"arn:aws:s3:::{name}" for name in _IN_BUCKET.findall(text))
    yield from _INSIDE.findall(text)
