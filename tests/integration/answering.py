# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small site for probes to ask, which answers as a function says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable


class Site:
    """``answer``: gets a path and headers; status and body, or None to cut the connection. ``asked``: all paths."""

    def __init__(self) -> None:
        self.answer: Callable[[str, dict[str, str]], tuple[int, str] | None] = lambda path, headers: (200, "ok")
        self.asked: list[str] = []
        self.url = ""


@contextmanager
def answering() -> Iterator[Site]:
    """A site while the context is open."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # pylint: disable=invalid-name
            site.asked.append(self.path)
            told = site.answer(self.path, dict(self.headers))
            if told is None:
                self.close_connection = True
                return
            status, body = told
            self.send_response(status)
            if status in (301, 302):
                self.send_header("Location", body)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET

        def log_message(self, *_words: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
