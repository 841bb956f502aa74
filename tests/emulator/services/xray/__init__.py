# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""X-Ray: traces and what is made of them, groups, sampling rules, Transaction Search.

https://docs.aws.amazon.com/xray/latest/api/Welcome.html
"""

from __future__ import annotations

from moto.xray.models import xray_backends

from ..swap import Swaps
from .backend import XRay
from .requests import record
from .tracing import Tracing

__all__ = ["Tracing", "install", "record"]


def install(swaps: Swaps) -> None:
    """Have moto use our backend."""
    swaps.use(xray_backends, XRay)
