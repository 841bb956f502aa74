# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of AWS X-Ray."""

from __future__ import annotations

from typing import Callable

from .._aws.looks import Looks
from .leftover import Leftover
from .leftover import LeftoverKind
from .leftover import delete_by
from .ours import Ours
from .resource import Answer
from .resource import Ids
from .resource import Lookup
from .resource import ResourceType
from .resource import whole


# https://docs.aws.amazon.com/xray/latest/api/API_DeleteGroup.html#API_DeleteGroup_Errors
_UNCLEAR = "InvalidRequestException"


# With what the name of the group goes on that the role observe makes beside the workshop's own, and the tag that it has
# with the name of that. By its name alone it could be the own group of somebody else.
OF_FAULTS = "-faults"
MARK = "workshop-lifecycle:observes"


def _find_groups(looks: Looks, ours: Ours) -> list[Leftover]:
    """The X-Ray group of this name, and that of its faults."""
    if not ours.xray_group:
        return []
    groups = looks.listing("xray:GetGroups", "Groups")
    names = [ours.xray_group]
    names += [
        group["GroupName"]
        for group in groups
        if group.get("GroupName") == ours.xray_group + OF_FAULTS and _is_marked(looks, group["GroupARN"], ours)
    ]
    return [
        Leftover(
            "xray_group",
            group["GroupName"],
            group["GroupName"],
            owned_as=group["GroupARN"],  # without it nobody could tell whether a stack owns it
            details={"filter_expression": group.get("FilterExpression", "")},
        )
        for group in groups
        if group.get("GroupName") in names
    ]


def _is_marked(looks: Looks, arn: str, ours: Ours) -> bool:
    """Whether observe made it for this workshop. Where that may not be looked at, it is not, and that is a gap."""

    def tags() -> dict[str, str]:
        pages = looks.pages("xray:ListTagsForResource", ResourceARN=arn)
        return {tag["Key"]: tag["Value"] for page in pages for tag in page.get("Tags", [])}

    found = looks.at(arn, tags, {}, (_UNCLEAR,))
    return bool(found) and found.get(MARK) == ours.xray_group


def _find_rules(looks: Looks, ours: Ours) -> list[Leftover]:
    """The X-Ray sampling rules of these names."""
    if not ours.xray_sampling_rules:
        return []
    records = looks.listing("xray:GetSamplingRules", "SamplingRuleRecords")
    return [
        Leftover(
            "xray_sampling_rule",
            rule["RuleName"],
            rule["RuleName"],
            owned_as=rule["RuleARN"],
            details={"service_name": rule.get("ServiceName", ""), "priority": rule.get("Priority")},
        )
        for rule in (record.get("SamplingRule", {}) for record in records)
        if rule.get("RuleName") in ours.xray_sampling_rules
    ]


def _by_name_or_arn(command: str, option: str) -> Callable[[str], Ids]:
    """A leftover is known by its name, what a stack has by its ARN."""
    return lambda key: ("xray", command, f"--{option}-{'arn' if key.startswith('arn:') else 'name'}", key)


def _groups(answer: Answer, ids: Ids) -> list[str]:
    return [group[key] for group in answer["Groups"] for key in ("GroupName", "GroupARN")]


def _rules(answer: Answer, ids: Ids) -> list[str]:
    return [record["SamplingRule"][key] for record in answer["SamplingRuleRecords"] for key in ("RuleName", "RuleARN")]


TYPES = (
    ResourceType(
        name="AWS::XRay::Group",
        command=_by_name_or_arn("delete-group", "group"),
        lookup=Lookup(action="xray:GetGroups", ask=lambda ids: {}, there=_groups, most=1000),
        arn="xray:group",
        arn_id=whole,
        leftover=LeftoverKind(
            name="xray_group",
            words=("X-Ray group", "X-Ray groups"),
            find=_find_groups,
            by_name=True,
            removal=delete_by("xray:DeleteGroup", "GroupName", unclear=_UNCLEAR),
        ),
    ),
    ResourceType(
        name="AWS::XRay::SamplingRule",
        command=_by_name_or_arn("delete-sampling-rule", "rule"),
        lookup=Lookup(action="xray:GetSamplingRules", ask=lambda ids: {}, there=_rules, most=1000),
        arn="xray:sampling-rule",
        arn_id=whole,
        leftover=LeftoverKind(
            name="xray_sampling_rule",
            words=("X-Ray sampling rule", "X-Ray sampling rules"),
            find=_find_rules,
            by_name=True,
            removal=delete_by("xray:DeleteSamplingRule", "RuleName", unclear=_UNCLEAR),
        ),
    ),
)
