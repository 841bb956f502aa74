#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: workshop_info
short_description: See what there is of a workshop
version_added: 1.0.0
description:
  - Tells what there is of a workshop, and who asks. There are its stacks with what they own, services and tasks, and
    the leftovers, which are resources of the workshop that no stack owns. Changes nothing.
  - What is a workshop's follows from what its stacks own, by type and physical id, or owned before they were deleted.
    Only what it makes by hand has to be given by its name.
  - What could not be looked at is told in RV(gaps), and all the rest is looked at. Then nobody knows whether something
    is there. Only when the caller or the stacks can not be asked for is there no answer at all.
author:
  - workshop.lifecycle contributors (@workshop-lifecycle)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
  - workshop.lifecycle.scope
  - workshop.lifecycle.scope.account
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
requirements:
  - PyYAML, for the functions of custom resources in templates that are written in YAML
options:
  verify_if_nothing:
    description:
      - When nothing at all is found, prove it as with O(verify), in the same call.
    type: bool
    default: false
  blockers:
    description:
      - Also look for what others have in what the stacks own, and what keeps them from being deleted, see
        RV(blockers).
    type: bool
    default: false
  caller:
    description:
      - Also tell who asks.
    type: bool
    default: true
notes:
  - The IAM actions needed are C(sts:GetCallerIdentity), C(cloudformation:DescribeStacks), C(cloudformation:ListStacks),
    C(cloudformation:ListStackResources) and C(cloudformation:DescribeStackResources). Where stacks own ECS clusters or
    services also C(ecs:ListServices), C(ecs:DescribeServices), C(ecs:ListTasks) and C(ecs:DescribeTasks). For leftovers
    C(ecs:DescribeClusters), C(ecs:ListTaskDefinitions), C(logs:DescribeLogGroups), C(servicediscovery:ListServices) and
    C(servicediscovery:ListInstances), with O(xray_group) C(xray:GetGroups), with O(xray_sampling_rules)
    C(xray:GetSamplingRules), with O(ssm_path) C(ssm:DescribeParameters), with O(alarm_prefix)
    C(cloudwatch:DescribeAlarms), with O(tags) C(tag:GetResources) and what it takes to look up what is found, and to
    read its tags, as C(dynamodb:DescribeTable) and C(dynamodb:ListTagsOfResource).
  - With O(verify) also C(tag:GetResources), and to look up what stacks had
    C(dynamodb:DescribeTable), C(ec2:DescribeFlowLogs), C(ec2:DescribeInternetGateways), C(ec2:DescribeRouteTables),
    C(ec2:DescribeNatGateways), C(ec2:DescribeSecurityGroups), C(ec2:DescribeSubnets), C(ec2:DescribeVpcEndpoints),
    C(ec2:DescribeVpcs),
    C(ecs:DescribeClusters), C(ecs:DescribeServices), C(ecs:ListTaskDefinitions),
    C(elasticloadbalancing:DescribeListeners), C(elasticloadbalancing:DescribeLoadBalancers),
    C(elasticloadbalancing:DescribeTargetGroups), C(iam:GetRole), C(logs:DescribeLogGroups),
    C(servicediscovery:ListNamespaces), C(servicediscovery:ListServices), C(ssm:DescribeParameters).
  - With O(blockers) also C(servicediscovery:ListServices), C(servicediscovery:ListInstances),
    C(iam:GetRole), C(iam:ListInstanceProfilesForRole), C(iam:ListAttachedRolePolicies),
    C(cloudformation:GetTemplate), C(elasticloadbalancing:DescribeLoadBalancerAttributes), C(dynamodb:DescribeTable),
    C(logs:DescribeLogGroups), C(ec2:DescribeEgressOnlyInternetGateways),
    C(ec2:DescribeInternetGateways), C(ec2:DescribeNatGateways), C(ec2:DescribeNetworkAcls),
    C(ec2:DescribeNetworkInterfaces), C(ec2:DescribeRouteTables), C(ec2:DescribeSecurityGroups), C(ec2:DescribeSubnets),
    C(ec2:DescribeTransitGatewayVpcAttachments), C(ec2:DescribeVpcEndpoints), C(ec2:DescribeVpcPeeringConnections) and
    C(ec2:DescribeVpnGateways), as far as stacks own what these are about, and where a policy is attached to a role of
    theirs C(cloudformation:GetTemplate).
  - To see what is in resources, and custom resources without their function, also what RV(blockers_gaps) names then,
    C(lambda:GetFunctionConfiguration) among it. It is not missed otherwise.
  - C(iam:ListAccountAliases), C(appmesh:ListMeshes), C(appmesh:ListRoutes), C(appmesh:ListVirtualNodes),
    C(appmesh:ListVirtualRouters) and C(appmesh:ListVirtualServices) are used when they are allowed, and not missed
    otherwise.
seealso:
  - module: workshop.lifecycle.cloudformation_stacks
  - module: workshop.lifecycle.ecs_tasks
  - module: workshop.lifecycle.workshop_leftovers
"""

EXAMPLES = r"""
- name: Look at a workshop
  workshop.lifecycle.workshop_info:
    stacks: [shop-web, shop-vpc]
    prefix: shop-
    xray_group: shop
    xray_sampling_rules: [shop]
    ssm_path: /shop/

- name: Prove that it is gone
  workshop.lifecycle.workshop_info:
    stacks: [shop-web, shop-vpc]
    verify: true
"""

RETURN = r"""
caller:
  description: Who asks. V(none) if that may not be asked, or O(caller=false).
  returned: success, and when the stacks could not be asked for
  type: dict
  contains:
    account:
      description: Id of the account.
      type: str
      sample: '123456789012'
    account_alias:
      description: Alias of the account. V(none) if it has none, or it may not be read.
      type: str
      sample: school
    arn:
      description: ARN of the user or role.
      type: str
      sample: arn:aws:iam::123456789012:user/teacher
    user_id:
      description: Id of the user or role.
      type: str
      sample: AIDACKCEVSQ6C2EXAMPLE
region:
  description: The region that was looked at.
  returned: success, and when the stacks could not be asked for
  type: str
  sample: eu-central-1
stacks:
  description: Those of O(stacks) that exist, in the order given.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the stack.
      type: str
      sample: shop-web
    stack_id:
      description: Its id.
      type: str
      sample: arn:aws:cloudformation:eu-central-1:123456789012:stack/shop-web/8a3a97c0-9cb9-11ea-a937-027b3755dd08
    status:
      description: Its status.
      type: str
      sample: CREATE_COMPLETE
    status_reason:
      description: Why it has this status. Empty if CloudFormation says nothing.
      type: str
      sample: ''
    termination_protection:
      description: Whether it is protected from deletion. V(none) with O(verify).
      type: bool
      sample: false
    role_arn:
      description:
        - ARN of the role with which CloudFormation deletes it. V(none) if it has none, or with O(verify).
      type: str
      sample: null
    creation_time:
      description: When it was made.
      type: str
      sample: '2026-10-01T08:00:00+00:00'
    last_updated_time:
      description: When it was last changed. V(none) if never.
      type: str
      sample: '2026-10-02T08:00:00+00:00'
    outputs:
      description: Its outputs by key. V(none) with O(verify).
      type: dict
      sample: {Address: shop-1.eu-central-1.elb.amazonaws.com}
kept_stacks:
  description: Those of O(kept) that are there.
  returned: success
  type: list
  elements: str
  sample: []
other_stacks:
  description: Names of other stacks that begin with O(prefix), sorted. Nested stacks are not told.
  returned: success
  type: list
  elements: str
  sample: [shop-notes]
inventory:
  description:
    - What stacks of O(stacks) own, in the order of O(stacks). Of a stack that is not there, its newest generation that
      was deleted within 90 days. With O(verify) all of these, newest first.
    - Of stacks that are in O(inventory) what that says, with an empty V(status) where the stack has gone since.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the stack.
      type: str
      sample: shop-web
    stack_id:
      description: Its id.
      type: str
      sample: arn:aws:cloudformation:eu-central-1:123456789012:stack/shop-web/8a3a97c0-9cb9-11ea-a937-027b3755dd08
    live:
      description: Whether it is there.
      type: bool
      sample: true
    creation_time:
      description: When it was made. V(none) if that is not known.
      type: str
      sample: '2026-10-01T08:00:00+00:00'
    deletion_time:
      description: When it was deleted. V(none) if it is there, or if that is not known.
      type: str
      sample: '2026-10-02T08:00:00+00:00'
    resources:
      description:
        - Its resources, sorted by logical id, and those of stacks nested in it, whose logical ids begin with that of
          the nested stack and a slash. V(none) if they could not be read, which is a gap about the stack's name.
      type: list
      elements: dict
      contains:
        logical_id:
          description: Name of the resource in the template.
          type: str
          sample: Service
        type:
          description: CloudFormation's type.
          type: str
          sample: AWS::ECS::Service
        physical_id:
          description: Physical id of the resource. Empty for one that was never made.
          type: str
          sample: arn:aws:ecs:eu-central-1:123456789012:service/shop/web
        status:
          description: Its status.
          type: str
          sample: CREATE_COMPLETE
seen:
  description:
    - Whether a stack of O(stacks) or of O(kept) is there, or one of O(stacks) was deleted within 90 days, for which
      CloudFormation remembers it. V(none) if that could not be looked at, or O(stacks) is empty.
  returned: success
  type: bool
  sample: true
near_names:
  description:
    - When RV(seen) is V(false), beginnings of names of stacks, there or deleted within 90 days, that resemble O(prefix)
      or else what the names in O(stacks) begin with.
  returned: success
  type: list
  elements: str
  sample: [shop]
services:
  description:
    - ECS services that stacks of O(stacks) own, and all others in clusters that they own, without those that are
      INACTIVE. Sorted by cluster and name.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the service.
      type: str
      sample: web
    arn:
      description: ARN of the service.
      type: str
      sample: arn:aws:ecs:eu-central-1:123456789012:service/shop/web
    cluster:
      description: Name of its cluster.
      type: str
      sample: shop
    stack_name:
      description: Which of O(stacks) owns it. V(none) if none does, so that it is somebody else's.
      type: str
      sample: shop-web
    owner:
      description: Name of another stack that owns it. V(none) if there is none, or that is not known.
      type: str
      sample: bank-payments
    status:
      description: V(ACTIVE), or V(DRAINING) while it is being deleted.
      type: str
      sample: ACTIVE
    desired_count:
      description: Number of tasks that are meant to run.
      type: int
      sample: 1
    running_count:
      description: Number of tasks that run.
      type: int
      sample: 1
    pending_count:
      description: Number of tasks that are being started.
      type: int
      sample: 0
    deployment:
      description:
        - How ECS brings new versions to it. V(none) where CodeDeploy or something else does, or where it runs a task on
          each instance.
      type: dict
      contains:
        rolling:
          description: Whether old tasks go as new ones come.
          type: bool
          sample: true
        minimum_healthy_percent:
          description: How many percent of the desired tasks run all the time.
          type: int
          sample: 100
        maximum_percent:
          description: How many percent of the desired tasks run at most.
          type: int
          sample: 200
        circuit_breaker:
          description: Whether a deployment is given up when its tasks fail.
          type: bool
          sample: true
        rollback:
          description: Whether it goes back by itself then.
          type: bool
          sample: true
tasks:
  description:
    - Tasks that have not ended, of the clusters that stacks of O(stacks) own, and of services that they own in others.
      Sorted by cluster, group and ARN.
  returned: success
  type: list
  elements: dict
  contains:
    task_arn:
      description: ARN of the task.
      type: str
      sample: arn:aws:ecs:eu-central-1:123456789012:task/shop/0123456789abcdef0123456789abcdef
    group:
      description: C(service:) and the name of its service, or what a task without a service was started with.
      type: str
      sample: service:web
    cluster:
      description: Name of its cluster.
      type: str
      sample: shop
    stack_name:
      description:
        - Which of O(stacks) owns its service, or the cluster of a task whose service is not there, or that has none.
          V(none) for a task of somebody else's service, or of one that could not be looked at.
      type: str
      sample: shop-web
    last_status:
      description: What the task does.
      type: str
      sample: RUNNING
    desired_status:
      description: What the task is meant to do.
      type: str
      sample: RUNNING
blockers:
  description:
    - What is there, no stack of O(stacks) owns, and keeps one from being deleted. These are ECS services in clusters
      that stacks own, Cloud Map services in their namespaces and instances in their Cloud Map services, instance
      profiles around their roles and policies attached to them, and what is in their VPCs.
    - And, with the stack itself as the owner, the role with which CloudFormation deletes it, where that is gone, and
      resources with deletion protection of their own, which C(how_to_remove) lifts, unless the template says to keep
      them. Databases, instances, load balancers, log groups, tables, user pools and some more have that.
    - And custom resources whose function, or the role of that, is gone.
    - And what is in resources of the stacks, such as objects in buckets and images in repositories, with
      RV(blockers[].amounts).
    - Sorted by stack, type and id. Looked for with O(blockers).
  returned: success
  type: list
  elements: dict
  contains:
    stack_name:
      description: Name of the stack that it keeps.
      type: str
      sample: shop-vpc
    type:
      description: CloudFormation's type.
      type: str
      sample: AWS::EC2::SecurityGroup
    id:
      description: Its physical id.
      type: str
      sample: sg-0123456789abcdef0
    name:
      description: What a person calls it. Empty if it has no name.
      type: str
      sample: by-hand
    owner:
      description: Name of the stack that owns it. V(none) if none does, or that is not known.
      type: str
      sample: bank-vpc
    reason:
      description: Why it keeps the stack.
      type: str
      sample: A VPC cannot be deleted with a security group of others in it, and this one is in vpc-0123456789abcdef0.
    certain:
      description: Whether it is sure to keep the stack. V(false) for an instance, which may go with what made it.
      type: bool
      sample: true
    how_to_remove:
      description: A command line that takes it away. Empty if none does.
      type: str
      sample: aws ec2 delete-security-group --group-id sg-0123456789abcdef0 --region eu-central-1
    amounts:
      description: How much it is, as far as AWS tells that cheaply.
      type: list
      elements: dict
      contains:
        count:
          description: How many.
          type: int
          sample: 1204
        one:
          description: What one of these is called.
          type: str
          sample: object
        many:
          description: What several of these are called.
          type: str
          sample: objects
        at_least:
          description: Whether there may be more.
          type: bool
          sample: false
    clear:
      description:
        - The type to name in O(workshop.lifecycle.cloudformation_stacks#module:clear) for it to be cleared. Empty for
          what that does not clear.
      type: str
      sample: AWS::S3::Bucket
    lost:
      description: What is lost when it is cleared.
      type: str
      sample: all objects, with all their versions
blockers_gaps:
  description:
    - What could not be looked at of what is in the stacks' resources and holds them up, as in RV(gaps). Whether
      something does then shows when the stacks are deleted. Only who clears it needs these permissions.
  returned: success
  type: list
  elements: dict
  sample: []
leftovers:
  description:
    - What was found that no live stack owns, sorted by kind and name. These are log groups of ECS clusters that stacks
      own or owned, unless the cluster is somebody else's by now, and log groups that stacks had and that are there
      again; log groups to which AWS writes for other resources that stacks own or owned, as of Lambda functions, unless
      there is such a resource of somebody else by now; INACTIVE revisions of families of their task definitions, but
      where others have ACTIVE ones in a family only those that the stacks had; instances in Cloud Map services of
      theirs, and in namespaces that they own, that are tasks of their clusters which ended; the last
      snapshots that CloudFormation took of databases; what has one of the given names; and what bears O(tags).
    - M(workshop.lifecycle.workshop_leftovers) takes it as it is.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description:
        - One of V(cloud_map_instance), V(db_cluster_snapshot), V(db_snapshot), V(log_group), V(ssm_parameter),
          V(tagged_resource), V(task_definition), V(xray_group), V(xray_sampling_rule) and V(alarm).
      type: str
      sample: log_group
    name:
      description: What a person calls it.
      type: str
      sample: /aws/ecs/containerinsights/shop/performance
    id:
      description: What AWS deletes it by.
      type: str
      sample: /aws/ecs/containerinsights/shop/performance
    service_id:
      description: Id of the Cloud Map service of an instance. V(none) for other kinds.
      type: str
      sample: srv-e4anhexample0004
    details:
      description:
        - What else is known of it, which depends on the kind. C(of) says of a log group for what AWS writes to it, and
          C(kept) why it is told and not removed, as one that is older than the stack which had that.
        - A V(tagged_resource) has C(type), C(physical_id), C(costs), C(how_to_remove) and, where only a person removes
          it, C(by_hand), which says why.
      type: dict
      sample: {retention_in_days: 1, stored_bytes: 0}
owned:
  description: What was found that a live stack owns, as in RV(leftovers).
  returned: success
  type: list
  elements: dict
  contains:
    stack_name:
      description: Name of the stack. The rest is as in RV(leftovers).
      type: str
      sample: shop-logs
unclaimed:
  description:
    - What was found by its name alone when nobody has seen the workshop, see RV(seen), as in RV(leftovers). It may be
      somebody else's.
  returned: success
  type: list
  elements: dict
  sample: []
tagged_resources:
  description:
    - Other resources that carry the tags of deleted stacks of O(stacks), which no stack is known to have had, sorted by
      ARN. Looked for with O(verify).
  returned: success
  type: list
  elements: dict
  contains:
    arn:
      description: ARN of the resource.
      type: str
      sample: arn:aws:ec2:eu-central-1:123456789012:subnet/subnet-0123456789abcdef0
    type:
      description: CloudFormation's type, or for others service and kind as in V(sqs:queue).
      type: str
      sample: AWS::EC2::Subnet
    stack_name:
      description: Name of its stack.
      type: str
      sample: shop-vpc
    confirmed:
      description:
        - Whether its own service says that it is there. V(false) for one that could not be looked up.
        - Resources that their service says are gone are not told.
      type: bool
      sample: true
    how_to_remove:
      description: A command line that removes it. Empty for a type that is not known.
      type: str
      sample: aws ec2 delete-subnet --subnet-id subnet-0123456789abcdef0 --region eu-central-1
remaining_resources:
  description:
    - What deleted stacks of O(stacks) had and that is there, or could not be looked up because of a gap, and that no
      live stack owns. Whatever became of it when the stack was deleted. Sorted by stack and logical id. Looked for with
      O(verify).
    - What another stack owns by now is in RV(owned), with its type as the kind.
  returned: success
  type: list
  elements: dict
  contains:
    stack_name:
      description: Name of the stack.
      type: str
      sample: shop-ecs
    stack_id:
      description: Id of the stack.
      type: str
      sample: arn:aws:cloudformation:eu-central-1:123456789012:stack/shop-ecs/8a3a97c0-9cb9-11ea-a937-027b3755dd08
    logical_id:
      description: Name of the resource in the template.
      type: str
      sample: LinkedRole
    type:
      description: CloudFormation's type.
      type: str
      sample: AWS::IAM::ServiceLinkedRole
    physical_id:
      description: Physical id of the resource.
      type: str
      sample: AWSServiceRoleForECS
    status:
      description:
        - Its status, V(DELETE_SKIPPED) if it was left behind on purpose. Empty if it was read while the stack was
          there.
      type: str
      sample: DELETE_SKIPPED
    present:
      description: V(true) for one that its own service says is there, V(none) for one that could not be looked up.
      type: bool
      sample: true
    how_to_remove:
      description: A command line that removes it.
      type: str
      sample: aws iam delete-service-linked-role --role-name AWSServiceRoleForECS --region eu-central-1
not_looked_up:
  description:
    - What deleted stacks of O(stacks) had that can not be looked up, because neither this collection nor Cloud Control
      knows its type by its physical id, or AWS has ended its service. Sorted by stack and logical id. With O(verify).
  returned: success
  type: list
  elements: dict
  contains:
    stack_name:
      description: Name of the stack.
      type: str
      sample: shop-web
    type:
      description: CloudFormation's type.
      type: str
      sample: AWS::Events::Rule
    physical_id:
      description: Physical id of the resource.
      type: str
      sample: shop-web-Rule-1234567890
    tagged:
      description: Whether the tagging API still lists it.
      type: bool
      sample: false
    why:
      description: Why it was not looked up.
      type: str
      sample: Cloud Control takes more, or something else, than the physical id for it
ending:
  description:
    - What deleted stacks of O(stacks) had and AWS deletes by itself on a later day, as keys of KMS. It is not in
      RV(remaining_resources). Sorted by stack and logical id. Looked for with O(verify).
  returned: success
  type: list
  elements: dict
  contains:
    stack_name:
      description: Name of the stack.
      type: str
      sample: shop-data
    type:
      description: CloudFormation's type.
      type: str
      sample: AWS::KMS::Key
    physical_id:
      description: Physical id of the resource.
      type: str
      sample: 1234abcd-12ab-34cd-56ef-1234567890ab
    ends:
      description: The day on which AWS deletes it.
      type: str
      sample: '2026-12-26'
verified:
  description: Whether this is a proof, as with O(verify).
  returned: success
  type: bool
  sample: false
gaps:
  description: What could not be looked at, sorted by action. Whether something is there, nobody knows.
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: The IAM action of the call, or the one that it misses.
      type: str
      sample: xray:GetGroups
    message:
      description: What AWS said, or what kept the call from it.
      type: str
      sample: User is not authorized to perform xray:GetGroups
    denied:
      description: Whether it is enough to allow the action. V(false) if something else was in the way.
      type: bool
      sample: true
    about:
      description: The names, ids or beginnings of names that were asked for. Empty if the call asks for everything.
      type: list
      elements: str
      sample: []
"""

import os

try:
    import yaml
except ImportError:
    yaml = None

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.account import account_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.match import tags_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.parser import Parser
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.survey import Survey
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import SCOPE_SPEC
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import scope_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_account


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            **SCOPE_SPEC,
            verify_if_nothing=dict(type="bool", default=False),
            blockers=dict(type="bool", default=False),
            caller=dict(type="bool", default=True),
            account_id=dict(type="str"),
        ),
        supports_check_mode=True,
    )
    problem = check_account(module.params["account_id"]) or tags_problem(module.params["tags"], "tags")
    if problem:
        module.fail_json(msg=problem)
    module.params.update(one_identity(module.params, os.environ))
    try:
        clients = Clients(*get_aws_connection_info(module))
    except ValueError as error:
        module.fail_json(msg=str(error))
    try:
        problem = account_problem(clients, module.params["account_id"])
        if problem:
            module.fail_json(msg=problem)
    except AwsCallError as error:
        module.fail_json(msg=error.advice())
    with Looks(clients) as looks:
        survey = Survey(looks, clients.region, Parser(yaml))
        try:
            found = survey.take(scope_of(module.params))
        except AwsCallError as error:
            module.fail_json(msg=error.advice(), **survey.where())
    module.exit_json(changed=False, **found)


if __name__ == "__main__":
    main()
