# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloud Map (service discovery)."""

from __future__ import annotations

from moto.servicediscovery.models import servicediscovery_backends

from ...world import ACCOUNT_ID, world
from ..swap import Swaps
from . import cloudformation
from .backend import CloudMapBackend

__all__ = ["install", "put_foreign_instance"]


def install(swaps: Swaps) -> None:
    """Have moto use our backend, and register how CloudFormation deletes."""
    swaps.use(servicediscovery_backends, CloudMapBackend)
    cloudformation.register_handlers()


def put_foreign_instance(
    service_id: str,
    instance_id: str,
    attributes: dict[str, str],
    *,
    created_by: str = "210987654321",
    region: str | None = None,
    account_id: str = ACCOUNT_ID,
) -> None:
    """Have another account register an instance in a service of a namespace that is shared with it.

    https://docs.aws.amazon.com/cloud-map/latest/dg/sharing-namespaces.html
    """
    with world.lock:
        backend = servicediscovery_backends[account_id][region or world.region]
        backend.put_instance(service_id, instance_id, attributes, created_by)
