# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A part of a workshop: the groups or stacks that a user names, or all but those."""

from __future__ import annotations

import difflib
from typing import Any
from typing import Iterable
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import stacks_of

Groups = Sequence[Mapping[str, Any]]


def part_of(groups: Groups, only: Any = None, keep: Any = None) -> dict[str, Any]:
    """The part of a table of stack groups that is meant, in the same shape, and what is kept.

    C(whole): whether that is all. C(groups): all groups, each with those of its stacks that are meant, so that their
    order and their phases stay. C(only), C(keep): as given, as lists. C(kept): the other stacks, each with its C(name),
    C(group), C(reason), and the stacks of the part that come after it, which it C(holds) while it is there.

    What a kept stack stands on is kept as well: all that would be deleted after it.

    :param only: names of groups or stacks, as a list or separated by commas; none: all
    :param keep: the same, of what is kept
    :raises ValueError: for a name that is none, for what is in both, and if nothing remains
    """
    wanted, saved = _names(only), _names(keep)
    rows = stacks_of(groups)
    named = _named("workshop_only", wanted, groups, rows)
    reasons = {name: "workshop_keep names it" for name in _named("workshop_keep", saved, groups, rows)}
    reasons |= _grounds(rows, reasons)
    _refuse_both(named, reasons)
    if wanted:
        reasons |= {row["name"]: "workshop_only does not name it" for row in rows if row["name"] not in named}
    if rows and len(reasons) == len(rows):
        raise ValueError("Nothing of the workshop remains: workshop_keep keeps all of it.")
    return {
        "whole": not (wanted or saved),
        "only": wanted,
        "keep": saved,
        "groups": [{**group, "stacks": _others(group, reasons)} for group in groups],
        "kept": [
            {
                "name": row["name"],
                "group": row["group"],
                "reason": reasons[row["name"]],
                "holds": [
                    other["name"]
                    for other in rows
                    if row["name"] in other["after"] and other["name"] not in reasons
                ],
            }
            for row in rows
            if row["name"] in reasons
        ],
    }


def part_problem(groups: Groups, only: Any, keep: Any) -> str:
    """Why there is no such part; empty if there is."""
    try:
        part_of(groups, only, keep)
    except ValueError as error:
        return str(error)
    return ""


def _names(value: Any) -> list[str]:
    parts = value.split(",") if isinstance(value, str) else value or []
    return list(dict.fromkeys(str(part).strip() for part in parts if str(part).strip()))


def _named(variable: str, names: Sequence[str], groups: Groups, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The stacks that names of groups or stacks mean."""
    known = [group["group"] for group in groups]
    stacks = [row["name"] for row in rows]
    for name in names:
        if name not in known and name not in stacks:
            near = difflib.get_close_matches(name, [*known, *stacks], n=3)
            hint = f"Did you mean {' or '.join(near)}?" if near else f"There are the groups {', '.join(known)}."
            raise ValueError(f"{variable} names {name}, which is no group and no stack of the workshop. {hint}")
    return [row["name"] for row in rows if row["group"] in names or row["name"] in names]


def _grounds(rows: Sequence[Mapping[str, Any]], kept: Iterable[str]) -> dict[str, str]:
    """What the kept stacks stand on, with the reason to keep it: stacks that would go after one that does not."""
    found: dict[str, str] = {}
    known = list(kept)
    for name in known:
        for row in rows:
            if name in row["after"] and row["name"] not in known:
                known.append(row["name"])
                found[row["name"]] = f"{name} stands on it, which is kept"
    return found


def _refuse_both(named: Sequence[str], reasons: Mapping[str, str]) -> None:
    both = [name for name in named if name in reasons]
    if both:
        raise ValueError(f"workshop_only names {both[0]}, which has to be kept: {reasons[both[0]]}.")


def _others(group: Mapping[str, Any], kept: Mapping[str, str]) -> list[Any]:
    rows = group.get("stacks") or []
    return [row for row in rows if (row["name"] if isinstance(row, Mapping) else row) not in kept]
