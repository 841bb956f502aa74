# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What a CI takes from a run: a last line, annotations, sections, a job summary, and nothing that a text of AWS's could
make it take.

``environment`` is always that of the process, such as ``os.environ``.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Mapping
from typing import Sequence

Environment = Mapping[str, str]

#: Whether somebody looks on. Asked when this is loaded, by the process that has the terminal: its workers have none.
TERMINAL = sys.stdout.isatty()

_SERVICES = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD")
# https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}
# Whatever of ASCII can mean something in GitHub's Markdown where a text does not begin a line
_MARKUP = re.compile(r"([\\`*_{}\[\]#|~@$.:!^=])")


@dataclass(frozen=True)
class Notice:
    """``level``: C(error), C(warning) or C(notice)."""

    level: str
    title: str
    text: str


def is_on(environment: Environment, *names: str) -> bool:
    """Whether one of the variables says yes."""
    return any(environment.get(name, "").lower() in ("true", "1") for name in names)


def closing_lines(line: str, notices: Sequence[Notice], environment: Environment, terminal: bool = TERMINAL) -> str:
    """What is printed last, without a line end: annotations for GitHub, and the one line that a search finds. Empty at
    a terminal that is no CI's."""
    if terminal and not is_on(environment, *_SERVICES):
        return ""
    told = [annotation(notice) for notice in notices] if is_on(environment, "GITHUB_ACTIONS") else []
    return "\n".join([*told, harmless(line, environment)])


def annotation(notice: Notice) -> str:
    """A workflow command, which has to begin a line of its own:
    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands"""
    return f"::{notice.level} title={_escaped(notice.title, _PROPERTY)}::{_escaped(notice.text, _DATA)}"


def harmless(text: str, environment: Environment) -> str:
    """Lines of which none is a command to the CI that reads them; where none does, the same lines.

    GitHub takes C(::name::) at the beginning of a line, blanks aside, and C(##[name]) anywhere in it; Azure takes
    C(##vso[name]): https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
    """
    if not is_on(environment, *_SERVICES):
        return text
    return re.sub(r"##(?=\w*\[)", "# #", re.sub(r"^([^\S\n]*):(?=:)", r"\1: ", text, flags=re.MULTILINE))


def section(
    text: str, name: str, header: str, environment: Environment, *, seconds: tuple[float, float], collapsed: bool
) -> str:
    """The text, which ends with a line end, in a section that can be folded, where GitLab is.

    :param name: letters, digits and underscores count, anything else becomes one
    :param seconds: when it began and ended, since 1970. GitLab shows how long that is.
    """
    if not is_on(environment, "GITLAB_CI"):
        return text
    # https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections
    known = re.sub(r"\W", "_", name, flags=re.ASCII)
    folded = "[collapsed=true]" if collapsed else ""
    began, ended = (int(moment) for moment in seconds)
    return (
        f"\x1b[0Ksection_start:{began}:{known}{folded}\r\x1b[0K{header}\n{text}"
        f"\x1b[0Ksection_end:{ended}:{known}\r\x1b[0K\n"
    )


def add_summary(text: str, environment: Environment) -> str:
    """Append Markdown to the summary of the job, where there is one. Why that was not possible; empty if nothing is."""
    path = environment.get("GITHUB_STEP_SUMMARY", "")
    if not path:
        return ""
    try:
        with open(path, "a", encoding="utf-8", errors="replace") as summary:
            summary.write(f"{text}\n")
    except OSError as error:
        return f"The job summary could not be written: {path}: {error.strerror or error}."
    return ""


def markdown(text: str) -> str:
    """A text in one line that is shown as it is, wherever it does not begin a line."""
    entities = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\1", entities)


def fenced(text: str, language: str = "text") -> str:
    """Lines as they are, in Markdown, whatever is in them."""
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"


def _escaped(text: str, replacements: Mapping[str, str]) -> str:
    return re.sub(f"[{''.join(replacements)}]", lambda found: replacements[found[0]], text)
