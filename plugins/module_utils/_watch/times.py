# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Points in time that outlive a process, as ISO 8601 text in UTC."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from datetime import timezone


def ago_to_iso(seconds: float) -> str:
    """The time that was so many seconds ago."""
    return (datetime.now(timezone.utc) - timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def iso_to_ago(text: str) -> float:
    """Seconds since that time, at least 0. Raises ValueError for what is not ISO 8601 with a time zone."""
    then = datetime.fromisoformat(text)
    if then.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return max((datetime.now(timezone.utc) - then).total_seconds(), 0.0)
