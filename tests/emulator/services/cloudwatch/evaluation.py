# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of an alarm, from the data points that there are.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: Data points that are looked at beside those that are needed, in case some are missing.
MORE = 2
_COMPARE: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}


@dataclass(frozen=True)
class Rule:
    """What is asked of the data points: ``needed`` of the last ``periods`` to breach. ``missing``: how missing ones
    are treated."""

    comparison: str
    threshold: float
    periods: int
    needed: int
    missing: str = "missing"


def evaluate(points: Sequence[float | None], rule: Rule, current: str) -> tuple[str, str]:
    """State and reason; ``points``: the oldest first, None where one is missing.

    Where AWS documents only that an alarm does not fire yet, as with ``- - - - X``, it keeps its state.
    """
    real = [point for point in points if point is not None]
    if not real:
        return _without_data(rule, current)
    compare, _words = _COMPARE[rule.comparison]
    used = real[-rule.periods :]
    breaching = [point for point in used if compare(point, rule.threshold)]
    filled = rule.periods - len(used)
    if rule.missing == "breaching" and len(breaching) + filled >= rule.needed:
        return "ALARM", _crossed(rule, used, True)
    if len(breaching) >= rule.needed:
        return "ALARM", _crossed(rule, used, True)
    if filled and len(breaching) == len(used) and rule.missing in ("missing", "ignore"):
        oldest = next(age for age, point in enumerate(reversed(points), 1) if point is used[0])
        if rule.missing == "missing" and rule.needed <= oldest <= rule.periods:
            return "ALARM", _crossed(rule, used, True)
        return current, ""
    return "OK", _crossed(rule, used, False)


def _without_data(rule: Rule, current: str) -> tuple[str, str]:
    periods = f"{rule.periods} period{'s' if rule.periods > 1 else ''}"
    treated = f"Threshold Crossed: no datapoints were received for {periods} and {rule.periods} missing datapoint"
    treated += "s were treated as" if rule.periods > 1 else " was treated as"
    if rule.missing == "breaching":
        return "ALARM", f"{treated} [Breaching]."
    if rule.missing == "notBreaching":
        return "OK", f"{treated} [NonBreaching]."
    if rule.missing == "ignore":
        return current, ""
    unknown = "1 datapoint was" if rule.periods == 1 else f"{rule.periods} datapoints were"
    return "INSUFFICIENT_DATA", f"Insufficient Data: {unknown} unknown."


def _crossed(rule: Rule, used: Sequence[float], breaching: bool) -> str:
    compare, words = _COMPARE[rule.comparison]
    those = [point for point in used if compare(point, rule.threshold) == breaching]
    verb = "was" if len(those) == 1 else "were"
    minimum = rule.needed if breaching else rule.periods - rule.needed + 1
    way = "OK -> ALARM" if breaching else "ALARM -> OK"
    return (
        f"Threshold Crossed: {len(those)} out of the last {rule.periods} datapoints {list(those)} {verb} "
        f"{'' if breaching else 'not '}{words} the threshold ({rule.threshold}) "
        f"(minimum {minimum} datapoint{'s' if minimum > 1 else ''} for {way} transition)."
    )
