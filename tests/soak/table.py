# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines that a soak prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .runs import Outcome

HEADER = ("fault", "trials", "clean at once", "reruns", "wrong")


def line(outcome: Outcome) -> str:
    """What became of one trial."""
    faults = "; ".join(f"{name} {text}".strip() for name, text in outcome.faults) or "no fault"
    again = {0: "", 1: ", clean with the next run"}.get(outcome.reruns, f", clean after {outcome.reruns} runs")
    judged = "".join(f"\n    WRONG: {text}" for text in outcome.wrong)
    return f"#{outcome.number} {outcome.seconds:.0f} s, {outcome.verdict}{again}: {faults}{judged}"


def table(done: Iterable[Outcome], seconds: float) -> str:
    """The trials by fault, and the figures that count."""
    outcomes = list(done)
    rows = [HEADER]
    for name in sorted({name for outcome in outcomes for name, _text in outcome.faults}):
        rows.append(_row(name, [outcome for outcome in outcomes if name in dict(outcome.faults)]))
    rows.append(_row("all", outcomes))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    lines = ["  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
             for row in rows]  # fmt: skip
    verdicts = Counter(outcome.verdict for outcome in outcomes)
    reruns = Counter(outcome.reruns for outcome in outcomes)
    return "\n".join(
        [
            *lines,
            "",
            f"{len(outcomes)} trials in {seconds / 60:.0f} min. First verdicts: {_counts(verdicts)}.",
            f"Runs needed after the first: {_counts(reruns)}.",
            f"Runs that did not end: {sum(not outcome.ended for outcome in outcomes)}.",
            f"Most calls to AWS in a second: {max((outcome.busiest_second for outcome in outcomes), default=0)}.",
            f"Wrong verdicts: {sum(bool(outcome.wrong) for outcome in outcomes)}.",
        ]
    )


def _row(name: str, outcomes: list[Outcome]) -> tuple[str, ...]:
    at_once = sum(outcome.verdict == "clean" for outcome in outcomes)
    reruns = sum(outcome.reruns for outcome in outcomes)
    wrong = sum(bool(outcome.wrong) for outcome in outcomes)
    return (name, str(len(outcomes)), str(at_once), str(reruns), str(wrong))


def _counts(counter: Counter) -> str:
    return ", ".join(f"{key}: {number}" for key, number in sorted(counter.items(), key=lambda item: str(item[0])))
