# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Prints a report on the terminal, and tells a CI of it."""

from __future__ import annotations

import os
import textwrap
from typing import Any
from typing import Mapping

from ansible import constants as C
from ansible.utils.display import Display

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import ci
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.text import body
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.text import closing
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import CLEAN
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import TERMINAL
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import add_summary
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import closing_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import harmless
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import section
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import may_show

display = Display()

#: What lines begin with that can be copied into a shell, or opened.
_WHOLE = ("how: ", "first: ", "Report: ")
_COLORS = {"clean": C.COLOR_OK, "leftovers": C.COLOR_WARN, "failed": C.COLOR_ERROR}


def text(report: Mapping[str, Any], files: Mapping[str, str]) -> str:
    """All that is printed of a report at a terminal.

    :param files: paths of what was written
    """
    return f"{body(report, files)}\n{closing(report)}\n"


def show(task: Any, report: dict[str, Any], files: Mapping[str, str], problem: str, host: str) -> None:
    """On the terminal, and to the CI if there is one. Each part in one go, so that those of several hosts do not mix.

    :param task: Ansible's; nothing is printed where it may not
    :param problem: what went wrong with the report itself, if anything
    :param host: named where there are several
    """
    environment = os.environ
    note = "" if task.no_log else add_summary(ci.summary(report, host), environment)
    if not may_show(task):
        return
    width = display.columns if TERMINAL else 0
    folded = section(
        harmless(f"{wrapped(body(report, files), width)}\n", environment),
        "_".join(filter(None, ["workshop", report["operation"], host])),
        f"The {report['operation']} of {report['workshop']} in detail",
        environment,
        seconds=_span(report),
        collapsed=report["verdict"] == CLEAN,
    )
    display.display(folded)
    verdict, line_end, command = closing(report).partition("\n")
    last = wrapped(verdict, width) + line_end + command
    display.display(harmless(last, environment), color=_COLORS[report["verdict"]])
    if problem:
        display.display(harmless(problem, environment), color=C.COLOR_ERROR)
    if note:
        display.display(note)
    told = closing_lines(ci.line(report, host), ci.notices(report, host), environment)
    if told:
        display.display(told)


def wrapped(lines: str, width: int) -> str:
    """The same lines, those that are too long broken between words. Commands stay whole, so that they can be copied.

    :param width: of the terminal; 0 where there is none, and a search of logs finds what stands in one line
    """
    return "\n".join(_broken(line, width) for line in lines.split("\n"))


def _broken(line: str, width: int) -> str:
    text = line.lstrip()
    if not width or len(line) <= width or text.startswith(_WHOLE):
        return line
    margin = " " * (len(line) - len(text))
    return textwrap.fill(
        text,
        width,
        initial_indent=margin,
        subsequent_indent=f"{margin}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _span(report: Mapping[str, Any]) -> tuple[float, float]:
    """When it began and ended, in seconds since 1970."""
    began, ended = (moment(report[key]) for key in ("started", "finished"))
    return (began.timestamp(), ended.timestamp()) if began and ended else (0.0, 0.0)
