#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_diagnosis
short_description: Find out what fails in ECS services, since when, and why
version_added: 1.0.0
description:
  - Reads deployments, stopped tasks, targets, alarms, X-Ray traces and logs of the services of a cluster, and tells
    what fails, since when, how often against before, which deployment began just before, and the way through the
    services to the deepest that failed, with its exception. Changes nothing.
  - What could not be looked at, because of a denial or because it is not there, is told as a gap, and nothing is
    guessed in its place.
  - A deployment is told with a failure only if it began before it, and nothing speaks against it.
author:
  - workshop.lifecycle contributors (@workshop-lifecycle)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
attributes:
  check_mode:
    details:
      - This module changes nothing.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    details:
      - This module changes nothing. What it finds may change.
options:
  cluster:
    description:
      - Name or ARN of the cluster.
    type: str
    required: true
  services:
    description:
      - Names of the services. If there are none, all of the cluster.
    type: list
    elements: str
    default: []
  start:
    description:
      - From when on it is looked, in ISO 8601 with a time zone. What was over before that is not told.
      - If omitted, O(window) before the end.
    type: str
  end:
    description:
      - Until when it is looked, in ISO 8601 with a time zone. If omitted, until now, by AWS's clock.
    type: str
  window:
    description:
      - Seconds before the end from which it is looked, unless O(start) is given.
    type: int
    default: 3600
  before:
    description:
      - Seconds before the start that are looked at too, to know how it was before.
    type: int
    default: 1800
  trace_names:
    description:
      - What X-Ray calls a service, by its name in ECS, where that is not the same.
    type: dict
    default: {}
  alarms:
    description:
      - Names of CloudWatch alarms to look at, besides those of the services' deployments.
    type: list
    elements: str
    default: []
  traces:
    description:
      - Whether X-Ray is asked.
    type: bool
    default: true
  logs:
    description:
      - Whether CloudWatch Logs are asked, which AWS charges for by what a query reads. Only lines of services that fail
        are, from when they do, and of ten services if nothing else tells of a failure.
    type: bool
    default: true
  failure_share:
    description:
      - Share of its requests that have to fail, to be told.
    type: float
    default: 0.05
  just_before:
    description:
      - Seconds within which a failure has to follow the beginning of a deployment, or be before its end, for the two to
        be told together.
    type: int
    default: 900
  slower:
    description:
      - How many times as long as before requests have to take to be told as slow.
    type: float
    default: 3.0
  slow:
    description:
      - How many seconds longer than before they have to take as well.
    type: float
    default: 1.0
  max_traces:
    description:
      - How many requests are read at most, all and those that failed. If there are more, C(sampled) in
        RV(requests) says so, and they are from all parts of the time.
    type: int
    default: 1000
  max_segments:
    description:
      - Of how many requests the segments are read.
    type: int
    default: 25
notes:
  - The IAM actions that it uses are C(ecs:ListServices), C(ecs:DescribeServices), C(ecs:DescribeTaskDefinition),
    C(ecs:ListServiceDeployments), C(ecs:DescribeServiceDeployments), C(ecs:DescribeServiceRevisions),
    C(ecs:ListTasks), C(ecs:DescribeTasks), C(elasticloadbalancing:DescribeTargetHealth), C(cloudwatch:DescribeAlarms),
    C(xray:GetTraceSummaries), C(xray:BatchGetTraces), C(xray:GetServiceGraph),
    C(xray:GetTimeSeriesServiceStatistics), C(xray:GetTraceSegmentDestination), C(logs:StartQuery),
    C(logs:GetQueryResults) or C(logs:FilterLogEvents), and with Transaction Search C(xray:StartTraceRetrieval) and
    C(xray:ListRetrievedTraces). It needs C(ecs:DescribeServices), and C(ecs:ListServices) without O(services).
  - ECS keeps stopped tasks for about an hour, and deployments for 90 days. X-Ray keeps traces for 30 days, and draws no
    graph of more than 6 hours.
  - Deployments need botocore 1.35.52, traces in CloudWatch Logs 1.35.67.
seealso:
  - module: workshop.lifecycle.ecs_deployment
  - module: workshop.lifecycle.workshop_diagnosis
"""

EXAMPLES = r"""
- name: Find out what is wrong with a service
  workshop.lifecycle.ecs_diagnosis:
    cluster: shop
    services: [web]
  register: found

- name: Look at the time of a deployment, without asking the logs
  workshop.lifecycle.ecs_diagnosis:
    cluster: shop
    start: '2026-11-26T10:40:00+00:00'
    end: '2026-11-26T10:50:00+00:00'
    logs: false
"""

RETURN = r"""
verdict:
  description: V(failing), V(slow), or V(nothing_found).
  returned: success
  type: str
  sample: failing
cluster:
  description: The cluster.
  returned: success
  type: str
  sample: shop
region:
  description: Where it is.
  returned: success
  type: str
  sample: eu-central-1
schema_version:
  description: Version of this form.
  returned: success
  type: str
  sample: '1.0'
start:
  description: From when on it was looked.
  returned: success
  type: str
  sample: '2026-11-26T10:00:00.000+00:00'
end:
  description: Until when.
  returned: success
  type: str
  sample: '2026-11-26T11:00:00.000+00:00'
services:
  description: Names of the services.
  returned: success
  type: list
  elements: str
  sample: [web, worker]
findings:
  description: What fails, what fails most often first, and after that what is slow.
  returned: success
  type: list
  elements: dict
  contains:
    service:
      description: The service in which it fails.
      type: str
      sample: web
    kind:
      description:
        - What it is, V(permission), V(tls), V(throttled), V(dns), V(disk), V(memory), V(image), V(secret),
          V(health_check), V(wrong_port), V(refused), V(timeout), V(missing), V(crash), V(placement), V(start), V(slow),
          V(client_errors), V(alarm) or V(unknown).
      type: str
      sample: tls
    source:
      description: What tells it, V(traces), V(tasks), V(targets), V(events), V(deployment), V(logs) or V(alarms).
      type: str
      sample: traces
    count:
      description: How many requests failed, tasks stopped, targets are unhealthy, or lines tell it.
      type: int
      sample: 12
    of:
      description: Of how many requests since then. 0 if these are not requests.
      type: int
      sample: 12
    since:
      description: When it began. V(none) if that is not known.
      type: str
      sample: '2026-11-26T10:42:07.000+00:00'
    exact:
      description: Whether it is known that it was not so before.
      type: bool
      sample: true
    until:
      description: When it was last seen, if it is over.
      type: str
      sample: null
    before:
      description: How many requests failed before, C(failed) C(of) so many. V(none) if these are not requests.
      type: dict
      sample: {failed: 0, of: 31}
    statistics:
      description:
        - What X-Ray counted of all requests of the service, C(now) and C(before), each C(failed) C(of) so many.
      type: dict
      sample: null
    entity:
      description: What the service called, or did, when it failed. Empty if it is the service itself.
      type: str
      sample: DynamoDB PutItem orders
    exception:
      description: The exception, with C(type) and C(message). V(none) if there is none.
      type: dict
      sample: {type: x509.UnknownAuthorityError, message: certificate signed by unknown authority}
    said:
      description: What ECS, a load balancer, an alarm or the log says of it.
      type: str
      sample: ''
    seconds:
      description: How long requests took C(before), and take C(now), the median of each. V(none) if it is not slow.
      type: dict
      sample: null
    deployment:
      description: The deployment that began just before, as in RV(deployments), with C(seconds_before).
      type: dict
      sample: null
    path:
      description: The way from the client to what failed, and what was called beside it.
      type: list
      elements: dict
      sample: []
    trace:
      description: One request in which it failed, with its C(id), and C(rows) of what took how long.
      type: dict
      sample: null
    traces:
      description: Ids of up to 20 of these requests.
      type: list
      elements: str
      sample: [1-6567f2a0-0123456789abcdef01234567]
    logs:
      description: Lines of the log that tell of it, each with C(at), C(stream) and C(message).
      type: list
      elements: dict
      sample: []
    handled_by:
      description: The service that answered well all the same. Empty if none did.
      type: str
      sample: ''
    effects:
      description: What follows from it in other services.
      type: list
      elements: str
      sample: []
    ruled_out:
      description: What was looked at, and is not the cause.
      type: list
      elements: str
      sample: [tasks healthy, targets healthy, no stopped tasks]
    advice:
      description: What to do. Empty if nothing is known.
      type: str
      sample: ''
    roll_back:
      description: Whether to bring the service back to what it ran before may help.
      type: bool
      sample: true
    rolled_back:
      description: Whether that has happened already.
      type: bool
      sample: false
notes:
  description: What is no failure, but worth knowing.
  returned: success
  type: list
  elements: str
  sample: []
gaps:
  description: What could not be looked at.
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: The IAM action of the call.
      type: str
      sample: xray:GetTraceSummaries
    message:
      description: What AWS said, or what kept the call from it.
      type: str
      sample: User is not authorized to perform xray:GetTraceSummaries
    denied:
      description: Whether it is enough to allow the action.
      type: bool
      sample: true
    about:
      description: What was asked for. Empty if the call asks for everything.
      type: list
      elements: str
      sample: []
looked_at:
  description: How much of each source was read, each with C(source) and C(count).
  returned: success
  type: list
  elements: dict
  sample: [{source: requests, count: 43}]
requests:
  description: How many requests were C(read), how many of these C(failed), and whether they are a sample (C(sampled)).
  returned: success
  type: dict
  sample: {read: 43, failed: 12, sampled: false}
deployments:
  description: Deployments of this time, and the last one before it, of each service.
  returned: success
  type: list
  elements: dict
  sample: []
timeline:
  description: How many C(requests) there were, and how many C(failed), from C(at) on for so many C(seconds).
  returned: success
  type: list
  elements: dict
  sample: []
map:
  description: The services that call each other, C(nodes) and C(edges), each with C(requests), C(failed) and C(faulty).
  returned: success
  type: dict
  sample: {nodes: [], edges: []}
"""

import os
from datetime import datetime

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.run import DiagnosisRun

LEAST = {"window": 1, "before": 0, "just_before": 0, "slower": 1, "slow": 0, "max_traces": 1, "max_segments": 1}


def moment(name, text):
    """Seconds since 1970, None for None. Raises ``ValueError`` with what to tell the user."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(f"{name} is {text!r}, which is no time: give 2026-11-26T10:42:07+00:00.") from error
    if found.tzinfo is None:
        raise ValueError(f"{name} is {text!r}, which has no time zone: give {text.strip()}+00:00 or its like.")
    return found.timestamp()


def check(params):
    """What is wrong with the options; empty if nothing is."""
    if not params["cluster"].strip():
        return "cluster must not be empty."
    for name, least in LEAST.items():
        if params[name] < least:
            return f"{name} must be at least {least}, not {params[name]}."
    if not 0 < params["failure_share"] <= 1:
        return f"failure_share must be more than 0 and at most 1, not {params['failure_share']}."
    if params["start"] is not None and params["end"] is not None and params["start"] >= params["end"]:
        return "start must be before end."
    return ""


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            cluster=dict(type="str", required=True),
            services=dict(type="list", elements="str", default=[]),
            start=dict(type="str"),
            end=dict(type="str"),
            window=dict(type="int", default=3600),
            before=dict(type="int", default=1800),
            trace_names=dict(type="dict", default={}),
            alarms=dict(type="list", elements="str", default=[]),
            traces=dict(type="bool", default=True),
            logs=dict(type="bool", default=True),
            failure_share=dict(type="float", default=0.05),
            just_before=dict(type="int", default=900),
            slower=dict(type="float", default=3.0),
            slow=dict(type="float", default=1.0),
            max_traces=dict(type="int", default=1000),
            max_segments=dict(type="int", default=25),
        ),
        supports_check_mode=True,
    )
    params = dict(module.params)
    try:
        params.update({name: moment(name, params[name]) for name in ("start", "end")})
    except ValueError as error:
        module.fail_json(msg=str(error))
    problem = check(params)
    if problem:
        module.fail_json(msg=problem)

    module.params.update(one_identity(module.params, os.environ))
    region, endpoint_url, arguments = get_aws_connection_info(module)
    try:
        with Looks(Clients(region, endpoint_url, arguments)) as looks:
            found = DiagnosisRun(params, looks, looks.clients("ecs").meta.region_name).take()
    except ValueError as error:
        module.fail_json(msg=str(error))
    except AwsCallError as error:
        module.fail_json(msg=error.advice())
    module.exit_json(changed=False, **found)


if __name__ == "__main__":
    main()
