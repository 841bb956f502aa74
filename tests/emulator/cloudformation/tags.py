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
from moto.ec2 import ec2_backends
from moto.ec2.models.core import TaggedEC2Resource

from .records import ResourceRecord

Tagger = Callable[[str, Any, dict[str, str]], None]
_taggers: list[Tagger] = []


def use_tagger(tagger: Tagger) -> None:
    """Have ``tagger(resource_type, model, tags)`` called for every created resource that EC2 does not tag."""
    _taggers[:] = [tagger]


def tag(stack: Stack, record: ResourceRecord) -> None:
    """Tag a resource with its stack and logical id, and with the stack's own tags."""
    tags = {
        **stack.tags,
        "aws:cloudformation:stack-name": stack.name,
        "aws:cloudformation:stack-id": stack.stack_id,
        "aws:cloudformation:logical-id": record.logical_id,
    }
    if isinstance(record.model, TaggedEC2Resource):
        backend = ec2_backends[stack.account_id][stack.region_name]
        backend.create_tags([record.model.physical_resource_id], tags)
        return
    for tagger in _taggers:
        tagger(record.type, record.model, tags)
