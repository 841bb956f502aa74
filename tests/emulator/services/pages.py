# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of a list, with opaque tokens that survive changes of the list between two calls."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


class InvalidToken(ValueError):
    """The token did not come from ``page``."""


def page(
    items: Sequence[Item], token: str | None, limit: int, key: Callable[[Item], str] = str
) -> tuple[list[Item], str | None]:
    """One page of ``items`` and the token of the next one (None at the end).

    Items are ordered by ``key``, which must be unique. Raises InvalidToken.
    """
    ordered = sorted(items, key=key)
    if token:
        try:
            last = base64.urlsafe_b64decode(token.encode()).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise InvalidToken(token) from error
        ordered = [item for item in ordered if key(item) > last]
    chosen = ordered[:limit]
    if len(ordered) <= limit:
        return chosen, None
    return chosen, token_after(key(chosen[-1]))


def token_after(key: str) -> str:
    """The token of a page that begins behind this key."""
    return base64.urlsafe_b64encode(key.encode()).decode()
