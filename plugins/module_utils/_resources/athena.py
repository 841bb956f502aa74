# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Work groups of Amazon Athena."""

from __future__ import annotations

from typing import Any
from typing import Sequence

from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.looks import Looks
from . import templates
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import Work
from .ours import Ours
from .resource import ResourceType
from .resource import one

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore

WORK_GROUP = "AWS::Athena::WorkGroup"
LOST = "the work group with its saved queries, notebooks and history of queries"
#: Of each kind of content, 50 to a page, that are counted.
PAGES = 10
# "The option to delete the workgroup and its contents even if the workgroup contains any named queries, query
# executions, or notebooks": https://docs.aws.amazon.com/athena/latest/APIReference/API_DeleteWorkGroup.html
_CONTENTS = (
    ("ListNamedQueries", "NamedQueryIds", "saved query", "saved queries"),
    ("ListQueryExecutions", "QueryExecutionIds", "query in its history", "queries in its history"),
    ("ListNotebookMetadata", "NotebookMetadataList", "notebook", "notebooks"),
)
_LISTS = tuple(f"athena:{operation}" for operation, _key, _one, _many in _CONTENTS)
# Athena says so of a work group that is not there, as of whatever else it does not like:
# https://docs.aws.amazon.com/athena/latest/APIReference/API_GetWorkGroup.html
# https://github.com/ColeMurray/aws-athena-mcp/issues/23
_INVALID, _NOT_FOUND = "InvalidRequestException", "not found"


def _detect(looks: Looks, ours: Ours, names: Sequence[str]) -> list[tuple[str, Blocker]]:
    """What is in work groups of ours."""
    found = looks.each(lambda name: _holding(looks, ours, name), names)
    return [(name, blocker) for name, blocker in zip(names, found) if blocker]


def _holding(looks: Looks, ours: Ours, name: str) -> Blocker | None:
    amounts = looks.at(name, lambda: _amounts(looks, name), [])
    if not amounts:
        return None
    empties = templates.says(looks, WORK_GROUP, name, "RecursiveDeleteOption")
    if empties:
        return None
    return Blocker(
        WORK_GROUP,
        name,
        name,
        f"A work group cannot be deleted with anything in it unless that is asked for, and {name} is not empty.",
        _remove(name),
        ours.owned_ids(WORK_GROUP).get(name),
        # A template that may not be read may ask for it.
        certain=empties is not None,
        goes_with_owner=False,
        amounts=tuple(amounts),
        clear=WORK_GROUP,
        lost=LOST,
    )


def _amounts(looks: Looks, name: str) -> list[Amount]:
    """What is in it; nothing if it is not there. Raises :class:`AwsCallError`."""
    found = []
    for operation, key, one_, many in _CONTENTS:
        count, more = _count(looks, operation, key, name)
        if count:
            found.append(Amount(count, one_, many, more))
    return found


def _count(looks: Looks, operation: str, key: str, name: str) -> tuple[int, bool]:
    """How many, and whether there are more. Not all of these calls have pages in botocore."""
    count, place = 0, {}
    call = getattr(looks.clients("athena"), xform_name(operation))
    for _page in range(PAGES):
        try:
            with aws_call(f"athena:{operation}"):
                answer: Any = call(WorkGroup=name, **place)
        except AwsCallError as error:
            if _is_gone(error):
                return 0, False
            raise
        count += len(answer.get(key) or ())
        if not answer.get("NextToken"):
            return count, False
        place = {"NextToken": answer["NextToken"]}
    return count, True


def _is_gone(error: AwsCallError) -> bool:
    return error.code == _INVALID and _NOT_FOUND in error.message


def _clear(work: Work, name: str) -> list[Amount]:
    """Delete it with all that is in it, since a history can not be deleted alone. CloudFormation finds it gone then,
    and goes on: https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-athena"""
    amounts = work.looks.tried(lambda: _amounts(work.looks, name))
    if not amounts:
        return []

    def delete() -> None:
        with aws_call("athena:DeleteWorkGroup"):
            work.client("athena").delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)

    try:
        work.looks.tried(delete)
    except AwsCallError as error:
        if not _is_gone(error):
            raise
    return amounts


def _remove(name: str) -> tuple[str, ...]:
    return ("athena", "delete-work-group", "--recursive-delete-option", "--work-group", name)


TYPES = (
    ResourceType(
        name=WORK_GROUP,
        command=_remove,
        lookup=one("athena:GetWorkGroup", "WorkGroup", _INVALID, absent_words=_NOT_FOUND),
        arn="athena:workgroup",
        clearing=Clearing(
            detect=_detect,
            clear=_clear,
            detects=(*_LISTS, *templates.ACTIONS),
            clears=(*_LISTS, "athena:DeleteWorkGroup"),
            lost=LOST,
            source="https://docs.aws.amazon.com/athena/latest/APIReference/API_DeleteWorkGroup.html",
        ),
    ),
)
