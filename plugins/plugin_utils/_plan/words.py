# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Words for what a survey found: kinds of leftovers, gaps, ages."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from typing import Iterable
from typing import Mapping

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.text import one_line
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import KINDS
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import LIST
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted

CALLER = "sts:GetCallerIdentity"

#: What can not be seen without an action, by the beginning of its name; the first that fits. For others, the leftovers
#: that are looked for with it, or else in that service.
_HIDDEN = (
    (CALLER, "who is asking"),
    ("cloudformation:DescribeStackResource", "which stack owns what"),
    ("cloudformation:", "stacks"),
    ("ecs:DescribeServices", "services"),
    ("ecs:ListServices", "services"),
    ("ecs:ListTaskDefinition", "task definitions"),
    ("ecs:", "tasks"),
    ("tag:", "what carries tags of the workshop"),
)

#: Services of what goes along with the things that a stack is about.
_BESIDE = ("IAM", "SSM")

_NO_LEFTOVERS = {"stack": ("stack", "stacks"), "ecs_service": ("ECS service", "ECS services")}
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60))


def kind(name: str, number: int = 1) -> str:
    """The words for a kind of what is removed or left; an unknown kind is its own word."""
    one, several = KINDS[name].leftover.words if name in KINDS else _NO_LEFTOVERS.get(name, (name, name))
    return one if number == 1 else several


def hidden(action: str) -> str:
    """What is not seen without this IAM action, C('') if that is not known."""
    known = [words for start, words in _HIDDEN if action.startswith(start)]
    rows = [row for row in KINDS.values() if row.lookup.action.split(":")[0] == action.split(":")[0]]
    exact = [row for row in rows if row.lookup.action == action]
    return next(iter([*known, *(row.leftover.words[1] for row in [*exact, *rows])]), "")


def actions(gaps: Iterable[Mapping[str, Any]]) -> list[str]:
    """The IAM actions of gaps, each once."""
    return list(dict.fromkeys(str(gap["action"]) for gap in gaps))


def not_seen(gaps: Iterable[Mapping[str, Any]]) -> list[str]:
    """A line for each IAM action that could not be called: what stays unseen, and the action."""
    return [f"{hidden(action)} ({action})".strip() for action in actions(gaps)]


def blind(gaps: Iterable[Mapping[str, Any]]) -> list[str]:
    """The IAM actions behind which something of a workshop may be: who asks does not matter for that."""
    return [action for action in actions(gaps) if action != CALLER]


def hides_stacks(gaps: Iterable[Mapping[str, Any]]) -> bool:
    """Whether nobody knows which stacks there are."""
    return any(hidden(action) == "stacks" for action in actions(gaps))


def subject(known: Mapping[str, Any]) -> str:
    """What a plan or a status is about."""
    return f"a part of {known['workshop']}" if known["part"] else str(known["workshop"])


def never_seen(known: Mapping[str, Any]) -> str:
    """That a workshop was never seen, where, and which one may be meant; the words after its name."""
    near = " or ".join(f"-e workshop_name={name}" for name in known["near_names"])
    return (
        f"never seen in this account and region ({known['account'] or 'unknown'}, {known['region']}): no stack of it "
        f"is there, and none was deleted within 90 days.{f' Did you mean {near}?' if near else ''} {LIST}."
    )


def contents(contains: Mapping[str, int] | None, room: int) -> str:
    """How many resources of which types a stack has, as many types as there is room for, what it is about first."""
    counts = contains or {}
    services = Counter(_service(name) for name in counts)

    def place(name: str) -> tuple[bool, int, int, int, str]:
        service = _service(name)
        return service in _BESIDE, -services[service], counts[name], len(name), name

    items = [
        (f"{counts[name]} " if counts[name] > 1 else "") + one_line(name.removeprefix("AWS::"))
        for name in sorted(counts, key=place)
    ]
    whole = ", ".join(items)
    if len(whole) <= room:
        return whole
    cuts = [", ".join([*items[:shown], f"and {len(items) - shown} more"]) for shown in range(len(items) - 1, 0, -1)]
    return next((cut for cut in cuts if len(cut) <= room), f"{items[0]}, …")


def _service(type_name: str) -> str:
    return type_name.split("::")[1] if "::" in type_name else ""


def age(made: str, now: datetime) -> str:
    """C(3 days old), from an ISO 8601 time and an aware C(now)."""
    seconds = (now - datetime.fromisoformat(made)).total_seconds()
    for unit, length in _UNITS:
        if seconds >= length:
            return f"{counted(int(seconds // length), unit)} old"
    return "made just now"
