# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""How stacks show that they need each other: one function for each signal. Each finds what a stack refers to; whether
that matters is said by ``_resources.needs``."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import Callable
from typing import Iterator
from typing import Sequence

from .._resources.needs import HANDED_ON
from .._resources.needs import IAM_ROLE
from .._resources.needs import TASK_DEFINITION
from .._resources.needs import around
from .._resources.needs import joined
from .._resources.needs import may_fill
from .._resources.needs import short
from .._resources.needs import takes_names_of
from .._resources.needs import why_not
from .._resources.written import writes
from .._stacks.types import StackResource
from .match import is_bootstrap
from .owners import Holder
from .owners import Owners
from .template import Reading
from .template import Use
from .types import BOOTSTRAP
from .types import EXPORT
from .types import LITERAL
from .types import NAME
from .types import PARAMETER
from .types import PHYSICAL
from .types import DYNAMIC_REFERENCE
from .types import ROLE
from .types import SERVICE_TOKEN
from .types import SSM_PARAMETER
from .types import STACK_OUTPUT
from .types import Dropped
from .types import Edge
from .types import Found
from .types import Stack
from .values import Source

# Whoever has these is refused, or cannot be deleted, without what they refer to, whatever it is.
_ALWAYS = frozenset((EXPORT, SERVICE_TOKEN, ROLE, BOOTSTRAP))
_WORD = "it is only a word that no resource stands behind"


@dataclass(frozen=True)
class Reference:
    """Something of stack ``user`` refers to something of another. ``use``: where; None of the stack as a whole.
    ``words``: what that says, a sentence without the names of stacks, which are put in for {user} and {other}."""

    user: str
    other: Holder
    signal: str
    words: str
    use: Use | None = None
    only_a_word: bool = False

    def edge(self) -> Edge:
        """As an edge."""
        where = self.use.where if self.use else ""
        evidence = self.words.format(user=self.user, other=self.other.stack)
        # Of what uses it, nothing is known without its template.
        certain = self.other.sure and not (self.use is not None and not self.use.type and self.signal == PARAMETER)
        if self.signal not in _ALWAYS and self.use is not None and may_fill(self.use.path, self.other.type):
            certain = False
        return Edge(self.other.stack, self.user, self.signal, where, evidence, certain)

    def why_not(self) -> str:
        """Why it does not matter; empty if it does."""
        if self.signal in _ALWAYS or self.use is None:
            return ""
        if self.only_a_word:
            return _WORD
        return why_not(self.use.type, self.use.path, {self.other.type} - {""})


def found(stacks: Sequence[Stack], others: Sequence[Stack], readings: dict[str, Reading]) -> Found:
    """What comes after what among all of these. ``others``: such as only use things, and own none that count here."""
    owners = Owners(stacks, readings)
    references = [item for stack in (*stacks, *others) for item in _of_stack(stack, owners, readings)]
    references += _handed_on(stacks, references, readings)
    edges: dict[tuple[str, str, str], Edge] = {}
    dropped: dict[tuple[str, str], Dropped] = {}
    for item in references:
        if item.other.stack == item.user or (item.signal not in _ALWAYS and owners.owns(item.user, item.other)):
            continue
        edge, because = item.edge(), item.why_not()
        if because and not edge.certain:
            continue
        if because:
            dropped.setdefault((edge.stack, edge.after), Dropped(edge, because))
            continue
        known = edges.get((edge.stack, edge.after, edge.signal))
        if known is None or (edge.certain and not known.certain):
            edges[edge.stack, edge.after, edge.signal] = edge
    pairs = {(stack, after) for stack, after, _signal in edges}
    return Found(
        tuple(edges.values()),
        tuple(dropped[pair] for pair in sorted(dropped) if pair not in pairs),
    )


def _of_stack(stack: Stack, owners: Owners, readings: dict[str, Reading]) -> Iterator[Reference]:
    yield from service_role(stack, owners)
    for part in stack.parts:
        reading = readings[part.view.stack_id]
        yield from bootstrap(stack, reading, owners)
        for use in reading.uses:
            for signal in _OF_USES:
                yield from signal(stack.name, use, owners)
        for item in reading.resources.values():
            for by_type in (is_inside, writes_to):
                yield from by_type(stack.name, item, owners)


def imports(user: str, use: Use, owners: Owners) -> Iterator[Reference]:
    """Exports that the template imports."""
    for source in _sources(use, EXPORT):
        for other in owners.export(source.name):
            words = f"{_what(use)} of {{user}} imports {source.name}, an export of {{other}}"
            yield Reference(user, other, EXPORT, _escaped(words), use)


def ssm_parameters(user: str, use: Use, owners: Owners) -> Iterator[Reference]:
    """Parameters of the template that are read from Systems Manager, by their names and by what was there."""
    for source in _sources(use, SSM_PARAMETER):
        words = f"the parameter {source.parameter} of {{user}} resolves {source.name}"
        yield from _in_store(user, use, owners, source, SSM_PARAMETER, words)


def resolved(user: str, use: Use, owners: Owners) -> Iterator[Reference]:
    """``{{resolve:ssm:NAME}}``."""
    for source in _sources(use, DYNAMIC_REFERENCE):
        words = f"{_what(use)} of {{user}} resolves {source.name}"
        yield from _in_store(user, use, owners, source, DYNAMIC_REFERENCE, words)


def outputs(user: str, use: Use, owners: Owners) -> Iterator[Reference]:
    """``Fn::GetStackOutput``."""
    for source in _sources(use, STACK_OUTPUT):
        key = source.name.rpartition("/")[2]
        for other in owners.output(source.name):
            words = f"{_what(use)} of {{user}} takes the output {key} of {{other}}"
            yield Reference(user, other, STACK_OUTPUT, _escaped(words), use)


def given(user: str, use: Use, owners: Owners) -> Iterator[Reference]:
    """Ids that somebody gave as the values of parameters."""
    for source in _sources(use, PARAMETER):
        texts = (source.text, use.value.text)
        for text, other in dict.fromkeys(pair for each in texts for pair in owners.of(each)):
            words = f"the parameter {source.parameter} of {{user}} is {_brief(text)}, {_thing(other)} of {{other}}"
            yield Reference(user, other, PARAMETER, _escaped(words), use)


def literals(user: str, use: Use, owners: Owners) -> Iterator[Reference]:
    """Ids in the template itself."""
    if not use.value.sources:
        for text, other in owners.of(use.value.text):
            if other.sure:
                words = f"{_what(use)} of {{user}} names {_brief(text)}, {_thing(other)} of {{other}}"
                yield Reference(user, other, LITERAL, _escaped(words), use)


def names(user: str, use: Use, owners: Owners) -> Iterator[Reference]:
    """Names that are nothing but words, in properties that take the name of a resource of just that type."""
    named = [(takes_names_of(use.type, use.path), text) for text in use.value.text.split(",")] if use.type else []
    for types, text in (*named, *joined(use.path, use.value.text)):
        other = owners.named(types, text.rstrip("."))
        if other is not None:
            words = f"{use.where} of {{user}} is {text}, {_thing(other)} of {{other}}"
            if len(text) < len(use.value.text) and "," not in use.value.text:
                words = f"{use.where} of {{user}} names {text}, {_thing(other)} of {{other}}"
            yield Reference(user, other, NAME, _escaped(words), use)


def service_tokens(user: str, use: Use, owners: Owners) -> Iterator[Reference]:
    """Functions that make and delete custom resources, wherever their ARN comes from."""
    if use.path != ("ServiceToken",):
        return
    texts = [use.value.text, *(source.text for source in use.value.sources)]
    words = f"the custom resource {use.logical_id} of {{user}} is deleted by"
    for text in dict.fromkeys(texts):
        for _text, other in owners.of(text):
            yield Reference(user, other, SERVICE_TOKEN, _escaped(f"{words} {_thing(other)} of {{other}}"), use)
    for source in use.value.sources:
        for other in (*_kept_in(owners, source), *(owners.export(source.name) if source.kind == EXPORT else ())):
            yield Reference(user, other, SERVICE_TOKEN, _escaped(f"{words} {_thing(other)} of {{other}}"), use)


def is_inside(user: str, item: StackResource, owners: Owners) -> Iterator[Reference]:
    """What a resource is in, as its physical id says."""
    outer = around(item.type, item.physical_id)
    other = owners.id(*outer) if outer else None
    if other is not None:
        words = f"{item.logical_id} of {{user}} is in {_thing(other)} of {{other}}"
        yield Reference(user, other, PHYSICAL, _escaped(words))


def writes_to(user: str, item: StackResource, owners: Owners) -> Iterator[Reference]:
    """The log groups that AWS writes to for a resource."""
    for start in writes(item.type, item.physical_id):
        for other in owners.log_groups(start):
            words = f"{item.logical_id} of {{user}} writes to {other.physical_id}, {_thing(other)} of {{other}}"
            # It is deleted all the same, and may be there again afterwards.
            yield Reference(user, replace(other, sure=False), PHYSICAL, _escaped(words))


def service_role(stack: Stack, owners: Owners) -> Iterator[Reference]:
    """The role that the stack was made with, which CloudFormation takes to delete it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
    """
    for part in stack.parts:
        for _text, other in owners.of(part.view.role_arn):
            name = part.view.role_arn.rsplit("/", 1)[-1]
            yield Reference(
                stack.name, other, ROLE, _escaped(f"{{user}} is deleted with the role {name} of {{other}}")
            )


def bootstrap(stack: Stack, reading: Reading, owners: Owners) -> Iterator[Reference]:
    """The stack with which the CDK deploys: what it deployed reads that one's version, though no resource uses it.

    https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
    """
    for source in reading.in_rules():
        if source.kind == SSM_PARAMETER and is_bootstrap([source.name]):
            known = owners.ssm(source.name)
            if known is not None:
                words = _escaped(f"{{user}} was deployed by the CDK, with what {{other}} has: it reads {source.name}")
                yield Reference(stack.name, Holder(known[0], ""), BOOTSTRAP, words)


_OF_USES: tuple[Callable[[str, Use, Owners], Iterator[Reference]], ...] = (
    service_tokens,
    imports,
    ssm_parameters,
    resolved,
    outputs,
    given,
    literals,
    names,
)


def _handed_on(
    stacks: Sequence[Stack], references: Sequence[Reference], readings: dict[str, Reading]
) -> Iterator[Reference]:
    """What those that run a task definition, of their own stack or of another, have through it."""
    through: dict[tuple[str, str], list[Reference]] = {}
    for item in references:
        if item.use is not None and item.use.type == TASK_DEFINITION and item.other.type in HANDED_ON:
            if not why_not("", item.use.path, {item.other.type}):
                through.setdefault((item.user, item.use.logical_id), []).append(item)
    runs = [(item.user, item.use, item.other) for item in references if item.other.type == TASK_DEFINITION]
    runs += [
        (stack.name, use, Holder(stack.name, name, TASK_DEFINITION))
        for stack in stacks
        for part in stack.parts
        for use in readings[part.view.stack_id].uses
        for name in use.value.own
    ]
    for user, use, definition in runs:
        if use is None or why_not(use.type, use.path, ()):
            continue
        for item in through.get((definition.stack, definition.logical_id), ()):
            does = "acts as" if item.other.type == IAM_ROLE else "uses"
            words = f"what {_what(use)} of {{user}} runs {does} {_thing(item.other)} of {{other}}"
            other = replace(item.other, sure=item.edge().certain)
            yield Reference(user, other, PHYSICAL, _escaped(words), use)


def _sources(use: Use, kind: str) -> Iterator[Source]:
    return (source for source in use.value.sources if source.kind == kind)


def _in_store(
    user: str, use: Use, owners: Owners, source: Source, signal: str, words: str
) -> Iterator[Reference]:
    """What an SSM parameter holds: by what was there when it was read, or by the template of the stack that has it."""
    known = owners.ssm(source.name)
    by_value = [other for _text, other in owners.of(source.text)]
    named = [other for other in by_value if other.sure] or (known[1] if known else []) or by_value
    for other in named:
        has = f"{_thing(other)} of {{other}}" if other.type else "a parameter of {other}"
        yield Reference(user, other, signal, _escaped(f"{words}, {has}"), use)
    if known and not named:
        other = Holder(known[0], "")
        yield Reference(user, other, signal, _escaped(f"{words}, a parameter of {{other}}"), use, only_a_word=True)


def _kept_in(owners: Owners, source: Source) -> Sequence[Holder]:
    known = owners.ssm(source.name) if source.kind in (SSM_PARAMETER, DYNAMIC_REFERENCE) else None
    return known[1] if known else ()


def _what(use: Use) -> str:
    return use.logical_id or f"the parameter {'.'.join(use.path)}"


def _brief(text: str) -> str:
    """An id, or the end of an ARN."""
    return text.rsplit(":", 1)[-1] if text.startswith("arn:") else text


def _thing(other: Holder) -> str:
    return f"{short(other.type)} {other.logical_id}" if other.type else f"the output {other.logical_id}"


def _escaped(words: str) -> str:
    """With the two places for names left, and every other brace a brace."""
    text = words.replace("{", "{{").replace("}", "}}")
    return text.replace("{{user}}", "{user}").replace("{{other}}", "{other}")
