# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Protections from deletion that resources have of their own, besides that of their stack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html,
# https://github.com/ekristen/aws-nuke/issues/451 (a table), https://github.com/aws-cloudformation/rain/issues/187
_PROTECTED = re.compile(r"deletion ?protection|protected against deletion", re.IGNORECASE)


@dataclass(frozen=True)
class Protection:
    """``action``: IAM action of the call that tells it. ``ask``: its arguments for an id. ``on``: whether its answer
    says that it is on. ``lift``: words of the AWS command that switches it off.
    ``switch``: switches it off or on, with a boto3 client and an id, by calls that need the IAM actions ``switches``;
    None where this collection does not. Raises :class:`AwsCallError`."""

    action: str
    ask: Callable[[str], dict[str, Any]]
    on: Callable[[Mapping[str, Any], str], bool]
    lift: Callable[[str], Sequence[str]]
    switch: Callable[[Any, str, bool], None] | None = None
    switches: tuple[str, ...] = ()


def says_protected(reason: str) -> bool:
    """Whether a deletion failed because of such a protection."""
    return bool(_PROTECTED.search(reason))
