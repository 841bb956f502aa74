# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::CloudWatch::Alarm and AWS::Logs::MetricFilter, which moto's CloudFormation lacks.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-metricfilter.html
"""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.models import Dimension, Metric, MetricDataQuery, MetricStat, cloudwatch_backends
from moto.logs.models import logs_backends

from ..cloudformation.deletion import Context, Resource, register
from ..services.models import StackResource
from ..services.shapes import api_parameters
from ..world import world


class AlarmResource(StackResource, StackResource.base):
    """Ref is the alarm's name."""

    @staticmethod
    def cloudformation_name_type() -> str:
        return "AlarmName"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::CloudWatch::Alarm"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Arn"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_kwargs: Any
    ) -> AlarmResource:
        given = api_parameters("cloudwatch", "PutMetricAlarm", cloudformation_json.get("Properties", {}))
        alarm = cloudwatch_backends[account_id][region_name].put_metric_alarm(
            resource_name,
            given.get("Namespace"),
            given.get("MetricName"),
            given["ComparisonOperator"],
            given["EvaluationPeriods"],
            given.get("Period"),
            given.get("Threshold"),
            given.get("Statistic"),
            given.get("AlarmDescription"),
            given.get("Dimensions", []),
            given.get("AlarmActions", []),
            metric_data_queries=[_query(item) for item in given.get("Metrics", [])],
            datapoints_to_alarm=given.get("DatapointsToAlarm"),
            extended_statistic=given.get("ExtendedStatistic"),
            ok_actions=given.get("OKActions", []),
            insufficient_data_actions=given.get("InsufficientDataActions", []),
            unit=given.get("Unit"),
            actions_enabled=given.get("ActionsEnabled", True),
            treat_missing_data=given.get("TreatMissingData"),
            tags=given.get("Tags"),
        )
        return cls(alarm.name, {"Arn": alarm.alarm_arn})

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource: Any, new_resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> AlarmResource:
        if new_resource_name != original_resource.physical_resource_id:
            cloudwatch_backends[account_id][region_name].delete_alarms([original_resource.physical_resource_id])
        return cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)


class MetricFilterResource(StackResource, StackResource.base):
    """Ref is the filter's name."""

    @staticmethod
    def cloudformation_name_type() -> str:
        return "FilterName"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Logs::MetricFilter"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_kwargs: Any
    ) -> MetricFilterResource:
        properties = cloudformation_json["Properties"]
        # Dimensions are a list of keys and values here, a map in the API.
        transformations = [
            {**item, "Dimensions": {pair["Key"]: pair["Value"] for pair in item.get("Dimensions", [])}}
            for item in properties["MetricTransformations"]
        ]
        given = api_parameters("logs", "PutMetricFilter", {**properties, "MetricTransformations": transformations})
        logs_backends[account_id][region_name].put_metric_filter(
            resource_name, given["filterPattern"], given["logGroupName"], given["metricTransformations"]
        )
        return cls(resource_name, {"LogGroupName": given["logGroupName"]})

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource: Any, new_resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> MetricFilterResource:
        logs_backends[account_id][region_name].filters.delete_filter(
            original_resource.physical_resource_id, original_resource.attributes["LogGroupName"]
        )
        return cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)


def _query(given: dict[str, Any]) -> MetricDataQuery:
    stat = given.get("MetricStat")
    found = None
    if stat is not None:
        metric = stat["Metric"]
        dimensions = [Dimension(item["Name"], item["Value"]) for item in metric.get("Dimensions", [])]
        metric = Metric(metric["MetricName"], metric["Namespace"], dimensions)
        found = MetricStat(metric, stat["Period"], stat["Stat"], stat.get("Unit"))
    return MetricDataQuery(
        given["Id"],
        given.get("Label"),
        given.get("Period"),
        given.get("ReturnData", True),
        given.get("Expression"),
        found,
    )


class _Deletion:
    """What is gone already, the filters of a deleted log group among them, is deleted."""

    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("resource.other", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        if resource.type == "AWS::CloudWatch::Alarm":
            cloudwatch_backends[resource.account_id][resource.region].delete_alarms([resource.physical_id])
        else:
            group = resource.properties["LogGroupName"]
            filters = logs_backends[resource.account_id][resource.region].filters
            filters.delete_filter(resource.physical_id, group)
        return True


def install() -> None:
    register("AWS::CloudWatch::Alarm", _Deletion())
    register("AWS::Logs::MetricFilter", _Deletion())
