# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Words for what a survey found: kinds of leftovers, gaps, ages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from typing import Iterable
from typing import Mapping

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted

CALLER = "sts:GetCallerIdentity"

#: How a leftover of each kind is called, one and several.
KINDS = {
    "log_group": ("log group", "log groups"),
    "xray_group": ("X-Ray group", "X-Ray groups"),
    "xray_sampling_rule": ("X-Ray sampling rule", "X-Ray sampling rules"),
    "cloud_map_instance": ("Cloud Map instance", "Cloud Map instances"),
    "task_definition": ("INACTIVE task definition revision", "INACTIVE task definition revisions"),
    "ssm_parameter": ("SSM parameter", "SSM parameters"),
}

#: What can not be seen without an action, by the beginning of its name; the first that fits.
_HIDDEN = (
    (CALLER, "who is asking"),
    ("cloudformation:DescribeStackResource", "which stack owns what"),
    ("cloudformation:", "stacks"),
    ("ecs:DescribeServices", "services"),
    ("ecs:ListServices", "services"),
    ("ecs:ListTaskDefinition", "task definitions"),
    ("ecs:", "tasks"),
    ("logs:", "log groups"),
    ("xray:GetGroup", "X-Ray groups"),
    ("xray:", "X-Ray sampling rules"),
    ("servicediscovery:", "Cloud Map instances"),
    ("ssm:", "SSM parameters"),
    ("tag:", "what carries the stacks' tags"),
)

_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60))


def kind(name: str, number: int = 1) -> str:
    """The words for a kind of leftover; an unknown kind is its own word."""
    one, several = KINDS.get(name, (name, name))
    return one if number == 1 else several


def hidden(action: str) -> str:
    """What is not seen without this IAM action, C('') if that is not known."""
    return next((words for start, words in _HIDDEN if action.startswith(start)), "")


def actions(gaps: Iterable[Mapping[str, Any]]) -> list[str]:
    """The IAM actions of gaps, each once."""
    return list(dict.fromkeys(str(gap["action"]) for gap in gaps))


def not_seen(gaps: Iterable[Mapping[str, Any]]) -> list[str]:
    """A line for each IAM action that is not permitted: what stays unseen, and the action."""
    return [f"{hidden(action)} ({action})".strip() for action in actions(gaps)]


def blind(gaps: Iterable[Mapping[str, Any]]) -> list[str]:
    """The IAM actions behind which something of a workshop may be: who asks does not matter for that."""
    return [action for action in actions(gaps) if action != CALLER]


def hides_stacks(gaps: Iterable[Mapping[str, Any]]) -> bool:
    """Whether nobody knows which stacks there are."""
    return any(hidden(action) == "stacks" for action in actions(gaps))


def age(made: str, now: datetime) -> str:
    """C(3 days old), from an ISO 8601 time and an aware C(now)."""
    seconds = (now - datetime.fromisoformat(made)).total_seconds()
    for unit, length in _UNITS:
        if seconds >= length:
            return f"{counted(int(seconds // length), unit)} old"
    return "made just now"
