# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Services whose next deployment goes wrong by what is set for it, as data. No AWS, no terminal.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
"""

from __future__ import annotations

import math
from typing import Any
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import Row
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import rows

STUCK = "stuck"
GAP = "gap"
NO_BREAKER = "no_breaker"
NO_ROLLBACK = "no_rollback"


def service_settings(survey: Row) -> list[dict[str, Any]]:
    """A row for each service of the workshop of which there is something to say, sorted by cluster and name."""
    found = [_row(service) for service in rows(survey, "services") if service["stack_name"]]
    return sorted((row for row in found if row["problems"]), key=lambda row: (row["cluster"], row["name"]))


def _row(service: Row) -> dict[str, Any]:
    set_ = service.get("deployment") or {}
    return {
        "name": service["name"],
        "cluster": service["cluster"],
        "minimum_healthy_percent": set_.get("minimum_healthy_percent"),
        "maximum_percent": set_.get("maximum_percent"),
        "circuit_breaker": set_.get("circuit_breaker"),
        "rollback": set_.get("rollback"),
        "problems": _problems(service, set_) if set_ and service["status"] == "ACTIVE" else [],
    }


def _problems(service: Row, set_: Row) -> Sequence[str]:
    # A service with other strategies keeps its old tasks anyway, and takes no circuit breaker:
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    if not set_["rolling"]:
        return []
    # One that is scaled to 0 is looked at as it will be when it runs.
    desired = service["desired_count"] or 1
    more = math.floor(desired * set_["maximum_percent"] / 100) - desired
    fewer = desired - math.ceil(desired * set_["minimum_healthy_percent"] / 100)
    found = []
    if more <= 0 and fewer <= 0:
        found.append(STUCK)
    elif more <= 0 and fewer >= desired:
        found.append(GAP)
    if not set_["circuit_breaker"]:
        found.append(NO_BREAKER)
    elif not set_["rollback"]:
        found.append(NO_ROLLBACK)
    return found
