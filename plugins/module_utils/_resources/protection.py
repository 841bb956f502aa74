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

from .._aws.errors import aws_call

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html,
# https://github.com/ekristen/aws-nuke/issues/451 (a table), https://github.com/aws-cloudformation/rain/issues/187
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/TroubleshootingInstancesShuttingDown.html (an instance)
# https://docs.aws.amazon.com/emr/latest/ManagementGuide/UsingEMR_TerminationProtection.html (a cluster of EMR)
_PROTECTED = re.compile(
    r"(deletion|delete|mutation|termination) ?protection|termination protected|protected against deletion"
    r"|disableApi(Termination|Stop)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Protection:
    """``action``: IAM action of the call that tells it. ``ask``: its arguments for an id. ``on``: whether its answer
    says that it is on. ``also``: arguments of a second call, where the first does not tell all. ``lift``: words of the
    AWS command that switches it off.
    ``switch``: switches it off or on, with a boto3 client and an id, by calls that need the IAM actions ``switches``;
    None where this collection does not. Raises :class:`AwsCallError`."""

    action: str
    ask: Callable[[str], dict[str, Any]]
    on: Callable[[Mapping[str, Any], str], bool]
    lift: Callable[[str], Sequence[str]]
    switch: Callable[[Any, str, bool], None] | None = None
    switches: tuple[str, ...] = ()
    also: Callable[[str], dict[str, Any]] | None = None


def one_call(action: str, arguments: Callable[[str, bool], dict[str, Any]]) -> Callable[[Any, str, bool], None]:
    """A switch that is one call. ``arguments``: of it, for an id and whether it is switched on."""

    def switch(client: Any, physical_id: str, on: bool) -> None:
        with aws_call(action):
            getattr(client, xform_name(action.partition(":")[2]))(**arguments(physical_id, on))

    return switch


def says_protected(reason: str) -> bool:
    """Whether a deletion failed because of such a protection."""
    return bool(_PROTECTED.search(reason))
