# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Vaults of AWS Backup with recovery points, of which moto knows nothing.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVault.html: "A vault can be deleted only if it is
empty", in the words of gruntwork-io/cloud-nuke#730. Points go later than they are asked to: go-to-k/delstack#370.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.backup import urls
from moto.backup.exceptions import ResourceNotFoundException
from moto.backup.models import BackupBackend, Vault, backup_backends
from moto.backup.responses import BackupResponse
from moto.core.exceptions import JsonRESTError

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..patching import Patches
from ..services.models import StackResource
from ..world import ACCOUNT_ID, world

_NOT_EMPTY = "Backup vault cannot be deleted because it contains recovery points."
_LOCKED = "Recovery point cannot be deleted because its vault is locked."  # a guess; that it fails: vault-lock.html


def _points(vault: Vault) -> dict[str, dict[str, Any]]:
    return vault.__dict__.setdefault("points", {})


def _vault(backend: BackupBackend, name: str) -> Vault:
    if name not in backend.vaults:
        raise ResourceNotFoundException(f"Backup vault {name} not found")
    return backend.vaults[name]


def back_up(vault_name: str, number: int, **more: Any) -> str:
    """As a finished backup job leaves it: a recovery point; its ARN."""
    vault = backup_backends[ACCOUNT_ID][world.region].vaults[vault_name]
    arn = f"arn:aws:ec2:{world.region}::snapshot/snap-{number:017x}"
    with world.lock:
        _points(vault)[arn] = {"RecoveryPointArn": arn, "BackupVaultName": vault_name, "Status": "COMPLETED", **more}
        vault.num_of_recovery_points = len(_points(vault))
    return arn


def _delete_vault(backend: BackupBackend, name: str) -> None:
    vault = backend.vaults.get(name)
    if vault is not None and _points(vault):
        raise JsonRESTError("InvalidRequestException", _NOT_EMPTY)
    backend.vaults.pop(name, None)


def _answer_list(response: BackupResponse) -> str:
    """https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRecoveryPointsByBackupVault.html"""
    vault = _vault(response.backup_backend, response.path.split("/")[2])
    return json.dumps({"RecoveryPoints": list(_points(vault).values())})


def _answer_delete(response: BackupResponse) -> str:
    """https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteRecoveryPoint.html"""
    _empty, _vaults, name, _word, arn = unquote(response.path).split("/", 4)
    vault = _vault(response.backup_backend, name)
    if vault.locked:
        raise JsonRESTError("InvalidRequestException", _LOCKED)
    if arn not in _points(vault):
        raise ResourceNotFoundException(f"Recovery point not found: {arn}")
    point = _points(vault)[arn]
    if point["Status"] == "DELETING":
        raise JsonRESTError("InvalidResourceStateException", "Recovery point is already being deleted")
    if world.faults.loses_backup_role(arn):
        point["Status"] = "EXPIRED"
        return "{}"
    point["Status"] = "DELETING"
    parts = [key for key, row in _points(vault).items() if row.get("ParentRecoveryPointArn") == arn]
    for key in (arn, *parts):
        world.clock.call_later(world.durations.draw("backup.recovery_point", key), _gone, vault, key)
    return "{}"


def _gone(vault: Vault, arn: str) -> None:
    _points(vault).pop(arn, None)
    vault.num_of_recovery_points = len(_points(vault))


class BackupVault(StackResource, StackResource.base):
    """Ref is its name."""

    @staticmethod
    def cloudformation_name_type() -> str:
        return "BackupVaultName"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Backup::BackupVault"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> BackupVault:
        name = cloudformation_json.get("Properties", {}).get("BackupVaultName", resource_name)
        vault = backup_backends[account_id][region_name].create_backup_vault(name, {}, "", "")
        return cls(name, {"BackupVaultName": name, "BackupVaultArn": vault.backup_vault_arn})


class _Deletion:
    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("resource.other", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        try:
            _delete_vault(backup_backends[resource.account_id][resource.region], resource.physical_id)
        except JsonRESTError as error:
            raise Refused("InvalidRequestException", error.message, service="Backup") from error
        return True


def install(patches: Patches) -> None:
    points = {
        "{0}/backup-vaults/(?P<name>[^/]+)/recovery-points/$": BackupResponse.dispatch,
        "{0}/backup-vaults/(?P<name>[^/]+)/recovery-points/(?P<arn>.+)$": BackupResponse.dispatch,
    }
    patches.set(urls, "url_paths", {**urls.url_paths, **points})
    patches.set(BackupBackend, "delete_backup_vault", _delete_vault)
    patches.set(BackupResponse, "list_recovery_points_by_backup_vault", _answer_list)
    patches.set(BackupResponse, "delete_recovery_point", _answer_delete)
    register("AWS::Backup::BackupVault", _Deletion())
