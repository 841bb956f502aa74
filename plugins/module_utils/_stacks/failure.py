# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What to do about a stack in DELETE_FAILED, and what CloudFormation's words for a failed resource mean for that."""

from __future__ import annotations

import re
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any
from typing import Sequence

from .._aws.denial import is_denial
from .._aws.denial import remedy
from .._aws.errors import ROLE_REMEDY
from .._aws.errors import lacks_role
from .._resources.custom import UNANSWERED_REMEDY
from .._resources.custom import is_unanswered
from .._resources.ours import Place
from .._resources.protection import says_protected
from .._resources.registry import TYPES
from .._resources.registry import own_protection
from .state import StackState
from .types import Options
from .types import StackResource

# Handler error codes:
# https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
# They are not enough. Whatever a handler does not catch is a GeneralServiceException, passing or final:
# https://github.com/aws-cloudformation/cloudformation-cli-java-plugin (AbstractWrapper.java)
_TRANSIENT = re.compile(
    r"throttl|rate exceeded|request ?limit ?exceeded|internal ?(service )?(failure|error)|service ?internal ?error"
    r"|service ?unavailable|network ?failure|not ?stabilized|(did|does|could) not stabilize|exceeded attempts to wait"
    # https://github.com/aws/aws-cdk/issues/15709
    r"|operation ?aborted|conflicting operation",
    re.IGNORECASE,
)
_DEPENDENCY = re.compile(
    r"dependency ?violation|has dependencies|dependent object|resource ?in ?use|resource ?conflict|still in use"
    r"|currently in use|clustercontains|cannot be deleted while [\w ]+ (is|are) (active|draining)"
    r"|has some mapped public address|in a busy state"
    # https://github.com/convox/rack/issues/346
    r"|cannot be stopped while|has associated services",
    re.IGNORECASE,
)
# Nothing that happens by itself ends these: somebody has to lift a protection, or to allow something.
_FINAL = re.compile(
    # Protections of load balancers, log groups, databases and user pools, of tables, of RDS and of EC2 instances:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html,
    # https://github.com/ekristen/aws-nuke/issues/451
    r"deletion ?protection|protected against deletion|cannot delete protected|disable ?api ?termination"
    r"|termination ?protection|access ?denied|not authorized|explicit deny|unauthorized ?operation|cannot be assumed"
    r"|retained by policy",
    re.IGNORECASE,
)
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html (ClusterNotFoundException),
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidVpcID.NotFound)
_MISSING = re.compile(r"not ?found|does ?n[o']t ?exist|no ?such|no longer exists", re.IGNORECASE)
_CANCELLED = re.compile(r"resource deletion cancell?ed", re.IGNORECASE)
_EXPORT = re.compile(r"\bexport\b.*\bin use by\b", re.IGNORECASE | re.DOTALL)


class Verdict(Enum):
    """The next step for a stack that failed."""

    RETRY = "retry"
    RETAIN = "retain"
    FORCE = "force"
    FAIL = "fail"


def judge(state: StackState, options: Options) -> Verdict:
    """Decide from the failed resources of a stack in DELETE_FAILED.

    Resources are given up only when every one that failed may be; a failure that is likely to pass is tried again
    first, one of which nobody knows whether it passes once. What is proven to be gone may be given up at once.
    """
    own = own_failures(state.failed)
    may_retry = state.retries < options.max_retries
    last_resort = Verdict.FORCE if options.force and not state.force else Verdict.FAIL
    if not own:
        # Nothing but cancelled resources, or a failure of the stack as a whole.
        retryable = bool(state.failed) or is_retryable(state.stack_reason)
        return Verdict.RETRY if may_retry and retryable else last_resort
    there = [item for item in own if item.physical_id not in state.proven_gone]
    strangers = [item for item in there if not _may_stay(item, options)]
    if strangers:
        if any(is_final(item.reason) or is_unanswered(item.type, item.reason) for item in strangers):
            return last_resort
        known = all(is_retryable(item.reason) for item in strangers)
        return Verdict.RETRY if may_retry and (known or not state.retries) else last_resort
    if may_retry and any(is_transient(item.reason) for item in there):
        return Verdict.RETRY
    already = {item.logical_id for item in state.retained or ()}
    if any(item.logical_id in already for item in own):
        return last_resort
    return Verdict.RETAIN


def own_failures(failed: Sequence[StackResource]) -> list[StackResource]:
    """Without those whose deletion was only called off because another one failed."""
    return [item for item in failed if not is_cancelled(item.reason)]


def _may_stay(resource: StackResource, options: Options) -> bool:
    unanswered = options.unanswered and is_unanswered(resource.type, resource.reason)
    return unanswered or retainable(resource, options.retain_on_failure)


def retainable(resource: StackResource, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(resource.type, pattern) for pattern in patterns)


def describe(failed: Sequence[StackResource], stack_reason: str, most: int = 3) -> str:
    """The cause in one line: the resources' own reasons if there are any, otherwise the stack's. With what helps where
    somebody denies, or the role is gone with which CloudFormation deletes."""
    own = own_failures(failed)
    texts = [f"{item.logical_id} ({item.type}): {item.reason or 'no reason given'}" for item in own[:most]]
    if len(own) > most:
        texts.append(f"and {len(own) - most} more")
    said = "; ".join(texts) or stack_reason or "CloudFormation gave no reason."
    helps = list(dict.fromkeys(filter(None, map(_remedy, [item.reason for item in own] or [stack_reason]))))
    helps += [UNANSWERED_REMEDY] if any(is_unanswered(item.type, item.reason) for item in own) else []
    return f"{said.rstrip('. ')}. {' '.join(helps)}" if helps else said


def protections(state: StackState) -> list[dict[str, Any]]:
    """A row of ``blockers`` for each resource that failed because it is protected by itself, with what lifts that."""
    name = state.spec.name
    return [
        own_protection(item.type, item.physical_id, name).row(name, Place.of(state.stack_id).region)
        for item in own_failures(state.failed)
        if item.type in TYPES and TYPES[item.type].protection and says_protected(item.reason)
    ]


def _remedy(reason: str) -> str:
    if lacks_role(reason):
        return ROLE_REMEDY
    return remedy(reason) if is_denial(reason) else ""


def is_transient(reason: str) -> bool:
    """Throttling, an internal failure or a resource that did not settle in time: likely to pass by itself."""
    return bool(_TRANSIENT.search(reason)) and not is_final(reason)


def is_retryable(reason: str) -> bool:
    """Transient, or something else still depends on the resource and may be on its way out."""
    return not is_final(reason) and (is_transient(reason) or bool(_DEPENDENCY.search(reason)))


def is_final(reason: str) -> bool:
    """A protection, a missing permission, or an export in use: no other try ends otherwise."""
    return bool(_FINAL.search(reason) or _EXPORT.search(reason))


def is_denied(reason: str) -> bool:
    """Whoever deletes it may not do so, or the role is not to be had with which it is deleted."""
    return is_denial(reason) or lacks_role(reason)


def says_missing(reason: str) -> bool:
    """It failed because it, or what it is in, is not there any more; whether that is so is another question."""
    return bool(_MISSING.search(reason))


def is_cancelled(reason: str) -> bool:
    """The resource did not fail itself: CloudFormation called its deletion off because another one failed."""
    return bool(_CANCELLED.search(reason))
