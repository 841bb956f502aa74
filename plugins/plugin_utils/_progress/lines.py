# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Turns progress events into lines that a person can follow."""

from __future__ import annotations

from typing import Any
from typing import Iterable

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import shortened

SAME_AT_MOST = 8  # lines about the same kind of news that are printed at once


class ProgressLines:
    """``prefix``: put before every line, to tell hosts apart."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix

    def render(self, events: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
        """Pairs of status and line. A crowd of tasks with the same news becomes one line for those beyond a few."""
        lines: list[tuple[str, str]] = []
        counts: dict[tuple[str, str], int] = {}
        for event in events:
            kind, status = str(event.get("kind", "")), str(event.get("status", ""))
            counts[kind, status] = counts.get((kind, status), 0) + 1
            if kind != "task" or counts[kind, status] <= SAME_AT_MOST:
                lines.append((status, self._line(str(event.get("text", "")))))
        for (kind, status), count in counts.items():
            if kind == "task" and count > SAME_AT_MOST:
                lines.append((status, self._line(f"… and {count - SAME_AT_MOST} more tasks: {status}")))
        return lines

    def _line(self, text: str) -> str:
        return f"  {self._prefix}{shortened(text)}"
