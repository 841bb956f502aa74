# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What the steps of a teardown returned, put together for the report."""

from __future__ import annotations

from typing import Any
from typing import Mapping

Row = dict[str, Any]

#: The lists that modules return, with the key that each of their rows has.
ROWS = {"stacks": "name", "tasks": "task_arn", "leftovers": "kind"}


def gathered(steps: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of all steps by C(ROWS), the C(temporary_role), and for each step that C(failed) the reason.

    Raises ValueError for what no module returned.

    :param steps: for each step the result of its module, as it was registered. A step that was skipped, or that it
        never came to, says nothing.
    """
    found: dict[str, Any] = {kind: [] for kind in ROWS} | {"failed": {}, "temporary_role": None}
    for step, result in steps.items():
        if not isinstance(result, Mapping):
            raise ValueError(f"{step}: {result!r} is no result of a task.")
        for kind, key in ROWS.items():
            rows = result.get(kind) or []
            for number, row in enumerate(rows):
                if not isinstance(row, Mapping) or not row.get(key):
                    raise ValueError(f"{step}: {kind}[{number}] has no {key}: give the result as it was registered.")
            found[kind] += rows
        found["temporary_role"] = result.get("temporary_role") or found["temporary_role"]
        reason = problem(result)
        if reason:
            found["failed"][step] = reason
    return found


def problem(result: Mapping[str, Any]) -> str:
    """Why a step failed, empty if it did not.

    With C(failed_when) a task that failed says otherwise of itself, but has the C(msg) that modules of this collection
    return only then, and that Ansible gives to a module that crashed.
    """
    message = str(result.get("msg") or "")
    spared = "failed_when_result" in result and message
    if not result.get("failed") and not spared:
        return ""
    crash = str(result.get("exception") or result.get("module_stderr") or "").strip()
    last = crash.splitlines()[-1] if crash else ""
    return " ".join(filter(None, [message or "failed without a message", last if last not in message else ""]))
