# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Values of others made plain, times and durations made readable."""

from __future__ import annotations

from datetime import datetime
from datetime import timezone
from typing import Any
from typing import Mapping

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.text import one_line


def plain(value: Any) -> Any:
    """The same data of plain types, with every text in one line and without control characters.

    What is made harmless here, once, can neither drive a terminal nor be illegal in XML; only markup is left to
    escape. Line ends become spaces; C0, C1, zero width and direction marks and lone surrogates are dropped.
    """
    if isinstance(value, Mapping):
        return {one_line(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return one_line(str(value))


def moment(text: Any) -> datetime | None:
    """The time that an ISO 8601 text with a time zone names; None for anything else."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found.astimezone(timezone.utc) if found.tzinfo else None


def iso(time: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds, such as ``2026-10-01T16:00:00.000Z``."""
    return None if time is None else time.astimezone(timezone.utc).isoformat(timespec="milliseconds")[:-6] + "Z"


def duration(seconds: float) -> str:
    """Seconds as a person says them: ``42 s``, ``2 min 5 s``, ``1 h 10 min``."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def role_words(role: Mapping[str, Any]) -> str:
    """What became of the role that was made for a run."""
    end = "removed" if role["removed"] else "STILL THERE"
    made = f"made with {', '.join(role['policies'])} for {', '.join(role['stacks'])}, and " if role["stacks"] else ""
    return f"Role {role['name']}: {made}{end}"
