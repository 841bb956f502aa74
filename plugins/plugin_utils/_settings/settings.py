# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: may change at any time.
"""Whether what a user said of a workshop is about exactly one."""

from __future__ import annotations

import json
import re
from typing import Any
from typing import Mapping

from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import agreement_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.match import tags_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import octal_account

ACCOUNT = re.compile(r"[0-9]{12}\Z")
# Part of a stack's name, as the workshop's own name is. Nothing that would be a pattern.
PART = re.compile(r"[A-Za-z0-9](-?[A-Za-z0-9]){0,99}\Z")
WORKSHOP = re.compile(r"[A-Za-z](-?[A-Za-z0-9]){0,99}\Z")
# All that AWS allows in names of clusters, log groups, namespaces and so on, but nothing that would be a pattern.
NAME = re.compile(r"[A-Za-z0-9_./#-]{1,512}\Z")
NAMES = (
    "workshop_alarm_prefix",
    "workshop_ssm_path",
    "workshop_xray_group",
    "workshop_xray_sampling_rules",
)
TIMES = ("workshop_wait_timeout", "workshop_poll_interval")


def settings_problem(settings: Mapping[str, Any]) -> str:
    """What is wrong with the settings, by the names of their variables; empty if nothing is."""
    return (
        _no_scope(settings)
        or _no_workshop(settings)
        or _no_account(settings)
        or _odd(settings)
        or _broad(settings)
        or _no_time(settings)
        or _no_settle(settings)
        or agreement_problem(settings.get("workshop_clear") or (), "workshop_clear")
        or tags_problem(settings.get("workshop_tags") or {}, "workshop_tags")
    )


def _no_workshop(settings: Mapping[str, Any]) -> str:
    if WORKSHOP.match(settings["workshop_name"]):
        return ""
    return (
        f"workshop_name is {json.dumps(settings['workshop_name'])}, which is not the name of one workshop: it takes a "
        "letter, then letters, digits and hyphens, 100 characters at most."
    )


def _no_scope(settings: Mapping[str, Any]) -> str:
    scope = settings.get("workshop_scope")
    if scope is None or (isinstance(scope, Mapping) and any(scope.get(part) for part in ("prefix", "tags", "names"))):
        return ""
    return (
        f"workshop_scope is {json.dumps(scope)}, which says of no stack that it belongs. It takes prefix, tags or "
        """names, as in -e '{"workshop_scope": {"prefix": "shop-dev-"}}'."""
    )


def _no_account(settings: Mapping[str, Any]) -> str:
    value = settings["workshop_account_id"]
    if value is None or ACCOUNT.match(str(value)):
        return ""
    written = octal_account(str(value))
    quoted = f'If it is {written}, write "{written}".' if written else ""
    return f"workshop_account_id is {value}; it takes 12 digits. Quote them: leading zeros count. {quoted}".rstrip()


def _odd(settings: Mapping[str, Any]) -> str:
    odd = [("workshop_apis", value) for value in settings["workshop_apis"] if not PART.match(value)]
    # Of a scope, what has but a name is looked for only where that is said.
    none = [""] if settings.get("workshop_scope") else []
    odd += [
        (name, value)
        for name in NAMES
        for value in _values(settings[name])
        if not NAME.match(value) and value not in none
    ]
    if not odd:
        return ""
    named = ", ".join(f"{name} {json.dumps(value)}" for name, value in odd)
    return f"{named}: patterns, spaces and empty names are refused."


def _broad(settings: Mapping[str, Any]) -> str:
    """SSM parameters and alarms that no stack has are known by this alone, which must carry the workshop's name."""
    path, name = settings["workshop_ssm_path"], settings["workshop_name"]
    prefix, scope = settings["workshop_alarm_prefix"], settings.get("workshop_scope")
    if not prefix.startswith(f"{name}/") and not (scope and not prefix):
        return (
            f"workshop_alarm_prefix is {json.dumps(prefix)}, which would match more than this workshop. It begins with "
            f'{name} and a slash, as in "{name}/".'
        )
    if re.match(rf"/(.*/)?{re.escape(name)}(/|\Z)", path) or (scope and not path):
        return ""
    return (
        f"workshop_ssm_path is {json.dumps(path)}, which would match more than this workshop. It takes {name} between "
        f'slashes, as in "/{name}/".'
    )


def _no_time(settings: Mapping[str, Any]) -> str:
    if all(_is_time(settings[name]) for name in TIMES):
        return ""
    timeout, interval = ("not set" if settings[name] is None else settings[name] for name in TIMES)
    return (
        f"workshop_wait_timeout is {timeout}, workshop_poll_interval {interval}; "
        "each takes a number of seconds above 0."
    )


def _no_settle(settings: Mapping[str, Any]) -> str:
    value = settings["leftovers_settle"]
    if value is None or re.match(r"[0-9]+\Z", str(value)):
        return ""
    return f"leftovers_settle is {value}; it takes a whole number of seconds."


def _is_time(value: Any) -> bool:
    try:
        return value is None or float(value) > 0
    except (TypeError, ValueError):
        return False


def _values(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
