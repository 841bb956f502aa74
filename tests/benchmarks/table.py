# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures as a table, and whether the bars are met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from .contenders import CONTENDERS
from .figures import LIMIT, Figures

HEADER = ("contender", "scale", "runs", "seconds", "worst", "x limit", "own work", "CPU s", "memory", "calls", "left")
MAKESPAN, LINGERING_MAKESPAN = 1.08, 1.15
CPU, CALLS, DESCRIBE_STACKS = 10.0, 250, 3
CHECK, SECOND = 4.0, 3.0


def title(contender: str) -> str:
    return LIMIT if contender == LIMIT else CONTENDERS[contender].title


def ratio(figures: Figures, all_of_them: Iterable[Figures]) -> float:
    """How many times as long as the least possible with the same durations; 0 where that was not computed."""
    for other in all_of_them:
        if (other.contender, other.seed, other.lingering) == (LIMIT, figures.seed, figures.lingering):
            return figures.corrected / other.corrected
    return 0.0


def table(found: Sequence[Figures]) -> str:
    """Medians over the seeds; a block for each number of lingering services."""
    lines = [
        "Medians, and the worst of the seconds. seconds: of AWS, from the command's start to its end, and until the",
        "last stack is gone; the tool's own work counts as at scale 1. own work: real seconds without waiting.",
        "CPU, memory, calls: of all that it started. left: what was left outside the stacks.",
    ]
    for lingering in sorted({item.lingering for item in found}):
        lines += ["", _heading(lingering)]
        rows = [HEADER]
        for key in [LIMIT, *CONTENDERS]:
            group = [item for item in found if (item.contender, item.lingering) == (key, lingering)]
            for scale in sorted({item.time_scale for item in group}, reverse=True):
                rows.append(_row(key, [item for item in group if item.time_scale == scale], found))
        lines += _aligned(rows)
    return "\n".join(lines)


def _heading(lingering: int) -> str:
    if not lingering:
        return "No faults"
    what = "service" if lingering == 1 else "services"
    return f"{lingering} lingering {what} (the others' are stopped by hand once CloudFormation has given up)"


def _row(key: str, group: Sequence[Figures], found: Sequence[Figures]) -> tuple[str, ...]:
    seconds = [item.corrected for item in group]
    ratios = [ratio(item, found) for item in group]
    if key == LIMIT:
        return (title(key), "", str(len(group)), f"{median(seconds):.0f}", f"{max(seconds):.0f}", *[""] * 6)
    left = sorted({kind for item in group for kind in item.left})
    return (
        title(key),
        f"{group[0].time_scale:g}",
        str(len(group)),
        f"{median(seconds):.0f}",
        f"{max(seconds):.0f}",
        f"{median(ratios):.2f}",
        f"{median(item.overhead for item in group):.1f}",
        f"{median(item.cpu for item in group):.1f}",
        f"{median(item.peak for item in group) / 2**20:.0f} MB",
        f"{median(item.total_calls for item in group):.0f}",
        ", ".join(left) or "nothing",
    )


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    return [
        "  ".join(
            cell.ljust(width) if column in (0, len(HEADER) - 1) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def bars(found: Sequence[Figures]) -> str:
    """What we ask of ours, at the largest time scale it was run at: the figure, the bar, and whether it is met."""
    ours = [item for item in found if item.contender == "ours"]
    if not ours:
        return ""
    scale = max(item.time_scale for item in ours)
    ours = [item for item in ours if item.time_scale == scale]
    lines = [f"Bars, at scale {scale:g} (median, worst in brackets)"]

    def judge(what: str, values: Sequence[float], limit: float, digits: int = 1) -> None:
        if values:
            met = "met" if median(values) <= limit else "NOT MET"
            worst = f"{median(values):.{digits}f} ({max(values):.{digits}f})"
            lines.append(f"  {what:<52} {worst:>16}  <= {limit:g}  {met}")

    plain = [item for item in ours if item.lingering == 0]
    judge("makespan, no faults, times the limit", [ratio(item, found) for item in plain], MAKESPAN, 3)
    three = [item for item in ours if item.lingering == 3]
    judge("makespan, three services lingering", [ratio(item, found) for item in three], LINGERING_MAKESPAN, 3)
    judge("CPU seconds of a teardown", [item.cpu for item in plain], CPU)
    judge("API calls of a teardown", [item.total_calls for item in plain], CALLS, 0)
    judge("DescribeStacks in any second", [item.describe_stacks_per_second for item in plain], DESCRIBE_STACKS, 0)
    judge("--check of a full workshop, seconds", [item.check["seconds"] for item in plain if item.check], CHECK)
    judge("second run, nothing left, seconds", [item.second["seconds"] for item in plain if item.second], SECOND)
    least = [item.one_module["seconds"] for item in plain if item.one_module]
    if least:
        worst = f"{median(least):.1f} ({max(least):.1f})"
        lines.append(f"  {'a playbook with one module of amazon.aws, seconds':<52} {worst:>16}  on this machine, now")
    wrong = [item for item in ours if any(item.codes) or item.left]
    lines.append(f"  Ended with an error, or left something: {len(wrong)} of {len(ours)} runs.")
    return "\n".join(lines)
