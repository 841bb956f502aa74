# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which live stack owns a resource."""

from __future__ import annotations

import threading
from typing import Mapping

from .._aws.looks import Looks
from .._resources.owner import beside
from .._resources.resource import Resource
from .types import Stacks


class Owners:
    """``stacks``: the live ones, if they are known. ``known``: names of stacks by what they own, which is true whatever
    CloudFormation answers when it is asked for one resource."""

    def __init__(self, looks: Looks, stacks: Stacks | None, known: Mapping[Resource, str]) -> None:
        self._looks = looks
        self._none = stacks is not None and not stacks.names
        self._known = dict(known)
        self._lock = threading.Lock()

    def owner(self, resource: Resource) -> str | None:
        """The name of the live stack to which a resource belongs by its type and physical id, empty if there is none,
        None if that could not be looked at. Nothing is asked where there is no stack at all."""
        with self._lock:
            if resource in self._known:
                return self._known[resource]
        if not resource.physical_id or self._none:
            return ""
        return self._looks.at(resource.physical_id, lambda: self._ask(resource))

    def of_anything(self, physical_id: str) -> str | None:
        """The same of whatever has this physical id: a type may have several names, as a table that is a global one,
        and what CloudFormation calls a custom resource may be anything."""
        with self._lock:
            known = next((owner for item, owner in self._known.items() if item.physical_id == physical_id), "")
        return known or self._looks.at(physical_id, lambda: self._ask_for_all(physical_id))

    def _ask_for_all(self, physical_id: str) -> str:
        owned = beside(self._looks.clients("cloudformation"), physical_id)
        return next((owner for item, owner in owned.items() if item.physical_id == physical_id), "")

    def _ask(self, resource: Resource) -> str:
        # The answer can have all resources of the stack, so that one call answers for several.
        owned = beside(self._looks.clients("cloudformation"), resource.physical_id)
        with self._lock:
            self._known.update(owned)
        return owned.get(resource, "")
