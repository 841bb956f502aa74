# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A service that cannot be reached, or takes calls and answers none: the next calls need not wait for that as well."""

from __future__ import annotations

import time
from typing import Any
from typing import Callable

try:
    from botocore.exceptions import ConnectTimeoutError
    from botocore.exceptions import EndpointConnectionError
    from botocore.exceptions import ReadTimeoutError
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore

LASTS = 30.0  # seconds for which calls are not made, from the one that showed it


class Silence:
    """Of one service. A call that ended so, after all tries of botocore, is the answer to those that follow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: tuple[float, Exception] | None = None

    def watch(self, client: Any) -> None:
        """Begin with a boto3 client."""
        client.meta.events.register("after-call-error", self._failed)
        client.meta.events.register("before-call", self._refuse)

    def _failed(self, exception: Exception, **_event: Any) -> None:
        if isinstance(exception, (ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError)):
            self._known = (self._clock(), exception)

    def _refuse(self, **_event: Any) -> None:
        """Raises the error of before as long as it lasts."""
        known = self._known
        if known is not None and self._clock() - known[0] < LASTS:
            raise known[1]
