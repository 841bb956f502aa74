# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import files


def test_one_host_has_the_directory_to_itself(tmp_path):
    assert files.folder(str(tmp_path), "blue", alone=True) == tmp_path
    assert files.folder(str(tmp_path), "blue", alone=False) == tmp_path / "blue"
    assert files.paths(tmp_path, "verify")["html"] == str(tmp_path / "verify.html")


@pytest.mark.parametrize("host", ["../../etc", "a/b", "..", ".", "", "team 1", "[::1]", "x" * 500, "C:\\x", "\x00"])
def test_strange_host_stays_in_the_directory(tmp_path, host):
    target = files.folder(str(tmp_path), host, alone=False)
    assert target.parent == tmp_path and len(target.name) < 130
    assert Path(os.path.normpath(target)) == target


def test_hosts_that_look_alike_do_not_share():
    assert len({files.host_folder(name) for name in ("a/b", "a_b", "a b", ".a_b")}) == 4


def test_files_are_whole_with_usual_permissions_and_nothing_beside_them(tmp_path):
    before = os.umask(0o027)
    try:
        files.write({str(tmp_path / "new/deep/a.json"): b"one", str(tmp_path / "new/deep/b.html"): b"two"})
    finally:
        os.umask(before)
    assert sorted(path.name for path in (tmp_path / "new/deep").iterdir()) == ["a.json", "b.html"]
    assert (tmp_path / "new/deep/a.json").read_bytes() == b"one"
    assert stat.S_IMODE((tmp_path / "new/deep/a.json").stat().st_mode) == 0o640


def test_older_file_is_replaced(tmp_path):
    (tmp_path / "a").write_text("old and longer")
    files.write({str(tmp_path / "a"): b"new"})
    assert (tmp_path / "a").read_bytes() == b"new"


@pytest.mark.parametrize("wrong", ["full disk", "directory in the way", "file in the way"])
def test_when_one_cannot_be_written_all_stay_as_they_were(tmp_path, monkeypatch, wrong):
    (tmp_path / "a").write_text("old")
    second = tmp_path / "b"
    if wrong == "full disk":
        monkeypatch.setattr(files.os, "fsync", full_disk())
    elif wrong == "directory in the way":
        second.mkdir()
    else:
        second.write_text("in the way")
        second = second / "c"
    with pytest.raises(OSError):
        files.write({str(tmp_path / "a"): b"new", str(second): b"new"})
    assert (tmp_path / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def full_disk():
    """An os.fsync that finds the disk full at the second file."""
    calls = iter([None, OSError(28, "No space left on device")])

    def fsync(handle: int) -> None:
        error = next(calls)
        if error:
            raise error

    return fsync
