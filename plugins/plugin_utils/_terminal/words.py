# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Counts and texts as a line on a terminal takes them."""

from __future__ import annotations

from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.text import one_line

LONGEST = 300  # characters of a text of others
FEW = 6  # names in one line
#: What helps whoever has the wrong name, or looks in the wrong region.
LIST = "ansible-playbook workshop.lifecycle.list shows the workshops of all regions"


def counted(number: int, one: str, several: str = "") -> str:
    """``1 stack``, ``2 stacks``."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text in one line that cannot drive a terminal: the whole of it, or its beginning with an ellipsis."""
    clean = one_line(text)
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


def listed(names: Sequence[str]) -> str:
    """Names in one line: the first few, and how many more there are."""
    more = f", and {len(names) - FEW} more" if len(names) > FEW else ""
    return ", ".join(shortened(name) for name in names[:FEW]) + more


def last_line(workshop: str, host: str, state: str, text: str) -> str:
    """How a run ended, in one line that a search of logs finds.

    :param host: named where there are several
    """
    name = f"{workshop} [{host}]" if host else workshop
    return one_line(f"workshop.lifecycle: {name} {state}: {text}")
