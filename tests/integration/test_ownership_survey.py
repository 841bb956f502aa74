# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the survey says of accounts in which a name says something else than what the stacks of a workshop own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator import Emulator
from tests.integration import others, ownership
from tests.integration.inprocess import Inside
from tests.integration.ownership import API, NAME, Scene
from tests.workshop.manifest import read_manifest

STACKS = read_manifest().names


def look(inside: Inside, **more: Any) -> dict[str, Any]:
    """What workshop_info says of the workshop."""
    found = inside("workshop_info", stacks=STACKS, prefix=f"{NAME}-", **more)
    assert not found["failed"], found
    return found


def left(found: dict[str, Any]) -> list[tuple[str, str]]:
    """What is there of deleted stacks."""
    return [(row["type"].rpartition(":")[2], row["physical_id"].rpartition("/")[2]) for row in
            found["remaining_resources"]]  # fmt: skip


# 1


def test_row_1_what_is_in_a_strangers_cluster_is_not_ours(aws: Emulator, inside: Inside) -> None:
    ownership.strangers_cluster(aws)
    found = look(inside, blockers=True)
    assert found["services"] == found["tasks"] == found["blockers"] == []


def test_row_1_a_stranger_in_our_cluster_is_told(aws: Emulator, inside: Inside) -> None:
    scene = ownership.stranger_in_our_cluster(aws)
    found = look(inside, blockers=True)
    whose = {row["name"]: (row["stack_name"], row["owner"]) for row in found["services"]}
    assert whose == {"order-api": (f"{NAME}-service-order-api", None), scene.things[0].name: (None, "shop-payments")}
    assert {row["group"]: row["stack_name"] for row in found["tasks"]} == {
        "service:order-api": f"{NAME}-service-order-api", "service:payments": None
    }  # fmt: skip
    (blocker,) = found["blockers"]
    assert (blocker["stack_name"], blocker["owner"]) == (f"{NAME}-ecs", "shop-payments")


def test_row_1_a_service_of_our_name_elsewhere(aws: Emulator, inside: Inside) -> None:
    ownership.same_service_in_a_strangers_cluster(aws)
    assert look(inside)["services"] == []


# 5, 6


def test_row_5_a_service_that_stayed(aws: Emulator, inside: Inside) -> None:
    ownership.service_that_stayed(aws)
    assert ("Service", "order-api") in left(look(inside, verify=True))
    aws.client("ecs").delete_service(cluster=NAME, service="order-api", force=True)
    aws.wait_until(lambda: ("Service", "order-api") not in left(look(inside, verify=True)))


@pytest.mark.parametrize(
    "scene_of",
    [
        ownership.retained_table,
        ownership.table_put_back,
        lambda aws: ownership.table_left_with_another_status(aws, "DELETE_FAILED"),
        lambda aws: ownership.table_left_with_another_status(aws, "UPDATE_COMPLETE"),
    ],
    ids=["kept", "put back", "DELETE_FAILED", "UPDATE_COMPLETE"],
)
def test_row_6_what_is_there_whatever_became_of_it(aws: Emulator, inside: Inside, scene_of: Any) -> None:
    scene_of(aws)
    assert left(look(inside, verify=True)) == [("Table", "cuddlykube")]
    aws.client("dynamodb").delete_table(TableName="cuddlykube")
    aws.wait_until(lambda: left(look(inside, verify=True)) == [])


def test_row_6_what_came_back_as_another_stacks_is_theirs(aws: Emulator, inside: Inside) -> None:
    scene = Scene(aws)
    scene.make("dynamodb", {"Table": ownership.table()})
    scene.unmake("dynamodb")
    others.stack(aws, "shop-tables", {"Table": ownership.table()})
    found = look(inside, verify=True)
    assert left(found) == [] and [(row["id"], row["stack_name"]) for row in found["owned"]] == [
        ("cuddlykube", "shop-tables")
    ]


def test_what_can_not_be_looked_up_is_said(aws: Emulator, inside: Inside) -> None:
    ownership.rule_not_to_be_looked_up(aws)
    found = look(inside, verify=True)
    (row,) = found["not_looked_up"]
    assert (row["type"], row["stack_name"]) == ("AWS::Events::Rule", f"{NAME}-logs") and "physical id" in row["why"]
    assert left(found) == [] and "cloudformation:GetResource" not in aws.calls.by_action


def test_a_type_without_a_row_is_looked_up_by_cloud_control(aws: Emulator, inside: Inside) -> None:
    scene = Scene(aws)
    stream = {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1}}
    scene.make("logs", {"Stream": stream, "Kept": {"Type": "AWS::SQS::Queue"} | ownership.RETAIN})
    scene.unmake("logs")
    found = look(inside, verify=True)
    (row,) = found["remaining_resources"]
    assert (row["logical_id"], row["present"]) == ("Kept", True) and found["not_looked_up"] == found["gaps"] == []
    assert "cloudcontrol delete-resource --type-name AWS::SQS::Queue" in row["how_to_remove"]
    assert aws.calls.by_action["cloudformation:GetResource"] == 2
    aws.faults.deny("sqs:GetQueueAttributes")
    found = look(inside, verify=True)
    (row,) = found["not_looked_up"]
    assert row["type"] == "AWS::SQS::Queue" and "sqs:GetQueueAttributes" in row["why"] and found["gaps"] == []
    aws.faults.deny("cloudformation:GetResource")
    found = look(inside, verify=True)
    assert [gap["action"] for gap in found["gaps"]] == ["cloudformation:GetResource"]
    assert {row["present"] for row in found["remaining_resources"]} == {None}


# 8


def test_row_8_a_name_never_seen(aws: Emulator, inside: Inside) -> None:
    scene = ownership.live_table(aws)
    found = inside("workshop_info", stacks=["cudlekube-dynamodb"], prefix="cudlekube-")
    assert (found["seen"], found["near_names"]) == (False, [NAME])
    assert look(inside)["seen"] is True and look(inside, region="us-east-1")["seen"] is False
    scene.unmake("dynamodb")
    aws.clock.skip(80 * 86400)
    assert look(inside)["seen"] is True
    aws.clock.skip(20 * 86400)
    assert look(inside)["seen"] is False


# 10, 17


def test_row_10_an_owner_is_type_and_id(aws: Emulator, inside: Inside) -> None:
    scene = ownership.log_group_beside_a_strangers_table(aws)
    found = look(inside)
    assert [row["name"] for row in found["leftovers"]] == scene.names and found["owned"] == []


def test_row_17_what_a_live_stack_owns_is_no_leftover(aws: Emulator, inside: Inside) -> None:
    """CloudFormation does not find its owner; what its stack is read to own does."""
    scene = Scene(aws)
    group = f"/aws/ecs/containerinsights/{NAME}/performance"
    logs = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": group}}
    scene.make("ecs", {**ownership.cluster(), "Logs": logs})
    aws.faults.hide_owner(group)
    found = look(inside)
    assert found["leftovers"] == []
    assert [(row["name"], row["stack_name"]) for row in found["owned"]] == [(group, f"{NAME}-ecs")]
    done = inside("workshop_leftovers", stacks=STACKS)
    assert (done["changed"], done["leftovers"]) == (False, [])


def test_log_groups_of_a_cluster_that_is_somebody_elses_by_now(aws: Emulator, inside: Inside) -> None:
    scene = Scene(aws)
    scene.make("ecs", ownership.cluster())
    aws.client("logs").create_log_group(logGroupName=f"/aws/ecs/containerinsights/{NAME}/performance")
    scene.unmake("ecs")
    assert [row["kind"] for row in look(inside)["leftovers"]] == ["log_group"]
    aws.client("ecs").create_cluster(clusterName=NAME)
    assert look(inside)["leftovers"] == []


# 12, 14, 15


@pytest.mark.parametrize("kind", ownership.IN_VPC)
def test_row_12_what_is_in_the_vpc_by_hand(aws: Emulator, inside: Inside, kind: str) -> None:
    scene = ownership.by_hand_in_our_vpc(aws, kind)
    assert "blockers" in look(inside) and look(inside)["blockers"] == []
    (row,) = look(inside, blockers=True)["blockers"]
    assert (row["id"], row["stack_name"], row["certain"]) == (scene.things[0].name, f"{NAME}-vpc", True)
    assert ownership.IN_VPC[kind] in row["how_to_remove"]


def test_row_14_another_accounts_instance_is_a_blocker_and_no_leftover(aws: Emulator, inside: Inside) -> None:
    scene = ownership.another_accounts_instance(aws)
    scene.make("ecs", ownership.cluster())
    found = look(inside, blockers=True)
    assert found["leftovers"] == []
    (row,) = found["blockers"]
    assert row["id"] == scene.things[0].name and others.ANOTHER_ACCOUNT in row["reason"]
    done = inside("workshop_leftovers", stacks=STACKS)
    assert done["leftovers"] == [] and scene.touched() == []


@pytest.mark.parametrize("kind", ownership.BY_HAND)
def test_row_15_what_was_made_by_hand(aws: Emulator, inside: Inside, kind: str) -> None:
    scene = ownership.BY_HAND[kind](aws)
    (row,) = look(inside, blockers=True)["blockers"]
    assert scene.things[0].name in (row["name"], row["id"]) and row["owner"] is None
    assert row["certain"] is (kind != "policy")
    assert [name for name in scene.names if name not in row["how_to_remove"] + row["name"]] == []


def test_row_15_an_instance_profile_by_hand(aws: Emulator, inside: Inside) -> None:
    scene = Scene(aws)
    scene.make("ecs", ownership.cluster())
    iam = aws.client("iam")
    iam.create_instance_profile(InstanceProfileName="by-hand")
    iam.add_role_to_instance_profile(InstanceProfileName="by-hand", RoleName=scene.id("ecs", "TaskRole"))
    (row,) = look(inside, blockers=True)["blockers"]
    assert (row["id"], row["stack_name"]) == ("by-hand", f"{NAME}-ecs")


# 16


def test_row_16_families_that_our_stacks_had_and_no_others(aws: Emulator, inside: Inside) -> None:
    scene = ownership.strangers_family(aws)
    done = inside("workshop_leftovers", stacks=STACKS, kinds=["task_definition"])
    assert done["leftovers"] == [] and scene.touched() == []
    aws.reset()
    ownership.our_family(aws)
    done = inside("workshop_leftovers", stacks=STACKS, kinds=["task_definition"])
    assert [row["action"] for row in done["leftovers"]] == ["removed"]


def test_of_a_family_that_others_use_as_well_only_what_our_stacks_had(aws: Emulator, inside: Inside) -> None:
    """Workshops beside each other have the same families. A service may still run an INACTIVE revision."""
    ownership.our_family(aws)
    others.stack(aws, "other-task", {"Definition": others.definition(API)})
    ecs = aws.client("ecs")
    definition = {"memory": "512", "containerDefinitions": [{"name": "app", "image": "app"}]}
    theirs = ecs.register_task_definition(family=API, **definition)["taskDefinition"]["taskDefinitionArn"]
    ecs.deregister_task_definition(taskDefinition=theirs)
    done = inside("workshop_leftovers", stacks=STACKS, kinds=["task_definition"])
    assert [(row["name"], row["action"]) for row in done["leftovers"]] == [(f"{API}:1", "removed")]
    assert ecs.list_task_definitions(familyPrefix=API, status="INACTIVE")["taskDefinitionArns"] == [theirs]
