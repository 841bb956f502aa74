# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Custom resources whose function cannot work any more, which CloudFormation waits for in vain.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
aws-resource-cloudformation-customresource.html (ServiceTimeout)
https://github.com/aws-samples/aws-control-tower-securityhub-enabler/issues/24 (an hour)
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from .._aws.looks import Looks
from .._resources.blocker import Amount
from .._resources.blocker import Blocker
from .._resources.custom import CUSTOM
from .._resources.custom import is_custom
from .._resources.lookup import Lookups
from .._resources.ours import Place
from .._resources.resource import Resource
from .._resources.resource import last_part
from .._scope.reader import ScopeReader
from .._scope.reader import whole
from .._scope.template import Reading
from .._scope.template import readings_of
from .._scope.values import UNKNOWN
from .._scope.types import Part
from .._stacks.types import StackResource
from .keeps import Keeps
from .service_roles import ROLE
from .types import Entry
from .types import Stacks

Parse = Callable[[str], Mapping[str, Any]]

_FUNCTION = "AWS::Lambda::Function"
_CONFIGURATION = "lambda:GetFunctionConfiguration"
_TIMEOUT = 3600  # seconds
_AMOUNT = Amount(1, "custom resource without its function", "custom resources without their function")


@dataclass(frozen=True)
class _Custom:
    """``function``: its name or ARN. ``lost``: whether it is known to be gone."""

    entry: Entry
    logical_id: str
    resource: StackResource
    function: str
    lost: bool
    timeout: str


def lost_functions(looks: Looks, stacks: Stacks, parse: Parse) -> tuple[list[dict[str, Any]], list[Any]]:
    """A row of ``blockers`` for each custom resource whose function, or the role of that, is gone, and what could not
    be looked at. Who clears nothing needs none of these permissions, and so that is no gap of the survey."""
    entries = [
        entry
        for entry in stacks.inventory
        if entry.live and any(is_custom(item.type) for item in entry.resources or ())
    ]
    if not entries:
        return [], []
    with Looks(looks.clients) as own:
        rows = _rows(own, stacks, entries, parse)
        return rows, own.gaps()


def _rows(looks: Looks, stacks: Stacks, entries: Sequence[Entry], parse: Parse) -> list[dict[str, Any]]:
    outer = whole(stacks.views)
    read = ScopeReader(looks, parse).read([outer[entry.name] for entry in entries if entry.name in outer])
    named = {entry.name: entry for entry in entries}
    # Functions are exported by any stack.
    readings = readings_of([*read, *(stack for name, stack in outer.items() if name not in named)])
    found = [
        item
        for stack in read
        for part in stack.parts
        for item in _of_part(named[stack.name], part, readings[part.view.stack_id])
    ]
    functions = list(dict.fromkeys(item.function for item in found if not item.lost))
    configured = dict(zip(functions, looks.each(lambda name: _configuration(looks, name), functions)))
    roles = {Resource(ROLE, last_part(row["Role"])) for row in configured.values() if row and row.get("Role")}
    there = Lookups(looks).there(roles)
    keeps = {entry.stack_id: Keeps(looks, entry) for entry in entries}
    rows = []
    for item in found:
        why = _why(item, configured.get(item.function), there)
        kept = keeps[item.entry.stack_id].keeps(item.logical_id) if why else True
        if kept is not True:
            region = Place.of(item.entry.stack_id).region
            rows.append(replace(_blocker(item, why), certain=kept is False).row(item.entry.name, region))
    return rows


def _of_part(entry: Entry, part: Part, reading: Reading) -> list[_Custom]:
    """Its custom resources of which it is known which function they have."""
    uses = {(use.logical_id, use.path[-1]): use for use in reading.uses if is_custom(use.type) and len(use.path) == 1}
    found = []
    for (logical_id, name), use in uses.items():
        resource = reading.resources.get(logical_id)
        if name != "ServiceToken" or resource is None:
            continue
        timeout = uses.get((logical_id, "ServiceTimeout"))
        made = [reading.resources.get(key) for key in use.value.own]
        function = made[0].physical_id if made and made[0] else use.value.text
        if made and made[0] and made[0].type != _FUNCTION:
            continue
        gone = bool(use.value.own) and not any(made)
        known = ":function:" in function or bool(made and made[0])
        if gone or (known and UNKNOWN not in function and _is_here(function, entry)):
            words = timeout.value.text if timeout and timeout.value.text.isdigit() else str(_TIMEOUT)
            name_of = use.value.own[0] if gone else function
            found.append(_Custom(entry, f"{part.inside}{logical_id}", resource, name_of, gone, words))
    return found


def _is_here(function: str, entry: Entry) -> bool:
    """Whether it is of the stack's account, as far as its name says one. Others can not be asked for."""
    return not function.startswith("arn:") or Place.of(function).account == Place.of(entry.stack_id).account


def _configuration(looks: Looks, function: str) -> Mapping[str, Any] | None:
    """Empty if there is no such function, None if that is not known."""
    absent = ("ResourceNotFoundException",)
    return looks.at(function, lambda: looks.pages(_CONFIGURATION, FunctionName=function)[0], {}, absent)


def _why(item: _Custom, configured: Mapping[str, Any] | None, roles: Mapping[Resource, bool | None]) -> str:
    """Why its function cannot work; empty if that is not known."""
    function = last_part(item.function.rsplit(":function:", 1)[-1])
    if item.lost or configured == {}:
        return f"its function {function} is gone"
    role = (configured or {}).get("Role", "")
    if role and roles.get(Resource(ROLE, last_part(role))) is False:
        return f"the role {last_part(role)} of its function {function} is gone"
    return ""


def _blocker(item: _Custom, why: str) -> Blocker:
    minutes = -(-int(item.timeout) // 60)
    return Blocker(
        item.resource.type,
        item.resource.physical_id,
        item.logical_id,
        f"{item.logical_id} is deleted only by its function, and {why}: CloudFormation fails, or waits {minutes} min "
        "for an answer first. Make it again, or have the resource left behind.",
        (),
        owner=item.entry.name,
        goes_with_owner=False,
        amounts=(_AMOUNT,),
        clear=CUSTOM,
        lost="what it has made stays; CloudFormation leaves it behind after it has failed",
    )
