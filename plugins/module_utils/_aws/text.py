# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Words of others, made fit to be shown."""

from __future__ import annotations

import unicodedata


def one_line(text: str) -> str:
    """The text in one line without control characters: reasons come from AWS and from templates, and end up on
    terminals."""
    flat = " ".join(text.split())
    return "".join(char for char in flat if unicodedata.category(char)[0] != "C")
