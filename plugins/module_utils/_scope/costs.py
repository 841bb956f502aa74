# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What of a stack runs, and costs money while nobody uses it."""

from __future__ import annotations

from typing import Iterable

from .._stacks.types import DELETE_COMPLETE
from .._stacks.types import StackResource

#: What each type counts as. A cluster counts beside the instances in it, since it may have some that no stack has.
#: Tasks and instances of EC2 are not counted here, but looked at.
KINDS = {
    "AWS::ECS::Service": "ecs_services",
    "AWS::AutoScaling::AutoScalingGroup": "instance_groups",
    "AWS::EKS::Nodegroup": "instance_groups",
    "AWS::EKS::Cluster": "kubernetes_clusters",
    "AWS::EC2::NatGateway": "nat_gateways",
    "AWS::ElasticLoadBalancing::LoadBalancer": "load_balancers",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "load_balancers",
    "AWS::RDS::DBInstance": "databases",
    "AWS::DocDB::DBInstance": "databases",
    "AWS::Neptune::DBInstance": "databases",
    "AWS::RDS::DBCluster": "database_clusters",
    "AWS::DocDB::DBCluster": "database_clusters",
    "AWS::Neptune::DBCluster": "database_clusters",
    "AWS::Redshift::Cluster": "database_clusters",
    "AWS::ElastiCache::CacheCluster": "caches",
    "AWS::ElastiCache::ReplicationGroup": "caches",
    "AWS::OpenSearchService::Domain": "search_domains",
}


def counted(resources: Iterable[StackResource]) -> dict[str, int]:
    """How many there are of each kind that there is, in the order of KINDS."""
    there = [
        KINDS[item.type]
        for item in resources
        if item.type in KINDS and item.physical_id and item.status != DELETE_COMPLETE
    ]
    return {kind: there.count(kind) for kind in dict.fromkeys(KINDS.values()) if kind in there}
