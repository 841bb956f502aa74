# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Custom resources, which only their function can delete.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
"""

from __future__ import annotations

import re

CUSTOM = "AWS::CloudFormation::CustomResource"

#: What helps then.
UNANSWERED_REMEDY = (
    "Make its function again, with its role and its network, or agree with workshop_clear (clear of the module) to "
    f"leave it behind: {CUSTOM}."
)

# https://github.com/aws/copilot-cli/issues/4868, https://github.com/serverless/serverless/issues/4276,
# https://github.com/aws-samples/aws-control-tower-securityhub-enabler/issues/24
_NO_ANSWER = re.compile(
    r"did not receive a response from your custom resource|custom resource failed to stabilize|function not found",
    re.IGNORECASE,
)


def is_custom(type_name: str) -> bool:
    """Whether a resource is a custom one."""
    return type_name == CUSTOM or type_name.startswith("Custom::")


def is_unanswered(type_name: str, reason: str) -> bool:
    """Whether a custom resource failed because its function has not answered, which it would not do another time
    either, after as long."""
    return is_custom(type_name) and bool(_NO_ANSWER.search(reason))
