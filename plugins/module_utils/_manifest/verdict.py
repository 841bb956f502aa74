# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is to become of a stack that is there already, or of one that is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Collection

from .._stacks.types import StackView
from .types import TAG

CREATE = "create"
UPDATE = "update"
REPLACE = "replace"
WAIT = "wait"
REFUSE = "refuse"

# Such a stack cannot be updated; all that can be done is to delete it:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
_DEAD = frozenset(("CREATE_FAILED", "DELETE_FAILED", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"))
_STANDING = frozenset(
    (
        *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"),
        *("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE", "UPDATE_FAILED"),
    )
)


@dataclass(frozen=True)
class Verdict:
    """``kind``: one of the constants above. ``reason``: why it is refused, or what is waited for."""

    kind: str
    reason: str = ""


def verdict(view: StackView | None, workshop: str, replace: bool, adopt: Collection[str]) -> Verdict:
    """``view``: None if no stack has the name. ``workshop``: whose stack it has to be, by its tag. ``replace``: whether
    one that can only be deleted is. ``adopt``: names of stacks that become the workshop's though they lack the tag."""
    if view is None:
        return Verdict(CREATE)
    owner = view.tags.get(TAG, "")
    if owner != workshop and view.name not in adopt:
        whose = f"of the workshop {owner}" if owner else f"without the tag {TAG}"
        return Verdict(
            REFUSE, f"a stack of this name is there, {whose}: it may be somebody else's. Adopt it to update it."
        )
    if view.status in _STANDING:
        return Verdict(UPDATE)
    if view.status in _DEAD:
        if replace:
            return Verdict(REPLACE)
        return Verdict(REFUSE, f"it is in {view.status}, and can only be deleted and made anew. Have it replaced.")
    if view.status.endswith("_IN_PROGRESS"):
        return Verdict(WAIT, f"it is in {view.status}")
    return Verdict(
        REFUSE, f"it is in {view.status}: bring it back with aws cloudformation continue-update-rollback first."
    )
