# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.regions import region_problem


@pytest.mark.parametrize("region", ["eu-central-1", "us-gov-west-1", "cn-north-1"])
def test_regions_of_every_partition_are_known(region):
    assert region_problem(region) == ""


def test_a_slip_of_the_pen_gets_a_hint():
    problem = region_problem("eu-centrl-1")
    assert "'eu-centrl-1'" in problem and "Did you mean eu-central-1" in problem


@pytest.mark.parametrize("region", ["mars-north-1", "", "eu central 1", "*", "aws-global"])
def test_what_is_no_region(region):
    assert repr(region) in region_problem(region)
