# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the emulator by itself: ``python -m tests.emulator --port 5000``."""

from __future__ import annotations

import argparse
import signal
import threading

from . import Emulator


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--time-scale", type=float, default=0.02, help="real seconds per AWS second (default: 0.02)")
    parser.add_argument("--seed", type=int, help="draw durations with spread (default: medians)")
    parser.add_argument("--region", default="eu-central-1", help="default region (default: eu-central-1)")
    options = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_signal: ended.set())
    with Emulator(options.time_scale, options.seed, options.region, options.port) as emulator:
        for name, value in emulator.environment.items():
            print(f"export {name}={value}", flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
