# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A file of YAML, with the lines of all that is in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from .types import ManifestError
from .types import Problem

Path = tuple


class Document:
    """``data``: what the YAML says. ``texts``: the same with every scalar as it is written, since what becomes of
    ``012`` or ``1e3`` as a number is not what a parameter of a template is to be. ``yaml``: the module of PyYAML.

    Raises :class:`ManifestError` for what is no YAML, and for a key that is there twice.
    """

    def __init__(self, text: str, path: str, yaml: Any) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self._lines: dict[Path, int] = {(): 1}
        self._above: list[Any] = []
        self._yaml = yaml
        try:
            self._loader = yaml.SafeLoader(text)
            node = self._loader.get_single_node()
            self.data, self.texts = (None, None) if node is None else self._built(node, ())
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            said = getattr(error, "problem", None) or str(error)
            line = mark.line + 1 if mark else 1
            raise ManifestError([Problem(path, line, f"it is no YAML: {' '.join(said.split())}.")]) from error
        except RecursionError as error:
            raise ManifestError([Problem(path, 1, "it goes too deep, or is in itself.")]) from error
        if self.problems:
            raise ManifestError(self.problems)

    def line(self, path: Path) -> int:
        """Of what this path of keys and indexes leads to, or of the nearest that it is in."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _built(self, node: Any, path: Path) -> tuple[Any, Any]:
        line = node.start_mark.line + 1
        self._lines.setdefault(path, line)
        if any(node is other for other in self._above):
            raise ManifestError([Problem(self.path, line, "it is in itself, by an alias.")])
        if not isinstance(node, self._yaml.ScalarNode):
            self._above.append(node)
            built = self._collection(node, path)
            self._above.pop()
            return built
        try:
            value = self._loader.construct_object(node)
        except ValueError as error:  # of a number or a date that is none
            raise ManifestError([Problem(self.path, line, f"it is no YAML: {error}.")]) from error
        # A date is text, as in JSON, which knows none.
        return node.value if isinstance(value, date) else value, node.value

    def _collection(self, node: Any, path: Path) -> tuple[Any, Any]:
        if isinstance(node, self._yaml.MappingNode):
            return self._mapping(node, path)
        pairs = [self._built(item, (*path, number)) for number, item in enumerate(node.value)]
        return [data for data, _text in pairs], [text for _data, text in pairs]

    def _mapping(self, node: Any, path: Path) -> tuple[Any, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            name = str(key.value)
            if name in seen and name != "<<":
                text = f"{'.'.join(map(str, (*path, name)))} is given more than once."
                self.problems.append(Problem(self.path, key.start_mark.line + 1, text))
            seen.add(name)
        self._loader.flatten_mapping(node)
        data, texts = {}, {}
        for key, value in node.value:
            name = str(key.value)
            here = (*path, name)
            self._lines[here] = key.start_mark.line + 1
            data[name], texts[name] = self._built(value, here)
        return data, texts
