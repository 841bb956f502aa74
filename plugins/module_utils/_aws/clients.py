# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""boto3 clients of one session, for several threads."""

from __future__ import annotations

import threading
from typing import Any
from typing import Mapping

from .config import CLIENT_CONFIG
from .errors import aws_call

try:
    import boto3
    from botocore.config import Config
except ImportError:
    pass  # AnsibleAWSModule reports a missing boto3

CONNECTIONS = 20


class Clients:
    """Makes each client when it is first asked for. One session for all: loading its data takes longer than most
    calls, and credentials are looked for once.

    ``arguments``: what ``amazon.aws`` makes of its options, that is ``profile_name``, ``aws_access_key_id``,
    ``aws_secret_access_key``, ``aws_session_token``, ``verify`` and ``aws_config``, each of which may be missing.
    Raises :class:`AwsCallError` for a profile that does not exist.
    """

    def __init__(self, region: str | None, endpoint_url: str | None, arguments: Mapping[str, Any]) -> None:
        given = dict(arguments)
        with aws_call("sts:GetCallerIdentity"):
            self._session = boto3.session.Session(profile_name=given.pop("profile_name", None))
        config = Config(**CLIENT_CONFIG, max_pool_connections=CONNECTIONS)
        self._options = {
            **given,
            "region_name": region,
            "endpoint_url": endpoint_url,
            "config": config.merge(given.pop("aws_config", None) or Config()),
        }
        self._options.pop("aws_config", None)
        self._clients: dict[str, Any] = {}
        # https://docs.aws.amazon.com/boto3/latest/guide/session.html#multithreading-or-multiprocessing-with-sessions
        self._lock = threading.Lock()

    def __call__(self, service: str) -> Any:
        """The client of a service, by its name in boto3. Raises :class:`AwsCallError` when boto3 can not make it."""
        with self._lock:
            if service not in self._clients:
                with aws_call(f"{service}:*"):
                    self._clients[service] = self._session.client(service, **self._options)
            return self._clients[service]
