# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages on troubleshooting quote is what the collection prints."""

from __future__ import annotations

import re

import pytest

from tests.judges.venv import CHECKOUT

PAGES = [CHECKOUT / "docs" / name for name in ("troubleshooting.md", "release.md")]
#: What a user sets or AWS says; everything else in the first column of a table is printed by us.
NOT_OURS = {"family:"}


def quotes() -> list[str]:
    """The quoted texts in the first column of each table."""
    lines = [line for page in PAGES for line in page.read_text(encoding="utf-8").splitlines()]
    rows = [line.split("|")[1] for line in lines if line.startswith("| ")]
    return sorted({quote for row in rows for quote in re.findall(r"`([^`]+)`", row)} - NOT_OURS)


@pytest.fixture(scope="module")
def printed() -> str:
    """Every text of the collection in one line, as it is when pieces of code that are joined are joined."""
    files = [path for folder in ("plugins", "roles", "playbooks") for path in (CHECKOUT / folder).glob("**/*.py")]
    files += [path for folder in ("roles", "playbooks") for path in (CHECKOUT / folder).glob("*/**/*.yml")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files if "ansible_collections" not in path.parts)
    return re.sub(r"\s+", " ", re.sub(r"[\"']\s*\n\s*[\"~f(]+[\"']?", "", text))


@pytest.mark.parametrize("quote", quotes())
def test_what_is_quoted_is_printed(printed: str, quote: str) -> None:
    assert quote in printed


def test_there_is_something_quoted() -> None:
    assert len(quotes()) > 25
