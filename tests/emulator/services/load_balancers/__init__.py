# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing."""

from __future__ import annotations

from moto.elbv2.models import elbv2_backends

from ..swap import Swaps
from . import cloudformation
from .backend import LoadBalancingBackend


def install(swaps: Swaps) -> None:
    """Have moto use our backend, and register how CloudFormation deletes."""
    swaps.use(elbv2_backends, LoadBalancingBackend)
    cloudformation.register_handlers()
