# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DescribeStacks as text, with the part of each stack kept until the stack changes.

Tools ask for all stacks again and again, and moto needs most of its time to write the same answer anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from moto.cloudformation.models import Stack
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random

_ANSWER = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult>'
    "<Stacks>{stacks}</Stacks>{token}</DescribeStacksResult>"
    "<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></DescribeStacksResponse>"
)


def described(response: CloudFormationResponse, stacks: Iterable[Stack], token: str | None = None) -> str:
    """The body of the answer with these stacks."""
    return _ANSWER.format(
        stacks="".join(_part(response, stack) for stack in stacks),
        token=f"<NextToken>{escape(token)}</NextToken>" if token else "",
        request_id=mock_random.uuid4(),
    )


def _part(response: CloudFormationResponse, stack: Stack) -> str:
    state = (
        stack.status,
        stack.stack_status_reason,
        stack.enable_termination_protection,
        stack.role_arn,
        getattr(stack, "last_updated_time", None),
        getattr(stack, "deletion_time", None),
        getattr(stack, "deletion_mode", None),
        id(getattr(stack, "frozen_outputs", None)),
    )
    kept = vars(stack).get("rendered")
    if kept is None or kept[0] != state:
        _status, _headers, body = response.serialized(ActionResult({"Stacks": [stack]}))
        text = body.decode() if isinstance(body, bytes) else body
        kept = stack.rendered = (state, text[text.index("<Stacks>") + len("<Stacks>") : text.rindex("</Stacks>")])
    return kept[1]
