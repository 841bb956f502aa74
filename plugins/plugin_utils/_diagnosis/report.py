# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a diagnosis found in one cluster or several, as one report. Everything in it is made harmless here, once."""

from __future__ import annotations

import json
import shlex
from datetime import datetime
from typing import Any
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.words import heading
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.words import looked_at
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import iso
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import plain

Row = dict[str, Any]

VERDICTS = ("failing", "slow", "nothing_found")  # the worst first
#: What each diagnosis has to have.
KEYS = frozenset(("verdict", "cluster", "findings", "notes", "gaps", "looked_at", "deployments", "timeline", "map"))


def build(
    subject: str,
    found: Sequence[Mapping[str, Any]],
    playbook: str,
    variables: Mapping[str, Any],
    now: datetime,
) -> Row:
    """``found``: what the module ecs_diagnosis returned, of each cluster. ``playbook``: that which switches back, with
    ``variables`` besides the cluster and the service. Raises ``ValueError`` for what is no such result."""
    for item in found:
        if missing := sorted(KEYS - item.keys()):
            raise ValueError(f"found is not what ecs_diagnosis returns: it has no {', '.join(missing)}.")
    clusters = [_cluster(plain(item), playbook, variables) for item in found]
    verdict = min((item["verdict"] for item in clusters), key=VERDICTS.index, default="nothing_found")
    return {
        "schema_version": "1.0",
        "subject": plain(subject),
        "made": iso(now),
        "verdict": verdict,
        "summary": _summary(clusters),
        "clusters": clusters,
    }


def command(playbook: str, cluster: str, service: str, variables: Mapping[str, Any]) -> str:
    """What switches a service back, as a shell takes it."""
    given = {**variables, "workshop_cluster": cluster, "workshop_service": service}
    words = ["ansible-playbook", playbook]
    for name, value in given.items():
        words += ["-e", f"{name}={value}" if _is_plain(value) else json.dumps({name: value})]
    return " ".join(map(shlex.quote, words))


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and not any(char.isspace() or char in "{}'\"" for char in value)


def _cluster(found: Row, playbook: str, variables: Mapping[str, Any]) -> Row:
    kept = {key: value for key, value in found.items() if key not in ("changed", "failed", "invocation", "warnings")}
    findings = [
        {
            **item,
            "command": command(playbook, found["cluster"], item["service"], variables) if item["roll_back"] else "",
        }
        for item in found["findings"]
    ]
    return {**kept, "findings": findings}


def _summary(clusters: Sequence[Row]) -> str:
    told = [heading(item, cluster["end"]) for cluster in clusters for item in cluster["findings"]]
    if told:
        more = f", and {len(told) - 1} more" if len(told) > 1 else ""
        return f"{told[0]}{more}"
    gaps = sorted({row["action"] for cluster in clusters for row in cluster["gaps"]})
    told = f"nothing found, looked at {looked_at(clusters)}"
    return f"{told}; not looked at: {', '.join(gaps)}" if gaps else told
