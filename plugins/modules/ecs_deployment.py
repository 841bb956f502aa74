#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_deployment
short_description: Bring an ECS service to a deployment, or back
version_added: 1.0.0
description:
  - Brings a service to other images, environment variables or another task definition, follows this deployment by its
    ARN to its end, and fails unless it is successful, with what ECS says of it, of the tasks that stopped and of the
    targets that were not healthy.
  - A new revision of the task definition is made from the one that the service runs. An equal revision that is the
    latest of its family is taken instead.
  - A service that runs what is wanted already is left alone. A deployment to the same that is under way is joined, so
    that a run that was killed can be run again.
  - With O(state=rolled_back) the service goes back to what it ran before.
author:
  - workshop.lifecycle contributors (@workshop-lifecycle)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
options:
  cluster:
    description:
      - Name or ARN of the cluster.
    type: str
    required: true
  service:
    description:
      - Name of the service.
    type: str
    required: true
  state:
    description:
      - V(present) brings the service to what the other options say.
      - V(rolled_back) brings it back. A deployment that is under way is rolled back by ECS. After a deployment that
        has ended the service is brought to the task definition of the last successful deployment with another one; if
        that is C(INACTIVE), to a copy of it.
      - A service that has gone back already, and nothing was deployed since, is left alone.
      - Only the task definition goes back. Data, and whatever else the deployment has changed, do not.
    type: str
    choices: [present, rolled_back]
    default: present
  images:
    description:
      - Images, by the names of containers of the task definition. Other containers keep theirs.
    type: dict
  environment:
    description:
      - Environment variables, by the names of containers, each a dictionary of variables. Those that are not named
        stay, one that is V(null) is removed.
      - What looks like a secret is never shown, and yet anybody can read it who may read task definitions. Secrets
        belong into the C(secrets) of the task definition.
    type: dict
  task_definition:
    description:
      - The task definition to run instead of a new revision, as an ARN, as family and revision, or as a family, of
        which the latest is taken.
    type: str
  alarms:
    description:
      - Names of CloudWatch alarms that end the deployment. An empty list switches them off. If omitted, those of the
        service stay.
      - One that is in C(ALARM) already is refused, since ECS would ignore it.
    type: list
    elements: str
  circuit_breaker:
    description:
      - When ECS gives the deployment up because its tasks fail. If omitted, what the service has stays.
    type: dict
    suboptions:
      enable:
        description: Whether it is on.
        type: bool
        default: true
      threshold:
        description:
          - How many failed tasks open it, or how many percent of the desired ones. If omitted, what the service has
            stays, which by default is half of them, at least 3 and at most 200.
          - Needs botocore 1.43.37.
        type: int
      threshold_type:
        description:
          - How O(circuit_breaker.threshold) is counted. V(bounded_percent) is at least 3 and at most 200 tasks.
        type: str
        choices: [count, bounded_percent, unbounded_percent]
        default: count
  strategy:
    description:
      - How the tasks of the new version take the place of the old ones. If omitted, what the service has stays.
      - With V(rolling) old tasks go as new ones come. With the others both versions run beside each other, and ECS
        shifts the traffic, with V(blue_green) all at once, with V(canary) first O(step_percent) and then the rest, with
        V(linear) again and again O(step_percent).
      - A service behind a load balancer needs an alternate target group for these, V(canary) and V(linear) need a load
        balancer or Service Connect. What the service lacks is said, and nothing is asked for.
      - Needs botocore 1.39.5, V(canary) and V(linear) 1.40.61.
    type: str
    choices: [rolling, blue_green, canary, linear]
  bake_time:
    description:
      - Minutes for which the old version still runs after all traffic has been shifted. Not with V(rolling).
      - If omitted, what the service has stays.
    type: int
  step_percent:
    description:
      - How many percent of the traffic are shifted in a step, for V(canary) 0.1 to 100, for V(linear) 3 to 100.
      - If omitted, what the service has stays, or ECS's default is taken.
    type: float
  step_bake_time:
    description:
      - Minutes between steps, 0 to 1440.
      - If omitted, what the service has stays, or ECS's default is taken.
    type: int
  minimum_healthy_percent:
    description:
      - How many percent of the desired tasks have to run all the time. If omitted, what the service has stays.
    type: int
  maximum_percent:
    description:
      - How many percent of the desired tasks may run at most. If omitted, what the service has stays.
    type: int
  rollback_on:
    description:
      - What brings the service back to what it ran before.
      - V(failure), when the circuit breaker opens, if the service has one, and when O(wait_timeout) is over.
      - V(alarm), when one of its alarms goes off.
      - V(probe), when one of the O(probes) fails.
      - V(interrupt), when the module is told to end by C(SIGINT) or C(SIGTERM).
      - Circuit breaker and alarms that are on are set to roll back, or not, as is said here.
    type: list
    elements: str
    choices: [failure, alarm, probe, interrupt]
    default: [failure, alarm, probe, interrupt]
  probes:
    description:
      - Requests that are sent again and again from where the module runs, beginning before the deployment. They decide
        whether the new version stays, from when it takes traffic until O(probe_for) is over, at most 20 of them.
      - The new version takes traffic when the first of its tasks runs, with the strategies that shift the traffic, when
        that begins. What fails before is counted apart.
      - If one fails, the module fails, and the service is brought back if O(rollback_on) has V(probe), by ECS itself as
        long as the deployment is under way, afterwards by another deployment, to what the service ran before.
      - Redirects are not followed. They are answers with a status of their own.
      - Headers, bodies and what follows a question mark in a URL are never shown.
    type: list
    elements: dict
    suboptions:
      url:
        description: What is asked for, with C(http) or C(https), without user name and password.
        type: str
        required: true
      method:
        description: The method.
        type: str
        default: GET
      headers:
        description: Headers, by their names.
        type: dict
      body:
        description: The body, as text.
        type: str
      status:
        description: The statuses that are wanted. If omitted, 200 to 299.
        type: list
        elements: int
      expect:
        description: A regular expression that has to be found in the first 256 KiB of the body.
        type: str
      timeout:
        description: Seconds within which an answer has to come.
        type: float
        default: 5.0
      interval:
        description:
          - Seconds from one request to the next. If an answer takes longer, the next request is sent when it is there.
        type: float
        default: 5.0
      failures:
        description: How many answers have to be other than wanted for the probe to fail.
        type: int
        default: 3
      of:
        description:
          - Of how many answers, the last ones, these are. If omitted, as many as O(probes[].failures), which means all
            in a row.
        type: int
      validate_certs:
        description: Whether the certificate is checked.
        type: bool
        default: true
  probe_for:
    description:
      - Seconds for which the new version is on trial after its deployment was successful. The O(probes) go on, and the
        alarms are looked at, which ECS then does no more.
      - If omitted, 60 with O(probes), else 0.
      - It is longer if a probe was not asked O(probes[].failures) times by then, or its last answer was a failure.
      - A run that is repeated within this time after one that was killed goes on with the trial.
    type: int
  deployment:
    description:
      - ARN of a deployment that is under way, or has just ended. It is followed, and nothing else is asked for.
      - With O(state=rolled_back), the one to go back from. The service is brought to what that one has replaced,
        whatever was before. It is refused if another deployment has begun since, unless that is the way back.
    type: str
  wait_until:
    description:
      - V(traffic) ends the module as soon as the new version takes traffic. It can then be tried, and
        O(deployment) follows it to its end.
    type: str
    choices: [end, traffic]
    default: end
  wait:
    description:
      - Wait for the end of the deployment.
      - With V(false) the module ends as soon as ECS shows the deployment. Nobody has then seen whether it is
        successful.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait for the end. When they are over the module fails. If it has the deployment rolled back then,
        it waits for the end of that as long again.
    type: int
    default: 1800
  poll_interval:
    description:
      - Seconds between two looks.
    type: float
    default: 5.0
  progress_file:
    description:
      - Append a line of JSON to this file for each event. Set by the action plugin, which prints the lines.
    type: path
notes:
  - ECS keeps deployments for 90 days, and none from before 2024-10-25. See
    U(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html).
  - Needs botocore 1.35.52, and 1.38.9 where something is to be rolled back. Fields of a task definition that the
    installed botocore does not know yet are lost in the new revision, so keep it up to date.
  - Services that CodeDeploy or an external controller deploys are refused. Lifecycle hooks, load balancers and network
    of the service are left as they are.
  - A service that belongs to a CloudFormation stack runs something else afterwards than its template says. The next
    update of the stack brings back what the template says.
  - The IAM actions needed are C(ecs:DescribeServices), C(ecs:DescribeTaskDefinition), C(ecs:ListServiceDeployments),
    C(ecs:DescribeServiceDeployments), C(ecs:DescribeServiceRevisions), C(ecs:RegisterTaskDefinition), with tags
    C(ecs:TagResource), C(ecs:UpdateService), C(ecs:StopServiceDeployment), C(ecs:ListTasks), C(ecs:DescribeTasks),
    with a load balancer C(elasticloadbalancing:DescribeTargetHealth), with alarms C(cloudwatch:DescribeAlarms), and
    C(iam:PassRole) for the roles of the task definition.
seealso:
  - module: community.aws.ecs_service
  - module: community.aws.ecs_taskdefinition
"""

EXAMPLES = r"""
- name: Release a new image, and go back by itself if that fails
  workshop.lifecycle.ecs_deployment:
    cluster: shop
    service: web
    images:
      app: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1.4
    circuit_breaker:
      threshold: 2
    alarms: [web-5xx]

- name: Change a variable, remove another
  workshop.lifecycle.ecs_deployment:
    cluster: shop
    service: web
    environment:
      app:
        LOG_LEVEL: debug
        OLD_FLAG: null

- name: Release a version that has to answer, and go back by itself if it does not
  workshop.lifecycle.ecs_deployment:
    cluster: shop
    service: web
    images:
      app: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1.4
    probe_for: 120
    probes:
      - url: https://shop.example.com/orders?limit=1
        headers:
          Authorization: "Bearer {{ shop_token }}"
        expect: '"orders":'
        failures: 3
        of: 10

- name: Go back
  workshop.lifecycle.ecs_deployment:
    cluster: shop
    service: web
    state: rolled_back
"""

RETURN = r"""
service_arn:
  description: ARN of the service.
  returned: when it was found
  type: str
  sample: arn:aws:ecs:eu-central-1:123456789012:service/shop/web
task_definition_before:
  description:
    - ARN of the task definition that the service was to run before. Of a deployment that was joined, the one that it
      takes the place of.
  returned: when the service was found
  type: str
  sample: arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7
task_definition:
  description:
    - ARN of the task definition of this deployment.
    - In check mode empty where a new revision would be registered.
  returned: when the service was found
  type: str
  sample: arn:aws:ecs:eu-central-1:123456789012:task-definition/web:8
registered:
  description: Whether a new revision was registered. In check mode, would be.
  returned: when the service was found
  type: bool
  sample: true
joined:
  description: Whether the deployment was under way already.
  returned: when the service was found
  type: bool
  sample: false
rolled_back:
  description: Whether the service was brought back, by ECS rolling this deployment back or by another deployment.
  returned: when the service was found
  type: bool
  sample: false
deployment:
  description: The deployment as it was last seen; V(none) if there was none to follow.
  returned: when the service was found
  type: dict
  contains:
    arn:
      description: Its ARN.
      type: str
      sample: arn:aws:ecs:eu-central-1:123456789012:service-deployment/shop/web/r9i43YFjvgF_xlg7m2eJ1
    status:
      description: Its state.
      type: str
      sample: SUCCESSFUL
    stage:
      description: The stage that it was in, if its strategy has stages.
      type: str
      sample: ''
    reason:
      description: Why it has this state, if ECS says so.
      type: str
      sample: ''
    rollback_reason:
      description: Why it was rolled back, if it was.
      type: str
      sample: ''
    requested_count:
      description: How many tasks of the new version there were to be.
      type: int
      sample: 2
    running_count:
      description: How many of these ran.
      type: int
      sample: 2
    failed_tasks:
      description: How many failures the circuit breaker has counted.
      type: int
      sample: 0
    triggered_alarms:
      description: Alarms that went off.
      type: list
      elements: str
      sample: []
    started_at:
      description: When it began.
      type: str
      sample: '2026-10-01T16:00:00.000+00:00'
    finished_at:
      description: When it ended.
      type: str
      sample: '2026-10-01T16:02:10.000+00:00'
  sample:
    arn: arn:aws:ecs:eu-central-1:123456789012:service-deployment/shop/web/r9i43YFjvgF_xlg7m2eJ1
    status: SUCCESSFUL
return_deployment:
  description:
    - The deployment that brought the service back after the other had been successful, in the form of RV(deployment);
      V(none) if there was none.
  returned: when the service was found
  type: dict
  sample: null
probes:
  description: What came of each of the O(probes), in their order.
  returned: when the service was found
  type: list
  elements: dict
  contains:
    probe:
      description: Its method and URL, without what follows a question mark.
      type: str
      sample: GET https://shop.example.com/orders?…
    failed:
      description: Whether it had too many failures.
      type: bool
      sample: true
    requests:
      description: How many requests were answered, or not in time, while the new version took traffic.
      type: int
      sample: 12
    failures:
      description: How many of them were not as wanted.
      type: int
      sample: 3
    requests_before:
      description: How many there were before.
      type: int
      sample: 9
    failures_before:
      description: How many of them were not as wanted.
      type: int
      sample: 0
    first_failure:
      description: The first that was not as wanted, while the new version took traffic; V(none) if all were.
      type: dict
      contains:
        at:
          description: When it was sent.
          type: str
          sample: '2026-10-01T16:00:40.120+00:00'
        status:
          description: The status of the answer; V(none) if there was none.
          type: int
          sample: 502
        problem:
          description: What was wrong.
          type: str
          sample: status 502
    last_failure:
      description: The last one, in the same form.
      type: dict
      sample: null
  sample: []
verdict:
  description: Why the version must not stay, by probes and by alarms after the deployment. Empty if it may.
  returned: when the service was found
  type: str
  sample: ''
bad_seconds:
  description:
    - For how many seconds at most requests may have gone to a version that failed, from the last look at which none of
      its tasks ran to the first at which none did any more, as far as this run saw it. V(none) if it stays.
  returned: when the service was found
  type: float
  sample: 43.2
events:
  description: What happened, in this order.
  returned: when the service was found
  type: list
  elements: dict
  contains:
    at:
      description: When it was seen, of V(in_service) when it may have begun at the earliest.
      type: str
      sample: '2026-10-01T16:00:38.004+00:00'
    kind:
      description:
        - What it is, V(deployment) for a state of the deployment, V(in_service) and V(out_of_service) for the new
          version, V(probe) for the first failure of a probe, V(alarm), and V(back) for what was asked of ECS.
      type: str
      sample: in_service
    text:
      description: The same in words.
      type: str
      sample: the new version takes traffic
  sample: []
stopped_tasks:
  description: Tasks of the new version that stopped by themselves, looked up when the deployment was not successful.
  returned: when the service was found
  type: list
  elements: dict
  contains:
    reason:
      description: What ECS says of it and of its containers.
      type: str
      sample: Essential container in task exited
    stop_code:
      description: ECS's code for it.
      type: str
      sample: EssentialContainerExited
    exit_codes:
      description: The exit codes, by the names of containers.
      type: dict
      sample: {app: 1}
  sample: []
unhealthy_targets:
  description: Targets of the service's target groups that were seen not to be healthy while the deployment went on.
  returned: when the service was found
  type: list
  elements: dict
  contains:
    target_group:
      description: ARN of the target group.
      type: str
      sample: arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef
    target:
      description: Its address and port.
      type: str
      sample: 10.0.1.17:80
    state:
      description: Its state.
      type: str
      sample: unhealthy
    reason:
      description: The load balancer's code for it.
      type: str
      sample: Target.ResponseCodeMismatch
    description:
      description: The same in words.
      type: str
      sample: 'Health checks failed with these codes: [500]'
  sample: []
survived_errors:
  description:
    - Number of AWS errors that passed by themselves (throttling, cut connections) while the deployment was followed.
  returned: when the service was found
  type: int
  sample: 0
"""

import os
import re

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.definition import without_secrets
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.probes import parsed
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.probes import shown
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.run import DeploymentRun
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_numbers

CHANGES = (
    "images",
    "environment",
    "task_definition",
    "alarms",
    "circuit_breaker",
    "strategy",
    "bake_time",
    "step_percent",
    "step_bake_time",
    "minimum_healthy_percent",
    "maximum_percent",
)


def check(params):
    """What is wrong with the options; empty if nothing is."""
    problem = check_numbers(params)
    if problem:
        return problem
    if not params["cluster"].strip():
        return "cluster must not be empty."
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
    if not re.fullmatch("[A-Za-z0-9_-]+", params["service"]):
        return f"service is {params['service']!r}, which is no name of a service."
    given = [name for name in CHANGES if params[name] is not None]
    followed = params["deployment"] is not None
    if followed and given and params["state"] == "present":
        return f"{', '.join(given)} cannot be given with deployment, which is only followed."
    given += [name for name in ("probes", "probe_for") if params[name] is not None]
    if params["probes"] and (params["wait_until"] == "traffic" or not params["wait"]):
        return "probes need wait, and wait_until end: nobody would see what they come to."
    if params["probe_for"] is not None and params["probe_for"] < 0:
        return f"probe_for must be at least 0 seconds, not {params['probe_for']}."
    if params["state"] == "rolled_back" and given:
        return f"{', '.join(given)} cannot be given with state rolled_back: the history says what to go back to."
    minimum, maximum = params["minimum_healthy_percent"], params["maximum_percent"]
    if minimum is not None and not 0 <= minimum <= 100:
        return f"minimum_healthy_percent must be 0 to 100, not {minimum}."
    if maximum is not None and maximum < 100:
        return f"maximum_percent must be at least 100, not {maximum}."
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html
    for name in ("bake_time", "step_bake_time"):
        if params[name] is not None and not 0 <= params[name] <= 1440:
            return f"{name} must be 0 to 1440 minutes, not {params[name]}."
    if params["step_percent"] is not None and not 0.1 <= params["step_percent"] <= 100:
        return f"step_percent must be 0.1 to 100, not {params['step_percent']}."
    threshold = (params["circuit_breaker"] or {}).get("threshold")
    if threshold is not None and threshold < 1:
        return f"circuit_breaker.threshold must be at least 1, not {threshold}."
    return ""


def sent(probes):
    """All values of headers and bodies. They are hidden wherever they would be shown, and not everywhere else: one may
    be "new", or "1"."""
    found = [value for probe in probes or () for value in [*(probe["headers"] or {}).values(), probe["body"]]]
    return {str(value) for value in found if value is not None}


def values(environment):
    """All values of variables. What is shown of them hides what is a secret; to syslog none of them goes."""
    found = [item for variables in (environment or {}).values() for item in leaves(variables)]
    return {str(value) for value in found if value is not None}


def leaves(value):
    """What is in dictionaries and lists, however deep."""
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            cluster=dict(type="str", required=True),
            service=dict(type="str", required=True),
            state=dict(type="str", choices=["present", "rolled_back"], default="present"),
            images=dict(type="dict"),
            environment=dict(type="dict", no_log=True),
            task_definition=dict(type="str"),
            alarms=dict(type="list", elements="str"),
            circuit_breaker=dict(
                type="dict",
                options=dict(
                    enable=dict(type="bool", default=True),
                    threshold=dict(type="int"),
                    threshold_type=dict(
                        type="str", choices=["count", "bounded_percent", "unbounded_percent"], default="count"
                    ),
                ),
            ),
            strategy=dict(type="str", choices=["rolling", "blue_green", "canary", "linear"]),
            bake_time=dict(type="int"),
            step_percent=dict(type="float"),
            step_bake_time=dict(type="int"),
            minimum_healthy_percent=dict(type="int"),
            maximum_percent=dict(type="int"),
            rollback_on=dict(
                type="list",
                elements="str",
                choices=["failure", "alarm", "probe", "interrupt"],
                default=["failure", "alarm", "probe", "interrupt"],
            ),
            probes=dict(
                type="list",
                elements="dict",
                options=dict(
                    url=dict(type="str", required=True),
                    method=dict(type="str", default="GET"),
                    headers=dict(type="dict", no_log=True),
                    body=dict(type="str", no_log=True),
                    status=dict(type="list", elements="int"),
                    expect=dict(type="str"),
                    timeout=dict(type="float", default=5.0),
                    interval=dict(type="float", default=5.0),
                    failures=dict(type="int", default=3),
                    of=dict(type="int"),
                    validate_certs=dict(type="bool", default=True),
                ),
            ),
            probe_for=dict(type="int"),
            deployment=dict(type="str"),
            wait_until=dict(type="str", choices=["end", "traffic"], default="end"),
            wait=dict(type="bool", default=True),
            wait_timeout=dict(type="int", default=1800),
            poll_interval=dict(type="float", default=5.0),
            progress_file=dict(type="path"),
        ),
        mutually_exclusive=[("task_definition", "images"), ("task_definition", "environment")],
        supports_check_mode=True,
    )
    params = dict(module.params)
    # These are what the result shows as the module's arguments.
    module.params["environment"] = without_secrets(params["environment"])
    module.params["probes"] = shown(params["probes"])
    module.no_log_values.difference_update({*sent(params["probes"]), *values(params["environment"])})
    problem = check(params)
    if problem:
        module.fail_json(msg=problem)

    module.params.update(one_identity(module.params, os.environ))
    try:
        probes = parsed(params["probes"])
        run = DeploymentRun(params, Clients(*get_aws_connection_info(module)), module.check_mode, probes)
    except ValueError as error:
        module.fail_json(msg=str(error))
    except AwsCallError as error:
        module.fail_json(msg=error.advice())
    problem = run.run()
    for warning in run.warnings():
        module.warn(warning)
    result = run.result()
    if problem:
        module.fail_json(msg=problem, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
