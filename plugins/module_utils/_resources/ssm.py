# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of AWS Systems Manager."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from typing import Sequence

from .._aws.errors import aws_call
from .._aws.looks import Looks
from .leftover import ABSENT
from .leftover import Leftover
from .leftover import LeftoverKind
from .leftover import Outcome
from .leftover import Removal
from .ours import Ours
from .resource import Lookup
from .resource import ResourceType
from .resource import by


def _name(arn: str) -> str:
    # A name with a slash in it begins with one:
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
    name = arn.split(":", 5)[-1].removeprefix("parameter/")
    return f"/{name}" if "/" in name else name


def _find(looks: Looks, ours: Ours) -> list[Leftover]:
    """SSM parameters below the path. Their values are not read."""
    path = ours.ssm_path
    if not path:
        return []
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
    filters = [{"Key": "Path", "Option": "Recursive", "Values": [path.rstrip("/") or "/"]}]
    return [
        Leftover(
            "ssm_parameter",
            parameter["Name"],
            parameter["Name"],
            owned_as=parameter["Name"],
            details={"type": parameter.get("Type", ""), "last_modified": _moment(parameter.get("LastModifiedDate"))},
        )
        for parameter in looks.listing("ssm:DescribeParameters", "Parameters", path, ParameterFilters=filters)
    ]


def _moment(when: datetime | None) -> str:
    return when.isoformat() if when else ""


def _delete(client: Any, items: Sequence[Leftover]) -> dict[Leftover, Outcome]:
    with aws_call("ssm:DeleteParameters"):
        answer = client.delete_parameters(Names=[item.id for item in items])
    return {item: Outcome(ABSENT) for item in items if item.id in answer.get("InvalidParameters", [])}


TYPES = (
    ResourceType(
        name="AWS::SSM::Parameter",
        command=by("ssm delete-parameter --name"),
        lookup=Lookup(
            action="ssm:DescribeParameters",
            ask=lambda ids: {"ParameterFilters": [{"Key": "Name", "Option": "Equals", "Values": list(ids)}]},
            there=lambda answer, ids: (parameter["Name"] for parameter in answer["Parameters"]),
            most=50,
        ),
        arn="ssm:parameter",
        arn_id=_name,
        leftover=LeftoverKind(
            name="ssm_parameter",
            words=("SSM parameter", "SSM parameters"),
            find=_find,
            by_name=True,
            # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html
            removal=Removal("ssm:DeleteParameters", _delete, most=10),
        ),
    ),
)
