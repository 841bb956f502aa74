# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Visitors of a site behind a load balancer of the emulator, which remembers what they were answered."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

VISITORS = 2
PAUSE = 3.0  # AWS seconds between an answer and the next request of a visitor


@contextmanager
def visiting(url: str, scale: float) -> Iterator[None]:
    """Have visitors post to this address, over and over, until the end of the block. ``scale``: of the clock."""
    leave = threading.Event()
    patience = max(10.0, 60 * scale)

    def visit() -> None:
        while not leave.wait(PAUSE * scale):
            try:
                with urllib.request.urlopen(url, data=b"{}", timeout=patience) as answer:
                    answer.read()
            except urllib.error.HTTPError as error:
                error.close()
            except OSError:
                pass  # no answer in time: the next request will tell

    threads = [threading.Thread(target=visit, daemon=True) for _visitor in range(VISITORS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        leave.set()
        for thread in threads:
            thread.join(patience)
