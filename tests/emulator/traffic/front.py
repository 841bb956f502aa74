# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP servers on this machine, one for each listener that somebody asks, that answer as the load balancer does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from moto.elbv2.models import FakeListener, FakeLoadBalancer, elbv2_backends

from ..world import ACCOUNT_ID, world
from .balancer import Answer, Balancer
from .rules import Asked


class Fronts:
    """The servers that run, by load balancer and port."""

    def __init__(self) -> None:
        self._servers: dict[tuple[str, int], _Server] = {}
        self._balancer = Balancer()
        self._lock = threading.Lock()

    def url(self, load_balancer: str, port: int, region: str) -> str:
        """Base URL of a listener; its server is started if need be. LookupError if there is no such listener.

        load_balancer: its name, in this region, or its ARN.
        """
        with world.lock:
            balancer = _balancer(load_balancer, region)
            if _listener(balancer, port) is None:
                raise LookupError(f"{balancer.name} has no listener on port {port}")
        with self._lock:
            server = self._servers.get((balancer.arn, port))
            if server is None:
                server = self._servers[balancer.arn, port] = _Server(self._balancer, balancer.arn, port)
                server.start()
        return f"http://127.0.0.1:{server.server_port}"

    def stop(self) -> None:
        """End all servers."""
        with self._lock:
            servers = list(self._servers.values())
            self._servers.clear()
        for server in servers:
            server.stop()
        self._balancer.clear()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            pass  # the client has closed the connection
        finally:
            self.server.closed(self.connection)

    def __getattr__(self, name: str) -> Any:
        """Any method is a method to a load balancer."""
        if name.startswith("do_"):
            return self._handle
        raise AttributeError(name)

    def _handle(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.answer(Asked(self.command, parts.path, parts.query, headers, self.client_address[0]))
        if answer is None:
            self.close_connection = True
            return
        try:
            self._send(answer)
        except OSError:
            self.close_connection = True  # the client has not waited

    def _send(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response_only(answer.request.status)
        self.send_header("Date", self.date_time_string(world.clock.epoch()))
        for name, value in {**answer.headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """The requests are in the traffic of the world."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, balancer: Balancer, arn: str, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._balancer = balancer
        self._arn = arn
        self._port = port
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        self._stopped = False
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, name="emulator-front", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Close the port and all connections; requests that are under way are not answered."""
        with world.lock:
            self._stopped = True
        self.shutdown()
        self._thread.join()
        self.server_close()
        with self._connections_lock:
            connections = list(self._connections)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # closed in the meantime

    def opened(self, connection: socket.socket) -> None:
        with self._connections_lock:
            self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._connections_lock:
            self._connections.discard(connection)

    def answer(self, asked: Asked) -> Answer | None:
        """The answer, when its time has come; None where the listener is gone, or the server is stopped."""
        region = self._arn.split(":")[3]
        with world.lock:
            balancer = elbv2_backends[ACCOUNT_ID][region].load_balancers.get(self._arn)
            listener = None if balancer is None else _listener(balancer, self._port)
            if listener is None:
                return None
            answer = self._balancer.begin(ACCOUNT_ID, region, listener, asked)
        world.clock.sleep(answer.request.seconds)
        with world.lock:
            return None if self._stopped else self._balancer.end(answer)


def _balancer(name_or_arn: str, region: str) -> FakeLoadBalancer:
    if name_or_arn.startswith("arn:"):
        region = name_or_arn.split(":")[3]
    found: Iterator[FakeLoadBalancer] = (
        balancer
        for balancer in elbv2_backends[ACCOUNT_ID][region].load_balancers.values()
        if name_or_arn in (balancer.name, balancer.arn)
    )
    balancer = next(found, None)
    if balancer is None:
        raise LookupError(f"there is no load balancer {name_or_arn}")
    return balancer


def _listener(balancer: FakeLoadBalancer, port: int) -> FakeListener | None:
    return next((item for item in balancer.listeners.values() if int(item.port) == port), None)
