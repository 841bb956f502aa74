# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report is made of, as plain data."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.data import build

Row = dict[str, Any]

START = datetime(2026, 10, 1, 16, 0, tzinfo=timezone.utc)
ACCOUNT = "123456789012"
REMOVED = ["log_group", "xray_group", "xray_sampling_rule", "cloud_map_instance"]
RETAINED = ["AWS::AppMesh::*", "AWS::IAM::Role"]
HOSTILE = (
    "<script>alert(1)</script> \"quoted\" 'quoted' & ]]> \x1b[31mred\x1b[0m\x07\x00\x9b1m "
    "\u202eright to left\u202c\u200f \ud800 </style></pre><!-- {{ 1 + 1 }} {% raw %}\r\nnext\u2028line"
)
GROUPS: list[Row] = [
    {"group": "services", "phase": 1, "stacks": ["shop-service-web", "shop-service-api"]},
    {"group": "cluster", "phase": 2, "stacks": ["shop-cluster"]},
    {"group": "vpc", "phase": 3, "stacks": ["shop-vpc"]},
]


def at(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def stack(name: str, group: str = "vpc", began: float | None = 10, seconds: float = 20, **more: Any) -> Row:
    """A row of cloudformation_stacks."""
    return {
        "name": name,
        "group": group,
        "after": [],
        "stack_id": f"arn:aws:cloudformation:eu-central-1:{ACCOUNT}:stack/{name}/1",
        "status_before": "CREATE_COMPLETE",
        "status": "DELETE_COMPLETE",
        "outcome": "gone",
        "reason": "",
        "began_at": None if began is None else at(began),
        "seconds": seconds,
        "failed_resources": [],
        "retained_resources": [],
    } | more


def cleared(**more: Any) -> Row:
    """What was cleared of a stack, as cloudformation_stacks tells it."""
    objects = {"count": 1204, "one": "object", "many": "objects", "at_least": False}
    return {"type": "AWS::S3::Bucket", "id": "shop-assets", "amounts": [objects], "lost": "all objects", "reason": "",
            "put_back": False} | more  # fmt: skip


def live(name: str, status: str = "CREATE_COMPLETE", **more: Any) -> Row:
    """A stack of a survey."""
    row = {"name": name, "stack_id": f"arn:{name}", "status": status, "status_reason": "", "outputs": {}}
    return row | {"termination_protection": False, "creation_time": at(-9000), "last_updated_time": None} | more


def with_log_group() -> Row:
    """A survey of which is known that the VPC's stack had a log group."""
    resources = [
        {"logical_id": "Flow", "type": "AWS::Logs::LogGroup", "physical_id": "shop-flow", "status": "DELETE_COMPLETE"}
    ]
    entry = {"name": "shop-vpc", "stack_id": stack("shop-vpc")["stack_id"], "live": False, "deletion_time": at(77)}
    return {"inventory": [entry | {"resources": resources}]}


def task(number: int = 1, group: str = "service:web", began: float = 5, seconds: float = 30, **more: Any) -> Row:
    """A row of ecs_tasks."""
    return {
        "task_arn": f"arn:aws:ecs:eu-central-1:{ACCOUNT}:task/shop/{number:032x}",
        "group": group,
        "last_status_before": "RUNNING",
        "last_status": "STOPPED",
        "action": "stopped",
        "seconds": seconds,
        "began_at": at(began),
        "lingered": False,
    } | more


def leftover(kind: str = "log_group", name: str = "shop-logs", **more: Any) -> Row:
    """A row of workshop_leftovers or, without an action, of a survey."""
    return {"kind": kind, "name": name, "id": name, "service_id": None} | more


def remaining(**more: Any) -> Row:
    """A resource of a survey whose stack is gone, of a type that may stay."""
    row = {
        "stack_name": "shop-cluster",
        "stack_id": "arn:shop-cluster",
        "logical_id": "Role",
        "physical_id": "shop-role",
        "type": "AWS::IAM::Role",
        "status": "DELETE_SKIPPED",
    }
    return row | {"present": True, "how_to_remove": "aws iam delete-role --role-name x"} | more


def blocker(**more: Any) -> Row:
    """What is somebody else's, of a survey or of cloudformation_stacks."""
    row = {"stack_name": "shop-vpc", "type": "AWS::EC2::SecurityGroup", "id": "sg-1", "name": "by-hand"}
    how = {"how_to_remove": "aws ec2 delete-security-group --group-id sg-1", "certain": True}
    return row | {"owner": "payments", "reason": "it is in the VPC"} | how | more


def part(**more: Any) -> Row:
    """What the filter workshop_part returns of a workshop whose network is kept."""
    row = {"name": "shop-net", "group": "net", "reason": "workshop_keep names it", "holds": []}
    gone = row | {"name": "shop-old", "reason": "shop-net stands on it, which is kept"}
    return {"whole": False, "only": [], "keep": ["net"], "groups": GROUPS, "kept": [row, gone]} | more


def given(survey: Row | None = None, **options: Any) -> Row:
    """All that is known of a teardown that went well, with this instead."""
    everything = {
        "operation": "teardown",
        "workshop": "shop",
        "survey": {
            "caller": {"account": ACCOUNT, "account_alias": "shops", "arn": f"arn:aws:iam::{ACCOUNT}:user/me"},
            "region": "eu-central-1",
            "stacks": [],
            "other_stacks": [],
            "tasks": [],
            "leftovers": [],
            "tagged_resources": [],
            "remaining_resources": [],
            "not_looked_up": [],
            "inventory": [],
            "seen": True,
            "near_names": [],
            "services": [],
            "blockers": [],
            "verified": True,
            "gaps": [],
        }
        | (survey or {}),
        "groups": GROUPS,
        "stacks": [
            stack("shop-service-web", "services", 5, 40),
            stack("shop-service-api", "services", 5, 35),
            stack("shop-cluster", "cluster", 46, 10),
            stack("shop-vpc", "vpc", 57, 20),
        ],
        "tasks": [task()],
        "leftovers": [leftover(action="removed", reason="")],
        "failed": {},
        "started": at(0),
        "remove": REMOVED,
        "retain_on_failure": RETAINED,
        "may_stay": [],
        "may_be_absent": False,
    }
    return copy.deepcopy(everything | options)


def asked(survey: Row | None = None, **options: Any) -> Row:
    """The same as options of the module workshop_report."""
    known = given(survey, **options)
    done = {kind: known.pop(kind) for kind in ("stacks", "tasks", "leftovers")}
    failed = {step: {"failed": True, "msg": reason} for step, reason in known.pop("failed").items()}
    return known | {"steps": {"all": done, **failed}}


def report(survey: Row | None = None, seconds: float = 80, **options: Any) -> Row:
    """The report on that."""
    return build(given(survey, **options), START + timedelta(seconds=seconds))


def failed() -> Row:
    """A report on a teardown in which a stack failed, and on all else that can go wrong besides."""
    return report(
        {
            "stacks": [live("shop-cluster", "DELETE_FAILED"), live("shop-vpc", termination_protection=True)],
            "tasks": [task(2, group="family:debug", last_status="DEACTIVATING")],
            "leftovers": [leftover(), leftover("task_definition", "web:1")],
            "tagged_resources": [
                {"arn": "arn:aws:ec2:::subnet/subnet-1", "type": "AWS::EC2::Subnet", "stack_name": "shop-vpc"}
            ],
            "remaining_resources": [remaining(stack_name="shop-service-web")],
            "gaps": [{"action": "xray:GetGroups", "message": "User me is not authorized to perform: xray:GetGroups"}],
            "other_stacks": ["shop2-vpc"],
        },
        stacks=[
            stack("shop-service-web", "services"),
            stack("shop-service-api", "services"),
            stack(
                "shop-cluster",
                "cluster",
                status="DELETE_FAILED",
                outcome="failed",
                reason="Cluster could not be deleted",
                failed_resources=[
                    {"logical_id": "Cluster", "type": "AWS::ECS::Cluster", "reason": "ClusterContainsTasks"}
                ],
            ),
            stack(
                "shop-vpc",
                began=None,
                seconds=0,
                status="CREATE_COMPLETE",
                outcome="skipped",
                reason="comes after shop-cluster",
            ),
        ],
        tasks=[task(lingered=True)],
        failed={"leftovers": "log group shop-logs: AccessDenied"},
    )


def hostile() -> Row:
    """The same with hostile text wherever AWS or a template may put it."""

    def spoil(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: spoil(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [spoil(item, key) for item in value]
        if key in ("reason", "status_reason", "message"):
            return HOSTILE + "x" * 10_000
        return HOSTILE if key in ("logical_id", "physical_id", "how_to_remove", "account_alias", "id") else value

    options = given(
        {
            "stacks": [live("shop-cluster", "DELETE_FAILED"), live(f"shop-{HOSTILE}")],
            "leftovers": [leftover(name=HOSTILE)],
            "remaining_resources": [remaining()],
            "tagged_resources": [{"arn": HOSTILE, "type": HOSTILE, "stack_name": HOSTILE, "how_to_remove": HOSTILE}],
            "gaps": [{"action": HOSTILE, "message": HOSTILE}],
            "other_stacks": [HOSTILE],
        },
        tasks=[task(group=HOSTILE), task(2, group=f"service:{HOSTILE}", lingered=True)],
        failed={"vpc": HOSTILE, HOSTILE: HOSTILE},
    )
    options["stacks"][2].update(
        outcome="failed", failed_resources=[{"logical_id": "x", "physical_id": "x", "type": HOSTILE, "reason": "x"}]
    )
    return build(spoil(options), START + timedelta(seconds=80))
