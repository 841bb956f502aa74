# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Have moto build our subclasses of its backends, and go back to its own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend


class Swaps:
    """A list of exchanged backend classes. State of the exchanged services is lost on both ways."""

    def __init__(self) -> None:
        self._originals: list[tuple[BackendDict, type[BaseBackend]]] = []

    def use(self, backends: BackendDict, backend: type[BaseBackend]) -> None:
        """Have ``backends`` build ``backend``, a subclass of what it built so far."""
        self._originals.append((backends, backends.backend))
        backends.backend = backend
        backends.clear()

    def undo(self) -> None:
        while self._originals:
            backends, original = self._originals.pop()
            backends.backend = original
            backends.clear()


def url_module(bases: list[str], paths: dict[str, Any]) -> Any:
    """What moto looks for in a service's ``urls`` module."""
    return SimpleNamespace(url_bases=bases, url_paths=paths)
