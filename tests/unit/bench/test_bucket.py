# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bucket that tools empty side by side."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.benchmarks import bucket
from tests.emulator import Emulator


def test_it_has_as_much_as_is_said_and_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    with Emulator() as emulator:
        bucket.fill(emulator, 1000)
        answer = emulator.client("s3").list_object_versions(Bucket=bucket.NAME)
        latest = Counter(row["IsLatest"] for row in answer["Versions"])
        assert (latest[True], latest[False], len(answer["DeleteMarkers"])) == (500, 400, 100)
        assert bucket.left(emulator) == 1000
        for name, value in emulator.environment.items():
            monkeypatch.setenv(name, value)
        emulator.calls.clear()
        bucket.empty()
        assert bucket.left(emulator) == 0 and emulator.calls.by_action["s3:DeleteObjectVersion"] == 1


def test_its_table() -> None:
    row = bucket.Emptied("ours", 1000, 1.5, 0.5, 7, 0)
    assert bucket.table([row]).splitlines()[-1] == "| ours | 1,000 | 1.5 | 0.5 | 7 | 0 |"
