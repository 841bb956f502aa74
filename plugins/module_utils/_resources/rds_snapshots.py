# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""The last snapshots that CloudFormation has taken of databases, which stay and cost until somebody deletes them.

Unless a template says otherwise it takes one of an instance that is in no cluster, and of a cluster:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
"""

from __future__ import annotations

import re
from typing import Any
from typing import Mapping

from .._aws.looks import Looks
from .leftover import Leftover
from .leftover import LeftoverKind
from .leftover import delete_by
from .ours import Ours
from .ours import Resource
from .resource import ResourceType
from .resource import by
from .resource import one


def _is_last(name: str, stack_name: str) -> bool:
    """Whether CloudFormation has taken a snapshot when it deleted a database of a stack, or of one nested in it. All
    others are of people, or of who backs up.

    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds (DeleteHandler, IdentifierFactory)
    """
    start = re.sub("-+", "-", stack_name.lower())
    return name.startswith(f"{start}-") and "-snapshot-" in name[len(start) :]


def _row(kind: str, words: str, noun: str, arn: str, types: tuple[str, ...]) -> ResourceType:
    """``noun``: of the database, as in C(DBInstanceIdentifier), whose snapshots are called ``words``."""
    snapshot = noun.removesuffix("Instance") + "Snapshot"
    key = f"{snapshot}Identifier"
    absent = f"{snapshot}NotFound" + ("Fault" if noun == "DBCluster" else "")
    command = kind.replace("_", "-")

    def find(looks: Looks, ours: Ours) -> list[Leftover]:
        """Of databases that stacks have, too: one may be of an earlier stack of the same name."""
        stacks = {item: stack for item, stack in {**ours.had, **ours.owned}.items() if item.type in types}

        def of_one(item: Resource) -> list[Leftover]:
            mine = {f"{noun}Identifier": item.physical_id, "SnapshotType": "manual"}
            rows = looks.listing(f"rds:Describe{snapshot}s", f"{snapshot}s", item.physical_id, **mine)
            last = [row for row in rows if _is_last(row[key], stacks[item])]
            return [Leftover(kind, row[key], row[key], details=_details(row, item)) for row in last]

        return [found for several in looks.each(of_one, stacks) for found in several]

    return ResourceType(
        name=kind,
        command=by(f"rds delete-{command} --{command}-identifier"),
        lookup=one(f"rds:Describe{snapshot}s", key, absent),
        # Those that RDS makes have a colon in their names:
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.ARN.Constructing.html
        arn=arn,
        arn_id=lambda arn: arn.split(":", 6)[-1],
        leftover=LeftoverKind(
            name=kind,
            words=(words, f"{words}s"),
            find=find,
            removal=delete_by(f"rds:Delete{snapshot}", key, absent=absent),
        ),
    )


def _details(row: Mapping[str, Any], of: Resource) -> dict[str, Any]:
    made = row.get("SnapshotCreateTime")
    return {
        "of": f"{of.type} {of.physical_id}",
        "created": made.isoformat() if made else None,
        "gigabytes": row.get("AllocatedStorage"),
    }


SNAPSHOTS = (
    _row("db_snapshot", "database snapshot", "DBInstance", "rds:snapshot", ("AWS::RDS::DBInstance",)),
    _row(
        "db_cluster_snapshot",
        "database cluster snapshot",
        "DBCluster",
        "rds:cluster-snapshot",
        ("AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster", "AWS::RDS::DBCluster"),
    ),
)
