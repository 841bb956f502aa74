# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Who denies a call, by AWS's words, and what helps against that."""

from __future__ import annotations

import re

# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
_DENIED = re.compile(r"not authorized to perform|explicit deny|access ?denied", re.IGNORECASE)
_ACTION = re.compile(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)")
_EXPLICIT = re.compile(r"\bexplicit deny\b", re.IGNORECASE)

# Words of the policy, and what helps. An endpoint's policy may be named together with one of the organization, which
# is the one that denies then.
_POLICIES = (
    ("service control polic", "A service control policy of the organization denies it, which no policy of this account"
     " outweighs: ask whoever manages the organization, or use a role that it exempts."),
    ("resource control polic", "A resource control policy of the organization denies it, which no policy of this"
     " account outweighs: ask whoever manages the organization."),
    ("permissions boundar", "The permissions boundary of this user or role does not let it: widen the boundary, or use"
     " another role. Another policy beside it does not help."),
    ("session(?:s|\\(s\\))? polic", "The session policy that these credentials were made with does not let it: make"
     " them without that, or with a wider one."),
    ("vpc endpoint polic", "The policy of the VPC endpoint that the call went through does not let it: widen that"
     " policy, or call from elsewhere."),
    ("role trust polic", "The trust policy of the role does not let it be assumed: change that of the role."),
    ("resource-based polic", "The policy of the resource itself does not let it: change that one."),
)  # fmt: skip
_OF_CALLER = "A policy of this user or role denies it explicitly, which no other outweighs: take that statement away."
_OF_SOMEBODY = "Some policy denies it explicitly, which no other outweighs: find that one."


def is_denial(message: str) -> bool:
    """Whether a message, of a call or of CloudFormation on a resource, says that something is not allowed."""
    return bool(_DENIED.search(message))


def denied_action(message: str) -> str:
    """The IAM action that a message names, which need not be the one called: DescribeStacks of all stacks also needs
    ListStacks. Empty if it names none."""
    named = _ACTION.search(message)
    return named.group(1) if named else ""


def remedy(message: str, action: str = "") -> str:
    """One sentence on what helps; empty if nothing is known. ``action``: the IAM action called, in case the message
    names none."""
    # AWS names one policy only: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    for words, help_ in _POLICIES:
        if re.search(words, message, re.IGNORECASE):
            return help_
    if _EXPLICIT.search(message):
        return _OF_CALLER if "identity-based" in message else _OF_SOMEBODY
    missing = denied_action(message) or action
    return f"Allow the IAM action {missing}." if missing else ""
