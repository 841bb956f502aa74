# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of Amazon ECS."""

from __future__ import annotations

from typing import Any
from typing import Callable
from typing import Iterable
from typing import Sequence

from .._aws.batches import batches
from .._aws.errors import MISSING
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.looks import Looks
from .leftover import FAILED
from .leftover import Leftover
from .leftover import LeftoverKind
from .leftover import Outcome
from .leftover import Removal
from .ours import Ours
from .resource import Answer
from .resource import Ids
from .resource import Lookup
from .resource import ResourceType
from .resource import by
from .resource import last_part
from .resource import whole

TASKS_PER_CALL = 100  # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
ENDED = frozenset(("STOPPED", "DELETED"))
CLUSTER = "AWS::ECS::Cluster"
SERVICE = "AWS::ECS::Service"
DEFINITION = "AWS::ECS::TaskDefinition"
TASK_DEFINITION = "task_definition"  # an INACTIVE revision: no stack can own one


def ended_tasks(client: Any, cluster: str, ids: Sequence[str]) -> set[str]:
    """Which of these tasks of a cluster have ended, or are not known any more, by their ids. Raises
    :class:`AwsCallError`."""
    ended: set[str] = set()
    for some in batches(ids, TASKS_PER_CALL):
        try:
            with aws_call("ecs:DescribeTasks"):
                answer = client.describe_tasks(cluster=cluster, tasks=some)
        except AwsCallError as error:
            if error.kind != MISSING:
                raise
            return set(ids)  # no cluster, no task
        gone = [task["taskArn"] for task in answer["tasks"] if task["lastStatus"] in ENDED]
        gone.extend(item["arn"] for item in answer.get("failures", []) if item.get("reason") == "MISSING")
        ended.update(arn.rsplit("/", 1)[-1] for arn in gone)
    return ended


def clusters_of(looks: Looks, owned: Iterable[str], had: Iterable[str]) -> tuple[str, ...]:
    """Names of clusters that stacks own, and of those that they had and nobody has made again. Where that can not be
    looked at, that is a gap, and they count as somebody's."""
    ours = [last_part(name) for name in owned]
    before = sorted({last_part(name) for name in had} - set(ours))
    pages = looks.at("", lambda: looks.pages(CLUSTERS.action, **CLUSTERS.ask(before))) if before else []
    if pages is None:
        return tuple(ours)
    again = {name for page in pages for name in CLUSTERS.there(page, before)}
    return (*ours, *(name for name in before if name not in again))


def cluster_of(arn: str) -> str:
    """The cluster in a service's ARN, which those of older services do not have.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
    """
    parts = arn.split("/")
    return parts[1] if len(parts) > 2 else "default"


def _active(key: str, id_key: str) -> Callable[[Answer, Ids], Iterable[str]]:
    # INACTIVE: deleted, shown for a while.
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html
    return lambda answer, ids: (item[id_key] for item in answer[key] if item["status"] != "INACTIVE")


#: How clusters are looked up.
CLUSTERS = Lookup(
    action="ecs:DescribeClusters",
    ask=lambda ids: {"clusters": list(ids)},
    there=_active("clusters", "clusterName"),
    most=100,
)


def _family(arn: str) -> str:
    return arn.rsplit("/", 1)[-1].rsplit(":", 1)[0]


def _inactive(family: str) -> dict[str, str]:
    # The "prefix" has to be a whole family:
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html
    return {"familyPrefix": family, "status": "INACTIVE"}


def _find(looks: Looks, ours: Ours) -> list[Leftover]:
    """INACTIVE revisions of families that stacks have or had. Stacks deregister task definitions, which leaves them
    INACTIVE. Of a family that somebody else uses as well, only those that the stacks themselves had."""
    owned = ours.owned_ids(DEFINITION)
    known = {*owned, *ours.had_ids(DEFINITION)}
    families = {_family(arn) for arn in known}

    def revisions(**of: str) -> list[str]:
        pages = looks.pages("ecs:ListTaskDefinitions", **of)
        return [arn for page in pages for arn in page.get("taskDefinitionArns", ())]

    def of_family(family: str) -> list[str]:
        found = looks.at(family, lambda: revisions(**_inactive(family))) or []
        if known.issuperset(found):
            return found
        active = looks.at(family, lambda: revisions(familyPrefix=family, status="ACTIVE"))
        others = active is None or any(_family(arn) == family and arn not in owned for arn in active)
        return [arn for arn in found if arn in known] if others else found

    return [
        Leftover(TASK_DEFINITION, arn.rsplit("/", 1)[-1], arn, details={"status": "INACTIVE"})
        for page in looks.each(of_family, sorted(families))
        for arn in page
        if _family(arn) in families
    ]


def _delete(client: Any, items: Sequence[Leftover]) -> dict[Leftover, Outcome]:
    with aws_call("ecs:DeleteTaskDefinitions"):
        answer = client.delete_task_definitions(taskDefinitions=[item.id for item in items])
    by_id = {item.id: item for item in items}
    outcomes = {}
    for failure in answer.get("failures", []):
        words = [failure[key] for key in ("reason", "detail") if failure.get(key)]
        if failure.get("arn") in by_id:
            text = f"ecs:DeleteTaskDefinitions answered {': '.join(words)}"
            outcomes[by_id[failure["arn"]]] = Outcome(FAILED, text)
    return outcomes


TYPES = (
    ResourceType(
        name=SERVICE,
        command=lambda arn: ("ecs", "delete-service", "--force", "--cluster", cluster_of(arn), "--service", arn),
        lookup=Lookup(
            action="ecs:DescribeServices",
            ask=lambda ids: {"cluster": cluster_of(ids[0]), "services": list(ids)},
            there=_active("services", "serviceArn"),
            most=10,
            absent=frozenset(("ClusterNotFoundException",)),
            alike=cluster_of,
            # In which cluster a service with a short ARN is, or was, nobody knows.
            fits=lambda arn: arn.count("/") > 1,
        ),
        arn="ecs:service",
        arn_id=whole,
    ),
    ResourceType(
        name=DEFINITION,
        command=by("ecs deregister-task-definition --task-definition"),
        lookup=Lookup(
            action="ecs:ListTaskDefinitions",
            # INACTIVE and DELETE_IN_PROGRESS: nothing can be run with it any more.
            # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-definition-state.html
            ask=lambda ids: {"status": "ACTIVE"},
            there=lambda answer, ids: answer["taskDefinitionArns"],
            most=1000,
        ),
        arn="ecs:task-definition",
        arn_id=whole,
    ),
    ResourceType(
        name=TASK_DEFINITION,
        command=by("ecs delete-task-definitions --task-definitions"),
        lookup=Lookup(
            action="ecs:ListTaskDefinitions",
            ask=lambda ids: _inactive(_family(ids[0])),
            there=lambda answer, ids: answer["taskDefinitionArns"],
            most=1000,
            alike=_family,
        ),
        leftover=LeftoverKind(
            name=TASK_DEFINITION,
            words=("INACTIVE task definition revision", "INACTIVE task definition revisions"),
            find=_find,
            # Ten in a call; five calls at once, then one a second:
            # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteTaskDefinitions.html
            # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
            removal=Removal("ecs:DeleteTaskDefinitions", _delete, most=10, at_once=5),
        ),
    ),
)
