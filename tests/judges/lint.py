# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Linters: YAML, Ansible, Python, shell, workflows, changelog, and the documentation of plugins and roles."""

from __future__ import annotations

import sysconfig

from tests.judges.child import Verdict, run
from tests.judges.export import exported

WORKFLOWS = (".github/workflows/test.yml", ".github/workflows/release.yml", "docs/ci/github-actions.yml")
COMMANDS = {
    "yamllint": ["yamllint", "--strict", "."],
    "ansible-lint": ["ansible-lint", "--nocolor", "--offline", "--strict", "--profile", "production"],
    "flake8": ["flake8", "plugins", "tests"],
    "shellcheck": ["shellcheck", ".ci/run"],
    # With shellcheck over the scripts in them.
    "actionlint": ["actionlint", *WORKFLOWS],
    "antsibull-changelog": ["antsibull-changelog", "lint"],
    "antsibull-docs": [
        "antsibull-docs",
        "lint-collection-docs",
        "--plugin-docs",
        "--validate-collection-refs=dependent",
        ".",
    ],
}


def check() -> Verdict:
    """Run every linter over a copy of the collection."""
    failed = []
    with exported() as collection:
        paths = {
            "ANSIBLE_COLLECTIONS_PATH": str(collection.parents[2]),
            # antsibull-docs copies what git knows: it must not take amazon.aws for a part of this checkout.
            "GIT_CEILING_DIRECTORIES": sysconfig.get_path("purelib"),
        }
        for name, command in COMMANDS.items():
            code, _lines = run(command, cwd=collection, extra=paths)
            if code:
                failed.append(name)
    if failed:
        return Verdict(False, f"complaints from {', '.join(failed)}")
    return Verdict(True, f"{', '.join(COMMANDS)}: no complaint")
