# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the collection as a fresh checkout would have it, in the folder layout that Ansible's tools insist on."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ansible_collections.amazon.aws as amazon_aws

from tests.judges.venv import CHECKOUT

# Used when there is no git to ask: what .gitignore names.
LEFT_OUT = (".*", "__pycache__", "build", "collections", "output", "*.pyc", "*.tar.gz", "importer_result.json")
KEPT = (
    ".ansible-lint",
    ".ci",
    ".editorconfig",
    ".flake8",
    ".github",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".yamllint",
)


def files() -> list[Path]:
    """The project's files, relative to the checkout: tracked or new, but not ignored."""
    command = ["git", "-C", str(CHECKOUT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    except (FileNotFoundError, subprocess.CalledProcessError):
        return sorted(_walk(CHECKOUT))
    return sorted(Path(name) for name in listed if name and (CHECKOUT / name).exists())


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name not in KEPT and any(entry.match(pattern) for pattern in LEFT_OUT):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry)
        else:
            yield entry.relative_to(CHECKOUT)


@contextmanager
def exported() -> Iterator[Path]:
    """Yield the collection's folder in a temporary tree, with amazon.aws beside it; the tree goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="workshop-lifecycle-") as scratch:
        root = Path(scratch).resolve() / "ansible_collections"
        collection = root / "workshop" / "lifecycle"
        for name in files():
            target = collection / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, target, follow_symlinks=False)
        (root / "amazon").mkdir()
        (root / "amazon" / "aws").symlink_to(list(amazon_aws.__path__)[0])
        yield collection
