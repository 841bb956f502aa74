# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Whether a row is one of DynamoDB's, so that it is not refused only when the stacks stand.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

from __future__ import annotations

from typing import Any
from typing import Iterator
from typing import Mapping

_TEXTS = ("S", "N", "B")
_LISTS = ("SS", "NS", "BS")
_SWITCHES = ("BOOL", "NULL")


def oddities(item: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the attributes of a row, in sentences."""
    for name, value in item.items():
        yield from _of_value(name, value)


def _of_value(name: str, value: Any) -> Iterator[str]:
    kind, content = list(value.items())[0] if isinstance(value, dict) and len(value) == 1 else ("", None)
    if kind in _TEXTS:
        if not isinstance(content, str):
            yield f"{name}: {kind} takes text: quote it."
    elif kind in _LISTS:
        if not isinstance(content, list) or not all(isinstance(part, str) for part in content):
            yield f"{name}: {kind} takes a list of text: quote what is in it."
    elif kind in _SWITCHES:
        if not isinstance(content, bool):
            yield f"{name}: {kind} takes true or false."
    elif kind == "L" and isinstance(content, list):
        for number, part in enumerate(content):
            yield from _of_value(f"{name}.{number}", part)
    elif kind == "M" and isinstance(content, dict):
        for key, part in content.items():
            yield from _of_value(f"{name}.{key}", part)
    else:
        yield f"{name} is not in DynamoDB's JSON, such as {{S: text}}."
