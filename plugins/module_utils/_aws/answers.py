# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Answers that are not AWS's: of a look-alike that lacks a call, a proxy, a gateway that has lost its service.

Where an answer has nothing of what it should have, botocore returns an empty one, which reads like "there is none".
"""

from __future__ import annotations

import re
import traceback
from typing import Any
from typing import Mapping

try:
    from botocore.parsers import ResponseParserError
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore

# S3 leaves out what there is none of, even all: what DeleteObjects has not deleted, "None" where a bucket is in
# us-east-1. Its answers are known by their namespace then, and those without content by their status.
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
_OF_S3 = re.compile(rb"\s*(<\?xml[^>]*>\s*)?<\w+[^>]*\bxmlns=.http://s3\.amazonaws\.com/doc/2006-03-01/")
_NO_CONTENT = 204


def checked(http_response: Any, parsed: Mapping[str, Any], model: Any, **_more: Any) -> None:
    """A handler of botocore's event "after-call". Raises botocore's ``ResponseParserError`` for what says that all went
    well, and is a web page or has none of the members that the answer to this call has."""
    if http_response.status_code >= 300:
        return
    # By its beginning: look-alikes have been seen to send every answer as text/html.
    if re.match(rb"\s*<(!doctype\s+)?html\b", http_response.content or b"", re.IGNORECASE):
        raise ResponseParserError("a web page was sent instead of an answer")
    members = model.output_shape.members if model.output_shape else {}
    if http_response.status_code == _NO_CONTENT or _OF_S3.match(http_response.content or b""):
        return
    if members and not any(name in parsed for name in members):
        raise ResponseParserError(f"the answer has nothing in it, where {' or '.join(list(members)[:2])} belongs")


def is_of_parser(error: Exception) -> bool:
    """Whether botocore's parsers raised it, which take it for granted that an answer has the form of their model."""
    frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_globals.get("__name__") == "botocore.parsers" for frame, _line in frames)
