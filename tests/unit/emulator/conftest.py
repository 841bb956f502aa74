# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One emulator per test module, emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulator import Emulator
from tests.unit.emulator.account import Account
from tests.unit.emulator.stacks import Stacks


@pytest.fixture(scope="module", name="running_emulator")
def _running_emulator() -> Iterator[Emulator]:
    with Emulator(time_scale=0.005) as emulator:
        yield emulator


@pytest.fixture
def shared_emulator(running_emulator: Emulator) -> Iterator[Emulator]:
    """An emulator with an empty account, whose clock is held: time passes when a test waits or advances it.

    Nothing that it has scheduled may fail.
    """
    running_emulator.clock.pause()
    running_emulator.reset()
    yield running_emulator
    assert not running_emulator.clock.errors


@pytest.fixture
def emulator(shared_emulator: Emulator) -> Emulator:
    return shared_emulator


@pytest.fixture
def account(shared_emulator: Emulator) -> Account:
    """An empty account."""
    return Account(shared_emulator)


@pytest.fixture
def kitchen(account: Account) -> Account:
    """An account with a VPC and an ECS cluster."""
    return account.network().cluster()


@pytest.fixture
def stacks(shared_emulator: Emulator) -> Stacks:
    """CloudFormation of an empty account."""
    return Stacks(shared_emulator)
