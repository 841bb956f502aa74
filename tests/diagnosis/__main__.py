# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints which causes are named in each scenario, as a table of Markdown."""

from __future__ import annotations

import sys

from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.result import result
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.types import Limits
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._diagnosis.words import KINDS

from tests.diagnosis.scenarios import SCENARIOS
from tests.diagnosis.told import Told


def main() -> int:
    """Number of causes that were not named, or are none."""
    print("| scenario | named | deployment blamed | true causes | false causes |")
    print("|---|---|---|---|---|")
    wrong = 0
    for scenario in SCENARIOS:
        told = Told(scenario, result(scenario.make(), Limits(), None, [], []))
        named = "; ".join(f"{service}: {KINDS[kind]}" for service, kind, _blamed in told.named) or "nothing"
        blamed = "; ".join("yes" if blamed else "no" for _service, _kind, blamed in told.named) or "–"
        causes = f"{told.true} of {len(scenario.expected)}"
        print(f"| {scenario.title} | {named} | {blamed} | {causes} | {told.false} |")
        wrong += len(scenario.expected) - told.true + told.false
    return wrong


if __name__ == "__main__":
    sys.exit(main())
