# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What to do about a stack in DELETE_FAILED."""

from __future__ import annotations

from enum import Enum
from fnmatch import fnmatchcase
from typing import Sequence

from .reasons import is_cancelled
from .reasons import is_retryable
from .reasons import is_transient
from .types import Options
from .types import Resource
from .types import StackState


class Verdict(Enum):
    """The next step for a stack that failed."""

    RETRY = "retry"
    RETAIN = "retain"
    FORCE = "force"
    FAIL = "fail"


def judge(state: StackState, options: Options) -> Verdict:
    """Decide from the failed resources of a stack in DELETE_FAILED.

    Resources are given up only when every one that failed may be; a failure that is likely to pass is tried again
    first.
    """
    own = own_failures(state.failed)
    may_retry = state.retries < options.max_retries
    last_resort = Verdict.FORCE if options.force and not state.force else Verdict.FAIL
    if not own:
        # Nothing but cancelled resources, or a failure of the stack as a whole.
        retryable = bool(state.failed) or is_retryable(state.stack_reason)
        return Verdict.RETRY if may_retry and retryable else last_resort
    strangers = [item for item in own if not retainable(item, options.retain_on_failure)]
    if strangers:
        retryable = all(is_retryable(item.reason) for item in strangers)
        return Verdict.RETRY if may_retry and retryable else last_resort
    if may_retry and any(is_transient(item.reason) for item in own):
        return Verdict.RETRY
    already = {item.logical_id for item in state.retained or ()}
    if any(item.logical_id in already for item in own):
        return last_resort
    return Verdict.RETAIN


def own_failures(failed: Sequence[Resource]) -> list[Resource]:
    """Without those whose deletion was only called off because another one failed."""
    return [item for item in failed if not is_cancelled(item.reason)]


def retainable(resource: Resource, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(resource.type, pattern) for pattern in patterns)


def describe(failed: Sequence[Resource], stack_reason: str, most: int = 3) -> str:
    """The cause in one line: the resources' own reasons if there are any, otherwise the stack's."""
    own = own_failures(failed)
    texts = [f"{item.logical_id} ({item.type}): {item.reason or 'no reason given'}" for item in own[:most]]
    if len(own) > most:
        texts.append(f"and {len(own) - most} more")
    return "; ".join(texts) or stack_reason or "CloudFormation gave no reason."
