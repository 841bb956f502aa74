# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""How a workshop stands, as data, from what a survey found. No AWS, no terminal."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from typing import Iterator
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import facts
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import Row
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.service_settings import service_settings

#: DNS names that Elastic Load Balancing gives to load balancers:
#: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html
_LOAD_BALANCER = re.compile(
    r"(?:https?://)?[a-z0-9.-]+\.elb(?:\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?(?::\d+)?/?", re.IGNORECASE
)


def build_status(
    survey: Row,
    groups: Sequence[Row],
    *,
    workshop: str,
    part: Row | None = None,
    remove: Sequence[str] = (),
    site_outputs: Sequence[str] = (),
) -> dict[str, Any]:
    """The status, as the module workshop_status documents it.

    :param site_outputs: names of stack outputs that hold the address of the site; none: by the look of their values
    """
    known = facts.overview(survey, groups, workshop, remove, part)
    there = {stack["name"]: stack for stack in facts.rows(survey, "stacks")}
    return {
        **{key: value for key, value in known.items() if key != "stop"},
        "sites": list(dict.fromkeys(_sites(there.values(), site_outputs))),
        "groups": [_group(group, there) for group in groups if group["stacks"]],
        "services": _services(survey, known["stop"]),
        "ecs_service_settings": service_settings(survey),
    }


def _sites(stacks: Any, outputs: Sequence[str]) -> Iterator[str]:
    for stack in stacks:
        for name, value in sorted((stack.get("outputs") or {}).items()):
            if name in outputs if outputs else _LOAD_BALANCER.fullmatch(str(value)):
                yield value if "://" in value else f"http://{value}"


def _group(group: Row, there: Mapping[str, Row]) -> dict[str, Any]:
    found = [there[name] for name in group["stacks"] if name in there]
    return {
        "group": group["group"],
        "phase": int(group["phase"]),
        "stacks": len(group["stacks"]),
        "statuses": dict(sorted(Counter(stack["status"] for stack in found).items())),
        "protected": sum(bool(stack.get("termination_protection")) for stack in found),
        "unusual": [
            {"name": stack["name"], "status": stack["status"], "status_reason": stack.get("status_reason") or None}
            for stack in found
            if stack["status"] not in facts.USUAL
        ],
    }


def _services(survey: Row, stop: Sequence[Row]) -> list[dict[str, Any]]:
    """A row for each service, then for the tasks of none or of a service that was not asked about.

    A service that was deleted is told of as INACTIVE for a while:
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
    """
    tasks = {row["group"]: row["statuses"] for row in stop}
    known = {f"service:{service['name']}": service for service in facts.rows(survey, "services")}
    rows = [
        {
            "name": service["name"],
            "status": service["status"],
            "running": service["running_count"],
            "pending": service["pending_count"],
            "desired": service["desired_count"],
            "tasks": tasks.get(group, {}) if service["stack_name"] else {},
            "of_others": None if service["stack_name"] else facts.owner(service),
        }
        for group, service in known.items()
        if service["status"] != "INACTIVE" or group in tasks
    ]
    others = [
        {
            "name": row["service"] or row["group"],
            "status": None,
            "running": row["statuses"].get("RUNNING", 0),
            "pending": sum(row["statuses"].get(status, 0) for status in ("PROVISIONING", "PENDING", "ACTIVATING")),
            "desired": None,
            "tasks": row["statuses"],
            "of_others": None,
        }
        for row in stop
        if row["group"] not in known
    ]
    return sorted(rows, key=lambda row: row["name"]) + others
