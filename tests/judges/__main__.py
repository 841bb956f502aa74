# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run judges by name and close with a table; exit code 1 when one of them fails."""

from __future__ import annotations

import sys

from tests.judges import docs, importer, lint, matrix, pytests, quick, sanity
from tests.judges.judged import Beside, Judge, Judged, here
from tests.judges.pytests import workers

STEPS: dict[str, Judge] = {
    "quick": quick.check,
    "lint": lint.check,
    "importer": importer.check,
    "environments": matrix.environments,
    "sanity": sanity.check,
    "docs": docs.build,
    "build": importer.build,
    "unit": pytests.unit,
    "integration": pytests.integration,
    "matrix": matrix.check,
}
#: These keep one processor busy at most, and no test looks at their clock.
QUIET = ("lint", "importer", "environments", "sanity")


def main(names: list[str]) -> int:
    """Run the steps named, in that order, whatever the ones before them said; the quiet ones beside the others."""
    unknown = [name for name in names if name not in STEPS]
    if unknown or not names:
        print(f"usage: python -m tests.judges {{{','.join(STEPS)}}}...", file=sys.stderr)
        return 2
    front = [name for name in names if name not in QUIET] or names
    judged: dict[str, Judged] = {}
    with Beside({name: STEPS[name] for name in names if name not in front}, int(workers())) as beside:
        for name in front:
            print(f"\n=== {name} ===", flush=True)
            judged[name] = here(STEPS[name])
            judged |= shown(beside.ended())
        judged |= shown(beside.ended(wait=True))
    print_table({name: judged[name] for name in names})
    failed = [name for name in names if not judged[name].verdict.passed]
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All passed.'}", flush=True)
    if "quick" in names:
        print(quick.LEFT_OUT, flush=True)
    return 1 if failed else 0


def shown(beside: dict[str, Judged]) -> dict[str, Judged]:
    """The same, each with a heading and its output on the terminal."""
    for name, judged in beside.items():
        print(f"\n=== {name} (ran beside the others) ===\n{judged.output}", end="", flush=True)
    return beside


def print_table(judged: dict[str, Judged]) -> None:
    """A row for each."""
    print(f"\n{'step':<12} {'result':<7} {'seconds':>7}  what it says")
    for name, row in judged.items():
        first, *others = row.verdict.text.splitlines() or [""]
        print(f"{name:<12} {'passed' if row.verdict.passed else 'FAILED':<7} {row.seconds:>7.0f}  {first}")
        for line in others:
            print(f"{'':<29} {line}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
