# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What there is of a workshop, from the first question to the answer that is returned."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from os.path import commonprefix
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from .._aws.looks import Looks
from .._resources.ecs import TASK_DEFINITION
from .._resources.leftover import Leftover
from .._resources.registry import KINDS
from .account import Account
from .inventory import InventoryReader
from .near import near_names
from .owners import Owners
from .stacks import described
from .stacks import listed
from .tasks import Cluster
from .tasks import task_row
from .types import Scope
from .types import Stacks
from .verify import Verification

_ANYTHING = ("stacks", "services", "tasks", "leftovers", "owned", "gaps")


class Survey:
    """Two rounds of looks, each all at the same time: what there is, then who owns it and what of deleted stacks is
    there. ``looks`` has the gaps afterwards. Only who asks and the listing of stacks can stop a survey."""

    def __init__(self, looks: Looks, region: str | None) -> None:
        self._looks = looks
        self._region = region

    def take(self, scope: Scope) -> dict[str, Any]:
        """All parts of the survey, as they are returned. Raises :class:`AwsCallError`."""
        if not scope.verify_if_nothing:
            return self._answer(scope, self._first_round(scope))
        first = self._first_round(replace(scope, ssm_path=""))
        answer = self._answer(scope, first)
        if any(answer[part] for part in _ANYTHING):
            return answer
        # Nothing is there, so prove it. Only the stacks are looked for anew, by another call than before; what all
        # others answered just now stays true.
        proof = replace(scope, verify=True, inventory=tuple(answer["inventory"]))
        return self._answer(proof, self._first_round(proof, {name: first[name] for name in first if name != "stacks"}))

    def _first_round(self, scope: Scope, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What there is, by the names of the looks. What is known is not looked at again."""
        known = known or {}
        looks = {name: look for name, look in self._looks_of(scope).items() if name not in known}
        return {**known, **self._looks.together(looks)}

    def _looks_of(self, scope: Scope) -> dict[str, Callable[[], Any]]:
        looks: dict[str, Callable[[], Any]] = {}
        if scope.stacks or scope.prefix:
            looks["stacks"] = lambda: self._stacks(scope)
        for kind, row in KINDS.items():
            where = [getattr(scope, option) for option in row.leftover.options]
            if any(where) and (scope.kinds is None or kind in scope.kinds):
                looks[kind] = partial(row.leftover.find, self._looks, *where)
        return looks if scope.only_leftovers else {**looks, **self._other_looks(scope)}

    def _stacks(self, scope: Scope) -> Stacks | None:
        """The stacks, with the inventory; None if they may not be asked for."""
        client = self._looks.clients("cloudformation")
        inventory = InventoryReader(self._looks, scope.inventory)
        stacks = self._looks.needed(lambda: listed(client, scope.stacks) if scope.verify else described(client))
        if stacks is None:
            return None
        if not scope.verify and not all(name in stacks.live or inventory.knows(name) for name in scope.stacks):
            past = self._looks.needed(lambda: listed(client, scope.stacks))
            stacks.gone, stacks.ever = (past.gone, past.ever) if past else ((), None)
        stacks.inventory = inventory.entries(stacks, scope.stacks, scope.verify)
        return stacks

    def _other_looks(self, scope: Scope) -> dict[str, Callable[[], Any]]:
        account = Account(self._looks)
        cluster = Cluster(self._looks, scope.cluster)
        looks: dict[str, Callable[[], Any]] = {}
        if scope.caller:
            looks["identity"] = account.identity
            looks["alias"] = account.alias
        if scope.cluster:
            looks["tasks"] = cluster.tasks
        if scope.services:
            looks["services"] = lambda: cluster.services(scope.services)
        if scope.verify and scope.stacks:
            looks["tagged"] = lambda: Verification(self._looks, self._region).tagged(scope.stacks)
        return looks

    def _answer(self, scope: Scope, first: Mapping[str, Any]) -> dict[str, Any]:
        """The second round, and what follows from both."""
        owners = Owners(self._looks, first.get("stacks"))
        found = [item for kind in KINDS for item in first.get(kind, [])]
        second = self._looks.together(
            {
                "owners": lambda: self._looks.each(lambda item: owners.owner(item.owned_as), found),
                "proof": lambda: self._proof(scope, first, owners),
            }
        )
        leftovers, owned = _sorted_out(found, second["owners"])
        tagged, retained = second["proof"]
        return {
            "caller": _caller(first),
            "region": self._region,
            **_stacks(first.get("stacks"), scope),
            **_seen(first.get("stacks"), scope),
            "services": first.get("services", []),
            "tasks": [task_row(view) for view in first.get("tasks", [])],
            "leftovers": leftovers,
            "owned": owned,
            "tagged_resources": tagged,
            "retained_resources": retained,
            "verified": scope.verify,
            "gaps": self._looks.gaps(),
        }

    def _proof(self, scope: Scope, first: Mapping[str, Any], owners: Owners) -> tuple[list, list]:
        """What is left of deleted stacks: resources with their tags, and those left behind on purpose."""
        if "tagged" not in first or first["stacks"] is None:
            return [], []
        inactive = {item.id for item in first.get(TASK_DEFINITION, [])}
        return Verification(self._looks, self._region).rows(
            first["tagged"], first["stacks"], scope.known_stack_ids, inactive, owners
        )


def _caller(first: Mapping[str, Any]) -> dict[str, Any] | None:
    identity = first.get("identity")
    return identity and {**identity, "account_alias": first["alias"]}


def _stacks(stacks: Stacks | None, scope: Scope) -> dict[str, Any]:
    stacks = stacks or Stacks()
    others = (
        name
        for name in stacks.live
        if scope.prefix and name.startswith(scope.prefix) and name not in scope.stacks and name not in stacks.nested
    )
    return {
        "stacks": [stacks.live[name] for name in dict.fromkeys(scope.stacks) if name in stacks.live],
        "other_stacks": sorted(others),
    }


def _seen(stacks: Stacks | None, scope: Scope) -> dict[str, Any]:
    if stacks is None or not scope.stacks:
        return {"inventory": [], "seen": None, "near_names": []}
    seen = True if stacks.inventory else None if stacks.ever is None else False
    return {
        "inventory": [entry.row() for entry in stacks.inventory],
        "seen": seen,
        "near_names": near_names(scope.prefix or commonprefix(scope.stacks), stacks.ever or ()) if seen is False else [],
    }


def _sorted_out(found: Sequence[Leftover], owners: Sequence[str | None]) -> tuple[list[dict], list[dict]]:
    """The rows that no stack owns, and those that one does. Where that is not known, neither: it is a gap."""
    pairs = sorted(zip(found, owners), key=lambda pair: (pair[0].kind, pair[0].name, pair[0].id))
    return (
        [item.row() for item, owner in pairs if owner == ""],
        [{**item.row(), "stack_name": owner} for item, owner in pairs if owner],
    )
