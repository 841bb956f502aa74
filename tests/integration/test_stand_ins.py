# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order that is found for the stand-in workshops: what it hangs on, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._resources import general
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope import run
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.types import Found
from tests.integration import others
from tests.workshops import NAMES, Edge, Manifest, creation_order, deploy, read_manifest

MANIFESTS = {name: read_manifest(name) for name in NAMES}
SIGNALS = sorted({edge.signal for manifest in MANIFESTS.values() for edge in manifest.edges})


def edges_of(found: dict[str, Any]) -> set[Edge]:
    return {Edge(edge["stack"], edge["after"], edge["signal"]) for edge in found["edges"]}


def pairs(edges: Any) -> set[tuple[str, str]]:
    return {(edge.stack, edge.after) for edge in edges}


def levels_of(levels: Any) -> list[list[str]]:
    return [sorted(level) for level in levels]


def look(inside: Any, manifest: Manifest) -> dict[str, Any]:
    found = inside("cloudformation_stacks_info", scope=dict(manifest.scope))
    assert not found["failed"], found["msg"]
    return found


@pytest.mark.parametrize("seed", range(10))
def test_whenever_the_stacks_were_made_the_order_is_the_same(aws: Any, inside: Any, seed: int) -> None:
    """Each workshop has its turn, some of them twice."""
    manifest = MANIFESTS[NAMES[seed % len(NAMES)]]
    deploy(aws, manifest.name, creation_order(manifest, seed))
    found = look(inside, manifest)
    assert levels_of(found["levels"]) == levels_of(manifest.levels)
    assert pairs(edges_of(found)) == pairs(manifest.edges)


def test_no_signal_is_idle(aws: Any, inside: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any one of them an edge is lost somewhere. The six stand side by side here.

    The function of a custom resource is the exception: it is named by its ARN, which is a literal id as well.
    """
    seen: set[str] = set()
    for manifest in MANIFESTS.values():
        deploy(aws, manifest.name)
        found = look(inside, manifest)
        assert pairs(edges_of(found)) == pairs(manifest.edges)
        assert [(row["stack"], row["logical_id"]) for row in found["survivors"]] == list(manifest.survives)
        seen |= {edge.signal for edge in edges_of(found)}
    real = run.found
    decisive = set()
    for signal in seen:

        def without(*arguments: Any, signal: str = signal) -> Found:
            found = real(*arguments)
            return Found(tuple(edge for edge in found.edges if edge.signal != signal), found.dropped)

        monkeypatch.setattr(run, "found", without)
        if any(pairs(edges_of(look(inside, manifest))) != pairs(manifest.edges) for manifest in MANIFESTS.values()):
            decisive.add(signal)
    assert len(decisive) == len(SIGNALS) - 1, sorted(decisive)


@pytest.mark.parametrize("name", NAMES)
def test_of_all_that_was_there_it_is_proved_or_said_why_not(aws: Any, inside: Any, name: str) -> None:
    deployed = deploy(aws, name)
    for level in deployed.manifest.levels:
        for stack_name in level:
            others.delete(aws, deployed.ids[stack_name])
    found = inside("workshop_info", stacks=list(deployed.ids), verify=True)
    assert not found["failed"] and found["gaps"] == [], found
    left = {(row["stack_name"], row["logical_id"]) for row in found["remaining_resources"]}
    assert left <= set(deployed.manifest.survives)
    known = (general.NO_LOOK, general.NO_IDENTIFIER)
    assert [row for row in found["not_looked_up"] if row["why"] not in known] == []
    # What has a row of its own is not asked for in general, and of the others each is.
    resources = [row for entry in found["inventory"] for row in entry["resources"] if row["physical_id"]]
    asked = [row for row in resources if row["type"] not in TYPES and not general.reason_not_to_ask(row["type"])]
    assert aws.calls.by_action.get("cloudformation:GetResource", 0) >= len(asked)
    assert bool(asked) == ("cloudformation:GetResource" in aws.calls.by_action)
