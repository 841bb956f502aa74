# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which version a service goes back to, by what it ran before. No AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable
from typing import Sequence


@dataclass(frozen=True)
class WayBack:
    """``definition``: ARN of the task definition to go back to, empty if there is none. ``already``: ARN of the one
    that was left, if the service has gone back before."""

    definition: str = ""
    already: str = ""


def way_back(current: str, ran: Sequence[str], same: Callable[[str, str], bool]) -> WayBack:
    """``current``: ARN of what the service wants to run. ``ran``: those of its successful deployments, the newest
    first. ``same``: whether two of them do the same; a copy of an INACTIVE one has another ARN.

    A service that runs again what it ran before the last other version has gone back already: to go back once more
    would bring that version forth again.
    """
    left = next((index for index, arn in enumerate(ran) if arn != current and not same(arn, current)), None)
    if left is None:
        return WayBack()
    before = ran[left + 1 :]
    runs = current in ran[:left] or any(same(arn, current) for arn in ran[:left])
    if runs and any(arn == current or same(arn, current) for arn in before):
        return WayBack(already=ran[left])
    return WayBack(definition=ran[left])
