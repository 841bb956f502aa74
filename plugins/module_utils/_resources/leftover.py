# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A leftover that is to be removed, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

REMOVED = "removed"
ABSENT = "absent"
FAILED = "failed"


@dataclass(frozen=True)
class Leftover:
    """``id``: what AWS deletes it by. ``service_id``: the Cloud Map service of an instance."""

    kind: str
    name: str
    id: str
    service_id: str | None = None


@dataclass(frozen=True)
class Outcome:
    """``action``: one of the constants of this file. ``reason``: why it failed, and what to do."""

    action: str
    reason: str = ""

    def row(self, item: Leftover) -> dict[str, Any]:
        """As it is returned."""
        return {
            "kind": item.kind,
            "name": item.name,
            "id": item.id,
            "service_id": item.service_id,
            "action": self.action,
            "reason": self.reason,
        }
