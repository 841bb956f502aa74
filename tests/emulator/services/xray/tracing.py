# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traces that tests make, without an application that sends them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from moto.xray.models import xray_backends

from ...world import ACCOUNT_ID, world
from .backend import XRay
from .building import Builder
from .entities import Document


class Tracing:
    """X-Ray of the emulator's account, in its default region unless another is named."""

    @staticmethod
    def _backend(region: str | None) -> XRay:
        backend: XRay = xray_backends[ACCOUNT_ID][region or world.region]
        return backend

    def trace(self, segments: Iterable[Mapping[str, Any]], at: float | None = None, region: str | None = None) -> str:
        """Record a trace and return its id. ``segments``: those that nothing called, in the words of Builder.

        ``at``: epoch seconds of the emulator's clock at which it began, now if None.
        """
        began = world.clock.epoch() if at is None else at
        backend = self._backend(region)
        builder = Builder(backend.new_trace_id(began), began)
        for words in segments:
            builder.add(words)
        with world.lock:
            for document in builder.documents:
                backend.process_segment(json.dumps(document))
        return builder.trace_id

    def documents(self, trace_id: str, region: str | None = None) -> list[Document]:
        """What BatchGetTraces tells of it, wherever it was sent."""
        with world.lock:
            return list(self._backend(region).traces[trace_id].segments)

    def transaction_search(self, on: bool = True, indexed: float = 1.0, region: str | None = None) -> None:
        """Send traces from now on to CloudWatch Logs; X-Ray indexes this percentage of them."""
        with world.lock:
            search = self._backend(region).search
            search.send_to("CloudWatchLogs" if on else "XRay")
            search.indexed = indexed
