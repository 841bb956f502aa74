# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a teardown hands to the deletion: the very stacks that the plan shows, with what is in them."""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import phases_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import stacks_of
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import facts
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import Row


def seen_groups(groups: Sequence[Mapping[str, Any]], survey: Row) -> list[dict[str, Any]]:
    """The same table with the stacks of the survey only, each with its ``stack_id`` and, if known, its ``resources``.

    Which stack waits for which is settled with all stacks in sight, and then said of each stack: that one which is
    gone is gone does not change what the others wait for.
    """
    ids = {stack["name"]: stack["stack_id"] for stack in facts.rows(survey, "stacks")}
    owned = facts.inventory(survey)
    found: dict[str, list[dict[str, Any]]] = {group: [] for group in phases_of(groups)}
    for row in stacks_of(groups):
        if row["name"] in ids:
            stack_id = ids[row["name"]]
            known = {} if owned.get(stack_id) is None else {"resources": owned[stack_id]}
            after = [name for name in row["after"] if name in ids]
            found[row["group"]].append({**row, "after": after, "stack_id": stack_id, **known})
    return [
        {"group": group, "phase": phase, "stacks": found[group]} for group, phase in phases_of(groups).items()
    ]
