# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Progress for people: one JSON line per event, appended to a file that someone else reads."""

from __future__ import annotations

import json
import time
from typing import Callable


class Progress:
    """Writes events to ``path``; without a path it does nothing. A file that cannot be written never stops the work."""

    def __init__(self, path: str | None, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._now = now
        self.problem = ""

    def tell(self, kind: str, name: str, status: str, text: str) -> None:
        """``kind``: stack, task or waiting; ``text``: one line for a terminal."""
        if not self._path or self.problem:
            return
        event = {"time": round(self._now(), 1), "kind": kind, "name": name, "status": status, "text": text}
        try:
            with open(self._path, "a", encoding="utf-8") as stream:
                stream.write(json.dumps(event) + "\n")
        except OSError as error:
            self.problem = f"Progress cannot be written to {self._path}: {error}"

    def waiting(self, text: str) -> None:
        """What is still waited for."""
        self.tell("waiting", "", "waiting", f"waiting: {text}")
