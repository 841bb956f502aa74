# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What CloudFormation's words for a failed resource mean for the next try."""

from __future__ import annotations

import re

# Handler error codes:
# https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
_TRANSIENT = re.compile(
    r"throttl|rate exceeded|request ?limit ?exceeded|internal ?(service )?(failure|error)|service ?internal ?error"
    r"|service ?unavailable|network ?failure|not ?stabilized|(did|does|could) not stabilize|exceeded attempts to wait",
    re.IGNORECASE,
)
_DEPENDENCY = re.compile(
    r"dependency ?violation|has dependencies|dependent object|resource ?in ?use|resource ?conflict|still in use"
    r"|currently in use|clustercontains|cannot be deleted while (services|tasks) are active"
    r"|has some mapped public address",
    re.IGNORECASE,
)
_CANCELLED = re.compile(r"resource deletion cancell?ed", re.IGNORECASE)
_EXPORT = re.compile(r"\bexport\b.*\bin use by\b", re.IGNORECASE | re.DOTALL)


def is_transient(reason: str) -> bool:
    """Throttling, an internal failure or a resource that did not settle in time: likely to pass by itself."""
    return bool(_TRANSIENT.search(reason))


def is_retryable(reason: str) -> bool:
    """Transient, or something else still depends on the resource and may be on its way out."""
    if _EXPORT.search(reason):
        return False
    return is_transient(reason) or bool(_DEPENDENCY.search(reason))


def is_cancelled(reason: str) -> bool:
    """The resource did not fail itself: CloudFormation called its deletion off because another one failed."""
    return bool(_CANCELLED.search(reason))
