# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What the template of its stack says that becomes of a resource's contents."""

from __future__ import annotations

import re
from typing import Any

from .._aws.errors import aws_call
from .._aws.looks import Looks

#: IAM actions of what is here.
ACTIONS = ("cloudformation:DescribeStackResources", "cloudformation:GetTemplate")
_TRUE = ("true", "True", True)


def says(looks: Looks, type_name: str, physical_id: str, flag: str) -> bool | None:
    """Whether a stack's resource has a property that is true; None if that could not be looked at, which is a gap.
    ``flag``: a property right under ``Properties``."""

    def ask() -> tuple[str, Any] | bool:
        client = looks.clients("cloudformation")
        with aws_call("cloudformation:DescribeStackResources"):
            found = client.describe_stack_resources(PhysicalResourceId=physical_id)["StackResources"]
        for item in found:
            if (item["ResourceType"], item.get("PhysicalResourceId")) == (type_name, physical_id):
                return item["LogicalResourceId"], looks.once(
                    ("template", item["StackId"]), lambda: _template(client, item["StackId"])
                )
        return False

    answer = looks.at(physical_id, ask, False)
    if answer is None or isinstance(answer, bool):
        return answer
    logical_id, template = answer
    if isinstance(template, str):
        return _says_in_yaml(template, logical_id, flag)
    return template.get("Resources", {}).get(logical_id, {}).get("Properties", {}).get(flag) in _TRUE


def _template(client: Any, stack_id: str) -> Any:
    """A mapping if it is JSON, the text if it is YAML: what boto3 makes of it."""
    with aws_call("cloudformation:GetTemplate"):
        return client.get_template(StackName=stack_id, TemplateStage="Processed")["TemplateBody"]


def yaml_of(text: str, logical_id: str) -> str:
    """What a template in YAML says of a resource, without a parser of YAML, which Python has none of: in block style,
    from the line of the resource to the next one that is not deeper. Empty if it is not found."""
    resources = re.split(r"^[\"']?Resources[\"']?\s*:", text, maxsplit=1, flags=re.MULTILINE)[-1]
    start = re.search(rf"""^( +)["']?{re.escape(logical_id)}["']?\s*:\s*(?:#.*)?$""", resources, re.MULTILINE)
    if not start:
        return ""
    outside = rf"^ {{0,{len(start[1])}}}(?=[^ #\n])"
    return re.split(outside, resources[start.end() + 1 :], maxsplit=1, flags=re.MULTILINE)[0]


def _says_in_yaml(text: str, logical_id: str, flag: str) -> bool:
    block = yaml_of(text, logical_id)
    return bool(re.search(rf"""^ +["']?{flag}["']?\s*:\s*["']?true\b""", block, re.MULTILINE | re.IGNORECASE))
