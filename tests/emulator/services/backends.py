# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""moto's backends by the names of their services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto import backends
from moto.utilities.utils import get_partition

#: Services whose backends moto keeps by partition
_GLOBAL = frozenset({"iam", "route53", "s3"})

Backend = Callable[[str], Any]


def backend_of(account_id: str, region: str) -> Backend:
    """Gives moto's backend of a service by the service's name."""

    def find(service: str) -> Any:
        return backends.get_backend(service)[account_id][get_partition(region) if service in _GLOBAL else region]

    return find
