# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator as a whole: start, use, stop."""

from __future__ import annotations

import functools
import time
from typing import Any, Callable

import boto3
from botocore.config import Config
from moto import backends
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data

from . import cloudformation, resources, services
from .calls import Calls
from .cloudformation import tags
from .clock import Clock
from .durations import Durations
from .faults import Faults
from .patching import Patches
from .resources import service_linked_role
from .server import Server
from .timeline import Timeline
from .traffic import Traffic, lines, metrics
from .traffic.front import Fronts
from .world import world


@functools.lru_cache
def _session() -> boto3.session.Session:
    """One for all emulators of a process: it keeps what it has read of the services' descriptions."""
    return boto3.session.Session()


_moto_modules = backends.list_of_moto_modules


@functools.lru_cache
def _modules() -> tuple[str, ...]:
    return tuple(_moto_modules())


class Emulator:
    """An AWS look-alike in this process. Use as a context manager; one at a time per process.

    :param time_scale: real seconds per AWS second
    :param seed: None for median durations, else they are drawn with spread
    :param region: default region of clients and of ``environment``
    :param port: 0 for a free one
    """

    _running = False

    def __init__(
        self, time_scale: float = 0.02, seed: int | None = None, region: str = "eu-central-1", port: int = 0
    ) -> None:
        self.time_scale = time_scale
        self.seed = seed
        self.region = region
        self._port = port
        self._patches = Patches()
        self._clients: dict[tuple[str, str], Any] = {}
        self._server: Server | None = None
        self._fronts = Fronts()

    def __enter__(self) -> Emulator:
        self.start()
        return self

    def __exit__(self, *_exc_info: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start clock and server. RuntimeError if another emulator runs in this process."""
        if Emulator._running:
            raise RuntimeError("moto's state is global: only one emulator per process at a time")
        Emulator._running = True
        world.begin(self.time_scale, self.seed, self.region)
        world.traffic.on_request(metrics.put, always=True)
        world.traffic.on_request(services.xray.record, always=True)
        world.traffic.on_request(lines.write, always=True)
        services.install(self._patches)
        tags.use_tagger(services.stack_tags.tag_created, services.stack_tags.forget_deleted)
        service_linked_role.ask_for_users(services.ecs.clusters_in_use)
        resources.install(self._patches)
        cloudformation.install(self._patches)
        # moto lists its directories for each request.
        self._patches.set(backends, "list_of_moto_modules", _modules)
        self.reset()
        self._server = Server(self._port, self.seed)
        self._server.start()

    def stop(self) -> None:
        """Stop everything and give moto back as it was. Raises the first fault of a scheduled function."""
        if self._server is None:
            return
        self._fronts.stop()
        self._server.stop()
        self._server.server_close()
        self._server = None
        world.clock.stop()
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        self._forget_moto()
        services.uninstall()
        self._patches.undo()
        Emulator._running = False
        if world.clock.errors:
            raise world.clock.errors[0]

    def reset(self) -> None:
        """An empty account: no resources, faults, calls, timeline, nothing scheduled."""
        self._fronts.stop()
        with world.lock:
            world.forget()
            self._forget_moto()
            services.reset()

    @staticmethod
    def _forget_moto() -> None:
        BackendDict.reset()
        reset_model_data()

    @property
    def endpoint_url(self) -> str:
        if self._server is None:
            raise RuntimeError("the emulator is not running")
        return f"http://127.0.0.1:{self._server.server_port}"

    def front(self, load_balancer: str, port: int = 80) -> str:
        """Base URL on this machine that answers as a listener does, and takes as long, in AWS seconds.

        The time goes on by that if the clock is held. LookupError if there is no such listener.

        load_balancer: the name of one in the default region, or an ARN.
        """
        return self._fronts.url(load_balancer, port, self.region)

    @property
    def environment(self) -> dict[str, str]:
        """Variables for a child process (which must not inherit AWS_PROFILE)."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": "emulator",
            "AWS_SECRET_ACCESS_KEY": "not-a-real-secret-0001",
            "AWS_SESSION_TOKEN": "not-a-real-token-0001",
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        }

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client that does not retry; the same one for the same service and region."""
        key = (service, region or self.region)
        if key not in self._clients:
            self._clients[key] = _session().client(
                service,
                region_name=key[1],
                endpoint_url=self.endpoint_url,
                aws_access_key_id="emulator",
                aws_secret_access_key="not-a-real-secret-0001",
                config=Config(retries={"total_max_attempts": 1}, max_pool_connections=32, proxies={}),
            )
        return self._clients[key]

    @property
    def clock(self) -> Clock:
        return world.clock

    @property
    def calls(self) -> Calls:
        return world.calls

    @property
    def timeline(self) -> Timeline:
        return world.timeline

    @property
    def traffic(self) -> Traffic:
        return world.traffic

    @property
    def durations(self) -> Durations:
        return world.durations

    @property
    def faults(self) -> Faults:
        return world.faults

    @property
    def xray(self) -> services.xray.Tracing:
        return services.xray.Tracing()

    def wait_until(self, condition: Callable[[], Any], aws_seconds: float = 3600.0) -> Any:
        """Look at ``condition()`` until it is true and return it; TimeoutError after this many AWS seconds.

        A clock that is held is taken from one event to the next.
        """
        deadline = world.clock.now() + aws_seconds
        while True:
            result = condition()
            if result:
                return result
            if world.clock.held:
                passed = not world.clock.step(deadline)
            else:
                passed = world.clock.now() > deadline
                time.sleep(min(max(world.clock.time_scale, 0.01), 0.2))
            if passed:
                raise TimeoutError(f"not within {aws_seconds:g} AWS seconds")

    def set_stack_status(
        self,
        name: str,
        status: str,
        reason: str | None = None,
        region: str | None = None,
        then: tuple[float, str] | None = None,
    ) -> None:
        """Put a stack into a status, such as CREATE_IN_PROGRESS, in which it stays, or ends as ``then`` says.

        ``then``: AWS seconds and the status after them, such as ``(20, "UPDATE_COMPLETE")``.
        """
        cloudformation.set_stack_status(region or self.region, name, status, reason, then)

    @staticmethod
    def tag_as_of_stack(identifier: str, stack_id: str, logical_id: str) -> None:
        """Give an EC2 resource the tags that CloudFormation gives to those of a stack."""
        services.stack_tags.put_on_ec2(identifier, stack_id, logical_id)
