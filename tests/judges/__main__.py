# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run judges by name and close with a table; exit code 1 when one of them fails."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from tests.judges import docs, importer, lint, matrix, pytests, sanity
from tests.judges.child import Verdict

STEPS: dict[str, Callable[[], Verdict]] = {
    "lint": lint.check,
    "sanity": sanity.check,
    "docs": docs.build,
    "build": importer.build,
    "importer": importer.check,
    "matrix": matrix.check,
    "unit": pytests.unit,
    "integration": pytests.integration,
}


def main(names: list[str]) -> int:
    """Run the steps named, in that order, whatever the ones before them said."""
    unknown = [name for name in names if name not in STEPS]
    if unknown or not names:
        print(f"usage: python -m tests.judges {{{','.join(STEPS)}}}...", file=sys.stderr)
        return 2
    rows = []
    for name in names:
        print(f"\n=== {name} ===", flush=True)
        started = time.monotonic()
        verdict = STEPS[name]()
        rows.append((name, verdict, time.monotonic() - started))
    print(f"\n{'step':<12} {'result':<7} {'seconds':>7}  what it says")
    for name, verdict, seconds in rows:
        first, *others = verdict.text.splitlines() or [""]
        print(f"{name:<12} {'passed' if verdict.passed else 'FAILED':<7} {seconds:>7.0f}  {first}")
        for line in others:
            print(f"{'':<29} {line}")
    failed = [name for name, verdict, _seconds in rows if not verdict.passed]
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All passed.'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
