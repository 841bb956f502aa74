# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.result import result
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.types import Limits

from tests.diagnosis.scenarios import SCENARIOS
from tests.diagnosis.told import Told


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_true_cause_is_named_and_no_other(scenario):
    told = Told(scenario, result(scenario.make(), Limits(), None, [], []))
    assert told.named == [(item.service, item.kind, item.blamed) for item in scenario.expected]
    assert not told.unsaid
