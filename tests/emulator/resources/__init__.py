# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFormation resource types that moto lacks, or whose deletion it does not do as AWS does."""

from __future__ import annotations

from ..patching import Patches
from . import (
    alarm,
    appmesh,
    bucket,
    code,
    cognito,
    custom,
    database,
    dynamodb,
    eks,
    event_bus,
    flow_log,
    instance,
    key,
    mesh_answers,
    mesh_rules,
    removals,
    repository,
    scaling,
    service_linked_role,
    ssm_parameter,
    vault,
    work_group,
)

__all__ = ["code", "install"]


def install(patches: Patches) -> None:
    """Make the types known to moto's CloudFormation, and their deletions to the engine."""
    mesh_rules.install(patches)
    mesh_answers.install(patches)
    alarm.install()
    appmesh.install()
    bucket.install(patches)
    cognito.install(patches)
    custom.install(patches)
    database.install(patches)
    dynamodb.install(patches)
    eks.install(patches)
    event_bus.install(patches)
    flow_log.install()
    instance.install(patches)
    key.install(patches)
    removals.install()
    repository.install()
    scaling.install(patches)
    service_linked_role.install(patches)
    ssm_parameter.install(patches)
    vault.install(patches)
    work_group.install(patches)
