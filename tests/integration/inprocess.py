# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs modules of this collection inside this process: many calls for the price of one ansible-playbook."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import boto3


class Session(boto3.session.Session):
    """Makes each client once. To make one takes longer than all that a module does with it.

    Put it in the place of boto3.session.Session, and call ``forget()`` before and after.
    """

    _clients: dict[tuple[str, ...], Any] = {}

    @classmethod
    def forget(cls) -> None:
        """Close all clients."""
        for client in cls._clients.values():
            client.close()
        cls._clients.clear()

    def client(self, service_name: str, *arguments: Any, **options: Any) -> Any:
        config = options.get("config")
        settings = sorted({**options, "config": config and vars(config)}.items())
        key = (service_name, repr(arguments), repr(settings))
        if key not in self._clients:
            self._clients[key] = super().client(service_name, *arguments, **options)
        return self._clients[key]


class Inside:
    """Calls modules of this collection by their short names, as ``Modules`` does by ansible-playbook.

    One at a time, on a thread of its own: a module has the arguments and the output of the process to itself.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)

    def __call__(self, module: str, *, check: bool = False, diff: bool = False, **options: Any) -> dict[str, Any]:
        return self.start(module, check=check, diff=diff, **options).result()

    def start(
        self, module: str, *, check: bool = False, diff: bool = False, **options: Any
    ) -> Future[dict[str, Any]]:
        """The same without waiting. ``result()`` waits for it."""
        return self._thread.submit(call, module, options | {"_ansible_check_mode": check, "_ansible_diff": diff})

    def end(self) -> None:
        """Wait for what still runs."""
        self._thread.shutdown()


def call(module: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """What a module returns. AWS's variables are those of this process. An exception of the module comes through."""
    from ansible.module_utils.testing import patch_module_args  # the oldest supported ansible-core lacks it

    main = importlib.import_module(f"ansible_collections.workshop.lifecycle.plugins.modules.{module}").main
    output = io.StringIO()
    with patch_module_args(dict(options)), contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
        main()
    return {"failed": False, **json.loads(output.getvalue())}
