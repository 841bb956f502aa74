# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Stacks that are none of ours and have groups of records (AWS::Route53::RecordSetGroup).

Of a group, CloudFormation tells a physical id that names no record: which it has, only its template says.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-recordsetgroup.html
"""

from __future__ import annotations

import json
from typing import Any
from typing import Mapping

from .._aws.errors import aws_call
from .._aws.looks import Looks
from .ours import Ours

ACTIONS = ("cloudformation:DescribeStacks", "cloudformation:GetTemplate")
_GROUP = "AWS::Route53::RecordSetGroup"
# What is not told by a template and the parameters of its stack.
_FROM_ELSEWHERE = ("ImportValue", "{{resolve:")


def groups_of_others(looks: Looks, ours: Ours) -> dict[str, str] | None:
    """For each live stack that has such a group, and is none of ours nor nested in one, its template and the values of
    its parameters, as text; None if that could not be looked at, which is a gap."""
    stacks = looks.at("all stacks", lambda: _others(looks, set(ours.owned.values())))
    if stacks is None:
        return None
    texts = looks.each(lambda stack: looks.at(stack["StackName"], lambda: _words(looks, stack), ""), stacks)
    if None in texts:
        return None
    return {stack["StackName"]: text for stack, text in zip(stacks, texts) if text and _GROUP in text}


def may_be_in(words: str, zone_id: str, zone_name: str) -> bool:
    """Whether such a group may be in a zone: the template names it, or leaves open which it is."""
    known = (zone_id, zone_name.rstrip("."), *_FROM_ELSEWHERE)
    return any(text.lower() in words.lower() for text in known if text)


def _others(looks: Looks, own: set[str]) -> list[Mapping[str, Any]]:
    pages = looks.pages("cloudformation:DescribeStacks")
    return [
        stack
        for page in pages
        for stack in page["Stacks"]
        if stack["StackName"] not in own and _root(stack) not in own and stack["StackStatus"] != "DELETE_COMPLETE"
    ]


def _root(stack: Mapping[str, Any]) -> str:
    root_id = str(stack.get("RootId") or "")
    return root_id.split("/")[1] if "/" in root_id else ""


def _words(looks: Looks, stack: Mapping[str, Any]) -> str:
    with aws_call("cloudformation:GetTemplate"):
        answer = looks.clients("cloudformation").get_template(StackName=stack["StackId"], TemplateStage="Processed")
    template = answer["TemplateBody"]
    parameters = [[item.get("ParameterValue"), item.get("ResolvedValue")] for item in stack.get("Parameters") or ()]
    return f"{template if isinstance(template, str) else json.dumps(template)} {json.dumps(parameters)}"
