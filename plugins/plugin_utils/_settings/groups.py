# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The table of stack groups, in the one shape that playbooks hand to whatever deletes, surveys or shows them."""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import Sequence

from ansible.module_utils.common.validation import check_type_list
from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import phases_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import stacks_of

#: As an argument spec.
GROUPS: dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "required": True,
    "options": {
        "group": {"type": "str", "required": True},
        "after": {"type": "list", "elements": "str", "default": []},
        "of_which": {"type": "list", "elements": "str", "default": []},
        "phase": {"type": "int"},
        "stacks": {"type": "list", "elements": "raw", "default": []},
    },
}


def table(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """C(group), C(phase), C(stacks), names only, and by these names C(settings) and what each comes C(after), of each
    group.

    Raises ValueError for groups that make no sense. They do not either if they name no stack: of nothing looked at,
    nothing can be said.
    """
    phases = phases_of(groups)
    rows: dict[str, list[Mapping[str, Any]]] = {group: [] for group in phases}
    for row in stacks_of(groups):
        rows[row["group"]].append(row)
    if not any(rows.values()):
        raise ValueError("groups names no stack, so there is nothing to say.")
    return [
        {
            "group": group,
            "phase": phase,
            "stacks": [row["name"] for row in rows[group]],
            "settings": {row["name"]: _settings(row) for row in rows[group]},
            "after": {row["name"]: list(row["after"]) for row in rows[group]},
        }
        for group, phase in phases.items()
    ]


def _settings(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a stack's row says of it over what holds for all, None where it says nothing."""
    unprotect, retain = row.get("disable_termination_protection"), row.get("retain_on_failure")
    try:
        return {
            "unprotect": None if unprotect is None else boolean(unprotect),
            "retain": None if retain is None else check_type_list(retain),
        }
    except TypeError as error:
        raise ValueError(f"{row['name']}: {error}") from error
