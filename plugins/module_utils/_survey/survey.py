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
from .._resources.ecs import CLUSTER
from .._resources.ecs import SERVICE
from .._resources.ecs import clusters_of
from .._resources.leftover import Leftover
from .._resources.lookup import Lookups
from .._resources.ours import Ours
from .._resources.registry import KINDS
from .._resources.registry import kind_of
from .._resources.registry import owned_as
from .._resources.registry import resource_of
from .._resources.resource import Resource
from .._resources.tagged import TAGGED
from .._resources.written import WRITERS
from .._scope.near import near_names
from .account import Account
from .blockers import besides
from .blockers import blockers
from .blockers import foreign_services
from .blockers import in_order
from .clusters import ClusterLook
from .clusters import clusters
from .contents import held_contents
from .inventory import InventoryReader
from .inventory import holdings
from .inventory import place_of
from .inventory import writers
from .lost_functions import Parse
from .lost_functions import lost_functions
from .owners import Owners
from .protections import protections
from .service_roles import lost_roles
from .stacks import described
from .stacks import listed
from .tagged import Found
from .tagged import TaggedLook
from .types import Entry
from .types import Scope
from .types import Stacks
from .verify import Proof
from .verify import Verification

_ANYTHING = ("stacks", "services", "tasks", "leftovers", "owned", "gaps")
_IN_THE_WAY = ("blockers", "protections", "roles")
_NO_CONTENTS: tuple[list[dict[str, Any]], list[Any]] = ([], [])
_NO_PROOF = Proof([], [], [], [], [])


class Survey:
    """Three rounds of looks, each all at the same time: what the stacks own, and what has a name; what follows from
    that; whose it is. ``looks`` has the gaps afterwards. Only who asks and the listing of stacks can stop a survey.
    ``parse``: see :class:`ScopeReader`; without it custom resources are not looked at."""

    def __init__(self, looks: Looks, region: str | None, parse: Parse | None = None) -> None:
        self._looks = looks
        self._parse = parse
        self._region = region
        self._account = Account(looks)

    def where(self) -> dict[str, Any]:
        """Who asks, if that was told, and where: what is known also of a survey that could not be taken."""
        known = self._account.known
        return {"region": self._region, **({"caller": {**known, "account_alias": None}} if known else {})}

    def take(self, scope: Scope) -> dict[str, Any]:
        """All parts of the survey, as they are returned. Raises :class:`AwsCallError`."""
        if not scope.verify_if_nothing:
            return self._answer(scope, self._first_round(scope))
        first = self._first_round(scope)
        answer = self._answer(scope, first)
        if any(answer[part] for part in _ANYTHING):
            return answer
        # Nothing is there, so prove it. The stacks are looked for anew, by another call than before; what has a name
        # was looked for just now.
        proof = replace(scope, verify=True, inventory=tuple(answer["inventory"]))
        return self._answer(proof, self._first_round(proof, {name: first[name] for name in first if name != "stacks"}))

    def _first_round(self, scope: Scope, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What there is, by the names of the looks. What is known is not looked at again."""
        known = known or {}
        looks = {name: look for name, look in self._looks_of(scope).items() if name not in known}
        return {**known, **self._looks.together(looks)}

    def _looks_of(self, scope: Scope) -> dict[str, Callable[[], Any]]:
        looks: dict[str, Callable[[], Any]] = {}
        if scope.stacks or scope.prefix or scope.tags:
            looks["stacks"] = lambda: self._stacks(scope)
        named = Ours(**_said(scope))
        for kind, row in KINDS.items():
            if row.leftover.by_name and scope.wants(kind):
                looks[kind] = partial(self._found, kind, named)
        if scope.caller and not scope.only_leftovers:
            looks["identity"] = self._account.identity
            looks["alias"] = self._account.alias
        if scope.verify and scope.stacks:
            looks["tagged"] = lambda: Verification(self._looks, self._region).tagged(scope.stacks)
        return looks

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

    def _answer(self, scope: Scope, first: Mapping[str, Any]) -> dict[str, Any]:
        """The second and the third round, and what follows from all."""
        stacks = first.get("stacks") or Stacks()
        ours = self._ours(scope, stacks)
        owners = Owners(self._looks, first.get("stacks"), ours.owned)
        second = self._looks.together(self._looks_at(scope, stacks, ours, owners))
        tagged = second.pop(TAGGED, [])
        found = [item for kind in KINDS for item in (*first.get(kind, ()), *second.get(kind, ()))]
        services, tasks = second.get("clusters", ([], []))
        third = self._looks.together(
            {
                "owners": lambda: self._looks.each(lambda item: owners.owner(owned_as(item)), found),
                "services": lambda: self._looks.each(lambda row: _with_owner(row, owners), services),
                "proof": lambda: self._proof(first, stacks, owners),
                "tagged": lambda: self._tagged(tagged, found, first.get("stacks"), ours, owners),
            }
        )
        seen = _seen(first.get("stacks"), scope)
        leftovers, owned, unclaimed = _sorted_out(found, third["owners"], seen["seen"] or not scope.stacks)
        (leftovers if seen["seen"] or not scope.stacks else unclaimed).extend(row.row() for row in third["tagged"].free)
        owned += [{**item.row(), "stack_name": owner} for item, owner in third["tagged"].owned]
        proof = third["proof"]
        others = foreign_services(ours, third["services"]) if scope.blockers else []
        several = [second.get(part, _NO_CONTENTS) for part in ("contents", "functions")]
        held, unknown = ([item for pair in several for item in pair[number]] for number in (0, 1))
        beside = [*others, *(row for part in _IN_THE_WAY for row in second.get(part, ()))]
        return {
            "caller": _caller(first),
            "region": self._region,
            **_stacks(stacks, scope),
            **seen,
            "services": third["services"],
            "tasks": tasks,
            "blockers": in_order([*held, *besides(held, beside)]),
            "blockers_gaps": unknown,
            "leftovers": leftovers,
            "owned": [*owned, *proof.owned],
            "unclaimed": unclaimed,
            "tagged_resources": proof.tagged,
            "remaining_resources": proof.remaining,
            "not_looked_up": proof.not_looked_up,
            "ending": proof.ending,
            "verified": scope.verify,
            "gaps": self._looks.gaps(),
        }

    def _ours(self, scope: Scope, stacks: Stacks) -> Ours:
        owned, had = holdings(stacks.inventory)
        ours = Ours(owned, had, place_of(stacks.inventory), tags=scope.tags)
        wanted = [row.leftover for kind, row in KINDS.items() if scope.wants(kind)]
        if any(kind.of_writers for kind in wanted):
            ours = replace(ours, writers=self._writers(stacks.inventory, ours))
        if not any(kind.of_clusters for kind in wanted) and not scope.blockers:
            return ours
        names = clusters_of(self._looks, ours.owned_ids(CLUSTER), ours.had_ids(CLUSTER))
        return replace(ours, clusters=names)

    def _writers(self, inventory: Sequence[Entry], ours: Ours) -> dict[Resource, str]:
        """What AWS writes logs for: of the workshop, and what it had and nobody has by now. Where that can not be
        looked at, it counts as somebody's."""
        found = writers(inventory, WRITERS)
        there = Lookups(self._looks).there(item for item in found if item not in ours.owned)
        return {item: since for item, since in found.items() if there.get(item, False) is False}

    def _looks_at(self, scope: Scope, stacks: Stacks, ours: Ours, owners: Owners) -> dict[str, Callable[[], Any]]:
        """What follows from what is ours."""
        looks: dict[str, Callable[[], Any]] = {
            kind: partial(self._found, kind, ours)
            for kind, row in KINDS.items()
            if not row.leftover.by_name and scope.wants(kind)
        }
        if not scope.only_leftovers:
            looks["clusters"] = lambda: self._clusters(ours)
        if scope.blockers:
            looks["blockers"] = lambda: blockers(self._looks, ours, owners)
            looks["contents"] = lambda: held_contents(self._looks, ours, stacks.inventory)
            parse = self._parse
            if parse is not None:
                looks["functions"] = lambda: lost_functions(self._looks, stacks, parse)
            looks["protections"] = lambda: protections(self._looks, stacks.inventory, self._region or "")
            looks["roles"] = lambda: lost_roles(self._looks, _of_scope(stacks, scope), self._region or "")
        return looks

    def _found(self, kind: str, ours: Ours) -> list[Leftover]:
        """Leftovers of one kind."""
        row = KINDS[kind]
        return self._looks.read(row.lookup.action, lambda: row.leftover.find(self._looks, ours))

    def _clusters(self, ours: Ours) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        several = clusters(ours)
        looks = {cluster.name: ClusterLook(self._looks, cluster).take for cluster in several}
        found = self._looks.together(looks).values()
        return [row for rows, _tasks in found for row in rows], [row for _services, rows in found for row in rows]

    def _proof(self, first: Mapping[str, Any], stacks: Stacks, owners: Owners) -> Proof:
        """What is left of stacks that are gone."""
        if "tagged" not in first or first["stacks"] is None:
            return _NO_PROOF
        return Verification(self._looks, self._region).proof(first["tagged"], stacks, owners)

    def _tagged(
        self, tagged: list[Leftover], found: list[Leftover], stacks: Stacks | None, ours: Ours, owners: Owners
    ) -> Found:
        """What bears the tags and is nobody's, which nobody can say without the stacks."""
        if stacks is None:
            return Found()
        told = {resource_of(item) for item in found}
        return TaggedLook(self._looks, stacks, ours, owners, self._region or "").take(tagged, told)


def _said(scope: Scope) -> dict[str, Any]:
    return {
        "xray_group": scope.xray_group,
        "xray_sampling_rules": scope.xray_sampling_rules,
        "ssm_path": scope.ssm_path,
        "alarm_prefix": scope.alarm_prefix,
        "tags": scope.tags,
    }


def _with_owner(row: dict[str, Any], owners: Owners) -> dict[str, Any]:
    """A service, with the stack outside the scope that owns it, if any."""
    owner = None if row["stack_name"] else owners.owner(Resource(SERVICE, row["arn"]))
    return {**row, "owner": owner or None}


def _caller(first: Mapping[str, Any]) -> dict[str, Any] | None:
    identity = first.get("identity")
    return identity and {**identity, "account_alias": first["alias"]}


def _of_scope(stacks: Stacks, scope: Scope) -> list[dict[str, Any]]:
    return [stacks.live[name] for name in dict.fromkeys(scope.stacks) if name in stacks.live]


def _stacks(stacks: Stacks, scope: Scope) -> dict[str, Any]:
    known = {*scope.stacks, *scope.kept, *stacks.nested}
    others = (
        name
        for name in stacks.live
        if scope.prefix and name.startswith(scope.prefix) and name not in known
    )
    return {
        "stacks": _of_scope(stacks, scope),
        "kept_stacks": [name for name in scope.kept if name in stacks.live],
        "other_stacks": sorted(others),
    }


def _seen(stacks: Stacks | None, scope: Scope) -> dict[str, Any]:
    if stacks is None or not scope.stacks:
        return {"inventory": [], "seen": None, "near_names": []}
    kept = any(name in stacks.live for name in scope.kept)
    never = not stacks.inventory and not kept and stacks.ever is not None
    return {
        "inventory": [entry.row() for entry in stacks.inventory],
        "seen": False if never else bool(stacks.inventory) or kept or None,
        "near_names": near_names(scope.prefix or commonprefix(scope.stacks), stacks.ever or ()) if never else [],
    }


def _sorted_out(
    found: Sequence[Leftover], owners: Sequence[str | None], seen: bool | None
) -> tuple[list[dict], list[dict], list[dict]]:
    """The rows that no stack owns, those that one does, and those that only have a name, of a workshop that nobody has
    seen. Where the owner is not known, none of these: it is a gap."""
    pairs = sorted(zip(found, owners), key=lambda pair: (pair[0].kind, pair[0].name, pair[0].id))
    free = [item for item, owner in pairs if owner == ""]
    return (
        [item.row() for item in free if seen or not kind_of(item).by_name],
        [{**item.row(), "stack_name": owner} for item, owner in pairs if owner],
        [item.row() for item in free if not seen and kind_of(item).by_name],
    )
