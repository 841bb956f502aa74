# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a release, or a way back, is going to do, as lines for a terminal."""

from __future__ import annotations

import re
from typing import Any
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import ERROR
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import PLAIN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import WARNING
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import Line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import apart
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import listed
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import wrapped
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import shortened

Row = Mapping[str, Any]
WHAT = {"release": "Release of", "rollback": "Way back of"}


def plan_lines(
    operation: str,
    service: Row,
    planned: Row,
    problem: str,
    probes: Sequence[Row],
    tasks: str,
    back: Sequence[str],
    width: int,
) -> list[Line]:
    """``service``: what ecs_service_stack returned. ``planned``: what ecs_deployment returned in check mode.
    ``problem``: why it is refused. ``tasks``: path of the user's own tasks that judge. ``back``: what brings the
    service back."""
    lines: list[Line] = [(f"{WHAT[operation]} {service['service']}: what it would do", PLAIN)]
    lines += wrapped("account", f"{service['account']}, region {service['region']}", width)
    lines += wrapped("service", f"{service['service']} in the cluster {service['cluster']}{_owner(service)}", width)
    lines += wrapped("runs", short(planned.get("task_definition_before") or service["task_definition"]), width)
    lines += apart([] if problem else _changes(operation, planned, width))
    if operation == "release":
        lines += apart(_judges(probes, tasks, back, width))
    lines += listed("warning", planned.get("warnings") or [], width, WARNING)
    if service["drifted"]:
        lines += wrapped("stack", service["how"], width, WARNING)
    return lines + (wrapped("REFUSED", problem, width, ERROR) if problem else [])


def headline(operation: str, service: Row, planned: Row) -> str:
    """The same in one line."""
    if not planned.get("changed"):
        return f"{service['service']} runs that already: nothing would be done"
    if planned.get("joined") and operation == "rollback":
        return f"the deployment of {service['service']} that is under way would be rolled back, to {_target(planned)}"
    if planned.get("joined"):
        return f"the deployment of {service['service']} that is under way would be followed to its end"
    return f"{service['service']} would be brought to {_target(planned)}"


def short(arn: str) -> str:
    """Family and revision of a task definition."""
    return arn.rsplit("/", 1)[-1]


def changes(diff: Row) -> list[str]:
    """The lines of a diff, those that go with a minus."""
    before, after = (str(diff.get(side) or "").splitlines() for side in ("before", "after"))
    return [*(f"- {line}" for line in before), *(f"+ {line}" for line in after)]


def _owner(service: Row) -> str:
    return f", of the stack {service['stack']}" if service["stack"] else ", which no stack owns"


def _target(planned: Row) -> str:
    return short(planned.get("task_definition") or "") or "a new revision of its task definition"


def _changes(operation: str, planned: Row, width: int) -> list[Line]:
    if not planned.get("changed"):
        return wrapped("change", "none: it runs that already", width)
    if planned.get("joined") and operation == "rollback":
        return wrapped("change", f"the deployment that is under way is rolled back, to {_target(planned)}", width)
    if planned.get("joined"):
        told = f"the deployment to {_target(planned)} that is under way is followed to its end"
        return wrapped("change", told, width)
    return listed("change", [shortened(line) for line in changes(planned.get("diff") or {})], width)


def _judges(probes: Sequence[Row], tasks: str, back: Sequence[str], width: int) -> list[Line]:
    said = [
        f"{item.get('method') or 'GET'} {_shown(str(item.get('url', '')))}, every {item.get('interval') or 5:g} s"
        for item in probes
    ]
    said += [f"the tasks of {tasks}"] if tasks else []
    lines = listed("probes", said, width)
    if not said:
        lines += wrapped("probes", "none: a version that ECS takes for well stays, whatever it answers", width, WARNING)
    return lines + wrapped("back on", ", ".join(back) or "nothing: what was deployed is left as it is", width)


def _shown(url: str) -> str:
    """As it may be shown: a password and what is asked for may be secret."""
    return re.sub(r"(?<=://)[^/@]*@", "", url).partition("?")[0]
