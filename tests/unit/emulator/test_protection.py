# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deletion protection of a log group and a table, in AWS's words."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator import Emulator


def test_a_log_group(emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html"""
    logs = emulator.client("logs")
    for name in ("/a", "/ab"):
        logs.create_log_group(logGroupName=name)
    logs.put_log_group_deletion_protection(logGroupIdentifier="/a", deletionProtectionEnabled=True)
    rows = logs.describe_log_groups()["logGroups"]
    assert [row["deletionProtectionEnabled"] for row in rows] == [True, False]
    with pytest.raises(ClientError, match="ValidationException.*Cannot delete log group with deletion protection"):
        logs.delete_log_group(logGroupName="/a")
    logs.put_log_group_deletion_protection(logGroupIdentifier="/a", deletionProtectionEnabled=False)
    logs.delete_log_group(logGroupName="/a")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.put_log_group_deletion_protection(logGroupIdentifier="/a", deletionProtectionEnabled=True)


def test_a_table(emulator: Emulator) -> None:
    """https://github.com/ekristen/aws-nuke/issues/451"""
    dynamodb = emulator.client("dynamodb")
    dynamodb.create_table(
        TableName="orders", BillingMode="PAY_PER_REQUEST", DeletionProtectionEnabled=True,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )  # fmt: skip
    with pytest.raises(ClientError, match="ValidationException.*currently protected against deletion. Disable"):
        dynamodb.delete_table(TableName="orders")
    dynamodb.update_table(TableName="orders", DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName="orders")
