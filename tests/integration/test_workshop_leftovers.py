# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module workshop_leftovers against the emulator: by ansible-playbook, or in this process for the same."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from tests.integration import others


def one_of_each(aws) -> list[dict[str, Any]]:
    """Rows for a leftover of each kind, which exist."""
    vpc = aws.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    namespace = {"Name": "shop.local", "Vpc": vpc}
    dns = {"DnsRecords": [{"Type": "A", "TTL": 10}]}
    registry = {"Name": "web", "NamespaceId": {"Ref": "Namespace"}, "DnsConfig": dns}
    others.stack(
        aws,
        "shop-web",
        {
            "Namespace": {"Type": "AWS::ServiceDiscovery::PrivateDnsNamespace", "Properties": namespace},
            "Registry": {"Type": "AWS::ServiceDiscovery::Service", "Properties": registry},
        },
    )
    gone = others.stack(
        aws,
        "shop-old",
        {
            "Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": "shop"}},
            "Definition": others.definition("old"),
            "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/shop/a"}},
        },
    )
    arn = others.physical_id(aws, "shop-old", "Definition")
    others.delete(aws, gone)
    registry_id = others.physical_id(aws, "shop-web", "Registry")
    instance = register(aws, registry_id)
    aws.client("logs").create_log_group(logGroupName="/shop/a")
    aws.client("ssm").put_parameter(Name="/shop/note", Value="x", Type="String")
    xray = aws.client("xray")
    xray.create_group(GroupName="shop")
    xray.create_sampling_rule(
        SamplingRule={
            "RuleName": "shop", "ResourceARN": "*", "Priority": 1, "FixedRate": 0.1, "ReservoirSize": 1,
            "ServiceName": "*", "ServiceType": "*", "Host": "*", "HTTPMethod": "*", "URLPath": "*", "Version": 1,
        }
    )  # fmt: skip
    return [
        {"kind": "log_group", "name": "/shop/a", "id": "/shop/a", "service_id": None, "details": {"stored_bytes": 0}},
        {"kind": "xray_group", "id": "shop"},
        {"kind": "xray_sampling_rule", "id": "shop"},
        {"kind": "ssm_parameter", "id": "/shop/note"},
        {"kind": "task_definition", "name": "old:1", "id": arn},
        {"kind": "cloud_map_instance", "name": f"web/{instance}", "id": instance, "service_id": registry_id},
    ]


def register(aws, registry: str) -> str:
    """Register an instance as ECS does for a task in the cluster shop; its id."""
    instance = "0123456789abcdef0123456789abcdef"
    cloud_map = aws.client("servicediscovery")
    by_ecs = {"AWS_INSTANCE_IPV4": "10.0.0.9", "ECS_CLUSTER_NAME": "shop", "REGION": "eu-central-1"}
    cloud_map.register_instance(ServiceId=registry, InstanceId=instance, Attributes=by_ecs)
    aws.wait_until(lambda: cloud_map.list_instances(ServiceId=registry)["Instances"])
    return instance


def actions(result: dict[str, Any]) -> list[str]:
    return [row["action"] for row in result["leftovers"]]


@pytest.mark.smoke
def test_each_kind_goes(aws, modules):
    rows = one_of_each(aws)
    aws.calls.clear()
    predicted = modules("workshop_leftovers", check=True, diff=True, leftovers=rows)
    assert not predicted["failed"], predicted["msg"]
    assert predicted["changed"] and actions(predicted) == ["removed"] * 6
    assert not [call for call in aws.calls.by_action if "Delete" in call]

    first, second = modules.each("workshop_leftovers", [{"leftovers": rows}, {"leftovers": rows}])
    assert not first["failed"], first["msg"]
    assert first["changed"] and first["leftovers"] == predicted["leftovers"]
    assert predicted["diff"] == {
        "before": "".join(f"{row['kind']} {row.get('name', row['id'])}\n" for row in rows), "after": ""
    }  # fmt: skip
    assert not second["failed"] and not second["changed"] and actions(second) == ["absent"] * 6


def test_what_can_not_be_removed_is_told_and_keeps_no_other(aws, inside):
    aws.client("logs").create_log_group(logGroupName="/shop/a")
    aws.client("xray").create_group(GroupName="shop")
    aws.faults.deny("logs:DeleteLogGroup")
    rows = [{"kind": "log_group", "id": "/shop/a"}, {"kind": "xray_group", "id": "shop"}]
    instance = {"kind": "cloud_map_instance", "id": "x"}
    result = inside("workshop_leftovers", leftovers=rows)
    incomplete = inside("workshop_leftovers", leftovers=[instance])
    assert result["failed"] and result["changed"] and actions(result) == ["failed", "removed"]
    for words in ("log_group /shop/a", "AccessDeniedException", "Allow the IAM action logs:DeleteLogGroup."):
        assert words in result["msg"]
    assert result["leftovers"][0]["reason"] in result["msg"]
    assert incomplete["failed"] and "service_id" in incomplete["msg"]


def test_what_it_finds_itself_goes_and_nothing_else(aws, inside):
    rows = one_of_each(aws)
    aws.client("logs").create_log_group(logGroupName="/other")
    find = {
        "xray_group": "shop", "xray_sampling_rules": ["shop"], "ssm_path": "/shop/", "stacks": ["shop-web", "shop-old"],
    }  # fmt: skip
    kinds = ["log_group", "xray_group", "xray_sampling_rule", "ssm_parameter", "task_definition"]
    now = datetime.now(timezone.utc).isoformat()
    aws.calls.clear()
    predicted = inside("workshop_leftovers", check=True, diff=True, **find, kinds=kinds, settle=600)
    assert not predicted["failed"], predicted["msg"]
    assert predicted["changed"] and actions(predicted) == ["removed"] * 5
    assert not [call for call in aws.calls.by_action if "Delete" in call]

    done = inside("workshop_leftovers", **find, kinds=kinds, settle=1, quiet_since=now)
    again = inside("workshop_leftovers", **find, kinds=kinds, settle=1)
    nothing = inside("workshop_leftovers", **find, kinds=[])
    wrong = inside("workshop_leftovers", **find, quiet_since="yesterday")
    both = inside("workshop_leftovers", **find, leftovers=rows)
    nowhere = inside("workshop_leftovers", kinds=["log_group"], verify=True)
    assert not done["failed"], done["msg"]
    assert done["changed"] and done["leftovers"] == predicted["leftovers"]
    assert not again["failed"] and not again["changed"] and again["leftovers"] == []
    assert not nothing["failed"] and nothing["leftovers"] == []
    assert wrong["failed"] and "quiet_since has to be ISO 8601 text in UTC" in wrong["msg"]
    assert both["failed"] and "leftovers are removed without a look" in both["msg"]
    assert nowhere["failed"] and "Nothing says what to remove" in nowhere["msg"]
    left = inside("workshop_leftovers", **find)
    assert {row["kind"] for row in left["leftovers"]} == {"cloud_map_instance"}
    assert aws.client("logs").describe_log_groups()["logGroups"][0]["logGroupName"] == "/other"


def test_the_proof_is_a_look_of_its_own_after_everything_was_removed(aws, inside):
    """What the removal did not want is seen, and so is what no stack may own."""
    one_of_each(aws)
    find = {
        "xray_group": "shop", "ssm_path": "/shop/", "stacks": ["shop-web", "shop-old"], "prefix": "shop-",
        "verify": True, "verify_kinds": ["xray_group", "ssm_parameter", "task_definition"],
    }  # fmt: skip
    kinds = ["log_group", "xray_group"]
    aws.calls.clear()
    done = inside("workshop_leftovers", **find, kinds=kinds, settle=0, quiet_since="2026-01-01T00:00:00")
    assert not done["failed"], done["msg"]
    assert [row["kind"] for row in done["leftovers"]] == kinds
    survey = done["survey"]
    assert survey["verified"] and survey["caller"]["account"] == "123456789012"
    assert [row["kind"] for row in survey["leftovers"]] == ["ssm_parameter", "task_definition"]
    looks = aws.calls.by_action
    assert looks["ssm:DescribeParameters"] == looks["tag:GetResources"] == 1 < looks["xray:GetGroups"]
    told = inside("workshop_info", **find)
    assert {key: told[key] for key in survey} == survey


def test_without_a_proof_what_was_removed_is_told_all_the_same(aws, inside):
    one_of_each(aws)
    aws.faults.expire_credentials(after_calls=3)  # look, whose it is, remove
    done = inside("workshop_leftovers", xray_group="shop", verify=True)
    assert not done["failed"] and actions(done) == ["removed"] and "survey" not in done
    assert "What is left can not be seen" in str(done["warnings"])


def test_an_instance_of_another_account_is_refused(aws, inside):
    rows = one_of_each(aws)[-1:]
    theirs = others.instance_of_another_account(aws, rows[0]["service_id"], "shop")
    row = {"kind": "cloud_map_instance", "id": theirs.name, "service_id": rows[0]["service_id"]}
    for check in (True, False):
        result = inside("workshop_leftovers", check=check, leftovers=[row, *rows])
        assert result["failed"] and actions(result) == ["failed", "removed"]
        assert others.ANOTHER_ACCOUNT in result["msg"] and theirs.touched() == ""


def test_every_parameter_of_the_account_is_no_workshops(aws, inside):
    aws.client("ssm").put_parameter(Name="/bank/note", Value="x", Type="String")
    result = inside("workshop_leftovers", ssm_path="/", settle=0)
    assert result["failed"] and "every parameter of the account" in result["msg"]
    assert aws.client("ssm").describe_parameters()["Parameters"]
