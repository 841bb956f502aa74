# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workshop whose services find each other by Service Connect: ECS makes Cloud Map services in its namespace."""

from __future__ import annotations

from typing import Any

from tests.emulator import Emulator
from tests.integration.inprocess import Inside
from tests.workshop import deploy

NAMESPACE = "AWS::ServiceDiscovery::HttpNamespace"


def groups(inside: Inside) -> list[dict[str, Any]]:
    found = inside("cloudformation_stacks_info", scope={"prefix": "cuddlekube-"})
    (level,) = [group for group in found["groups"] if "cuddlekube-connect" in str(group["stacks"])]
    assert level["phase"] == 2, "the services go before it, which have it from an SSM parameter"
    return found["groups"]


def delete(inside: Inside, **options: Any) -> dict[str, Any]:
    return inside("cloudformation_stacks", stop_tasks=True, poll_interval=0.1, **options)


def in_cloud_map(aws: Emulator) -> tuple[int, int]:
    client = aws.client("servicediscovery")
    return len(client.list_namespaces()["Namespaces"]), len(client.list_services()["Services"])


def holding(inside: Inside, stacks: tuple[str, ...]) -> list[str]:
    """The names of what would hold the namespace."""
    found = inside("workshop_info", stacks=list(stacks), prefix="cuddlekube-", blockers=True)
    assert not found["gaps"]
    return [row["name"] for row in found["blockers"] if row["stack_name"] == "cuddlekube-connect"]


def test_what_ecs_has_made_goes_with_its_service_or_is_named_and_cleared(aws: Emulator, inside: Inside) -> None:
    """That ECS deletes it is documented nowhere: of one service it stays."""
    made = deploy(aws, step=5)
    assert in_cloud_map(aws) == (1, 8) and holding(inside, made.stacks) == []

    client = aws.client("servicediscovery")
    (namespace,) = client.list_namespaces()["Namespaces"]
    other = client.create_service(Name="of-somebody", NamespaceId=namespace["Id"])["Service"]["Id"]
    assert holding(inside, made.stacks) == ["of-somebody"]
    client.delete_service(Id=other)

    aws.faults.keep_connected(["feed-api"])
    failed = delete(inside, groups=groups(inside))
    rows = {row["name"]: row for row in failed["stacks"]}
    assert in_cloud_map(aws) == (1, 1)
    assert {name for name, row in rows.items() if row["status"] == "DELETE_FAILED"} == {"cuddlekube-connect"}
    assert "Namespace has associated services" in rows["cuddlekube-connect"]["reason"]

    assert holding(inside, ("cuddlekube-connect",)) == ["feed-api"]
    cleared = delete(inside, stacks=[{"name": "cuddlekube-connect"}], clear=[NAMESPACE])
    assert not cleared["failed"] and in_cloud_map(aws) == (0, 0)
