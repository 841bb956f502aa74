# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds Athena's work groups and vaults of backups up: seen with numbers, cleared, and then the stack goes."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import NotCleared
from tests.emulator import Emulator
from tests.emulator.resources.vault import back_up
from tests.integration.clearings import Held, stack

GROUP = "AWS::Athena::WorkGroup"
VAULT = "AWS::Backup::BackupVault"

pytestmark = pytest.mark.usefixtures("still")


def work_group(aws: Emulator, **properties: Any) -> Held:
    return Held(aws, stack(aws, {"Queries": {"Type": GROUP, "Properties": {"Name": "shop", **properties}}}), GROUP)


def query(aws: Emulator, count: int = 1) -> None:
    """Save so many queries, run them, and write a notebook."""
    athena = aws.client("athena")
    for number in range(count):
        athena.create_named_query(Name=f"q{number}", Database="d", QueryString="SELECT 1", WorkGroup="shop")
        athena.start_query_execution(QueryString="SELECT 1", WorkGroup="shop")
    athena.create_notebook(WorkGroup="shop", Name="sales")


def test_a_work_group_with_queries(aws):
    """aws-samples/coast-grafana-cost-intelligence-dashboards#9"""
    held = work_group(aws)
    assert held.detect() == [] and held.clear() == []
    query(aws, 2)
    assert "WorkGroup shop is not empty (Service: Athena, Status Code: 400" in held.fails("Queries")

    (blocker,) = held.detect()
    numbers = ["2 saved queries", "2 queries in its history", "1 notebook"]
    assert [str(amount) for amount in blocker.amounts] == numbers
    assert (blocker.clear, blocker.owner, blocker.certain) == (GROUP, "shop-dev", True)
    assert "the work group with its" in blocker.lost
    assert held.clear() == numbers
    assert held.detect() == [] and held.clear() == [], "what is gone holds nothing, and is cleared"
    assert held.goes()


@pytest.mark.parametrize("empties", [True, False])
def test_a_work_group_that_goes_with_all_that_is_in_it(aws, empties):
    """aws-resource-athena-workgroup.html, RecursiveDeleteOption"""
    held = work_group(aws, RecursiveDeleteOption=empties)
    query(aws)
    assert bool(held.detect()) != empties
    assert held.goes() if empties else held.fails("Queries")


@pytest.mark.parametrize(
    "action", ["athena:ListNamedQueries", "athena:ListQueryExecutions", "athena:ListNotebookMetadata"]
)
def test_what_may_not_be_looked_at_in_a_work_group_is_a_gap(aws, action):
    held = work_group(aws)
    query(aws)
    aws.faults.deny(action)
    assert held.gaps() == [action]


def test_a_work_group_that_may_not_be_deleted_is_no_success(aws):
    held = work_group(aws)
    query(aws)
    aws.faults.deny("athena:DeleteWorkGroup")
    with pytest.raises(AwsCallError, match="AccessDenied"):
        held.clear()
    assert held.detect()


def vault(aws: Emulator) -> Held:
    return Held(aws, stack(aws, {"Safe": {"Type": VAULT, "Properties": {"BackupVaultName": "shop"}}}), VAULT)


def test_recovery_points_in_a_vault(aws):
    """gruntwork-io/cloud-nuke#730; they go later: go-to-k/delstack#370"""
    held = vault(aws)
    assert held.detect() == [] and held.clear() == []
    for number in (1, 2):
        back_up("shop", number)
    assert "because it contains recovery points. (Service: Backup, Status Code: 400" in held.fails("Safe")

    (blocker,) = held.detect()
    assert [str(amount) for amount in blocker.amounts] == ["2 recovery points"]
    assert (blocker.clear, blocker.owner, blocker.certain) == (VAULT, "shop-dev", True)
    began = aws.clock.now()
    assert held.clear() == ["2 recovery points"]
    assert 10 <= aws.clock.now() - began <= 90
    assert held.goes()
    assert held.detect() == [] and held.clear() == [], "what is gone holds nothing, and is cleared"


def test_parts_of_a_recovery_point_go_with_it(aws):
    """deleting-backups.html"""
    held = vault(aws)
    whole = back_up("shop", 1, IsParent=True)
    for number in (2, 3):
        back_up("shop", number, ParentRecoveryPointArn=whole)
    aws.calls.clear()
    held.clear()
    assert aws.calls.by_action["backup:DeleteRecoveryPoint"] == 1
    assert held.goes()


def test_a_locked_vault(aws):
    """vault-lock.html"""
    held = vault(aws)
    back_up("shop", 1)
    aws.client("backup").put_backup_vault_lock_configuration(BackupVaultName="shop", MinRetentionDays=30)
    (blocker,) = held.detect()
    assert blocker.clear == "" and "delete-backup-vault-lock-configuration --backup-vault-name shop" in blocker.reason
    with pytest.raises(NotCleared, match="does not delete .*snap-.* in the vault shop"):
        held.clear()
    aws.client("backup").put_backup_vault_lock_configuration(
        BackupVaultName="shop", MinRetentionDays=30, ChangeableForDays=3
    )
    (blocker,) = held.detect()
    assert "for at least 30 days each, and from 20" in blocker.reason and blocker.clear == ""


def test_a_recovery_point_whose_role_is_gone(aws):
    """API_DeleteRecoveryPoint.html: it enters an EXPIRED state"""
    held = vault(aws)
    aws.faults.lose_backup_role(back_up("shop", 1, IamRoleArn="arn:aws:iam::123456789012:role/backup"))
    back_up("shop", 2)
    with pytest.raises(NotCleared, match="could not delete .* in the vault shop: its role arn.*role/backup is gone"):
        held.clear()


def test_a_vault_that_is_left_in_between_is_gone_on_with(aws):
    held = vault(aws)
    back_up("shop", 1)
    held.stopped = lambda: bool(held.told)
    assert held.clear() == []
    held.stopped = lambda: False
    held.clear()
    assert held.goes()


def test_recovery_points_that_do_not_go(aws):
    held = vault(aws)
    back_up("shop", 1)
    aws.durations.set("backup.recovery_point", 10_000)
    with pytest.raises(NotCleared, match="900 s after .* still recovery points in the vault shop: .* is DELETING"):
        held.clear()


@pytest.mark.parametrize("action", ["backup:ListBackupVaults"])
def test_vaults_that_may_not_be_listed_are_a_gap(aws, action):
    held = vault(aws)
    aws.faults.deny(action)
    assert held.gaps() == [action]
