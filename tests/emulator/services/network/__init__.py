# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPCs: interfaces of AWS services, and EC2's refusals."""

from __future__ import annotations

from moto.ec2.models import ec2_backends

from ...patching import Patches
from ..swap import Swaps
from . import cloudformation, peerings
from .backend import Ec2Backend
from .interfaces import put_foreign_interface, remove_foreign_interface
from .peerings import put_foreign_peering

__all__ = ["install", "put_foreign_interface", "put_foreign_peering", "remove_foreign_interface"]


def install(swaps: Swaps, patches: Patches) -> None:
    """Have moto use our backend, and register how CloudFormation deletes."""
    peerings.install(patches)
    swaps.use(ec2_backends, Ec2Backend)
    cloudformation.register_handlers()
