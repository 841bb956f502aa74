# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings import requirements

GALAXY = Path(__file__).parents[5] / "galaxy.yml"


def test_what_is_needed_is_what_ansible_galaxy_installs() -> None:
    needed = yaml.safe_load(GALAXY.read_text(encoding="utf-8"))["dependencies"]
    assert [f"{name}:{versions}" for name, versions in needed.items()] == [requirements.NEEDED]
    assert requirements.requirements_problem() == ""


def test_what_is_missing_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "_NAME", "nobody.knows")
    said = requirements.requirements_problem()
    assert "nobody.knows" in said and said.endswith("ansible-galaxy collection install 'amazon.aws:>=10.1.1,<12.0.0'")
