# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Vaults of AWS Backup."""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import Sequence

from .._aws.errors import DENIED
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import NotCleared
from .clearing import Work
from .ours import Ours
from .resource import Lookup
from .resource import ResourceType
from .resource import by

VAULT = "AWS::Backup::BackupVault"
LOST = "all recovery points, with the backups that they are"
#: AWS deletes recovery points after it has answered, which takes minutes for some kinds: go-to-k/delstack#370
LOOKS = 90
PAUSE = 10.0
_VAULTS = "backup:ListBackupVaults"
_POINTS = "backup:ListRecoveryPointsByBackupVault"
_DELETE = "backup:DeleteRecoveryPoint"
_GONE = "ResourceNotFoundException"
_BUSY = "InvalidResourceStateException"
# What says that it is kept, and not that something is in the way for a while:
# https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteRecoveryPoint.html
_KEPT = ("InvalidRequestException", "InvalidParameterValueException")

Row = Mapping[str, Any]


def _detect(looks: Looks, ours: Ours, names: Sequence[str]) -> list[tuple[str, Blocker]]:
    """Recovery points in vaults of ours."""
    rows = {row["BackupVaultName"]: row for row in looks.listing(_VAULTS, "BackupVaultList")}
    held = [(name, rows[name]) for name in names if rows.get(name, {}).get("NumberOfRecoveryPoints")]
    return [(name, _holding(ours, name, row)) for name, row in held]


def _holding(ours: Ours, name: str, row: Row) -> Blocker:
    locked = bool(row.get("Locked"))
    reason = f"A vault cannot be deleted with recovery points in it, and {name} has some."
    until = row.get("LockDate")
    if locked and until:
        # https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
        days = row.get("MinRetentionDays")
        kept = f", for at least {days} days each" if days else ""
        reason += f" It is locked{kept}, and from {until:%Y-%m-%d} on nobody can take that away."
    elif locked:
        reason += f" It is locked: aws backup delete-backup-vault-lock-configuration --backup-vault-name {name}."
    return Blocker(
        VAULT,
        name,
        name,
        reason,
        (),
        ours.owned_ids(VAULT).get(name),
        goes_with_owner=False,
        amounts=(_amount(row["NumberOfRecoveryPoints"]),),
        clear="" if locked else VAULT,
        lost="" if locked else LOST,
    )


def _amount(count: int) -> Amount:
    return Amount(count, "recovery point", "recovery points")


def _clear(work: Work, name: str) -> list[Amount]:
    """Ask for the deletion of all, and wait until they are gone."""
    seen: set[str] = set()
    asked: set[str] = set()
    for _look in range(LOOKS):
        points = _points(work, name)
        parents = {row["RecoveryPointArn"] for row in points}
        # The parts of one go with it: https://docs.aws.amazon.com/aws-backup/latest/devguide/deleting-backups.html
        new = [
            row
            for row in points
            if row["RecoveryPointArn"] not in asked
            and row.get("Status") not in ("DELETING", "CREATING")
            and row.get("ParentRecoveryPointArn") not in parents
        ]
        taken = work.looks.each(lambda row: _delete(work, name, row), new)
        asked.update(row["RecoveryPointArn"] for row, is_taken in zip(new, taken) if is_taken)
        seen.update(row["RecoveryPointArn"] for row in new)
        expired = [row for row in points if row.get("Status") == "EXPIRED" and row["RecoveryPointArn"] in asked]
        if expired and not new:
            raise NotCleared(
                f"AWS Backup could not delete {expired[0]['RecoveryPointArn']} in the vault {name}: its role "
                f"{expired[0].get('IamRoleArn', '')} is gone, or may not. "
                f"{expired[0].get('StatusMessage') or 'Make it again.'}"
            )
        gone = seen - {row["RecoveryPointArn"] for row in points}
        work.told([_amount(len(gone))])
        if not points or work.stopped():
            return [_amount(len(gone))] if gone else []
        work.sleep(PAUSE)
    raise NotCleared(
        f"{LOOKS * PAUSE:g} s after their deletion was asked for there are still recovery points in the vault {name}: "
        f"{points[0]['RecoveryPointArn']} is {points[0].get('Status')}. Run this again."
    )


def _points(work: Work, name: str) -> list[Row]:
    try:
        pages = work.looks.tried(lambda: work.looks.pages(_POINTS, BackupVaultName=name))
    except AwsCallError as error:
        # Of one that is not there, calls about it are denied: https://github.com/aws/aws-sdk-js/issues/2625
        if error.code == _GONE or (error.kind == DENIED and not _is_there(work, name)):
            return []
        raise
    return [row for page in pages for row in page.get("RecoveryPoints") or ()]


def _is_there(work: Work, name: str) -> bool:
    pages = work.looks.tried(lambda: work.looks.pages(_VAULTS))
    return name in (row["BackupVaultName"] for page in pages for row in page.get("BackupVaultList") or ())


def _delete(work: Work, name: str, row: Row) -> bool:
    """Whether it was taken; not, where something else is done with it, after which it has to be asked for again."""
    arn = row["RecoveryPointArn"]
    if work.stopped():
        return False

    def delete() -> None:
        with aws_call(_DELETE):
            work.client("backup").delete_recovery_point(BackupVaultName=name, RecoveryPointArn=arn)

    try:
        work.looks.tried(delete)
    except AwsCallError as error:
        if error.code in _KEPT:
            raise NotCleared(f"AWS Backup does not delete {arn} in the vault {name}: {error.message}") from error
        if error.code not in (_GONE, _BUSY):
            raise
        return error.code == _GONE
    return True


TYPES = (
    ResourceType(
        name=VAULT,
        command=by("backup delete-backup-vault --backup-vault-name"),
        # DescribeBackupVault is denied for one that is not there: https://github.com/aws/aws-sdk-js/issues/2625
        lookup=Lookup(
            action=_VAULTS,
            ask=lambda names: {},
            there=lambda answer, names: (row["BackupVaultName"] for row in answer.get("BackupVaultList") or ()),
            most=1000,
        ),
        arn="backup:backup-vault",
        arn_id=lambda arn: arn.rsplit(":", 1)[-1],
        clearing=Clearing(
            detect=_detect,
            clear=_clear,
            detects=(_VAULTS,),
            clears=(_VAULTS, _POINTS, _DELETE),
            lost=LOST,
            source="https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVault.html",
        ),
    ),
)
