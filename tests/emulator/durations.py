# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long AWS takes, in AWS seconds: the one table of the emulator."""

from __future__ import annotations

import math
import random
from collections import Counter

#: key -> (median, slow); "slow" is about the 95th percentile. Figures come from public logs of stack deletions
#: (convox/rack#1090, aws-samples super-eks#51, cloudfoundry/bosh-bootloader#52 for the retries on dependency
#: violations), from AWS documentation where it names one, and are estimates otherwise.
TABLE: dict[str, tuple[float, float]] = {
    "cloudformation.overhead": (5.0, 8.0),
    "cloudformation.dependency_retry": (960.0, 2580.0),
    "cloudformation.service_timeout": (1800.0, 1800.0),
    # An ECS service on Fargate through CloudFormation takes
    # schedule + deregister + stop + interface + settle = 85 / 180;
    # with desired count 0 and StopTask at the start deregister_stopped + stop + interface + settle = 40 / 75.
    "ecs.service.schedule": (5.0, 8.0),
    "ecs.service.replace": (10.0, 20.0),
    "ecs.service.settle": (5.0, 10.0),
    "ecs.deployment.begin": (1.0, 3.0),
    "ecs.deployment.stop": (2.0, 10.0),
    "ecs.deployment.rollback": (3.0, 10.0),
    "ecs.task.start": (30.0, 60.0),
    "ecs.task.deregister": (45.0, 105.0),
    "ecs.task.deregister_stopped": (5.0, 8.0),
    "ecs.task.stop": (15.0, 22.0),
    "ecs.task.kill": (30.0, 30.0),
    "ecs.task.forget": (3600.0, 3600.0),
    "ecs.task_definition": (2.0, 4.0),
    "ecs.cluster": (3.0, 5.0),
    "cloudmap.service": (1.0, 2.0),
    "cloudmap.instance.register": (2.0, 5.0),
    "cloudmap.instance.deregister": (3.0, 8.0),
    "cloudmap.namespace": (45.0, 60.0),
    "elbv2.load_balancer": (3.0, 5.0),
    "elbv2.listener": (1.0, 2.0),
    "elbv2.target_group": (1.0, 2.0),
    "ec2.interface.alb": (38.0, 60.0),
    "ec2.interface.task": (15.0, 35.0),
    "ec2.vpc": (4.0, 6.0),
    "ec2.vpc_endpoint": (6.0, 10.0),
    "ec2.subnet": (2.5, 4.0),
    "ec2.route": (2.5, 4.0),
    "ec2.route_table": (2.5, 4.0),
    "ec2.route_table_association": (2.5, 4.0),
    "ec2.internet_gateway": (2.5, 4.0),
    "ec2.gateway_attachment": (2.5, 4.0),
    "ec2.security_group": (2.5, 4.0),
    "ec2.flow_log": (1.0, 2.0),
    "ec2.address": (1.0, 2.0),
    "ec2.nat_gateway": (50.0, 75.0),
    "ec2.nat_gateway.forget": (3600.0, 3600.0),
    "logs.log_group": (1.0, 2.0),
    "logs.query": (2.0, 10.0),
    "logs.log_group.return": (20.0, 60.0),
    "ssm.parameter": (1.0, 2.0),
    "iam.role": (12.0, 15.0),
    "iam.policy": (3.0, 5.0),
    "iam.service_linked_role": (15.0, 40.0),
    "dynamodb.table": (10.0, 30.0),
    "appmesh.resource": (4.0, 8.0),
    "autoscaling.group": (120.0, 300.0),
    "ec2.instance": (40.0, 90.0),
    "ec2.network_interface": (2.5, 4.0),
    "eks.cluster": (120.0, 300.0),
    "eks.fargate_profile": (60.0, 180.0),
    "eks.nodegroup": (180.0, 400.0),
    "efs.mount_target": (30.0, 90.0),
    "rds.instance": (300.0, 600.0),
    "s3.bucket": (2.0, 5.0),
    "backup.recovery_point": (15.0, 60.0),
    "lambda.function": (3.0, 6.0),
    # awslabs/aws-support-tools#174: up to 20 minutes; aws-cloudformation/cloudformation-coverage-roadmap#392: 25 to 40
    "lambda.interface": (900.0, 2400.0),
    "cloudformation.custom_resource": (5.0, 15.0),
    "xray.retrieval": (5.0, 20.0),
    "tagging.forget": (300.0, 3600.0),
    "resource.other": (2.0, 4.0),
}

_NORMAL_95TH = 1.645


class Durations:
    """Draws from the table: medians without a seed, else spread around the median.

    A draw depends on seed, key, ``name`` and how often that pair was drawn before, not on the order of other draws,
    so that a run can be repeated although threads interleave differently.
    """

    def __init__(self, seed: int | None = None) -> None:
        self.seed = seed
        self.fixed: dict[str, float] = {}
        self._drawn: Counter[tuple[str, str]] = Counter()

    def draw(self, key: str, name: str = "") -> float:
        """AWS seconds for ``key`` (KeyError if the table lacks it); ``name`` tells instances apart."""
        median, slow = TABLE[key]
        if key in self.fixed:
            return self.fixed[key]
        if self.seed is None:
            return median
        self._drawn[key, name] += 1
        spread = random.Random(f"{self.seed}/{key}/{name}/{self._drawn[key, name]}").gauss(0.0, 1.0)
        seconds = median * math.exp(spread * math.log(slow / median) / _NORMAL_95TH)
        return min(max(seconds, median / 2), slow * 1.5)

    def set(self, key: str, aws_seconds: float) -> None:
        """Always use this value for ``key`` (KeyError if the table lacks it)."""
        if key not in TABLE:
            raise KeyError(key)
        self.fixed[key] = aws_seconds
