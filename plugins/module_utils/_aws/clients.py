# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""boto3 clients of one session, for several threads."""

from __future__ import annotations

import copy
import difflib
import re
import threading
from typing import Any
from typing import Mapping

from .answers import checked
from .silence import Silence
from .errors import UNREACHABLE
from .errors import AwsCallError
from .errors import aws_call

try:
    import boto3
    import botocore
    import botocore.session
    from botocore.config import Config
except ImportError:
    pass  # AnsibleAWSModule reports a missing boto3

# botocore's standard mode knows what every service calls throttling, ECS's ThrottlingException too:
# https://docs.aws.amazon.com/boto3/latest/guide/retries.html
# Its tries are few, since the loops that call go on with their next look, and short: of a service that cannot be
# reached that is known after half a minute, of one that takes calls and answers none after one and a half.
CLIENT_CONFIG = {"retries": {"mode": "standard", "max_attempts": 4}, "connect_timeout": 5, "read_timeout": 15}
CONNECTIONS = 20
#: Without these nothing can be said of stacks, whatever else answers.
CORE = frozenset(("sts", "cloudformation", "ecs"))


class Clients:
    """Makes each client when it is first asked for. One session for all: loading its data takes longer than most
    calls, and credentials are looked for once.

    All three arguments are what ``get_aws_connection_info`` of ``amazon.aws`` makes of the options of a module, which
    also refuses a profile together with keys: ``Clients(*get_aws_connection_info(module))``. ``arguments`` are
    ``profile_name``, ``aws_access_key_id``, ``aws_secret_access_key``, ``aws_session_token``, ``verify`` and
    ``aws_config``, each of which may be missing.
    Raises ``ValueError`` for a region or profile that does not exist, with what to tell the user.
    """

    def __init__(self, region: str | None, endpoint_url: str | None, arguments: Mapping[str, Any]) -> None:
        problem = region_problem(region) if region else ""
        if problem:
            raise ValueError(problem)
        given = dict(arguments)
        try:
            with aws_call("sts:GetCallerIdentity"):
                self._session = boto3.session.Session(profile_name=given.pop("profile_name", None))
        except AwsCallError as error:
            raise ValueError(error.advice()) from error
        self.region = region
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
                self._clients[service] = self._made(service)
            return self._clients[service]

    def elsewhere(self, region: str) -> Clients:
        """The same for another region, which AWS knows if not botocore."""
        other = copy.copy(self)
        other.region = region
        other._options = {**self._options, "region_name": region}
        other._clients = {}
        return other

    def _made(self, service: str) -> Any:
        action = f"{service}:*"
        try:
            with aws_call(action):
                client = self._session.client(service, **self._options)
        except ValueError as error:  # AWS_ENDPOINT_URL_<SERVICE> is no URL
            raise AwsCallError(UNREACHABLE, type(error).__name__, str(error), action, True) from error
        client.meta.events.register("after-call", checked)
        if service not in CORE:
            Silence().watch(client)
        return client


def region_problem(region: str) -> str:
    """What is wrong with the name of a region; empty if nothing is. botocore would try to reach it again and again."""
    # Not from endpoints.json, which takes longer to load than most calls.
    partitions = botocore.session.get_session().get_component("data_loader").load_data("partitions")["partitions"]
    # "aws-global" and its like are in the list as well, but not of the form of a region's name.
    known = {name for item in partitions for name in item["regions"] if re.match(item["regionRegex"], name)}
    if region in known:
        return ""
    close = difflib.get_close_matches(region, sorted(known), n=3)
    hint = f"Did you mean {' or '.join(close)}?" if close else "Give the name of an AWS region, such as eu-central-1."
    return f"There is no region {region!r} that botocore {botocore.__version__} knows. {hint}"
