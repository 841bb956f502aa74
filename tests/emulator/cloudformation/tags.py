# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tags that CloudFormation puts on what it creates.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.cloudformation.models import Stack

from .records import ResourceRecord, on_gone

Tagger = Callable[[str, Any, dict[str, str]], None]
Forgetter = Callable[[str, Any, str], None]
_taggers: list[Tagger] = []


def use_tagger(tagger: Tagger, forgetter: Forgetter) -> None:
    """Have ``tagger(resource_type, model, tags)`` called for every resource that a stack has created.

    ``forgetter(resource_type, model, stack_id)`` is called when a stack has deleted it.
    """
    _taggers[:] = [tagger]

    def forget(stack: Stack, record: ResourceRecord) -> None:
        if record.model is not None:
            forgetter(record.type, record.model, stack.stack_id)

    on_gone[:] = [forget]


def tag(stack: Stack, record: ResourceRecord) -> None:
    """Tag a resource with its stack and logical id, and with the stack's own tags."""
    tags = {
        **stack.tags,
        "aws:cloudformation:stack-name": stack.name,
        "aws:cloudformation:stack-id": stack.stack_id,
        "aws:cloudformation:logical-id": record.logical_id,
    }
    for tagger in _taggers:
        tagger(record.type, record.model, tags)
