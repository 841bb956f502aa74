# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""From the text of a manifest to its stacks, refused with path and line wherever something is wrong."""

from __future__ import annotations

import difflib
import os
from typing import Any
from typing import Iterator
from typing import Mapping
from typing import Sequence

from .._scope.match import Scope
from .._scope.match import tags_problem
from .._scope.parser import Parser
from .._stacks.types import StackView
from .document import Document
from .items import oddities
from .order import circle
from .order import edges
from .schema import SCHEMA
from .schema import misfits
from .templates import LARGEST
from .templates import has
from .templates import lacks
from .templates import parameters_of
from .templates import resources_of
from .types import OUTPUT
from .types import RESOURCE
from .types import TAG
from .types import Entry
from .types import Manifest
from .types import ManifestError
from .types import Problem
from .types import Reference
from .types import Text

#: https://docs.aws.amazon.com/app-mesh/latest/userguide/what-is-app-mesh.html
ENDED = {"AWS::AppMesh::": "AWS ended App Mesh on 2026-09-30, and makes no more of it"}


def outline(text: str, path: str, yaml: Any) -> dict[str, Any]:
    """What a manifest says without its templates: ``name``, ``scope``, and the names ``xray_group`` and
    ``xray_sampling_rules``. Raises ManifestError."""
    document = _document(text, path, yaml)
    return {
        "name": document.data["name"],
        "scope": _scope(document.data),
        "xray_group": document.data.get("xray_group", {}).get("name", ""),
        "xray_sampling_rules": [rule["rule_name"] for rule in document.data.get("xray_sampling_rules", ())],
    }


class ManifestReader:
    """``source``: the folder in which templates and other files are. ``ended``: whether templates with what AWS has
    ended are taken. ``region``: empty where it is not known."""

    def __init__(self, path: str, source: str, yaml: Any, ended: bool = False, region: str = "") -> None:
        self._path = path
        self._source = source
        self._yaml = yaml
        self._parse = Parser(yaml)
        self._ended = ended
        self._region = region
        self._problems: list[Problem] = []

    def read(self, text: str) -> Manifest:
        """The manifest. Raises :class:`ManifestError` with all that is wrong; AWS is asked nothing."""
        document = _document(text, self._path, self._yaml)
        entries = [self._entry(document, number) for number in range(len(document.data["stacks"]))]
        items = tuple(self._item(document, number) for number in range(len(document.data.get("items", []))))
        self._check(entries)
        self._check_scope(document, entries)
        if not self._problems:
            self._check_order(entries)
        if self._problems:
            raise ManifestError(self._problems)
        group = document.data.get("xray_group", {})
        rules = tuple(document.data.get("xray_sampling_rules", ()))
        scope = _scope(document.data)
        return Manifest(document.data["name"], self._path, scope, tuple(entries), items, group, rules)

    def _entry(self, document: Document, number: int) -> Entry:
        data, texts, here = document.data["stacks"][number], document.texts["stacks"][number], ("stacks", number)
        line = document.line((*here, "template"))
        url = data["template"].startswith(("https://", "http://"))
        path, body = (data["template"], "") if url else self._file(data["template"], line)
        tags = {**document.texts.get("tags", {}), **texts.get("tags", {})}
        parameters: dict[str, Text] = {}
        for index, name in enumerate(data.get("parameter_files", [])):
            parameters |= self._parameter_file(name, document.line((*here, "parameter_files", index)))
        written = data.get("parameters", {})
        parameters |= {name: _value(written[name], text) for name, text in texts.get("parameters", {}).items()}
        entry = Entry(
            name=data["name"],
            template=path,
            body=body,
            content=self._content(path, body) if body else None,
            parameters=parameters,
            capabilities=tuple(data.get("capabilities", ())),
            tags=tags,
            role_arn=_value(data.get("role_arn", ""), data.get("role_arn", "")),
            protected=data.get("termination_protection"),
            after=tuple(data["after"]) if "after" in data else None,
            line=document.line((*here, "name")),
        )
        lines = {name: document.line((*here, "parameters", name)) for name in written}
        self._check_template(entry, line, lines)
        return entry

    def _item(self, document: Document, number: int) -> dict[str, Any]:
        data, here = document.data["items"][number], ("items", number)
        line = document.line(here)
        if ("item" in data) == ("item_file" in data):
            self._wrong(line, f"the row of {data['table']} takes item or item_file, one of them.")
            return {}
        if "item" in data:
            path, line, item = self._path, document.line((*here, "item")), data["item"]
        else:
            path, body = self._file(data["item_file"], document.line((*here, "item_file")))
            line, item = 1, self._mapping(path, body)
        self._problems += [Problem(path, line, text) for text in oddities(item)]
        return {"table": data["table"], "item": item}

    def _file(self, name: str, line: int) -> tuple[str, str]:
        path = os.path.join(self._source, os.path.expanduser(name))
        try:
            with open(path, encoding="utf-8") as stream:
                return path, stream.read()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
            self._wrong(line, f"{path} cannot be read: {reason}.")
            return path, ""

    def _content(self, path: str, body: str) -> Mapping[str, Any] | None:
        try:
            return self._parse(body)
        except ValueError as error:
            mark = getattr(error.__cause__, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            self._problems.append(Problem(path, line, f"it is no template: {error}."))
            return None

    def _mapping(self, path: str, body: str) -> dict[str, Any]:
        try:
            found = Document(body, path, self._yaml).data if body else {}
        except ManifestError as error:
            self._problems += error.problems
            return {}
        if not isinstance(found, dict):
            self._problems.append(Problem(path, 1, "it is no mapping."))
            return {}
        return found

    def _parameter_file(self, name: str, line: int) -> dict[str, Text]:
        """As ``aws cloudformation`` takes them: a list of ParameterKey and ParameterValue, or ``Parameters`` by name,
        or the parameters by name alone.

        https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/
        """
        path, body = self._file(name, line)
        if not body:
            return {}
        try:
            found = Document(body, path, self._yaml).texts
        except ManifestError as error:
            self._problems += error.problems
            return {}
        if isinstance(found, list) and all(isinstance(item, dict) and "ParameterKey" in item for item in found):
            return {item["ParameterKey"]: item.get("ParameterValue", "") for item in found}
        if isinstance(found, dict):
            found = found["Parameters"] if isinstance(found.get("Parameters"), dict) else found
            if all(isinstance(value, str) for value in found.values()):
                return dict(found)
        self._problems.append(Problem(path, 1, "it has no parameters: neither a list of ParameterKey and "
                                               "ParameterValue, nor values by name."))  # fmt: skip
        return {}

    def _check_template(self, entry: Entry, line: int, lines: Mapping[str, int]) -> None:
        if len(entry.body.encode()) > LARGEST:
            size = f"{len(entry.body.encode()):,}"
            self._wrong(line, f"{entry.template} has {size} bytes, and CloudFormation takes {LARGEST:,} with a call: "
                              "put it into a bucket, and give its https address.")  # fmt: skip
        if entry.content is None:
            return
        declared = parameters_of(entry.content)
        for name in entry.parameters or {}:
            if name not in declared:
                near = difflib.get_close_matches(name, declared, n=1)
                hint = f" Did you mean {near[0]}?" if near else ""
                self._wrong(lines.get(name, line), f"{entry.template} has no parameter {name}.{hint}")
        for name, body in declared.items():
            if "Default" not in body and name not in (entry.parameters or {}):
                self._wrong(line, f"{entry.template} has the parameter {name}, without a default, and no value.")
        capability, why = lacks(entry)
        if capability:
            self._wrong(line, f"{entry.template} takes {capability}, since {why}: add capabilities: [{capability}].")
        self._check_ended(entry, line)

    def _check_ended(self, entry: Entry, line: int) -> None:
        for name, body in resources_of(entry.content or {}).items():
            for beginning, reason in ENDED.items():
                if str(body.get("Type", "")).startswith(beginning) and not self._ended:
                    self._wrong(line, f"{entry.template} has {name}, an {body['Type']}: {reason}.")
                    return

    def _check(self, entries: Sequence[Entry]) -> None:
        by_name = {entry.name: entry for entry in reversed(entries)}
        for entry in entries:
            if by_name[entry.name] is not entry:
                first = by_name[entry.name].line
                self._wrong(entry.line, f"{entry.name} is given more than once, in line {first} too.")
            for other in entry.after or ():
                if other not in by_name:
                    self._wrong(entry.line, f"{entry.name} is made after {other}, {_no_stack(other, by_name)}")
            for reference in entry.references:
                self._check_reference(entry, reference, by_name)

    def _check_scope(self, document: Document, entries: Sequence[Entry]) -> None:
        """What is made here, a teardown by the same manifest has to find."""
        said = document.data.get("scope")
        if not said:
            return
        line = document.line(("scope",))
        names, excepted = tuple(said.get("names", ())), tuple(said.get("except", ()))
        scope = Scope(said.get("prefix", ""), said.get("tags", {}), names, excepted)
        problem = tags_problem(scope.tags, "scope.tags") or scope.problem()
        if problem:
            self._wrong(line, problem)
            return
        for entry in entries:
            tags = {**(entry.tags or {}), TAG: document.data["name"]}
            if not scope.matches(StackView(stack_id="", name=entry.name, status="", tags=tags)):
                self._wrong(line, f"scope does not take in {entry.name}: a teardown would leave it there.")

    def _check_reference(self, entry: Entry, reference: Reference, by_name: Mapping[str, Entry]) -> None:
        other = by_name.get(reference.stack)
        if other is None:
            text = f"{entry.name} takes the {reference}, {_no_stack(reference.stack, by_name)}"
        elif other.content is not None and not has(other.content, reference):
            text = f"{entry.name} takes the {reference}, which {other.template} does not have."
        else:
            return
        self._wrong(entry.line, text)

    def _check_order(self, entries: Sequence[Entry]) -> None:
        found = circle(entries, edges(entries, self._region))
        if found:
            words = "; ".join(f"{edge.stack} after {edge.after} ({edge.evidence})" for edge in found)
            line = next(entry.line for entry in entries if entry.name == found[0].stack)
            self._wrong(line, f"stacks wait for each other: {words}. Say after of one of them, if it does not.")

    def _wrong(self, line: int, text: str) -> None:
        self._problems.append(Problem(self._path, line, text))


def _document(text: str, path: str, yaml: Any) -> Document:
    if yaml is None:
        raise ManifestError([Problem(path, 1, "it is YAML, and this Python has no PyYAML.")])
    document = Document(text, path, yaml)
    problems = [Problem(path, document.line(where), words) for where, words in misfits(document.data, SCHEMA)]
    if problems:
        raise ManifestError(problems)
    return document


def _scope(data: Mapping[str, Any]) -> dict[str, Any]:
    """The stacks themselves, where the manifest says no other."""
    return data.get("scope") or {"names": [entry["name"] for entry in data["stacks"]]}


def _value(data: Any, text: Any) -> Text:
    """``text``: the scalars as they are written, but for booleans, which CloudFormation compares as true and false."""
    if isinstance(data, bool):
        return str(data).lower()
    if isinstance(data, list):
        return ",".join(str(_value(item, written)) for item, written in zip(data, text))
    if isinstance(data, dict):
        ((kind, name),) = data.items()
        stack, _dot, key = name.partition(".")
        return Reference(OUTPUT if kind == OUTPUT else RESOURCE, stack, key)
    return text


def _no_stack(name: str, known: Iterator[str] | Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"which is no stack of the manifest.{f' Did you mean {near[0]}?' if near else ''}"
