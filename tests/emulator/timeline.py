# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened in the emulated account, and when."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """One change of state. ``time`` in AWS seconds; ``kind`` such as stack, resource, task, interface, log_group."""

    time: float
    kind: str
    name: str
    status: str
    detail: str = ""


class Timeline:
    """Events in the order they happened."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._lock = threading.Lock()

    def add(self, time: float, kind: str, name: str, status: str, detail: str = "") -> None:
        with self._lock:
            self._events.append(Event(time, kind, name, status, detail))

    def clear(self) -> None:
        with self._lock:
            self._events.clear()

    def select(self, kind: str | None = None, name: str | None = None, status: str | None = None) -> list[Event]:
        """The events that have all the given values."""
        return [
            event
            for event in self
            if kind in (None, event.kind) and name in (None, event.name) and status in (None, event.status)
        ]

    def first(self, kind: str, name: str, status: str) -> Event:
        """The first such event; LookupError if there is none."""
        events = self.select(kind, name, status)
        if not events:
            raise LookupError(f"no {kind} {name} {status} in the timeline")
        return events[0]

    def __iter__(self):
        with self._lock:
            return iter(list(self._events))

    def __len__(self) -> int:
        return len(self._events)
