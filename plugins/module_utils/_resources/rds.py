# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""RDS, with Aurora, Neptune and DocumentDB, which answer at the same place to the same calls:
https://docs.aws.amazon.com/neptune/latest/userguide/api.html
https://docs.aws.amazon.com/documentdb/latest/developerguide/API_Operations.html
"""

from __future__ import annotations

from .protection import Protection
from .protection import one_call
from .rds_snapshots import SNAPSHOTS
from .resource import ResourceType
from .resource import one


def _row(name: str, noun: str, key: str, command: str, arn: str, absent: str) -> ResourceType:
    """``noun``: as in C(ModifyDBCluster). ``key``: the parameter that takes its identifier.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html
    """
    flag = f"--{command}-identifier"
    at_once = {} if noun == "GlobalCluster" else {"ApplyImmediately": True}
    return ResourceType(
        name=name,
        # A snapshot takes time, and a name: its command is for those who want neither.
        command=lambda physical_id: (
            *("rds", f"delete-{command}", flag, physical_id),
            *(("--skip-final-snapshot",) if at_once else ()),
        ),
        lookup=one(f"rds:Describe{noun}s", key, absent),
        arn=arn,
        arn_id=lambda arn: arn.rsplit(":", 1)[-1],
        protection=Protection(
            action=f"rds:Describe{noun}s",
            ask=lambda physical_id: {key: physical_id},
            on=lambda answer, physical_id: any(item.get("DeletionProtection") for item in answer[f"{noun}s"]),
            lift=lambda physical_id: (
                *("rds", f"modify-{command}", flag, physical_id, "--no-deletion-protection"),
                *(("--apply-immediately",) if at_once else ()),
            ),
            switch=one_call(
                f"rds:Modify{noun}", lambda physical_id, on: {key: physical_id, "DeletionProtection": on, **at_once}
            ),
            switches=(f"rds:Modify{noun}",),
        ),
    )


def _cluster(name: str, arn: str = "") -> ResourceType:
    return _row(name, "DBCluster", "DBClusterIdentifier", "db-cluster", arn, "DBClusterNotFoundFault")


def _global_cluster(name: str, arn: str = "") -> ResourceType:
    """Its command fails as long as clusters are in it."""
    key = "GlobalClusterIdentifier"
    return _row(name, "GlobalCluster", key, "global-cluster", arn, "GlobalClusterNotFoundFault")


TYPES = (
    _row("AWS::RDS::DBInstance", "DBInstance", "DBInstanceIdentifier", "db-instance", "rds:db", "DBInstanceNotFound"),
    _cluster("AWS::RDS::DBCluster", "rds:cluster"),
    _cluster("AWS::Neptune::DBCluster"),
    _cluster("AWS::DocDB::DBCluster"),
    _global_cluster("AWS::RDS::GlobalCluster", "rds:global-cluster"),
    _global_cluster("AWS::DocDB::GlobalCluster"),
    _global_cluster("AWS::Neptune::GlobalCluster"),
    *SNAPSHOTS,
)
