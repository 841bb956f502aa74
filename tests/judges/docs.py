# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of modules and roles as web pages, by antsibull-docs and Sphinx."""

from __future__ import annotations

import shutil

from tests.judges.child import Verdict, run
from tests.judges.export import exported
from tests.judges.venv import CHECKOUT

DOCS = CHECKOUT / "build" / "docs"
SPHINX = {"project": "workshop.lifecycle", "extensions": "sphinx_antsibull_ext", "html_theme": "alabaster"}


def build() -> Verdict:
    """Put the pages into ``build/docs/html``, in place of older ones."""
    shutil.rmtree(DOCS, ignore_errors=True)
    pages = DOCS / "rst"
    pages.mkdir(parents=True, mode=0o755)
    with exported() as collection:
        command = ["antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--dest-dir", str(pages)]
        extra = {"ANSIBLE_COLLECTIONS_PATH": str(collection.parents[2])}
        code, _lines = run([*command, "workshop.lifecycle"], cwd=collection, extra=extra)
    if code:
        return Verdict(False, f"antsibull-docs: exit code {code}")
    settings = [part for name, value in SPHINX.items() for part in ("-D", f"{name}={value}")]
    code, _lines = run(["sphinx-build", "-q", "-C", *settings, str(pages), str(DOCS / "html")], cwd=CHECKOUT)
    return Verdict(code == 0, "build/docs/html/index.html" if code == 0 else f"sphinx: exit code {code}")
