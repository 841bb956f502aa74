# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replace attributes of moto's classes, and put them back."""

from __future__ import annotations

from typing import Any

_MISSING = object()


class Patches:
    """A list of replaced attributes. ``undo()`` restores all, last first."""

    def __init__(self) -> None:
        self._originals: list[tuple[Any, str, Any]] = []

    def set(self, owner: Any, name: str, value: Any) -> Any:
        """Set ``owner.name`` and return what it was (None if there was none); classmethods stay descriptors."""
        original = vars(owner).get(name, _MISSING)
        self._originals.append((owner, name, original))
        previous = getattr(owner, name, None)
        setattr(owner, name, value)
        return previous

    def undo(self) -> None:
        while self._originals:
            owner, name, original = self._originals.pop()
            if original is _MISSING:
                delattr(owner, name)
            else:
                setattr(owner, name, original)
