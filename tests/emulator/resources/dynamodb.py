# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of DynamoDB take their time to go.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html: DELETING first, then gone.
"""

from __future__ import annotations

from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.table import Table

from ..cloudformation.deletion import Context, Resource, register
from ..patching import Patches
from ..world import world

_moto_delete_table = DynamoDBBackend.delete_table
_moto_describe = Table.describe


def _is_being_deleted(table: Table) -> bool:
    return getattr(table, "being_deleted", False)


def _delete_table(backend: DynamoDBBackend, name: str) -> Table:
    # The words of AWS, which are not moto's: https://github.com/ekristen/aws-nuke/issues/451
    if name in backend.tables and backend.tables[name].deletion_protection_enabled:
        raise MockValidationException(
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
            "first."
        )
    table = _moto_delete_table(backend, name)
    backend.tables[table.name] = table
    if not _is_being_deleted(table):
        table.being_deleted = True
        seconds = world.durations.draw("dynamodb.table", table.name)
        world.clock.call_later(seconds, backend.tables.pop, table.name, None)
    return table


def _describe(table: Table, base_key: str = "TableDescription") -> dict[str, Any]:
    described = _moto_describe(table, base_key)
    if _is_being_deleted(table):
        described[base_key]["TableStatus"] = "DELETING"
    return described


class _Deletion:
    def begin(self, resource: Resource, context: Context) -> float | None:
        if self._exists(resource):
            resource.delete_with_moto()
        return None

    def poll(self, resource: Resource, context: Context) -> bool:
        return not self._exists(resource)

    @staticmethod
    def _exists(resource: Resource) -> bool:
        return resource.physical_id in dynamodb_backends[resource.account_id][resource.region].tables


def install(patches: Patches) -> None:
    patches.set(DynamoDBBackend, "delete_table", _delete_table)
    patches.set(Table, "describe", _describe)
    register("AWS::DynamoDB::Table", _Deletion())
