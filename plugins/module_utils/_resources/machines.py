# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What machines make in VPCs beside what stacks own, known by the tags and names that they give to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import Mapping

from .._aws.batches import batches
from .._aws.errors import aws_call
from .._aws.looks import Looks
from .ours import Ours
from .resource import Resource

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore

ENDPOINT = "AWS::EC2::VPCEndpoint"
GROUP = "AWS::EC2::SecurityGroup"
INTERFACE = "AWS::EC2::NetworkInterface"
BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"
TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"
_CLUSTER = "AWS::EKS::Cluster"
#: IAM actions of :func:`made_in`.
LOOKS = (
    "ec2:DescribeInstances",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcEndpoints",
    "eks:DescribeCluster",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTargetGroups",
)
_STACK = "aws:cloudformation:stack-id"
_GOING = frozenset(("deleting", "deleted"))
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonGuardDutyServiceRolePolicy.html (the tag),
# https://github.com/hashicorp/terraform-provider-aws/pull/46953 (the names)
_GUARD_DUTY = "GuardDutyManaged"
_GUARD_DUTY_SERVICE = "guardduty-data"
_GUARD_DUTY_GROUP = "GuardDutyManagedSecurityGroup-"
# https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/ and
# https://github.com/kubernetes-sigs/aws-alb-ingress-controller/pull/1469 (the tags of the controller); "owned", not
# "shared": https://github.com/kubernetes/cloud-provider-aws/issues/27
_CONTROLLER = "elbv2.k8s.aws/cluster"
_OWNED = "kubernetes.io/cluster/"
# https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
_EKS = "aws:eks:cluster-name"
_CNI = "cluster.k8s.amazonaws.com/name"  # https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md
# Those of a function whose role has gone before they had stay, attached to nothing:
# https://github.com/awslabs/aws-support-tools/pull/174
_LAMBDA = re.compile(r"AWS Lambda VPC ENI-.+")
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html
_TAGGED_PER_CALL = 20
_ALIVE = ["pending", "running", "stopping", "stopped"]

_WORDS = {
    ENDPOINT: ("a VPC endpoint", "VPC endpoints"),
    GROUP: ("a security group", "security groups"),
    INTERFACE: ("a network interface", "network interfaces"),
    BALANCER: ("a load balancer", "load balancers"),
    CLASSIC: ("a load balancer", "load balancers"),
    TARGET_GROUP: ("a target group", "target groups"),
}
# What passes while something else goes: the group or target group is still in use, or it has gone meanwhile.
_REMOVALS = {
    GROUP: ("ec2:DeleteSecurityGroup", "GroupId", ("DependencyViolation", "InvalidGroup.NotFound")),
    INTERFACE: (
        "ec2:DeleteNetworkInterface",
        "NetworkInterfaceId",
        ("InvalidNetworkInterfaceID.NotFound", "InvalidNetworkInterface.InUse"),
    ),
    BALANCER: ("elasticloadbalancing:DeleteLoadBalancer", "LoadBalancerArn", ("LoadBalancerNotFound",)),
    TARGET_GROUP: (
        "elasticloadbalancing:DeleteTargetGroup",
        "TargetGroupArn",
        ("ResourceInUse", "TargetGroupNotFound"),
    ),
}
_COMMANDS = {
    ENDPOINT: "ec2 delete-vpc-endpoints --vpc-endpoint-ids",
    GROUP: "ec2 delete-security-group --group-id",
    INTERFACE: "ec2 delete-network-interface --network-interface-id",
    BALANCER: "elbv2 delete-load-balancer --load-balancer-arn",
    CLASSIC: "elb delete-load-balancer --load-balancer-name",
    TARGET_GROUP: "elbv2 delete-target-group --target-group-arn",
}


@dataclass(frozen=True)
class Made:
    """``maker``: the machine, in words. ``may_go``: whether nothing needs it any more. ``holds``: whether it keeps the
    VPC."""

    type: str
    id: str
    name: str
    maker: str
    may_go: bool = True
    holds: bool = True

    @property
    def words(self) -> tuple[str, str]:
        """One and several of them, in a sentence."""
        return _WORDS[self.type]

    def counted(self) -> tuple[str, str]:
        """What one and several of them are called with a number."""
        one, many = self.words
        return f"{one.partition(' ')[2]} of {self.maker}", f"{many} of {self.maker}"

    def command(self) -> tuple[str, ...]:
        """Words of the AWS command that takes it away."""
        return (*_COMMANDS[self.type].split(), self.id)

    def removal(self) -> tuple[str, str, tuple[str, ...]]:
        """The IAM action that takes it away, the parameter for its id, and error codes after which it is looked at
        again."""
        return _REMOVALS[self.type]


def made_in(looks: Looks, ours: Ours, vpc: str) -> list[Made]:
    """What machines have made in a VPC of ours, and no stack. What can not be looked at is a gap of ``looks``."""
    clusters = _Clusters(looks, ours, vpc)
    found = [
        *_endpoints(looks, vpc),
        *_groups(looks, clusters, vpc),
        *_interfaces(looks, clusters, vpc),
        *_balancers(looks, clusters, vpc),
        *_classic_balancers(looks, clusters, vpc),
    ]
    return [item for item in found if Resource(item.type, item.id) not in ours.owned]


def _in(vpc: str) -> list[dict[str, Any]]:
    return [{"Name": "vpc-id", "Values": [vpc]}]


def _tags(item: Mapping[str, Any], key: str = "Tags") -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in item.get(key) or ()}


def _endpoints(looks: Looks, vpc: str) -> list[Made]:
    items = looks.listing("ec2:DescribeVpcEndpoints", "VpcEndpoints", vpc, Filters=_in(vpc))
    return [
        Made(ENDPOINT, item["VpcEndpointId"], item.get("ServiceName", ""), "GuardDuty")
        for item in items
        if _GUARD_DUTY in _tags(item)
        and item.get("ServiceName", "").endswith(_GUARD_DUTY_SERVICE)
        and str(item.get("State", "")).lower() not in _GOING
    ]


def _groups(looks: Looks, clusters: _Clusters, vpc: str) -> list[Made]:
    found = []
    for item in looks.listing("ec2:DescribeSecurityGroups", "SecurityGroups", vpc, Filters=_in(vpc)):
        name, tags = item.get("GroupName", ""), _tags(item)
        if name.startswith(_GUARD_DUTY_GROUP) and _GUARD_DUTY in tags:
            found.append(Made(GROUP, item["GroupId"], name, "GuardDuty"))
        cluster = _cluster_in(tags)
        if not cluster or name == "default" or _STACK in tags:
            continue
        made = clusters.made(GROUP, item["GroupId"], name, cluster)
        if _EKS in tags:  # EKS itself has made it, and takes it along
            gone = clusters.is_gone(cluster)
            made = replace(made, may_go=gone, holds=gone or not made.may_go)
        found.append(made)
    return found


def _interfaces(looks: Looks, clusters: _Clusters, vpc: str) -> list[Made]:
    """Those that are attached to nothing, and that Lambda or the network plugin of Kubernetes has left."""
    filters = [*_in(vpc), {"Name": "status", "Values": ["available"]}]
    found = []
    for item in looks.listing("ec2:DescribeNetworkInterfaces", "NetworkInterfaces", vpc, Filters=filters):
        key, words = item["NetworkInterfaceId"], item.get("Description", "")
        cluster = _tags(item, "TagSet").get(_CNI, "")
        if item.get("Attachment"):
            continue
        if _LAMBDA.fullmatch(words):
            found.append(Made(INTERFACE, key, words, "Lambda"))
        elif cluster:
            found.append(clusters.made(INTERFACE, key, words, cluster))
    return found


def _balancers(looks: Looks, clusters: _Clusters, vpc: str) -> list[Made]:
    """Load balancers and target groups. They can not be listed by VPC."""
    action = "elasticloadbalancing:{}"
    arns = {}
    for type_name, listing, key in (
        (BALANCER, "LoadBalancers", "LoadBalancer"),
        (TARGET_GROUP, "TargetGroups", "TargetGroup"),
    ):
        for item in looks.listing(action.format(f"Describe{listing}"), listing, vpc):
            if item.get("VpcId") == vpc:
                arns[item[f"{key}Arn"]] = (type_name, item[f"{key}Name"])
    found = []
    for some in batches(list(arns), _TAGGED_PER_CALL):
        for item in looks.listing(action.format("DescribeTags"), "TagDescriptions", vpc, ResourceArns=list(some)):
            cluster = _cluster_in(_tags(item))
            if cluster and _STACK not in _tags(item):
                type_name, name = arns[item["ResourceArn"]]
                found.append(clusters.made(type_name, item["ResourceArn"], name, cluster, type_name == BALANCER))
    return found


def _classic_balancers(looks: Looks, clusters: _Clusters, vpc: str) -> list[Made]:
    """Those that Kubernetes makes without its controller: https://github.com/eksctl-io/eksctl/issues/103"""

    def pages(action: str, **arguments: Any) -> list[Mapping[str, Any]]:
        client = looks.clients("elb")
        with aws_call(action):
            if client.can_paginate(operation := xform_name(action.partition(":")[2])):
                return list(client.get_paginator(operation).paginate(**arguments))
            return [getattr(client, operation)(**arguments)]

    listing = looks.at(vpc, lambda: pages("elasticloadbalancing:DescribeLoadBalancers")) or []
    names = [
        item["LoadBalancerName"]
        for page in listing
        for item in page["LoadBalancerDescriptions"]
        if item.get("VPCId") == vpc
    ]
    found = []
    for some in batches(names, _TAGGED_PER_CALL):
        tagged = looks.at(vpc, lambda some=some: pages("elasticloadbalancing:DescribeTags", LoadBalancerNames=some))
        for item in (item for page in tagged or () for item in page["TagDescriptions"]):
            cluster = _cluster_in(_tags(item))
            if cluster and _STACK not in _tags(item):
                name = item["LoadBalancerName"]
                found.append(clusters.made(CLASSIC, name, name, cluster))
    return found


def _cluster_in(tags: Mapping[str, str]) -> str:
    """The cluster for which Kubernetes has made what has these tags; empty if it has not."""
    owned = [key.removeprefix(_OWNED) for key, value in tags.items() if key.startswith(_OWNED) and value == "owned"]
    return tags.get(_CONTROLLER) or (owned[0] if owned else "")


class _Clusters:
    """Clusters of Kubernetes, and whether they are ours, or gone."""

    def __init__(self, looks: Looks, ours: Ours, vpc: str) -> None:
        self._looks = looks
        self._ours = ours
        self._vpc = vpc
        self._done: dict[str, bool] = {}

    def made(self, type_name: str, key: str, name: str, cluster: str, holds: bool = True) -> Made:
        """What one of them has made. What of a cluster of others still runs is its."""
        may_go = Resource(_CLUSTER, cluster) in self._ours.owned or self.is_gone(cluster)
        return Made(type_name, key, name, f"Kubernetes cluster {cluster}", may_go, holds)

    def is_gone(self, cluster: str) -> bool:
        """Neither does EKS know it, nor does a node of it run in the VPC, as of one that EKS does not manage. Where
        that can not be looked at, it is there."""
        if cluster not in self._done:
            self._done[cluster] = self._look(cluster)
        return self._done[cluster]

    def _look(self, cluster: str) -> bool:
        def known() -> bool:
            with aws_call("eks:DescribeCluster"):
                self._looks.clients("eks").describe_cluster(name=cluster)
            return True

        if self._looks.at(cluster, known, False, ("ResourceNotFoundException",)) is not False:
            return False
        nodes = [
            *_in(self._vpc),
            {"Name": "tag-key", "Values": [f"{_OWNED}{cluster}"]},
            {"Name": "instance-state-name", "Values": _ALIVE},
        ]
        pages = self._looks.at(cluster, lambda: self._looks.pages("ec2:DescribeInstances", Filters=nodes))
        return pages is not None and not any(page.get("Reservations") for page in pages)
