# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the integration tests of the modules share: an emulator per file, an empty account per test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from tests.emulator import Emulator
from tests.integration.inprocess import Inside, Session
from tests.integration.running import Modules


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """An emulator for all tests of a file."""
    with Emulator(time_scale=0.02) as emulator:
        yield emulator


@pytest.fixture
def aws(emulator: Emulator) -> Emulator:
    """The emulator, as an account in which nothing is and nothing goes wrong."""
    emulator.reset()
    return emulator


@pytest.fixture
def still(aws: Emulator) -> Iterator[None]:
    """Time passes in the account only while somebody waits."""
    aws.clock.pause()
    yield
    assert not aws.clock.errors
    aws.clock.resume()


@pytest.fixture
def modules(aws: Emulator, tmp_path: Path) -> Modules:
    """Calls modules of this collection against the emulator."""
    return Modules(tmp_path, aws.environment)


@pytest.fixture(scope="module")
def clients() -> Iterator[None]:
    """The AWS clients of ``inside`` last as long as the emulator."""
    Session.forget()
    yield
    Session.forget()


@pytest.fixture
def inside(aws: Emulator, clients: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inside]:
    """Calls modules of this collection in this process, where boto3 finds the emulator."""
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3.session, "Session", Session)
    inside = Inside()
    yield inside
    inside.end()
