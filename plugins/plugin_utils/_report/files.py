# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Writes the files of a report: all of them whole, or none."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Mapping


def folder(directory: str, host: str, alone: bool) -> Path:
    """Where the files of a host go: into the directory, or into one of its own in it when there are several hosts."""
    base = Path(os.path.abspath(directory))
    return base if alone else base / host_folder(host)


def host_folder(host: str) -> str:
    """A name for a folder, different for different hosts."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", host).lstrip(".")[:100] or "host"
    return plain if plain == host else f"{plain}-{hashlib.sha256(host.encode()).hexdigest()[:8]}"


def paths(target: Path, operation: str) -> dict[str, str]:
    """The files of a report by format."""
    return {kind: str(target / f"{operation}.{kind}") for kind in ("json", "html", "xml")}


def write(contents: Mapping[str, bytes]) -> None:
    """Write files, given by their paths, so that each is always whole, with the permissions that the umask gives.

    Missing directories are made. All files are written beside their places before the first takes its place.
    Raises OSError.
    """
    waiting: dict[str, str] = {}
    try:
        for path, content in contents.items():
            _make_directory(os.path.dirname(path))
            if os.path.isdir(path):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
            beside = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{secrets.token_hex(8)}")
            _write(beside, content, waiting, path)
        for path, beside in list(waiting.items()):
            os.replace(beside, path)
            del waiting[path]
    finally:
        for beside in waiting.values():
            with contextlib.suppress(OSError):
                os.unlink(beside)


def _make_directory(path: str) -> None:
    try:
        os.makedirs(path, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path) from error


def _write(beside: str, content: bytes, waiting: dict[str, str], path: str) -> None:
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    waiting[path] = beside
    with open(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
