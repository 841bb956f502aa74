# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What services write into logs and exceptions that no report should hand on. No AWS."""

from __future__ import annotations

import re

HIDDEN = "[hidden]"
_NAMED = re.compile(
    r"""(?P<name>\b[\w-]{0,40}(?:passw(?:or)?d|pwd|secret|token|api[_-]?key|access[_-]?key(?:[_-]?id)?|authorization"""
    r"""|cookie|credential|signature)s?["']?)(?P<sign>\s{0,3}(?:=>|[=:])\s{0,3})"""
    r"""(?P<value>(?:bearer|basic)\s+[^\s"',;&]+|"[^"]*"|'[^']*'|[^\s"',;&}]+)""",
    re.IGNORECASE,
)  # fmt: skip
_ALONE = (
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*"),  # a JSON web token
    re.compile(r"(?<=://)[^/\s:@]{0,200}:[^/\s@]{1,200}(?=@)"),  # user and password of a URL
    re.compile(r"(?i)\bbearer\s+[\w.~+/=-]{12,}"),
)


def without_secrets(text: str) -> str:
    """The text with what looks like a secret hidden. After a colon it may be a sentence, as in "token: expired": there
    a word without a digit stays, if it is no password."""
    text = _NAMED.sub(_hidden, text)
    for pattern in _ALONE:
        text = pattern.sub(HIDDEN, text)
    return text


def _hidden(found: re.Match[str]) -> str:
    value, name = found["value"], found["name"].lower()
    told = ":" in found["sign"] and value[0] not in "\"'" and not re.match(r"(?i)(bearer|basic)\s", value)
    if told and "passw" not in name and "pwd" not in name and not re.search(r"\d", value):
        return found[0]
    quote = value[0] if value[0] in "\"'" else ""
    return f"{found['name']}{found['sign']}{quote}{HIDDEN}{quote}"
