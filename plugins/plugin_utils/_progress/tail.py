# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Follows a file of JSON lines that another process appends to."""

from __future__ import annotations

import json
import threading
from typing import Any
from typing import Callable

LOOK_EVERY = 0.4  # seconds


class ProgressTail:
    """A context manager: inside it, ``show`` gets the new events of ``path`` a few times a second, and the rest at the
    end.

    Starts at the end of what the file holds already. One thread, which is gone when the context is left.
    """

    def __init__(self, path: str, show: Callable[[list[dict[str, Any]]], None]) -> None:
        self._path = path
        self._show = show
        self._position = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="workshop-progress", daemon=True)

    def __enter__(self) -> ProgressTail:
        try:
            with open(self._path, "rb") as stream:
                self._position = stream.seek(0, 2)
        except FileNotFoundError:
            self._position = 0
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._thread.join()
        self._read()

    def _follow(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            self._read()

    def _read(self) -> None:
        try:
            with open(self._path, "rb") as stream:
                if stream.seek(0, 2) < self._position:
                    self._position = 0  # taken away, and written anew
                stream.seek(self._position)
                data = stream.read()
        except OSError:
            return  # not written yet, or taken away: nothing to show
        complete = data[: data.rfind(b"\n") + 1]
        self._position += len(complete)
        events = [event for event in map(_parsed, complete.splitlines()) if event]
        if events:
            self._show(events)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}  # not a line of ours
    return event if isinstance(event, dict) else {}
