# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Since when requests fail, by those that failed and those that did not. No AWS."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Sequence

CHANCE = 0.05  # what happens by chance more seldom than this is taken for no chance


@dataclass(frozen=True)
class Onset:
    """``since``: time of the first failure. ``exact``: whether it is known that it had not been so before. ``until``:
    time of the last failure, if it is over. ``count`` failures of ``of`` requests meanwhile, ``before`` that: failures,
    requests."""

    since: float
    exact: bool
    until: float | None
    count: int
    of: int
    before: tuple[int, int]


def onset(series: Sequence[tuple[float, bool]]) -> Onset | None:
    """``series``: time of each request, and whether it failed, in any order. None if none failed.

    The beginning is where two different rates, one before and one after, explain the requests best. Where one rate
    does that as well, nothing has begun: it was so all the time that was looked at.
    """
    requests = sorted(series)
    failures = [index for index, (_at, failed) in enumerate(requests) if failed]
    if not failures:
        return None
    first = _begin(len(requests), failures)
    begin = failures[first]
    last = failures[-1]
    count, rate = len(failures) - first, (len(failures) - first) / (last - begin + 1)
    over = unlikely(rate, len(requests) - 1 - last)
    of = (last if over else len(requests) - 1) - begin + 1
    return Onset(
        since=requests[begin][0],
        exact=first > 0 or unlikely(count / of, begin),
        until=requests[last][0] if over else None,
        count=count,
        of=of,
        before=(first, begin),
    )


def unlikely(rate: float, passed: int) -> bool:
    """Whether so many requests would hardly have passed if they failed at this rate."""
    return passed > 0 and (1 - rate) ** passed < CHANCE


def _begin(number: int, failures: Sequence[int]) -> int:
    """Which of the failures is the first one. ``failures``: indexes into ``number`` requests."""
    every = len(failures)
    best, gained = 0, 0.0
    alone = _likelihood(every, number)
    for order, index in enumerate(failures):
        after, before = every - order, order
        if index and after * index > before * (number - index):
            gain = _likelihood(before, index) + _likelihood(after, number - index) - alone
            if gain > gained:
                best, gained = order, gain
    # Of many places to part them one looks better by chance: the more there are, the more it has to explain.
    return best if gained >= math.log(number) else 0


def _likelihood(failures: int, number: int) -> float:
    """Natural logarithm of how likely so many failures are at the rate that fits best."""
    return sum(part * math.log(part / number) for part in (failures, number - failures) if part)
