# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service Connect on the emulator: the Cloud Map services that ECS makes for a service."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.emulator.account import CLUSTER, Account


@pytest.fixture(name="shop")
def _shop(kitchen: Account) -> Account:
    kitchen.emulator.client("servicediscovery").create_http_namespace(Name="shop")
    return kitchen


def create(account: Account, name: str, namespace: str = "shop") -> None:
    found = {"portName": "http", "discoveryName": f"{name}-found"}
    configuration = {"enabled": True, "namespace": namespace, "services": [found, {"portName": f"{name}-plain"}]}
    account.service(name, serviceConnectConfiguration=configuration)


def services(account: Account) -> dict[str, Any]:
    found = account.emulator.client("servicediscovery").list_services()["Services"]
    return {item["Name"]: item for item in found}


def test_ecs_makes_a_cloud_map_service_for_each_name_and_says_so(shop: Account) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectServiceResource.html"""
    create(shop, "soup")
    found = services(shop)
    assert sorted(found) == ["soup-found", "soup-plain"]
    shown = shop.describe_service("soup")["deployments"][0]["serviceConnectResources"]
    assert {item["discoveryName"]: item["discoveryArn"] for item in shown} == {
        name: item["Arn"] for name, item in found.items()
    }
    cloud_map = shop.emulator.client("servicediscovery")
    instances = cloud_map.list_instances(ServiceId=found["soup-found"]["Id"])["Instances"]
    assert [item["Attributes"]["ECS_SERVICE_NAME"] for item in instances] == ["soup"]
    tags = cloud_map.list_tags_for_resource(ResourceARN=found["soup-found"]["Arn"])["Tags"]
    assert tags == [{"Key": "AmazonECSManaged", "Value": "true"}]


def test_they_go_with_their_service_unless_they_are_told_to_stay(shop: Account) -> None:
    """https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSServiceRolePolicy.html: ECS may delete
    what it has made. That it does is a guess."""
    for name in ("soup", "salad"):
        create(shop, name)
    shop.emulator.faults.keep_connected(["salad"])
    for name in ("soup", "salad"):
        shop.ecs.delete_service(cluster=CLUSTER, service=name, force=True)
    shop.emulator.wait_until(lambda: not shop.interfaces(), 300)
    assert sorted(services(shop)) == ["salad-found", "salad-plain"]


def test_a_namespace_that_is_not_there_is_refused(shop: Account) -> None:
    with pytest.raises(ClientError, match="Namespace elsewhere not found"):
        create(shop, "soup", namespace="elsewhere")
