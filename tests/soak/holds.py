# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a trial puts into stacks of one resource, so that they do not go: see docs/what-holds-a-stack.md."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.emulator import Emulator
from tests.emulator.resources.vault import back_up
from tests.integration import others
from tests.workshops.images import push

_HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
_TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


@dataclass(frozen=True)
class Network:
    """A VPC by hand, which stacks may use."""

    vpc: str
    subnets: list[str]


def network(aws: Emulator) -> Network:
    """In two zones."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.42.0.0/16")["Vpc"]["VpcId"]
    places = [(f"10.42.{number}.0/24", f"{aws.region}{zone}") for number, zone in enumerate("ab")]
    return Network(
        vpc,
        [
            ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone)["Subnet"]["SubnetId"]
            for block, zone in places
        ],
    )


@dataclass(frozen=True)
class Place:
    """Where something is put. ``name``: of its stack, and of what is in that; ``number``: no other has it."""

    aws: Emulator
    dice: random.Random
    name: str
    number: int
    network: Network

    def stack(self, type_name: str, more: dict[str, Any] | None = None, **properties: Any) -> str:
        """Make the stack, with a resource ``It`` of this type and ``more``; the id of It."""
        it = {"Type": type_name, "Properties": properties}
        others.stack(self.aws, self.name, {"It": it, **(more or {})})
        return others.physical_id(self.aws, self.name, "It")

    def some(self) -> int:
        """A few."""
        return self.dice.randint(1, 4)


@dataclass(frozen=True)
class Put:
    """``amounts``: what is told of it when it is cleared; ``state()``: what is there of it."""

    amounts: frozenset[str]
    state: Callable[[], object]


@dataclass(frozen=True)
class Hold:
    """``type``: what agrees to clear it; ``action``: without which it is not cleared; ``own``: whether a teardown is
    refused where nobody agreed; ``protection``: whether it is only switched off, and is as before where it failed;
    ``needs``: an action that CloudFormation needs to delete the stack; ``passes``: whether that goes also without, but
    later."""

    type: str
    action: str
    put: Callable[[Place], Put]
    own: bool = True
    protection: bool = False
    needs: str = ""
    passes: bool = False


def amount(count: int, one: str, many: str) -> str:
    """As a report has it, in words."""
    return f"{count} {one if count == 1 else many}"


def _amounts(*several: tuple[int, str, str]) -> frozenset[str]:
    return frozenset(amount(*item) for item in several if item[0])


PROTECTION = (1, "deletion protection", "deletion protections")


def _bucket(at: Place) -> Put:
    at.stack("AWS::S3::Bucket", BucketName=at.name, VersioningConfiguration={"Status": "Enabled"})
    s3, objects, old, uploads = at.aws.client("s3"), at.some(), at.some() - 1, at.some() // 3
    for number in [*range(objects), *[0] * old]:
        s3.put_object(Bucket=at.name, Key=f"{number}", Body=b"x")
    for number in range(uploads):
        s3.create_multipart_upload(Bucket=at.name, Key=f"film{number}")

    def state() -> object:
        rows = s3.list_object_versions(Bucket=at.name).get("Versions", [])
        return sorted((row["Key"], row["VersionId"]) for row in rows), _statements(s3, at.name)

    return Put(
        _amounts(
            (objects, "object", "objects"),
            (old, "old version", "old versions"),
            (uploads, "unfinished upload", "unfinished uploads"),
        ),
        state,
    )


def _statements(s3: Any, bucket: str) -> object:
    try:
        return s3.get_bucket_policy(Bucket=bucket)["Policy"]
    except s3.exceptions.ClientError as error:
        return error.response["Error"]["Code"]


def _repository(at: Place) -> Put:
    at.stack("AWS::ECR::Repository", RepositoryName=at.name)
    ecr, tagged, untagged = at.aws.client("ecr"), at.some(), at.some() - 1
    for number in range(tagged + untagged):
        push(ecr, at.name, at.number * 100 + number, f"v{number}" if number < tagged else None)

    def state() -> object:
        return sorted(row["imageDigest"] for row in ecr.describe_images(repositoryName=at.name)["imageDetails"])

    return Put(_amounts((tagged, "image", "images"), (untagged, "untagged image", "untagged images")), state)


def _table(at: Place) -> Put:
    at.stack(
        "AWS::DynamoDB::Table",
        TableName=at.name,
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=True,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    client = at.aws.client("dynamodb")
    return Put(
        _amounts(PROTECTION),
        lambda: client.describe_table(TableName=at.name)["Table"]["DeletionProtectionEnabled"],
    )


def _log_group(at: Place) -> Put:
    at.stack("AWS::Logs::LogGroup", LogGroupName=at.name)
    client = at.aws.client("logs")
    client.put_log_group_deletion_protection(logGroupIdentifier=at.name, deletionProtectionEnabled=True)

    def state() -> object:
        groups = client.describe_log_groups(logGroupNamePrefix=at.name)["logGroups"]
        return [row.get("deletionProtectionEnabled") for row in groups if row["logGroupName"] == at.name]

    return Put(_amounts(PROTECTION), state)


def _user_pool(at: Place) -> Put:
    pool = at.stack("AWS::Cognito::UserPool", UserPoolName=at.name, DeletionProtection="ACTIVE")
    client = at.aws.client("cognito-idp")
    return Put(
        _amounts(PROTECTION), lambda: client.describe_user_pool(UserPoolId=pool)["UserPool"]["DeletionProtection"]
    )


def _domain(at: Place) -> Put:
    pool = at.stack("AWS::Cognito::UserPool", UserPoolName=at.name)
    client = at.aws.client("cognito-idp")
    client.create_user_pool_domain(UserPoolId=pool, Domain=f"sign-in-{at.number}")
    return Put(
        _amounts((1, "domain", "domains")), lambda: client.describe_user_pool(UserPoolId=pool)["UserPool"]["Domain"]
    )


def _balancer(at: Place) -> Put:
    arn = at.stack(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        Subnets=at.network.subnets,
        LoadBalancerAttributes=[{"Key": "deletion_protection.enabled", "Value": "true"}],
    )
    client = at.aws.client("elbv2")

    def state() -> object:
        rows = client.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        return [row["Value"] for row in rows if row["Key"] == "deletion_protection.enabled"]

    return Put(_amounts(PROTECTION), state)


def _database(at: Place) -> Put:
    size = {"DBInstanceClass": "db.t3.micro", "Engine": "mysql", "AllocatedStorage": "20"}
    key = at.stack("AWS::RDS::DBInstance", DBInstanceIdentifier=at.name, DeletionProtection=True, **size)
    client = at.aws.client("rds")

    def state() -> object:
        return client.describe_db_instances(DBInstanceIdentifier=key)["DBInstances"][0]["DeletionProtection"]

    return Put(_amounts(PROTECTION), state)


def _function(at: Place) -> Put:
    """With a security group by hand: what is in the same subnet with the same group shares its interfaces."""
    at.aws.durations.set("lambda.interface", 600)
    iam, ec2, client = at.aws.client("iam"), at.aws.client("ec2"), at.aws.client("lambda")
    arn = iam.create_role(RoleName=f"runs-{at.number}", AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]["Arn"]
    group = ec2.create_security_group(GroupName=f"runs-{at.number}", Description="x", VpcId=at.network.vpc)["GroupId"]
    subnets = at.network.subnets[: at.dice.randint(1, 2)]
    at.stack(
        "AWS::Lambda::Function",
        FunctionName=at.name,
        Role=arn,
        Runtime="python3.12",
        Handler="index.handler",
        Code={"ZipFile": "def handler(event, context): ..."},
        VpcConfig={"SubnetIds": subnets, "SecurityGroupIds": [group]},
    )

    def state() -> object:
        place = client.get_function_configuration(FunctionName=at.name)["VpcConfig"]
        rows = ec2.describe_network_interfaces(Filters=[{"Name": "interface-type", "Values": ["lambda"]}])
        mine = [row for row in rows["NetworkInterfaces"] if f"-{at.name}-" in row["Description"]]
        return sorted(place["SubnetIds"]), len(mine)

    words = ("network interface of Lambda", "network interfaces of Lambda")
    return Put(_amounts((len(subnets), *words)), state)


def _role(at: Place) -> Put:
    at.stack("AWS::IAM::Role", RoleName=at.name, AssumeRolePolicyDocument=_TRUST)
    iam, profiles = at.aws.client("iam"), at.some()
    for number in range(profiles):
        iam.create_instance_profile(InstanceProfileName=f"console-{at.number}-{number}")
        iam.add_role_to_instance_profile(InstanceProfileName=f"console-{at.number}-{number}", RoleName=at.name)

    def state() -> object:
        rows = iam.list_instance_profiles_for_role(RoleName=at.name)["InstanceProfiles"]
        return sorted(row["InstanceProfileName"] for row in rows)

    return Put(_amounts((profiles, "instance profile around it", "instance profiles around it")), state)


def _user(at: Place) -> Put:
    at.stack("AWS::IAM::User", UserName=at.name)
    iam, keys, credentials = at.aws.client("iam"), at.some(), at.some() - 1
    for number in range(keys):
        iam.upload_ssh_public_key(UserName=at.name, SSHPublicKeyBody=f"ssh-rsa AAAA{number}")
    for _number in range(min(credentials, 1)):
        iam.create_service_specific_credential(UserName=at.name, ServiceName="codecommit.amazonaws.com")

    def state() -> object:
        ssh = iam.list_ssh_public_keys(UserName=at.name)["SSHPublicKeys"]
        specific = iam.list_service_specific_credentials(UserName=at.name)["ServiceSpecificCredentials"]
        return len(ssh), len(specific)

    return Put(
        _amounts(
            (keys, "SSH public key", "SSH public keys"),
            (min(credentials, 1), "service-specific credential", "service-specific credentials"),
        ),
        state,
    )


def _group_of_users(at: Place) -> Put:
    at.stack("AWS::IAM::Group", GroupName=at.name)
    iam, users = at.aws.client("iam"), at.some()
    for number in range(users):
        iam.create_user(UserName=f"cook-{at.number}-{number}")
        iam.add_user_to_group(GroupName=at.name, UserName=f"cook-{at.number}-{number}")
    return Put(
        _amounts((users, "user", "users")),
        lambda: sorted(row["UserName"] for row in iam.get_group(GroupName=at.name)["Users"]),
    )


def _zone(at: Place) -> Put:
    domain = f"{at.name}.example"
    zone = at.stack("AWS::Route53::HostedZone", Name=domain)
    client, records = at.aws.client("route53"), at.some()
    for number in range(records):
        record = {"Name": f"{number}.{domain}", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.7"}]}
        batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)

    def state() -> object:
        rows = client.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        return sorted((row["Name"], row["Type"]) for row in rows)

    return Put(_amounts((records, "record", "records")), state)


def _scaling_group(at: Place) -> Put:
    size = at.some()
    configuration = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    at.stack(
        "AWS::AutoScaling::AutoScalingGroup",
        {"Configuration": {"Type": "AWS::AutoScaling::LaunchConfiguration", "Properties": configuration}},
        AutoScalingGroupName=at.name,
        MinSize=f"{size}",
        MaxSize=f"{size}",
        LaunchConfigurationName={"Ref": "Configuration"},
        VPCZoneIdentifier=at.network.subnets[:1],
        NewInstancesProtectedFromScaleIn=True,
    )
    client = at.aws.client("autoscaling")

    def state() -> object:
        (row,) = client.describe_auto_scaling_groups(AutoScalingGroupNames=[at.name])["AutoScalingGroups"]
        return sorted(item["InstanceId"] for item in row["Instances"] if item["ProtectedFromScaleIn"])

    return Put(_amounts((size, "instance protected from scale-in", "instances protected from scale-in")), state)


def _cluster(at: Place) -> Put:
    at.stack("AWS::ECS::Cluster", ClusterName=at.name)
    service = others.service_by_hand(at.aws, at.name, f"by-hand-{at.number}", at.some())
    return Put(_amounts((1, "service", "services")), service.touched)


def _namespace(at: Place) -> Put:
    key = at.stack(
        "AWS::ServiceDiscovery::PrivateDnsNamespace", Name=f"{at.name}.internal", Vpc=at.network.vpc
    )
    services = [others.cloud_map_service(at.aws, key, f"by-hand-{number}") for number in range(at.some())]
    return Put(
        _amounts((len(services), "Cloud Map service", "Cloud Map services")),
        lambda: [service.touched() for service in services],
    )


def _registry(at: Place) -> Put:
    domain = {"Name": f"{at.name}.internal", "Vpc": at.network.vpc}
    key = at.stack(
        "AWS::ServiceDiscovery::Service",
        {"Names": {"Type": "AWS::ServiceDiscovery::PrivateDnsNamespace", "Properties": domain}},
        Name="web",
        NamespaceId={"Ref": "Names"},
        DnsConfig={"DnsRecords": [{"Type": "A", "TTL": 10}]},
    )
    client, instances = at.aws.client("servicediscovery"), at.some()

    def state() -> object:
        return sorted(row["Id"] for row in client.list_instances(ServiceId=key)["Instances"])

    for number in range(instances):
        address = {"AWS_INSTANCE_IPV4": f"10.0.0.{number + 1}"}
        client.register_instance(ServiceId=key, InstanceId=f"{at.number}-{number}", Attributes=address)
    at.aws.wait_until(lambda: len(state()) == instances)
    return Put(_amounts((instances, "Cloud Map instance", "Cloud Map instances")), state)


def _rules(at: Place) -> Put:
    key = at.stack("AWS::EC2::SecurityGroup", GroupDescription="web", VpcId=at.network.vpc)
    ec2, groups = at.aws.client("ec2"), at.some()
    for number in range(groups):
        group = ec2.create_security_group(GroupName=f"by-hand-{at.number}-{number}", Description="x",
                                          VpcId=at.network.vpc)["GroupId"]  # fmt: skip
        rule = {**_HTTPS, "UserIdGroupPairs": [{"GroupId": key}], "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])

    def state() -> object:
        rows = ec2.describe_security_groups(Filters=[{"Name": "ip-permission.group-id", "Values": [key]}])
        return sorted(row["GroupId"] for row in rows["SecurityGroups"])

    words = ("rule of another security group", "rules of other security groups")
    return Put(_amounts((groups, *words)), state)


def _guard_duty(at: Place) -> Put:
    subnet = {"VpcId": {"Ref": "It"}, "CidrBlock": "10.7.0.0/24"}
    vpc = at.stack(
        "AWS::EC2::VPC", {"Subnet": {"Type": "AWS::EC2::Subnet", "Properties": subnet}}, CidrBlock="10.7.0.0/16"
    )
    made = others.guard_duty(at.aws, vpc, others.physical_id(at.aws, at.name, "Subnet"))
    return Put(
        _amounts(
            (1, "VPC endpoint of GuardDuty", "VPC endpoints of GuardDuty"),
            (1, "security group of GuardDuty", "security groups of GuardDuty"),
        ),
        lambda: others.there(at.aws, *made),
    )


def _file_system(at: Place) -> Put:
    key = at.stack("AWS::EFS::FileSystem")
    client, targets = at.aws.client("efs"), at.dice.randint(1, 2)
    for subnet in at.network.subnets[:targets]:
        client.create_mount_target(FileSystemId=key, SubnetId=subnet)

    def state() -> object:
        return sorted(row["MountTargetId"] for row in client.describe_mount_targets(FileSystemId=key)["MountTargets"])

    return Put(_amounts((targets, "mount target", "mount targets")), state)


def _work_group(at: Place) -> Put:
    at.stack("AWS::Athena::WorkGroup", Name=at.name)
    client, queries = at.aws.client("athena"), at.some()
    for number in range(queries):
        client.create_named_query(Name=f"q{number}", Database="d", QueryString="SELECT 1", WorkGroup=at.name)
    client.create_notebook(WorkGroup=at.name, Name="sales")
    return Put(
        _amounts((queries, "saved query", "saved queries"), (1, "notebook", "notebooks")),
        lambda: sorted(client.list_named_queries(WorkGroup=at.name)["NamedQueryIds"]),
    )


def _vault(at: Place) -> Put:
    at.stack("AWS::Backup::BackupVault", BackupVaultName=at.name)
    client, points = at.aws.client("backup"), at.some()
    for number in range(points):
        back_up(at.name, at.number * 100 + number)

    def state() -> object:
        rows = client.list_recovery_points_by_backup_vault(BackupVaultName=at.name)["RecoveryPoints"]
        return sorted(row["RecoveryPointArn"] for row in rows)

    return Put(_amounts((points, "recovery point", "recovery points")), state)


def _node_group(at: Place) -> Put:
    role = "arn:aws:iam::123456789012:role/nodes"
    config = {"SubnetIds": at.network.subnets}
    at.stack("AWS::EKS::Cluster", Name=at.name, RoleArn=role, ResourcesVpcConfig=config)
    client, count = at.aws.client("eks"), at.some()
    for number in range(count):
        client.create_nodegroup(
            clusterName=at.name, nodegroupName=f"nodes-{number}", subnets=at.network.subnets, nodeRole=role
        )
    return Put(
        _amounts((count, "node group", "node groups")),
        lambda: sorted(client.list_nodegroups(clusterName=at.name)["nodegroups"]),
    )


HOLDS = (
    Hold("AWS::Athena::WorkGroup", "athena:DeleteWorkGroup", _work_group),
    Hold("AWS::AutoScaling::AutoScalingGroup", "autoscaling:SetInstanceProtection", _scaling_group),
    Hold("AWS::Backup::BackupVault", "backup:DeleteRecoveryPoint", _vault),
    Hold("AWS::Cognito::UserPool", "cognito-idp:DeleteUserPoolDomain", _domain, own=False),
    Hold("AWS::Cognito::UserPool", "cognito-idp:UpdateUserPool", _user_pool, protection=True),
    Hold("AWS::DynamoDB::Table", "dynamodb:UpdateTable", _table, protection=True),
    Hold("AWS::EC2::SecurityGroup", "ec2:RevokeSecurityGroupIngress", _rules, own=False),
    Hold("AWS::EC2::VPC", "ec2:DeleteVpcEndpoints", _guard_duty, own=False),
    Hold("AWS::ECR::Repository", "ecr:BatchDeleteImage", _repository),
    Hold("AWS::ECS::Cluster", "ecs:DeleteService", _cluster, own=False),
    Hold("AWS::EFS::FileSystem", "elasticfilesystem:DeleteMountTarget", _file_system, own=False),
    Hold("AWS::EKS::Cluster", "eks:DeleteNodegroup", _node_group, own=False),
    Hold("AWS::ElasticLoadBalancingV2::LoadBalancer", "elasticloadbalancing:ModifyLoadBalancerAttributes", _balancer,
         protection=True),
    Hold("AWS::IAM::Group", "iam:RemoveUserFromGroup", _group_of_users),
    Hold("AWS::IAM::Role", "iam:RemoveRoleFromInstanceProfile", _role, own=False),
    Hold("AWS::IAM::User", "iam:DeleteSSHPublicKey", _user),
    Hold("AWS::Lambda::Function", "lambda:UpdateFunctionConfiguration", _function, own=False, passes=True),
    Hold("AWS::Logs::LogGroup", "logs:PutLogGroupDeletionProtection", _log_group, protection=True),
    Hold("AWS::RDS::DBInstance", "rds:ModifyDBInstance", _database, protection=True),
    Hold("AWS::Route53::HostedZone", "route53:ChangeResourceRecordSets", _zone),
    Hold("AWS::S3::Bucket", "s3:DeleteObjectVersion", _bucket),
    Hold("AWS::ServiceDiscovery::PrivateDnsNamespace", "servicediscovery:DeleteService", _namespace, own=False),
    Hold("AWS::ServiceDiscovery::Service", "servicediscovery:DeregisterInstance", _registry, own=False,
         needs="servicediscovery:DeleteService"),
)  # fmt: skip
