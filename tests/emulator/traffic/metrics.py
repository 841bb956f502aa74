# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What load balancers tell CloudWatch of their requests.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
"""

from __future__ import annotations

from datetime import datetime, timezone

from moto.cloudwatch.models import cloudwatch_backends

from .records import Request

_NAMESPACE = "AWS/ApplicationELB"


def put(request: Request) -> None:
    """The metrics of one request, at the time at which it was answered."""
    _arn, _aws, _service, region, account_id, resource = request.listener.split(":", 5)
    balancer = {"Name": "LoadBalancer", "Value": resource.removeprefix("listener/").rpartition("/")[0]}
    dimensions = [[balancer]]
    if request.target_group is not None:
        group = {"Name": "TargetGroup", "Value": request.target_group.split(":", 5)[5]}
        dimensions.append([group, balancer])
    moment = datetime.fromtimestamp(request.at + request.seconds, timezone.utc).replace(tzinfo=None)
    cloudwatch_backends[account_id][region].put_metric_data(
        _NAMESPACE,
        [
            {"MetricName": name, "Value": value, "Unit": unit, "Timestamp": moment, "Dimensions": of}
            for name, value, unit in _values(request)
            for of in dimensions
            if len(of) == 1 or not name.startswith("HTTPCode_ELB")
        ],
    )


def _values(request: Request) -> list[tuple[str, float, str]]:
    kind = f"{request.status // 100}XX"
    if request.target_group is None:
        name = "HTTP_Redirect_Count" if kind == "3XX" else "HTTP_Fixed_Response_Count"
        return [(name, 1.0, "Count")]
    if not request.by_balancer:
        return [
            ("RequestCount", 1.0, "Count"),
            (f"HTTPCode_Target_{kind}_Count", 1.0, "Count"),
            ("TargetResponseTime", request.seconds, "Seconds"),
        ]
    own = [(f"HTTPCode_ELB_{name}_Count", 1.0, "Count") for name in (kind, str(request.status))]
    # Requests for which there was no target to choose are not counted.
    return own if request.status == 503 else [("RequestCount", 1.0, "Count"), *own]
