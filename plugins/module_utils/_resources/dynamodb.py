# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of Amazon DynamoDB."""

from __future__ import annotations

from .protection import Protection
from .protection import one_call
from .resource import ResourceType
from .resource import by
from .resource import one


def _row(name: str, arn: str = "") -> ResourceType:
    return ResourceType(
        name=name,
        command=by("dynamodb delete-table --table-name"),
        lookup=one("dynamodb:DescribeTable", "TableName", "ResourceNotFoundException"),
        arn=arn,
        # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
        protection=Protection(
            action="dynamodb:DescribeTable",
            ask=lambda name: {"TableName": name},
            on=lambda answer, name: bool(answer["Table"].get("DeletionProtectionEnabled")),
            lift=lambda name: ("dynamodb", "update-table", "--table-name", name, "--no-deletion-protection-enabled"),
            switch=one_call(
                "dynamodb:UpdateTable", lambda name, on: {"TableName": name, "DeletionProtectionEnabled": on}
            ),
            switches=("dynamodb:UpdateTable",),
        ),
    )


# The replicas of a global table in other regions have protections of their own, which are not looked at.
TYPES = (_row("AWS::DynamoDB::Table", "dynamodb:table"), _row("AWS::DynamoDB::GlobalTable"))
