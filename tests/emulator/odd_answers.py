# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is answered by something that is not AWS: a look-alike that lacks the call, a proxy, a broken gateway."""

from __future__ import annotations

from .answers import Answer

_PAGE = b"<!DOCTYPE html>\n<html><head><title>%s</title></head><body><h1>%s</h1></body></html>\n"

#: Status, type and body, by the name of the switch.
_ANSWERS = {
    "empty": ("400 Bad Request", "", b""),
    "not_found": ("404 Not Found", "text/plain; charset=utf-8", b"404 page not found\n"),
    "not_implemented": ("501 Not Implemented", "text/plain; charset=utf-8", b"Not Implemented"),
    "bad_gateway": ("502 Bad Gateway", "text/html", _PAGE % (b"502 Bad Gateway", b"502 Bad Gateway")),
    "page": ("200 OK", "text/html; charset=utf-8", _PAGE % (b"Sign in", b"Sign in to the network")),
    "nothing": ("200 OK", "", b""),
    "other_form": ("200 OK", "application/json", b'["a", "list"]'),
}
#: The connection is closed instead.
CUT = "cut"
KINDS = (*_ANSWERS, CUT)


def odd_answer(kind: str) -> Answer:
    """One of these, the same whatever was asked for. Its error is the kind's name, which no AWS error code is."""
    status, content_type, body = _ANSWERS[kind]
    return Answer(status, [("Content-Type", content_type)] if content_type else [], body, kind)
