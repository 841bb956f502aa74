# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What the templates of a stack, and of those nested in it, say to keep."""

from __future__ import annotations

from .._aws.looks import Looks
from .._stacks.reader import StackReader
from .types import Entry


class Keeps:
    """Of one stack. Templates are read when they are needed, each once; one that can not be read is a gap."""

    def __init__(self, looks: Looks, entry: Entry) -> None:
        self._looks = looks
        self._entry = entry
        self._ids = {item.logical_id: item.physical_id for item in entry.resources or ()}

    def keeps(self, logical_id: str) -> bool | None:
        """Whether a resource of the inventory stays when the stack goes; None if that is not known."""
        path, _slash, own = logical_id.rpartition("/")
        around = self.keeps(path) if path else False
        if around is not False:
            return around
        kept = self._kept(self._ids[path] if path else self._entry.stack_id)
        return None if kept is None else own in kept

    def _kept(self, stack_id: str) -> frozenset[str] | None:
        client = self._looks.clients("cloudformation")
        return self._looks.once(
            ("kept", stack_id),
            lambda: self._looks.at(self._entry.name, lambda: StackReader(client).kept(stack_id), frozenset()),
        )
