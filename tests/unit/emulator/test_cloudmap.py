# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloud Map on the emulator."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.services import cloudmap
from tests.emulator.world import world
from tests.unit.emulator.account import Account, about


@pytest.fixture
def town(account: Account) -> Account:
    """An account with a VPC."""
    return account.network()


def test_instances_come_and_go_by_operations(town: Account) -> None:
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_DeregisterInstance.html (OperationId, GetOperation)"""
    world.durations.set("cloudmap.instance.register", 100)
    world.durations.set("cloudmap.instance.deregister", 100)
    service_id, _arn = town.registry("soup")

    def status(answer: dict) -> str:
        return town.discovery.get_operation(OperationId=answer["OperationId"])["Operation"]["Status"]

    registering = town.discovery.register_instance(
        ServiceId=service_id, InstanceId="one", Attributes={"AWS_INSTANCE_IPV4": "10.42.0.9"}
    )
    assert (status(registering), town.instances(service_id)) == ("PENDING", [])
    town.emulator.wait_until(lambda: status(registering) == "SUCCESS", 300)
    assert town.instances(service_id) == ["one"]
    leaving = town.discovery.deregister_instance(ServiceId=service_id, InstanceId="one")
    assert (status(leaving), town.instances(service_id)) == ("PENDING", ["one"])
    town.emulator.wait_until(lambda: status(leaving) == "SUCCESS", 300)
    assert town.instances(service_id) == []
    with pytest.raises(ClientError, match="InstanceNotFound"):
        town.discovery.deregister_instance(ServiceId=service_id, InstanceId="one")


def test_a_service_with_instances_is_not_deleted(town: Account) -> None:
    """https://github.com/hashicorp/terraform-provider-aws/issues/4853"""
    service_id, _arn = town.registry("soup")
    attributes = {"AWS_INSTANCE_IPV4": "10.42.0.9"}
    town.discovery.register_instance(ServiceId=service_id, InstanceId="one", Attributes=attributes)
    town.emulator.wait_until(lambda: town.instances(service_id), 60)
    with pytest.raises(ClientError, match="ResourceInUse.*contains registered instances"):
        town.discovery.delete_service(Id=service_id)
    town.discovery.deregister_instance(ServiceId=service_id, InstanceId="one")
    town.emulator.wait_until(lambda: not town.instances(service_id), 60)
    town.discovery.delete_service(Id=service_id)
    with pytest.raises(ClientError, match="ServiceNotFound"):
        town.discovery.get_service(Id=service_id)


def test_a_namespace_with_services_is_not_deleted(town: Account) -> None:
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteNamespace.html#API_DeleteNamespace_Errors"""
    assert world.durations.draw("cloudmap.namespace") == 45
    world.durations.set("cloudmap.namespace", 150)
    service_id, _arn = town.registry("soup")
    namespace_id = town.discovery.list_namespaces()["Namespaces"][0]["Id"]
    with pytest.raises(ClientError, match="ResourceInUse"):
        town.discovery.delete_namespace(Id=namespace_id)
    town.discovery.delete_service(Id=service_id)
    operation_id = town.discovery.delete_namespace(Id=namespace_id)["OperationId"]
    assert town.discovery.delete_namespace(Id=namespace_id)["OperationId"] == operation_id
    assert town.discovery.list_namespaces()["Namespaces"]
    town.emulator.wait_until(
        lambda: town.discovery.get_operation(OperationId=operation_id)["Operation"]["Status"] == "SUCCESS", 400
    )
    assert town.discovery.list_namespaces()["Namespaces"] == []
    times = town.times("namespace", "kitchen.local")
    assert times["deleted"] - times["deleting"] == about(150)


def test_the_hosted_zone_of_a_private_namespace_belongs_to_the_vpc(town: Account) -> None:
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html"""
    service_id, _arn = town.registry("soup")
    route53 = town.emulator.client("route53")
    zone = route53.list_hosted_zones()["HostedZones"][0]
    assert zone["Name"] == "kitchen.local."
    assert route53.get_hosted_zone(Id=zone["Id"])["VPCs"][0]["VPCId"] == town.vpc
    town.discovery.delete_service(Id=service_id)
    town.discovery.delete_namespace(Id=town.discovery.list_namespaces()["Namespaces"][0]["Id"])
    town.emulator.wait_until(lambda: not town.discovery.list_namespaces()["Namespaces"], 120)
    assert route53.list_hosted_zones()["HostedZones"] == []


def test_services_are_listed_by_namespace_and_in_pages(town: Account) -> None:
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_ListServices.html"""
    ids = [town.registry(f"dish-{number}")[0] for number in range(5)]
    mine = town.discovery.list_namespaces()["Namespaces"][0]["Id"]
    town.discovery.create_http_namespace(Name="other")
    other = next(item["Id"] for item in town.discovery.list_namespaces()["Namespaces"] if item["Id"] != mine)
    town.discovery.create_service(Name="foreign", NamespaceId=other)
    paginator = town.discovery.get_paginator("list_services")
    pages = list(paginator.paginate(Filters=[{"Name": "NAMESPACE_ID", "Values": [mine]}], MaxResults=2))
    assert [len(one["Services"]) for one in pages] == [2, 2, 1]
    assert sorted(item["Id"] for one in pages for item in one["Services"]) == sorted(ids)
    assert len(town.discovery.list_services()["Services"]) == 6


def test_instances_are_listed_in_pages(town: Account) -> None:
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_ListInstances.html (100 a page unless told otherwise)"""
    service_id, _arn = town.registry("soup")
    for number in range(102):
        town.discovery.register_instance(
            ServiceId=service_id, InstanceId=f"i{number}", Attributes={"AWS_INSTANCE_IPV4": "10.42.0.9"}
        )
    town.emulator.wait_until(lambda: town.discovery.get_service(Id=service_id)["Service"]["InstanceCount"] == 102, 200)
    first = town.discovery.list_instances(ServiceId=service_id)
    second = town.discovery.list_instances(ServiceId=service_id, NextToken=first["NextToken"])
    assert (len(first["Instances"]), len(second["Instances"])) == (100, 2)


def test_operations_are_listed_by_status(town: Account) -> None:
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_ListOperations.html"""
    world.durations.set("cloudmap.instance.register", 1000)
    service_id, _arn = town.registry("soup")
    operation_id = town.discovery.register_instance(
        ServiceId=service_id, InstanceId="one", Attributes={"AWS_INSTANCE_IPV4": "10.42.0.9"}
    )["OperationId"]
    pending = town.discovery.list_operations(Filters=[{"Name": "STATUS", "Values": ["PENDING"]}])["Operations"]
    assert [item["Id"] for item in pending] == [operation_id]


def test_a_service_needs_a_namespace_and_a_free_name(town: Account) -> None:
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html#API_CreateService_Errors"""
    town.registry("soup")
    with pytest.raises(ClientError, match="ServiceAlreadyExists"):
        town.registry("soup")
    with pytest.raises(ClientError, match="NamespaceNotFound"):
        town.discovery.create_service(Name="lost", NamespaceId="ns-nowhere")


def _registered(town: Account) -> str:
    service_id, _arn = town.registry("soup")
    town.discovery.register_instance(
        ServiceId=service_id, InstanceId="one", Attributes={"AWS_INSTANCE_IPV4": "10.42.0.9"}
    )
    town.emulator.wait_until(lambda: town.instances(service_id), 60)
    return service_id


def test_an_instance_is_deregistered_once(town: Account) -> None:
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_DeregisterInstance.html (DuplicateRequest)"""
    service_id = _registered(town)
    operation = town.discovery.deregister_instance(ServiceId=service_id, InstanceId="one")["OperationId"]
    with pytest.raises(ClientError, match=f"DuplicateRequest.*{operation}"):
        town.discovery.deregister_instance(ServiceId=service_id, InstanceId="one")


def test_a_deregistration_may_fail(town: Account) -> None:
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_Operation.html (FAIL, ErrorCode, ErrorMessage)"""
    town.emulator.faults.fail_deregistrations(times=1)
    service_id = _registered(town)
    operation_id = town.discovery.deregister_instance(ServiceId=service_id, InstanceId="one")["OperationId"]
    town.emulator.clock.advance(60)
    operation = town.discovery.get_operation(OperationId=operation_id)["Operation"]
    assert (operation["Status"], operation["ErrorCode"]) == ("FAIL", "INTERNAL_FAILURE")
    assert operation["ErrorMessage"]
    assert town.instances(service_id) == ["one"]
    town.discovery.deregister_instance(ServiceId=service_id, InstanceId="one")
    town.emulator.wait_until(lambda: not town.instances(service_id), 60)


def test_what_is_found_by_name_and_what_is_missing(town: Account) -> None:
    """https://docs.aws.amazon.com/cloud-map/latest/api/API_NamespaceFilter.html and the errors of each action"""
    service_id = _registered(town)
    filters = [{"Name": "NAME", "Values": ["kitchen.local"], "Condition": "EQ"}]
    assert [item["Name"] for item in town.discovery.list_namespaces(Filters=filters)["Namespaces"]] == ["kitchen.local"]
    filters[0]["Values"] = ["other.local"]
    assert not town.discovery.list_namespaces(Filters=filters)["Namespaces"]
    assert town.discovery.list_services()["Services"][0]["InstanceCount"] == 1
    for operation, arguments, code in (
        ("get_service", {"Id": "srv-none"}, "ServiceNotFound"),
        ("get_namespace", {"Id": "ns-none"}, "NamespaceNotFound"),
        ("get_operation", {"OperationId": "none"}, "OperationNotFound"),
        ("list_instances", {"ServiceId": "srv-none"}, "ServiceNotFound"),
        ("deregister_instance", {"ServiceId": service_id, "InstanceId": "none"}, "InstanceNotFound"),
    ):
        with pytest.raises(ClientError, match=code):
            getattr(town.discovery, operation)(**arguments)


def test_instances_say_which_account_has_registered_them(town: Account) -> None:
    """https://docs.aws.amazon.com/cloud-map/latest/dg/sharing-identify.html

    API_InstanceSummary, API_Instance, API_ServiceSummary (CreatedByAccount), API_ListInstances (ResourceOwner).
    """
    service_id, _arn = town.registry("soup")
    attributes = {"AWS_INSTANCE_IPV4": "10.42.0.9", "ECS_CLUSTER_NAME": "kitchen"}
    cloudmap.put_foreign_instance(service_id, "theirs", attributes, created_by="210987654321")
    town.discovery.register_instance(ServiceId=service_id, InstanceId="ours", Attributes=attributes)
    town.emulator.wait_until(lambda: len(town.instances(service_id)) == 2)
    answer = town.discovery.list_instances(ServiceId=service_id)
    accounts = {item["Id"]: item["CreatedByAccount"] for item in answer["Instances"]}
    assert accounts == {"theirs": "210987654321", "ours": "123456789012"}
    assert answer["ResourceOwner"] == "123456789012"
    one = town.discovery.get_instance(ServiceId=service_id, InstanceId="theirs")["Instance"]
    assert (one["CreatedByAccount"], one["Attributes"]) == ("210987654321", attributes)
    (service,) = town.discovery.list_services()["Services"]
    assert (service["CreatedByAccount"], service["ResourceOwner"]) == ("123456789012", "123456789012")
    with pytest.raises(ClientError, match="ResourceInUse.*contains registered instances"):
        town.discovery.delete_service(Id=service_id)
