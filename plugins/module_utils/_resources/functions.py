# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Functions of AWS Lambda, whose interfaces in a VPC and replicas at CloudFront outlive them."""

from __future__ import annotations

import json
import re
from typing import Any
from typing import Mapping
from typing import Sequence

from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import NotCleared
from .clearing import Work
from .ours import Ours
from .resource import Ids
from .resource import ResourceType
from .resource import by
from .resource import last_part
from .resource import one
from .steps import call
from .steps import listed
from .steps import unless
from .steps import wait

FUNCTION = "AWS::Lambda::Function"
_LOOK = "lambda:GetFunctionConfiguration"
_ABSENT = "ResourceNotFoundException"
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/392: 25 to 40 minutes
_MINUTES = 40
# After that CloudFormation does not wait either: https://github.com/serverless/serverless/issues/7633
_PATIENCE = 45 * 60.0
_UPDATES = 300.0
_EDGE_REGION = "us-east-1"
_EDGE = "edgelambda.amazonaws.com"
_WORDS = ("network interface of Lambda", "network interfaces of Lambda")


def _detect(looks: Looks, ours: Ours, names: Ids) -> list[tuple[str, Blocker]]:
    """Functions in a VPC, and such as CloudFront may replicate."""
    found = [(name, it) for name, it in zip(names, looks.each(lambda name: _configuration(looks, name), names)) if it]
    configs = [(name, it.get("VpcConfig") or {}) for name, it in found]
    in_vpc = [(name, _in_vpc(name, config)) for name, config in configs if config.get("SubnetIds")]
    if ours.place.region != _EDGE_REGION:
        return in_vpc
    at_edge = looks.each(lambda pair: _may_be_at_edge(looks, pair[1]), found)
    return in_vpc + [(name, _replicated(name)) for (name, _it), edge in zip(found, at_edge) if edge]


def _configuration(looks: Looks, name: str) -> Mapping[str, Any]:
    """Of a function; nothing if there is none, or if that can not be looked at, which is a gap."""
    return looks.at(name, lambda: looks.pages(_LOOK, FunctionName=name)[0], absent=(_ABSENT,)) or {}


def _in_vpc(name: str, config: Mapping[str, Any]) -> Blocker:
    subnets = config["SubnetIds"]
    return Blocker(
        FUNCTION,
        name,
        name,
        f"Lambda takes up to {_MINUTES} min to take the interfaces of {name} out of {', '.join(subnets)}, and "
        "CloudFormation waits for it.",
        ("lambda", "update-function-configuration", "--function-name", name, "--vpc-config", _NONE_WORDS),
        certain=False,
        goes_with_owner=False,
        amounts=(Amount(len(subnets), "subnet with interfaces of Lambda", "subnets with interfaces of Lambda"),),
        clear=FUNCTION,
        lost="its place in the VPC: what is in there it reaches no more",
    )


def _may_be_at_edge(looks: Looks, configuration: Mapping[str, Any]) -> bool:
    """Whether CloudFront may have replicas of a function: its role trusts them.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html
    """
    role = last_part(configuration["Role"])
    # A role that is gone is no gap: it is only asked whom it trusts.
    answer = looks.at(role, lambda: looks.pages("iam:GetRole", RoleName=role), [])
    return any(_EDGE in json.dumps(page["Role"].get("AssumeRolePolicyDocument", "")) for page in answer or ())


def _replicated(name: str) -> Blocker:
    return Blocker(
        FUNCTION,
        f"{name}@edge",
        name,
        f"CloudFront may have replicas of {name}, and it cannot be deleted before they are: some hours after the last "
        "distribution that used it is gone. Run this again then.",
        (),
        certain=False,
        goes_with_owner=False,
    )


class _Clearing:
    """Takes one function out of its VPC, and waits until Lambda has let its interfaces go."""

    def __init__(self, work: Work, name: str) -> None:
        self._work = work
        self._name = name
        self._described = re.compile(rf"AWS Lambda VPC ENI-{re.escape(name)}-{_UUID}")
        self._subnets: set[str] = set()
        self._groups: set[str] = set()
        self._seen: set[str] = set()

    def run(self) -> list[Amount]:
        """How many interfaces that was."""
        found: list[Mapping[str, Any]] = []
        if not unless((_ABSENT,), lambda: found.append(self._configuration())):
            return []
        config = found[0].get("VpcConfig") or {}
        if config.get("SubnetIds"):
            self._subnets, self._groups = set(config["SubnetIds"]), set(config.get("SecurityGroupIds") or ())
            wait(self._work, _UPDATES, self._taken_out, "until Lambda is done with changes of")
        # While the change goes on, a deletion would end it, and leave the interfaces:
        # https://github.com/go-to-k/cdkd/pull/42
        wait(self._work, _UPDATES, self._changing, "until Lambda is done with changes of")
        wait(self._work, _PATIENCE, self._left, f"until Lambda has let go of interfaces of {self._name}")
        return [Amount(len(self._seen), *_WORDS)] if self._seen else []

    def _configuration(self) -> Mapping[str, Any]:
        return call(self._work, _LOOK, FunctionName=self._name)

    def _taken_out(self) -> list[str]:
        """Nothing, once it is asked for: an earlier change may still go on."""
        arguments = {"FunctionName": self._name, "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []}}
        action = "lambda:UpdateFunctionConfiguration"
        asked = unless(("ResourceConflictException",), lambda: call(self._work, action, **arguments))
        return [] if asked else [self._name]

    def _changing(self) -> list[str]:
        """Nothing, once no change goes on. Raises :class:`NotCleared` if that of ours has failed: its interfaces stay.

        https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
        """
        config = self._configuration()
        if self._subnets and config.get("LastUpdateStatus") == "Failed":
            why = config.get("LastUpdateStatusReason") or config.get("LastUpdateStatusReasonCode") or "no reason given"
            raise NotCleared(f"Lambda could not take {self._name} out of its VPC: {why}")
        return [self._name] if config.get("LastUpdateStatus") == "InProgress" else []

    def _left(self) -> list[str]:
        """Interfaces that no other function uses. What Lambda has let go of is deleted."""
        filters = [{"Name": "interface-type", "Values": ["lambda"]}]
        items = listed(self._work, "ec2:DescribeNetworkInterfaces", "NetworkInterfaces", Filters=filters)
        mine = [item for item in items if self._is_mine(item)]
        others = self._others() if mine else []
        left = [item for item in mine if not any(_uses(config, item) for config in others)]
        for item in left:
            self._seen.add(item["NetworkInterfaceId"])
            if item.get("Status") == "available" and not item.get("Attachment") and not self._work.stopped():
                passing = ("InvalidNetworkInterfaceID.NotFound", "InvalidNetworkInterface.InUse")
                key = {"NetworkInterfaceId": item["NetworkInterfaceId"]}
                unless(passing, lambda key=key: call(self._work, "ec2:DeleteNetworkInterface", **key))
        return [item["NetworkInterfaceId"] for item in left]

    def _is_mine(self, item: Mapping[str, Any]) -> bool:
        """By its description, or, as several functions share one, by its place. Once a function is out of its VPC the
        description alone tells."""
        if self._described.fullmatch(item.get("Description", "")):
            return True
        return item.get("SubnetId") in self._subnets and _groups_of(item) == self._groups

    def _others(self) -> list[Mapping[str, Any]]:
        """The places of all other functions, and of published versions of this one, which stay where they are.

        https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
        """
        functions = listed(self._work, "lambda:ListFunctions", "Functions", FunctionVersion="ALL")
        return [
            item["VpcConfig"]
            for item in functions
            if item.get("VpcConfig")
            and (item.get("FunctionName"), item.get("Version", "$LATEST")) != (self._name, "$LATEST")
        ]


def _groups_of(item: Mapping[str, Any]) -> set[str]:
    return {group["GroupId"] for group in item.get("Groups") or ()}


def _uses(config: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    in_subnet = item.get("SubnetId") in (config.get("SubnetIds") or ())
    return in_subnet and set(config.get("SecurityGroupIds") or ()) == _groups_of(item)


_NONE_WORDS = "SubnetIds=[],SecurityGroupIds=[]"

TYPES: Sequence[ResourceType] = (
    ResourceType(
        name=FUNCTION,
        command=by("lambda delete-function --function-name"),
        lookup=one(_LOOK, "FunctionName", _ABSENT),
        arn="lambda:function",
        arn_id=lambda arn: arn.split(":")[6],
        clearing=Clearing(
            detect=_detect,
            clear=lambda work, name: _Clearing(work, name).run(),
            detects=("iam:GetRole", _LOOK),
            # https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
            clears=(
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
                _LOOK,
                "lambda:ListFunctions",
                "lambda:UpdateFunctionConfiguration",
            ),
            lost="its place in the VPC",
            source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
        ),
    ),
)
