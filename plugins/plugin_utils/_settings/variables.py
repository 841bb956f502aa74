# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which variables are this collection's, and which only look like it.

A name is known when the collection's own roles and playbooks mention it, so no list of names has to be kept.
"""

from __future__ import annotations

import difflib
import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Mapping

OWN = "workshop"
# How alike two names have to be (0 to 1): a larger playbook may well have a vpc_id or a logs_bucket of its own.
ALIKE_IN_ROLE = 0.85
ALIKE_ELSEWHERE = 0.9


@dataclass(frozen=True)
class Names:
    """``prefixes``: of variables, longest first; ``known``: all names; ``settings``: those that a user sets."""

    prefixes: tuple[str, ...]
    known: frozenset[str]
    settings: tuple[str, ...]


@functools.lru_cache(maxsize=None)
def names_of(collection: str) -> Names:
    """The names that the roles and playbooks of a collection, in this folder, use."""
    roles = Path(collection, "roles")
    prefixes = sorted({OWN, *(path.name for path in roles.iterdir() if path.is_dir())}, key=len, reverse=True)
    name = rf"(?:{'|'.join(prefixes)})_\w+"
    known: set[str] = set()
    settings: set[str] = set()
    files = [*roles.rglob("*.yml")]
    # Only here: beside the playbooks of a checkout, a link leads back to the whole of it.
    files += [path for folder in ("", "vars") for path in Path(collection, "playbooks", folder).glob("*.yml")]
    for path in files:
        text = path.read_text(encoding="utf-8")
        known.update(re.findall(rf"\b{name}\b", text))
        if {"defaults", "meta"} & set(path.parts[-3:-1]):
            settings.update(re.findall(rf"^ *({name}):", text, re.MULTILINE))
        settings.update(re.findall(rf"\b({name}) \| default\(", text))
    return Names(tuple(prefixes), frozenset(known), tuple(sorted(settings)))


def strangers(variables: Mapping[str, Any], names: Names) -> tuple[list[str], list[str]]:
    """Two lists of sentences, sorted by variable: problems, of variables that resemble one of ours and are none, and
    notes, of others that begin like them. None that begins with an underscore is for users."""
    problems, notes = [], []
    for variable in sorted(set(variables) - names.known):
        if variable.startswith(("ansible_", "_")) or _is_result(variables[variable]):
            continue
        near = _resembled(variable, names)
        if near:
            problems.append(f"There is no variable {variable}. Did you mean {near}?")
        elif variable.startswith(f"{OWN}_"):
            notes.append(
                f"{variable} is none of this collection's variables, and changes nothing here: what is deleted, "
                "stopped and removed follows from the stacks of the workshop."
            )
    return problems, notes


def _resembled(variable: str, names: Names) -> str:
    """The variable of ours that may have been meant, if any."""
    prefix = next((item for item in names.prefixes if variable.startswith(f"{item}_")), "")
    candidates = [item for item in names.settings if item.startswith(prefix)]
    likeness = ALIKE_IN_ROLE if prefix else ALIKE_ELSEWHERE
    longer = [item for item in candidates if prefix == OWN and item.startswith(f"{variable.lower()}_")]
    near = longer or difflib.get_close_matches(variable.lower(), candidates, 1, likeness)
    return near[0] if near else ""


def _is_result(value: object) -> bool:
    """Results of tasks may be called anything."""
    return isinstance(value, Mapping) and "failed" in value and "changed" in value
