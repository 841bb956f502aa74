# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECS: services that run tasks on Fargate, and how they end."""

from __future__ import annotations

from moto.ecs.models import ecs_backends

from ..swap import Swaps
from . import cloudformation
from .backend import EcsBackend


def install(swaps: Swaps) -> None:
    """Have moto use our backend, and register how CloudFormation deletes."""
    swaps.use(ecs_backends, EcsBackend)
    cloudformation.register_handlers()


def clusters_in_use(account_id: str) -> list[str]:
    """ARNs of the clusters, in every region, that keep the service-linked role of ECS in use.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles-for-clusters.html
    """
    return [
        arn
        for backends_account, _region, backend in ecs_backends.iter_backends()
        if backends_account == account_id
        for arn in backend.list_clusters()
    ]
