# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is in a namespace, a hosted zone or a cluster by AWS's own lists. It holds that, whatever templates say."""

from __future__ import annotations

from typing import Callable
from typing import Mapping

from .._aws.batches import batches
from .._aws.looks import Looks
from .cloudmap import SERVICE
from .cloudmap import services_in
from .ecs import CLUSTER
from .resource import Resource
from .resource import last_part

_GROUP = "AWS::AutoScaling::AutoScalingGroup"
_INSTANCE = "AWS::EC2::Instance"
_RECORDS = ("AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup")
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeContainerInstances.html
# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingInstances.html
_AT_ONCE = 50


def _services(looks: Looks, namespace: str) -> list[Resource]:
    # "If the namespace still contains one or more services, the request fails":
    # https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteNamespace.html
    return [Resource(SERVICE, row["Id"]) for row in services_in(looks, namespace)]


def _records(looks: Looks, zone: str) -> list[Resource]:
    # "You can delete a hosted zone only if it contains only the default SOA and NS records":
    # https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html
    rows = looks.listing("route53:ListResourceRecordSets", "ResourceRecordSets", zone, HostedZoneId=zone)
    names = dict.fromkeys(row["Name"].rstrip(".") for row in rows if row["Type"] not in ("NS", "SOA"))
    return [Resource(kind, name + dot) for name in names for kind in _RECORDS for dot in ("", ".")]


def _instances(looks: Looks, cluster: str) -> list[Resource]:
    # ClusterContainsContainerInstancesException:
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
    name = last_part(cluster)
    arns = looks.listing("ecs:ListContainerInstances", "containerInstanceArns", name, cluster=name)
    found: list[Resource] = []
    for some in batches(arns, _AT_ONCE):
        rows = looks.listing(
            "ecs:DescribeContainerInstances", "containerInstances", name, cluster=name, containerInstances=some
        )
        ids = [row["ec2InstanceId"] for row in rows if row.get("ec2InstanceId")]
        found += [Resource(_INSTANCE, item) for item in ids]
        if ids:
            action = "autoscaling:DescribeAutoScalingInstances"
            scaled = looks.listing(action, "AutoScalingInstances", name, InstanceIds=ids)
            found += [Resource(_GROUP, row["AutoScalingGroupName"]) for row in scaled]
    return found


#: By the type of what they are in: finds what may be in one, by its physical id. Gaps are noted.
MEMBERS: Mapping[str, Callable[[Looks, str], list[Resource]]] = {
    CLUSTER: _instances,
    "AWS::Route53::HostedZone": _records,
    "AWS::ServiceDiscovery::HttpNamespace": _services,
    "AWS::ServiceDiscovery::PrivateDnsNamespace": _services,
    "AWS::ServiceDiscovery::PublicDnsNamespace": _services,
}
