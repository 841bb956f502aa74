# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::ServiceDiscovery::* in stacks on the emulator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.emulator.account import Account
from tests.unit.emulator.stacks import Stacks


@pytest.fixture
def town(account: Account) -> Account:
    """An account with a VPC."""
    return account.network()


def namespace(town: Account) -> dict[str, Any]:
    properties = {"Name": "kitchen.local", "Vpc": town.vpc, "Description": "ours"}
    return {"Type": "AWS::ServiceDiscovery::PrivateDnsNamespace", "Properties": properties}


def registry(namespace_id: Any) -> dict[str, Any]:
    properties = {
        "Name": "soup",
        "NamespaceId": namespace_id,
        "DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 60}], "RoutingPolicy": "WEIGHTED"},
    }
    return {"Type": "AWS::ServiceDiscovery::Service", "Properties": properties}


def test_ref_and_attributes(town: Account, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-servicediscovery-service.html"""
    outputs = {
        "Namespace": {"Value": {"Ref": "Namespace"}},
        "NamespaceArn": {"Value": {"Fn::GetAtt": ["Namespace", "Arn"]}},
        "Service": {"Value": {"Ref": "Service"}},
        "ServiceArn": {"Value": {"Fn::GetAtt": ["Service", "Arn"]}},
    }
    resources = {"Namespace": namespace(town), "Service": registry({"Ref": "Namespace"})}
    stack = stacks.create("one", resources, {"Outputs": outputs})
    values = {item["OutputKey"]: item["OutputValue"] for item in stacks.show(stack)["Outputs"]}
    found = town.discovery.list_namespaces()["Namespaces"][0]
    service = town.discovery.list_services()["Services"][0]
    assert (values["Namespace"], values["NamespaceArn"]) == (found["Id"], found["Arn"])
    assert (values["Service"], values["ServiceArn"]) == (service["Id"], service["Arn"])
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"
    assert town.discovery.list_namespaces()["Namespaces"] == []


def test_a_namespace_with_services_fails_after_three_attempts(town: Account, stacks: Stacks) -> None:
    """https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/580"""
    stack = stacks.create("one", {"Namespace": namespace(town)})
    service_id, _arn = town.registry("foreign")
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_FAILED"
    assert "associated services" in stacks.reason(stack, "Namespace")
    town.discovery.delete_service(Id=service_id)
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"


def test_a_service_with_an_orphaned_instance_fails(town: Account, stacks: Stacks) -> None:
    """https://github.com/hashicorp/terraform-provider-aws/issues/4853"""
    stack = stacks.create("one", {"Namespace": namespace(town), "Service": registry({"Ref": "Namespace"})})
    service_id = town.discovery.list_services()["Services"][0]["Id"]
    attributes = {"AWS_INSTANCE_IPV4": "10.42.0.9"}
    town.discovery.register_instance(ServiceId=service_id, InstanceId="one", Attributes=attributes)
    town.emulator.wait_until(lambda: town.instances(service_id), 60)
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_FAILED"
    assert "contains registered instances" in stacks.reason(stack, "Service")
    assert town.discovery.list_namespaces()["Namespaces"]
    town.discovery.deregister_instance(ServiceId=service_id, InstanceId="one")
    town.emulator.wait_until(lambda: not town.instances(service_id), 60)
    stacks.delete("one")
    assert stacks.end(stack) == "DELETE_COMPLETE"
