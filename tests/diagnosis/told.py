# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a diagnosis said of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.diagnosis.scenarios import Scenario


class Told:
    """``found``: what ecs_diagnosis returns."""

    def __init__(self, scenario: Scenario, found: Mapping[str, Any]) -> None:
        self.scenario = scenario
        self.found = found
        self.named = [
            (row["service"], row["kind"], row["deployment"] is not None) for row in found["findings"]
        ]

    @property
    def unsaid(self) -> list[str]:
        """Words that should have been said, and were not."""
        texts = [" ".join([str(row["exception"]), row["said"], row["advice"]]) for row in self.found["findings"]]
        return [item.says for item, text in zip(self.scenario.expected, texts) if item.says not in text]

    @property
    def true(self) -> int:
        """How many true causes were named."""
        wanted = [(item.service, item.kind, item.blamed) for item in self.scenario.expected]
        return sum(item in self.named for item in wanted)

    @property
    def false(self) -> int:
        """How many causes were named that are none."""
        wanted = [(item.service, item.kind, item.blamed) for item in self.scenario.expected]
        return sum(item not in wanted for item in self.named)
