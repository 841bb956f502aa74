# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch: metrics with statistics of whole periods, and alarms that evaluate from them."""

from __future__ import annotations

from moto.cloudwatch.models import cloudwatch_backends

from ..swap import Swaps
from .backend import CloudWatch


def install(swaps: Swaps) -> None:
    """Have moto use our backend."""
    swaps.use(cloudwatch_backends, CloudWatch)
