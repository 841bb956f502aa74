# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What GitHub's runner takes for commands in the output of a step.

https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
"""

from __future__ import annotations

KNOWN = (
    "add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice", "remove-matcher",
    "save-state", "set-env", "set-output", "stop-commands", "warning",
)  # fmt: skip
Command = tuple[str, dict[str, str], str]


def commands(output: str) -> list[Command]:
    """Name, properties and message of each command in lines of output."""
    found = [_new(line) or _old(line) for line in output.split("\n")]
    return [command for command in found if command]


def _new(line: str) -> Command | None:
    text = line.lstrip()
    end = text.find("::", 2)
    if not text.startswith("::") or end < 0:
        return None
    name, _blank, properties = text[2:end].partition(" ")
    if name not in KNOWN:
        return None
    pairs = [part.split("=", 1) for part in properties.strip().split(",") if "=" in part]
    return name, {key: _plain(value) for key, value in pairs}, _plain(text[end + 2 :])


def _old(line: str) -> Command | None:
    start = line.find("##[")
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    name = line[start + 3 : end].partition(" ")[0]
    return (name, {}, line[end + 1 :]) if name in KNOWN else None


def _plain(text: str) -> str:
    for token, written in (("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"), ("%", "%25")):
        text = text.replace(written, token)
    return text
