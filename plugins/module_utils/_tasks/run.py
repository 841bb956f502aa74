# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""One run of ecs_tasks, from options to result."""

from __future__ import annotations

import time
from typing import Any
from typing import Callable
from typing import Mapping

from .._aws.errors import AwsCallError
from .._watch.loop import Watch
from .._watch.loop import between_tries
from .._watch.progress import Progress
from .driver import TaskDriver
from .results import diff_texts
from .results import predicted
from .results import rows
from .results import would_change
from .words import tasks_message


class TaskRun:
    """``clients``: makes a boto3 client from the name of its service."""

    def __init__(self, params: Mapping[str, Any], clients: Callable[[str], Any], check_mode: bool) -> None:
        self._params = params
        self._check_mode = check_mode
        self._progress = Progress(params["progress_file"])
        self._driver = TaskDriver.of(
            clients, params["cluster"], params["services"], params["poll_interval"], self._progress
        )
        self._rows: dict[str, Any] | None = None

    def run(self) -> str:
        """Do it all. Returns what went wrong; empty if nothing did."""
        if self._params["services"] == []:
            return ""
        try:
            if self._check_mode:
                return self._predict()
            return self._work()
        except AwsCallError as error:
            return error.advice()

    def warnings(self) -> list[str]:
        return [self._progress.problem] if self._progress.problem else []

    def result(self) -> dict[str, Any]:
        result = rows([self._driver]) if self._rows is None else self._rows
        before, after = diff_texts(result)
        return {
            "changed": self._driver.changed if self._rows is None else would_change(result),
            "diff": {"before": before, "after": after},
            "survived_errors": self._driver.survived,
            **result,
        }

    def _predict(self) -> str:
        self._driver.look()
        self._rows = predicted([self._driver])
        return ""

    def _work(self) -> str:
        driver, timeout = self._driver, self._params["wait_timeout"]
        if not self._params["wait"]:
            return self._ask()
        watch = Watch(
            [driver],
            self._params["poll_interval"],
            timeout,
            time.monotonic,
            time.sleep,
            self._progress.waiting,
        )
        in_time = watch.run()
        if driver.problem is not None:
            return driver.problem.advice()
        problems = [*driver.machine.problems(), *driver.registrations.problems.values()]
        if problems:
            return " ".join(problems)
        if not in_time and driver.machine.alive():
            return tasks_message(driver.machine.alive(), timeout)
        return "" if in_time else f"Not done after {timeout} s; nothing that is known of still runs. Run this again."

    def _ask(self) -> str:
        """Without waiting: until everything has been asked for, but only a few rounds if AWS is out of order."""
        for attempt in range(5):
            survived = self._driver.survived
            self._driver.tick()
            if self._driver.problem is not None:
                return self._driver.problem.advice()
            if self._driver.survived == survived and not self._driver.machine.to_stop():
                return " ".join(self._driver.machine.problems())
            time.sleep(between_tries(self._params["poll_interval"]))
        return "AWS did not take all requests to stop tasks. Run this again."
