# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types that moto deletes in name only are gone here when their stack is, and held by what holds them on AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.unit.emulator.account import Account
from tests.unit.emulator.stacks import Stacks
from tests.unit.emulator.test_holders import fails, goes, physical_id

INTEGRATION = {"Type": "HTTP", "IntegrationHttpMethod": "GET", "Uri": "https://example.org"}
ZONE = {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "example.org"}}


def record(zone_id: Any, name: str = "www.example.org") -> dict[str, Any]:
    return {"HostedZoneId": zone_id, "Name": name, "Type": "A", "TTL": "60", "ResourceRecords": ["192.0.2.1"]}


@pytest.mark.parametrize("kind", ["RecordSet", "RecordSetGroup", "by hand"])
def test_records_hold_a_zone(emulator: Emulator, stacks: Stacks, kind: str) -> None:
    """rebuy-de/aws-nuke#215: a stack's zone fails with these words, and is not tried again"""
    zones = stacks.create("one", {"Zone": ZONE})
    zone_id, route53 = physical_id(stacks, zones, "Zone"), emulator.client("route53")
    change = {
        "Name": "www.example.org",
        "Type": "A",
        "TTL": 60,
        "ResourceRecords": [{"Value": "192.0.2.1"}],
    }

    def by_hand(action: str) -> None:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": change}]}
        route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch=batch)

    if kind == "by hand":
        by_hand("CREATE")
    else:
        group = {"HostedZoneId": zone_id, "RecordSets": [record(zone_id)]}
        properties = group if kind == "RecordSetGroup" else record(zone_id)
        records = stacks.create("two", {"Records": {"Type": f"AWS::Route53::{kind}", "Properties": properties}})
    assert "contains non-required resource record sets" in fails(stacks, zones, "Zone")
    if kind == "by hand":
        by_hand("DELETE")
    else:
        assert goes(stacks, records)
    assert goes(stacks, zones)
    assert not route53.list_hosted_zones()["HostedZones"]


def test_a_zone_goes_when_its_creation_is_rolled_back(emulator: Emulator, stacks: Stacks) -> None:
    emulator.client("ssm").put_parameter(Name="/taken", Type="String", Value="x")
    stacks.create("one", {"Zone": ZONE, "P": stacks.parameter("/taken", DependsOn="Zone")})
    assert stacks.status("one") == "ROLLBACK_COMPLETE"
    assert not emulator.client("route53").list_hosted_zones()["HostedZones"]


def test_a_rule_of_its_own_lets_its_groups_go(account: Account, stacks: Stacks) -> None:
    """aws-resource-ec2-securitygroupingress.html; it holds the group that it names: API_DeleteSecurityGroup"""
    account.network()
    group = {"GroupDescription": "named", "VpcId": account.vpc}
    named = stacks.create("one", {"Named": {"Type": "AWS::EC2::SecurityGroup", "Properties": group}})
    rule = {
        "GroupId": account.group,
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "SourceSecurityGroupId": physical_id(stacks, named, "Named"),
    }
    rules = stacks.create("two", {"Rule": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": rule}})
    stacks.emulator.durations.set("cloudformation.dependency_retry", 60)
    assert "has a dependent object" in fails(stacks, named, "Named")
    assert goes(stacks, rules)
    assert goes(stacks, named)


def test_what_a_policy_is_attached_to(emulator: Emulator, stacks: Stacks) -> None:
    """API_DeletePolicy, DeleteConflict; what the template has attached it to does not count"""
    iam = emulator.client("iam")
    for name in ("ours", "theirs"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    properties = {"PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}, "Roles": ["ours"]}
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}
    stack_id = stacks.create("one", {"Policy": policy}, Capabilities=["CAPABILITY_IAM"])
    arn = physical_id(stacks, stack_id, "Policy")
    iam.attach_role_policy(RoleName="theirs", PolicyArn=arn)
    assert "Cannot delete a policy attached to entities." in fails(stacks, stack_id, "Policy")
    iam.detach_role_policy(RoleName="theirs", PolicyArn=arn)
    assert goes(stacks, stack_id)
    assert not iam.list_policies(Scope="Local")["Policies"]


def test_images_hold_a_repository(emulator: Emulator, stacks: Stacks) -> None:
    """brentley/appmeshworkshop#31"""
    repository = {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "images"}}
    stack_id, ecr = stacks.create("one", {"Images": repository}), emulator.client("ecr")
    media_type = "application/vnd.docker.distribution.manifest.v2+json"
    digest = "sha256:" + "0" * 64
    config = {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 1, "digest": digest}
    manifest = {"schemaVersion": 2, "mediaType": media_type, "config": config, "layers": []}
    ecr.put_image(repositoryName="images", imageManifest=json.dumps(manifest), imageTag="latest")
    assert "cannot be deleted because it still contains images" in fails(stacks, stack_id, "Images")
    ecr.batch_delete_image(repositoryName="images", imageIds=[{"imageTag": "latest"}])
    assert goes(stacks, stack_id)


def test_an_api_with_its_parts(emulator: Emulator, stacks: Stacks) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGateway.html"""
    api, parent = {"Ref": "Api"}, {"Fn::GetAtt": ["Api", "RootResourceId"]}
    of_api = {"RestApiId": api, "ResourceId": {"Ref": "Path"}}
    method = {**of_api, "HttpMethod": "GET", "AuthorizationType": "NONE", "Integration": INTEGRATION}
    resources = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "orders"}},
        "Path": {
            "Type": "AWS::ApiGateway::Resource",
            "Properties": {"RestApiId": api, "ParentId": parent, "PathPart": "orders"},
        },
        "Get": {"Type": "AWS::ApiGateway::Method", "Properties": method},
        "Now": {"Type": "AWS::ApiGateway::Deployment", "DependsOn": "Get", "Properties": {"RestApiId": api}},
    }
    stack_id = stacks.create("one", resources)
    assert stacks.status("one") == "CREATE_COMPLETE"
    assert goes(stacks, stack_id)
    assert not emulator.client("apigateway").get_rest_apis()["items"]


@pytest.mark.parametrize("kind", ["AWS::Redshift::Cluster", "AWS::EC2::TransitGateway", "AWS::Batch::JobQueue"])
def test_what_would_go_in_name_only_is_not_made(stacks: Stacks, kind: str) -> None:
    template = json.dumps({"Resources": {"It": {"Type": kind, "Properties": {}}}})
    assert f"[{kind}]" in stacks.error("create_stack", StackName="one", TemplateBody=template)[1]


def database(account: Account, **more: Any) -> dict[str, Any]:
    group = {"DBSubnetGroupDescription": "private", "SubnetIds": account.subnets}
    instance = {
        "DBInstanceIdentifier": "orders",
        "DBInstanceClass": "db.t4g.micro",
        "Engine": "postgres",
        "AllocatedStorage": "20",
        "MasterUsername": "chef",
        "MasterUserPassword": "not-a-real-password",
        "DBSubnetGroupName": {"Ref": "Subnets"},
        "VPCSecurityGroups": [account.group],
    }
    return {
        "Subnets": {"Type": "AWS::RDS::DBSubnetGroup", "Properties": group},
        "Db": {"Type": "AWS::RDS::DBInstance", "Properties": instance, **more},
    }


@pytest.mark.parametrize("policy", [None, "Snapshot", "Delete"])
def test_a_database_takes_minutes_and_leaves_a_snapshot(account: Account, stacks: Stacks, policy: str | None) -> None:
    """aws-attribute-deletionpolicy.html: Snapshot is the default of an instance that is in no cluster"""
    resources = database(account.network(), **({"DeletionPolicy": policy} if policy else {}))
    stack_id, rds = stacks.create("one", resources), account.emulator.client("rds")
    assert [interface["Description"] for interface in account.interfaces()] == ["RDSNetworkInterface"]
    stacks.delete("one")
    account.emulator.clock.advance(200)
    assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "deleting"
    assert stacks.end(stack_id) == "DELETE_COMPLETE"
    assert not rds.describe_db_instances()["DBInstances"] and not account.interfaces()
    snapshots = rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    assert len(snapshots) == (0 if policy == "Delete" else 1)


def test_what_holds_a_database_and_its_subnet_group(account: Account, stacks: Stacks) -> None:
    resources = database(account.network())
    resources["Db"]["Properties"] |= {"DeletionProtection": True, "DBSubnetGroupName": "private"}
    resources["Subnets"]["Properties"]["DBSubnetGroupName"] = "private"
    groups = stacks.create("groups", {"Subnets": resources["Subnets"]})
    stack_id = stacks.create("one", {"Db": resources["Db"]})
    assert "at least one database instance: orders is still using it" in fails(stacks, groups, "Subnets")
    assert "Cannot delete protected DB Instance" in fails(stacks, stack_id, "Db")
    rds = account.emulator.client("rds")
    rds.modify_db_instance(DBInstanceIdentifier="orders", DeletionProtection=False)
    assert goes(stacks, stack_id)
    assert goes(stacks, groups)
