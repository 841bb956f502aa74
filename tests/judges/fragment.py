# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Demands a changelog fragment for a change of what users get. Standard library only.

``python -m tests.judges.fragment <base>`` compares what is committed with where it left the branch ``<base>``. What
changes nothing for users says so in a fragment, too, in the section ``trivial``.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

DELIVERED = ("plugins", "roles", "playbooks")
FRAGMENTS = "changelogs/fragments"
#: A release turns the fragments into this.
RELEASED = "changelogs/changelog.yaml"


def changed(checkout: Path, base: str) -> dict[str, str]:
    """The files that differ from where this left ``base``, each with git's letter for how."""
    command = ["git", "-C", str(checkout), "diff", "--name-status", "--no-renames", "-z", f"{base}...HEAD"]
    fields = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    return dict(zip(fields[1::2], fields[::2]))


def problem(files: dict[str, str]) -> str:
    """What is missing; empty when nothing is."""
    delivered = [name for name in files if name.startswith(tuple(f"{top}/" for top in DELIVERED))]
    told = [name for name, how in files.items() if name.startswith(f"{FRAGMENTS}/") and how != "D"]
    if not delivered or told or RELEASED in files:
        return ""
    return (
        f"{len(delivered)} files in {', '.join(DELIVERED)} changed (the first: {delivered[0]}), "
        f"and nothing in {FRAGMENTS}/ says what that is to users. CONTRIBUTING.md says how."
    )


def main(arguments: Sequence[str]) -> int:
    """0 when nothing is missing."""
    if len(arguments) != 1:
        print("usage: python -m tests.judges.fragment <base>", file=sys.stderr)
        return 2
    missing = problem(changed(Path.cwd(), arguments[0]))
    print(missing or "Nothing is missing from the changelog.")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
