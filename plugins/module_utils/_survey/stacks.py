# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Stacks: described while there is something to delete, listed when it has to be proved that they are gone."""

from __future__ import annotations

import time
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Sequence

from .._aws.rate import Rate
from .._stacks.listing import StackLister
from .._stacks.types import DELETE_COMPLETE
from .._stacks.types import StackView
from .types import Stacks


def described(client: Any, sleep: Callable[[float], None] = time.sleep) -> Stacks:
    """All stacks that are not deleted. ``client``: of CloudFormation. Raises :class:`AwsCallError`."""
    lister = StackLister(client, Rate(sleep=sleep).wait)
    return _stacks(lister.described(None).values(), in_full=True)


def listed(client: Any, names: Sequence[str]) -> Stacks:
    """The same, by another call, with the deleted stacks of these names. Protection and outputs are not in such a
    listing."""
    views = StackLister(client).listed()
    found = _stacks((view for view in views if view.status != DELETE_COMPLETE), in_full=False)
    deleted = [view for view in views if view.status == DELETE_COMPLETE and view.name in names]
    found.gone = tuple(sorted(deleted, key=lambda view: (view.created, view.stack_id), reverse=True))
    found.ever = tuple(dict.fromkeys(view.name for view in views if not view.nested))
    return found


def _stacks(views: Iterable[StackView], in_full: bool) -> Stacks:
    found = Stacks(views=tuple(views))
    for view in found.views:
        found.names[view.stack_id] = view.name
        if view.nested:
            found.nested.add(view.name)
        found.live[view.name] = {
            "name": view.name,
            "stack_id": view.stack_id,
            "status": view.status,
            "status_reason": view.reason,
            "termination_protection": view.protected if in_full else None,
            "role_arn": view.role_arn or None,
            "creation_time": view.created.isoformat() if view.created else None,
            "last_updated_time": view.updated.isoformat() if view.updated else None,
            "outputs": dict(view.outputs) if in_full else None,
        }
    return found
