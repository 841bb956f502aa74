# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which stacks belong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Iterable
from typing import Mapping
from typing import Sequence

from .._stacks.types import StackView
from .._stacks.types import name_of
from .types import MANIFEST_TAG

LEAST = 3  # characters of a prefix, and of the value of a tag: fewer would match far too much

# A stack set names the stacks that it makes: https://repost.aws/knowledge-center/cloudformation-delete-stackset
_OF_STACK_SET = re.compile(r"StackSet-.+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
# What prepares accounts, and is no part of what is made in them.
# https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
# https://docs.aws.amazon.com/controltower/latest/userguide/understanding-account-factory.html
# https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-deploy.html
_LAND = (
    (re.compile(r"CDKToolkit\Z"), "it is the CDK's bootstrap stack, which others need in order to be deleted"),
    (re.compile(r"StackSet-"), "its name is that of a stack which a stack set makes"),
    (re.compile(r"(?i)aws-?(control-?tower|landing-?zone|accelerator)|awscfncli"), "it prepares the account"),
    # https://docs.aws.amazon.com/servicecatalog/latest/dg/API_TerminateProvisionedProduct.html
    (re.compile(r"SC-\d{12}-pp-"), "it goes with its provisioned product of Service Catalog"),
    (re.compile(r"awseb-"), "it goes with its environment of Elastic Beanstalk"),
    (re.compile(r"(?i)aws-"), "its name begins as those that AWS makes"),
)
_BOOTSTRAP = "/cdk-bootstrap/"
#: Why a stack is left out whatever it is called.
DEPLOYS = "the CDK deploys with it, and others need it in order to be deleted: name it in scope.names if it is to go"


@dataclass(frozen=True)
class Scope:
    """``tags``: a stack that belongs has all of them. ``excepted``: names of stacks that do not belong at all."""

    prefix: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()

    def problem(self) -> str:
        """Why it says nothing, or too much; empty if it does neither."""
        if not (self.prefix or self.tags or self.names):
            return "scope says of no stack that it belongs: give prefix, tags or names."
        if self.prefix and len(self.prefix) < LEAST:
            return f"scope.prefix is {self.prefix!r}: with fewer than {LEAST} characters it would match far too much."
        return next(filter(None, (_broad_tag(key, value, "scope.tags") for key, value in self.tags.items())), "")

    def matches(self, view: StackView) -> bool:
        """Whether a stack belongs, as far as the scope says."""
        if view.name in self.excepted:
            return False
        tagged = bool(self.tags) and all(view.tags.get(key) == value for key, value in self.tags.items())
        return view.name in self.names or tagged or bool(self.prefix and view.name.startswith(self.prefix))


def _broad_tag(key: str, value: str, name: str) -> str:
    if len(value) >= LEAST:
        return ""
    return f"{name} has {key}: {value!r}: a value of fewer than {LEAST} characters would match far too much."


def tags_problem(tags: Mapping[Any, Any], name: str) -> str:
    """Why what bears all these tags is nobody's, or everybody's; empty if they say whose it is. ``name``: of the option
    or variable that has them."""
    odd = [(key, value) for key, value in tags.items() if not (isinstance(key, str) and isinstance(value, str))]
    if odd:
        return f"{name} has {odd[0][0]!r}: {odd[0][1]!r}, where both have to be text: quote numbers and dates."
    if any(not key.strip() for key in tags):
        return f"{name} has a tag without a key, which would match everything."
    # https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
    if tags and all(key.lower().startswith("aws:") for key in tags):
        return f"{name} has only tags that AWS sets, on what is others' as well: give one of the workshop's own."
    return next(filter(None, (_broad_tag(key, value, name) for key, value in tags.items())), "")


@dataclass(frozen=True)
class LeftOut:
    """A stack that the scope would take in, and that does not belong, and why."""

    stack: str
    because: str


@dataclass(frozen=True)
class Matched:
    """``views``: the stacks that belong, in the order of their names. ``refused``: named, and not to be deleted."""

    views: tuple[StackView, ...]
    left_out: tuple[LeftOut, ...]
    refused: tuple[LeftOut, ...]


def matched(scope: Scope, views: Iterable[StackView], workshop: str = "") -> Matched:
    """The stacks of a scope, among all stacks that are not deleted. ``workshop``: none that another one's manifest has
    made belongs; empty if that does not matter."""
    belong, left_out, refused = [], [], []
    live = {view.name: view for view in views}
    for view in sorted(live.values(), key=lambda item: item.name):
        if not scope.matches(view):
            continue
        named = view.name in scope.names
        owner = view.tags.get(MANIFEST_TAG, "")
        because, final = why_not(view, named)
        if workshop and owner not in ("", workshop):
            because, final = f"its tag {MANIFEST_TAG} says that it is of the workshop {owner}", True
        if not because:
            belong.append(view)
        elif named and final:
            refused.append(LeftOut(view.name, because))
        elif named or not view.nested:
            left_out.append(LeftOut(view.name, because))
    left_out += [LeftOut(name, "there is no such stack") for name in dict.fromkeys(scope.names) if name not in live]
    return Matched(tuple(belong), tuple(left_out), tuple(refused))


def why_not(view: StackView, named: bool) -> tuple[str, bool]:
    """Why a stack is left out, and whether it is even if it is named."""
    if view.nested:
        return f"it is nested in {name_of(view.root_id)}, with which alone it goes", False
    if _OF_STACK_SET.match(view.name):
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stackinstances-delete.html
        return "a stack set has made it and would make it again: delete its stack instances from the stack set", True
    land = next((because for pattern, because in _LAND if pattern.match(view.name)), "")
    return ("", False) if named or not land else (f"{land}: name it in scope.names if it is to go", False)


def is_bootstrap(ssm_parameters: Iterable[str]) -> bool:
    """Whether a stack with these SSM parameters is one with which the CDK deploys, whatever it is called."""
    return any(name.startswith(_BOOTSTRAP) for name in ssm_parameters)


def doubles(names: Sequence[str]) -> list[str]:
    """Names that are there more than once."""
    return sorted({name for name in names if names.count(name) > 1})
