# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of Elastic Load Balancing."""

from __future__ import annotations

from .elbv2_rules import CLEARING
from .elbv2_rules import GROUP
from .elbv2_rules import RULE
from .protection import Protection
from .protection import one_call
from .resource import ResourceType
from .resource import by
from .resource import one
from .resource import whole

TYPES = (
    ResourceType(
        name="AWS::ElasticLoadBalancingV2::Listener",
        command=by("elbv2 delete-listener --listener-arn"),
        lookup=one("elasticloadbalancing:DescribeListeners", "ListenerArns", "ListenerNotFound", many=True),
        arn="elasticloadbalancing:listener",
        arn_id=whole,
    ),
    ResourceType(
        name=RULE,
        command=by("elbv2 delete-rule --rule-arn"),
        lookup=one("elasticloadbalancing:DescribeRules", "RuleArns", "RuleNotFound", many=True),
        arn="elasticloadbalancing:listener-rule",
        arn_id=whole,
    ),
    ResourceType(
        name="AWS::ElasticLoadBalancingV2::LoadBalancer",
        command=by("elbv2 delete-load-balancer --load-balancer-arn"),
        lookup=one("elasticloadbalancing:DescribeLoadBalancers", "LoadBalancerArns", "LoadBalancerNotFound", many=True),
        arn="elasticloadbalancing:loadbalancer",
        arn_id=whole,
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
        protection=Protection(
            action="elasticloadbalancing:DescribeLoadBalancerAttributes",
            ask=lambda arn: {"LoadBalancerArn": arn},
            on=lambda answer, arn: {"Key": "deletion_protection.enabled", "Value": "true"} in answer["Attributes"],
            lift=lambda arn: (
                *("elbv2", "modify-load-balancer-attributes", "--load-balancer-arn", arn),
                *("--attributes", "Key=deletion_protection.enabled,Value=false"),
            ),
            switch=one_call(
                "elasticloadbalancing:ModifyLoadBalancerAttributes",
                lambda arn, on: {
                    "LoadBalancerArn": arn,
                    "Attributes": [{"Key": "deletion_protection.enabled", "Value": str(on).lower()}],
                },
            ),
            switches=("elasticloadbalancing:ModifyLoadBalancerAttributes",),
        ),
    ),
    ResourceType(
        name=GROUP,
        command=by("elbv2 delete-target-group --target-group-arn"),
        lookup=one("elasticloadbalancing:DescribeTargetGroups", "TargetGroupArns", "TargetGroupNotFound", many=True),
        arn="elasticloadbalancing:targetgroup",
        arn_id=whole,
        clearing=CLEARING,
    ),
)
