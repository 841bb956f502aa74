# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloud Map (service discovery)."""

from __future__ import annotations

from moto.servicediscovery.models import servicediscovery_backends

from ..swap import Swaps
from . import cloudformation
from .backend import CloudMapBackend


def install(swaps: Swaps) -> None:
    """Have moto use our backend, and register how CloudFormation deletes."""
    swaps.use(servicediscovery_backends, CloudMapBackend)
    cloudformation.register_handlers()
