# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of AWS KMS."""

from __future__ import annotations

from .resource import Answer
from .resource import Lookup
from .resource import ResourceType
from .resource import by

# Nothing can be done with such a key any more, but to keep it, and it costs nothing:
# https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
_ENDING = frozenset(("PendingDeletion", "PendingReplicaDeletion"))


def _ends(answer: Answer) -> str:
    date = answer["KeyMetadata"].get("DeletionDate")
    return date.date().isoformat() if date else ""


TYPES = (
    ResourceType(
        name="AWS::KMS::Key",
        command=by("kms schedule-key-deletion --key-id"),
        lookup=Lookup(
            action="kms:DescribeKey",
            ask=lambda ids: {"KeyId": ids[0]},
            there=lambda answer, ids: () if answer["KeyMetadata"]["KeyState"] in _ENDING else ids,
            absent=frozenset(("NotFoundException",)),
            ends=_ends,
        ),
        arn="kms:key",
    ),
)
