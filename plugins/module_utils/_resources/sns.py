# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of Amazon SNS."""

from __future__ import annotations

from .resource import ResourceType
from .resource import by
from .resource import one

TYPES = (
    ResourceType(
        name="AWS::SNS::Topic",
        command=by("sns delete-topic --topic-arn"),
        # https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html (NotFound)
        lookup=one("sns:GetTopicAttributes", "TopicArn", "NotFound"),
    ),
)
