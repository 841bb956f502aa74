# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is there now of a workshop, in few calls, without changing anything."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from typing import Callable
from typing import Sequence

from .._resources.instances import Instances
from .._resources.kinds import Kinds
from .account import Account
from .owners import Owners
from .._aws.reading import Reading
from .stacks import described
from .stacks import listed
from .tasks import Cluster
from .tasks import task_row
from .types import Found
from .types import Scope
from .types import Stacks
from .verify import Verification


class Survey:
    """``clients``: makes a boto3 client from the name of its service. ``reading`` tells afterwards what was denied."""

    def __init__(self, clients: Callable, reading: Reading, region: str) -> None:
        self._clients = clients
        self._reading = reading
        self._region = region

    def look(self, scope: Scope) -> dict[str, Any]:
        """All parts of the survey, as they are returned. Raises :class:`AwsCallError`."""
        if not scope.verify_if_nothing:
            return self._found(scope, self._first(scope, {}))
        first = self._first(replace(scope, ssm_path=""), {})
        found = self._found(scope, first)
        if any(found[part] for part in _ANYTHING):
            return found
        proof = replace(scope, verify=True)
        # Only the stacks are looked for by another call. What all others answered just now stays true.
        return self._found(proof, self._first(proof, {name: first[name] for name in first if name != "stacks"}))

    def _first(self, scope: Scope, known: dict[str, Any]) -> dict[str, Any]:
        """The answers to the first looks. Those that are known are not asked for again."""
        looks = {name: look for name, look in self._first_looks(scope).items() if name not in known}
        return {**known, **self._reading.together(looks)}

    def _found(self, scope: Scope, first: dict[str, Any]) -> dict[str, Any]:
        owners = Owners(self._clients, self._reading, first.get("stacks"))
        second = self._reading.together(self._second_looks(scope, first, owners))
        candidates = [item for name in _LISTS for item in first.get(name, [])]
        leftovers, owned = _sorted_out(candidates, second["owners"])
        leftovers.extend(item.row() for item in second.get("instances", []))
        tagged, retained = second.get("verification", ([], []))
        return {
            "caller": _caller(first),
            "region": self._region,
            **_stacks(first.get("stacks"), scope),
            "services": first.get("services", []),
            "tasks": [task_row(view) for view in first.get("tasks", [])],
            "leftovers": sorted(leftovers, key=_order),
            "owned": sorted(owned, key=_order),
            "tagged_resources": tagged,
            "retained_resources": retained,
            "verified": scope.verify,
            "denied": self._reading.denied(),
        }

    def _first_looks(self, scope: Scope) -> dict[str, Callable[[], Any]]:
        account = Account(self._clients, self._reading)
        cluster = Cluster(self._clients, self._reading, scope.cluster)
        kinds = Kinds(self._clients, self._reading)
        looks: dict[str, Callable[[], Any]] = {}
        if scope.stacks or scope.prefix:
            looks["stacks"] = lambda: self._reading.read(lambda: self._look_at_stacks(scope), None)
        if scope.caller:
            looks["identity"] = account.identity
            looks["alias"] = account.alias
        if scope.cluster:
            looks["tasks"] = cluster.tasks
        if scope.services:
            looks["services"] = lambda: cluster.services(scope.services)
        if scope.namespace:
            looks["registries"] = Instances(self._clients, self._reading, scope.namespace).registries
        if scope.log_groups or scope.log_group_prefixes:
            looks["log_groups"] = lambda: kinds.log_groups(scope.log_groups, scope.log_group_prefixes)
        if scope.xray_group:
            looks["xray_groups"] = lambda: kinds.xray_groups([scope.xray_group])
        if scope.xray_sampling_rules:
            looks["xray_sampling_rules"] = lambda: kinds.xray_sampling_rules(scope.xray_sampling_rules)
        if scope.task_families:
            looks["task_definitions"] = lambda: kinds.task_definitions(scope.task_families)
        if scope.ssm_path:
            looks["ssm_parameters"] = lambda: kinds.ssm_parameters(scope.ssm_path)
        if scope.verify and scope.stacks:
            looks["tagged"] = lambda: self._verification().tagged(scope.stacks)
        return looks

    def _look_at_stacks(self, scope: Scope) -> Stacks:
        client = self._clients("cloudformation")
        return listed(client, scope.stacks) if scope.verify else described(client)

    def _second_looks(self, scope: Scope, first: dict[str, Any], owners: Owners) -> dict[str, Callable[[], Any]]:
        candidates = [item for name in _LISTS for item in first.get(name, [])]
        looks: dict[str, Callable[[], Any]] = {
            "owners": lambda: self._reading.each(lambda item: owners.owner(item.physical_id), candidates)
        }
        if first.get("registries"):
            cluster = Cluster(self._clients, self._reading, scope.cluster)
            instances = Instances(self._clients, self._reading, scope.namespace)
            looks["instances"] = lambda: instances.orphans(first["registries"], cluster, first["tasks"])
        if first.get("tagged") is not None and first["stacks"]:
            looks["verification"] = lambda: self._verify(scope, first, owners)
        return looks

    def _verify(self, scope: Scope, first: dict[str, Any], owners: Owners) -> tuple[list, list]:
        gone = {item.id for item in first.get("task_definitions", [])}
        return self._verification().rows(first["tagged"], first["stacks"], scope.known_stack_ids, gone, owners)

    def _verification(self) -> Verification:
        return Verification(self._clients, self._reading, self._region)


_ANYTHING = ("stacks", "services", "tasks", "leftovers", "owned", "denied")
_LISTS = ("log_groups", "ssm_parameters", "task_definitions", "xray_groups", "xray_sampling_rules")


def _caller(first: dict[str, Any]) -> dict[str, Any] | None:
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


def _sorted_out(candidates: Sequence[Found], owners: Sequence[str | None]) -> tuple[list[dict], list[dict]]:
    """The rows that no stack owns, and those that one does. Where that may not be read, neither: it is a gap."""
    pairs = list(zip(candidates, owners))
    return (
        [item.row() for item, owner in pairs if owner == ""],
        [{**item.row(), "stack_name": owner} for item, owner in pairs if owner],
    )


def _order(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["kind"], row["name"], row["id"]
