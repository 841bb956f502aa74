# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a report could be written is known before anything else happens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.folder import folder_problem


@pytest.mark.parametrize("touch", [False, True])
@pytest.mark.parametrize("name", [".", "new", "new/deep"])
def test_a_folder_that_is_there_or_can_be_made(tmp_path: Path, name: str, touch: bool) -> None:
    assert folder_problem(str(tmp_path / name), touch=touch) == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("touch", [False, True])
@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_file_in_its_place(tmp_path: Path, name: str, touch: bool) -> None:
    (tmp_path / "file").write_text("taken", encoding="utf-8")
    folder = str(tmp_path / name)
    assert folder_problem(folder, touch=touch) == (
        f'The report could not be written to workshop_report_dir, "{folder}": {tmp_path / "file"} is not a folder.'
    )


def test_a_place_where_nothing_can_be_made() -> None:
    """A folder of the kernel, since a test may run as root, for whom no permission is missing."""
    assert ": /proc: " in folder_problem("/proc/reports", touch=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("touch", [False, True])
def test_a_folder_of_somebody_else(tmp_path: Path, touch: bool) -> None:
    tmp_path.chmod(0o500)
    assert f'": {tmp_path}' in folder_problem(str(tmp_path / "new"), touch=touch)


def test_a_relative_folder_is_one_of_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    assert f"\"file/report\": {tmp_path / 'file'} is not a folder." in folder_problem("file/report", touch=False)
