# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP server of the emulator: moto's application behind a count of the calls and the faults of calls."""

from __future__ import annotations

import io
import re
import socket
import threading
import time
from typing import Any

from flask import Flask
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import ThreadedWSGIServer

from .actions import Action, identify
from .answers import Answer
from .call_faults import CallFaults, error_answer
from .calls import Call
from .services import cloud_control
from .world import world

_XML_CODE = re.compile(rb"<Code>([^<]+)</Code>")
_JSON_CODE = re.compile(rb'"__type":\s*"(?:[^"#]*#)?([^"]+)"')


def _create_app(service: Any) -> Flask:
    app = create_backend_app(service)
    # moto sets debug, with which a fault in its code would cut the connection instead of being answered with 500.
    app.debug = False
    return app


class _Handler(MotoRequestHandler):
    """Keeps connections open: werkzeug's own handler closes them after each answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            pass  # the client, or the end of the emulator, has closed the connection
        finally:
            self.server.closed(self.connection)

    def run_wsgi(self) -> None:
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        self.environ = self.make_environ()
        source = self.environ["wsgi.input"]
        chunked = self.environ.get("wsgi.input_terminated")
        body = source.read() if chunked else source.read(int(self.environ.get("CONTENT_LENGTH") or 0))
        self.environ["wsgi.input"] = io.BytesIO(body)
        answer = self.server.answer(self.environ, body)
        if answer is None:
            self.close_connection = True
            return
        code, _space, phrase = answer.status.partition(" ")
        self.send_response(int(code), phrase)
        for name, value in answer.headers:
            if name.lower() not in ("content-length", "connection", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """AWS's answers tell its own time."""
        return super().date_time_string(world.clock.epoch() if timestamp is None else timestamp)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The calls are in the log of the world."""


class Server(ThreadedWSGIServer):
    """Listens on a free port of this machine; one thread per connection, all gone after ``stop()``."""

    def __init__(self, port: int, seed: int | None) -> None:
        self._application = DomainDispatcherApplication(_create_app)
        self._call_faults = CallFaults(world.faults, seed)
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._connections_lock = threading.Lock()
        super().__init__("127.0.0.1", port, self._application, _Handler)
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, name="emulator-server", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Close the port and every connection, and wait for their threads."""
        self.shutdown()
        self._thread.join()
        with self._connections_lock:
            open_connections = list(self._connections.items())
        for connection, _thread in open_connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # closed in the meantime
        for _connection, thread in open_connections:
            thread.join(timeout=10)

    def opened(self, connection: socket.socket) -> None:
        with self._connections_lock:
            self._connections[connection] = threading.current_thread()

    def closed(self, connection: socket.socket) -> None:
        with self._connections_lock:
            self._connections.pop(connection, None)

    def answer(self, environ: dict[str, Any], body: bytes) -> Answer | None:
        """Answer one request; None when the connection is to be cut instead."""
        action = identify(environ, body)
        delay = self._call_faults.delay()
        if delay:
            time.sleep(delay)
        with world.lock:
            if self._call_faults.cuts_before(action):
                self._record(action, "ConnectionClosed")
                return None
            world.caller = action.caller
            refusal = self._call_faults.refusal(action)
            answer = refusal or self._carried_out(environ, body, action)
            cut = refusal is None and self._call_faults.cuts()
            self._record(action, "ConnectionClosed" if cut else answer.error)
        return None if cut else answer

    def _carried_out(self, environ: dict[str, Any], body: bytes, action: Action) -> Answer:
        if action.service == cloud_control.SIGNING_NAME:
            return cloud_control.answer(action, body)
        return self._ask_moto(environ, action)

    def _ask_moto(self, environ: dict[str, Any], action: Action) -> Answer:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
            started[:] = [status, headers]

        parts = self._application(environ, start_response)
        content = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        status, headers = started
        if content.startswith(b"<!doctype html>"):
            if status.startswith("404"):
                return error_answer(action, "UnknownOperationException", 404, f"The emulator lacks {action.name}.")
            # A fault in the emulator: Flask has written the traceback to stderr.
            return error_answer(action, "InternalFailure", 500, f"The emulator cannot answer {action.name}.")
        return Answer(status, headers, content, _error_code(status, content))

    @staticmethod
    def _record(action: Action, error: str) -> None:
        world.calls.add(Call(world.clock.now(), action.name, error, action.region))


def _error_code(status: str, content: bytes) -> str:
    if status < "4":
        return ""
    match = _XML_CODE.search(content) or _JSON_CODE.search(content)
    return match[1].decode() if match else status.split(" ")[0]
