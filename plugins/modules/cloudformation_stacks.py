#!/usr/bin/python
# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudformation_stacks
short_description: Delete groups of CloudFormation stacks, in parallel or in order
version_added: 1.0.0
description:
  - Brings a group of CloudFormation stacks to O(state=absent), all at once or in the order that O(stacks[].after) or
    O(groups[].after) gives.
    Each stack is asked for as soon as everything it comes after is gone.
  - A stack counts as gone only when C(DescribeStacks), asked by the stack's id, said C(DELETE_COMPLETE).
  - Stacks that are being deleted already are joined. Stacks that are being updated are waited for and then deleted.
  - A stack whose export another stack of the call imports is asked for again when that one is gone, even if no order
    says so. Stacks outside the call that import it are named in the reason.
  - Failures that are likely to pass (dependencies, throttling, internal failures, resources that did not stabilise) are
    tried again, three times at most. One of which nobody knows whether it passes is tried again once, a final one
    (a missing permission, a deletion protection) never.
  - Unlike M(amazon.aws.cloudformation), an AWS error while waiting never counts as success, and the reason of a
    failure is
    read from the resources that failed.
author:
  - workshop.lifecycle contributors (@workshop-lifecycle)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - workshop.lifecycle.attributes
options:
  stacks:
    description:
      - The stacks. Names that do not exist are fine, there is nothing to do for them then.
      - Either this or O(groups) is required.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The exact name of the stack.
        type: str
        required: true
      after:
        description:
          - Names of other stacks of this list that have to be gone first.
          - A stack is skipped when one of these does not go.
        type: list
        elements: str
        default: []
      group:
        description:
          - A label for progress lines and results. It has no effect on the order.
        type: str
        default: ''
      only_when:
        description:
          - What else has to be so before the stack is asked for.
          - V(tasks_stopped) waits until no task runs in the clusters that the stack owns, whoever stops them. A cluster
            with tasks or services is not deleted. When services that no stack of this call owns are all that is left,
            the stack fails at once, with their names.
          - V(network_interfaces_gone) waits until no network interface is left in the VPCs that the stack owns. Not
            waited for are those of what this stack owns, or one that comes after it, nor those in what its template
            says to keep (C(DeletionPolicy)). CloudFormation tries for 16 minutes and more to delete a VPC that is in
            use before it fails. When something that no stack of this call owns is in the VPC and keeps it (security
            groups, subnets, route tables, network ACLs, gateways, endpoints, requests for a peering), the stack fails
            at once, with its name.
          - V(members_gone) waits until other stacks of this call have nothing any more in the namespaces, hosted zones
            and clusters that the stack owns (services of Cloud Map; records; instances, also those of Auto Scaling
            groups), by AWS's own lists. Not waited for are stacks that come after it, and what no stack of this call
            owns. What can not be listed is not waited for, and there is a warning.
          - What else can not be looked at is not open, and the stack fails.
        type: list
        elements: str
        choices: [tasks_stopped, network_interfaces_gone, members_gone]
        default: []
      stack_id:
        description:
          - Its id, where an earlier look or call returned it. Then it is this very stack that has to go, and what
            became of it is told even if it went meanwhile.
          - A stack of another id that bears its name by now is left alone. Unless O(stacks[].began_at) says that its
            deletion was asked for before, that is the outcome V(recreated), and what comes after it is skipped.
        type: str
      resources:
        description:
          - What the stack has, as an earlier look at C(ListStackResources) returned it. Read where it is needed, if
            this is omitted.
        type: list
        elements: dict
        suboptions:
          logical_id:
            description:
              - Name in the template.
            type: str
            required: true
          type:
            description:
              - Type of the resource.
            type: str
            required: true
          physical_id:
            description:
              - Name or id in AWS.
            type: str
            default: ''
          status:
            description:
              - Status of the resource.
            type: str
            default: ''
      stop_tasks:
        description:
          - Holds over O(stop_tasks) for this stack.
        type: bool
      began_at:
        description:
          - When its deletion was asked for, where an earlier call returned it. RV(stacks[].seconds) counts from then.
        type: str
      retain_on_failure:
        description:
          - Holds over O(retain_on_failure) for this stack, also when it is empty.
        type: list
        elements: str
      disable_termination_protection:
        description:
          - Holds over O(disable_termination_protection) for this stack.
        type: bool
      role_arn:
        description:
          - Holds over O(role_arn) for this stack.
        type: str
  groups:
    description:
      - The stacks in groups, with an order between the groups. Either this or O(stacks) is required.
    type: list
    elements: dict
    suboptions:
      group:
        description:
          - The name of the group, in progress lines and results, too.
        type: str
        required: true
      after:
        description:
          - Names of other groups of this list, all stacks of which have to be gone before any stack of this one is
            asked for. Groups without stacks hold nothing up.
          - This does not reach through to what those groups come after. Name all of them.
        type: list
        elements: str
        default: []
      of_which:
        description:
          - Names of stacks. If any stack of the groups in O(groups[].after) is named here, only those named are waited
            for.
        type: list
        elements: str
        default: []
      phase:
        description:
          - A label for those who show the order. It has no effect here.
        type: int
      stacks:
        description:
          - The stacks of the group, each with the same options as in O(stacks), or just its name.
          - O(stacks[].after) names stacks of any group, and counts besides O(groups[].after). O(stacks[].group) is that
            of the group.
        type: list
        elements: raw
        default: []
  state:
    description:
      - The state to bring the stacks to.
    type: str
    choices: [absent]
    default: absent
  wait:
    description:
      - Wait until every stack is gone.
      - With V(false), ask for everything that can be asked for now, in the order of the list, and return.
        Call the module again to join these deletions and go on with what comes after.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds that each stack may take, from when everything that it comes after is gone. From then on it waits for
        what O(stacks[].only_when) says, is asked for, and goes; a stack that is being deleted already takes its time
        from the first look on. What takes longer fails, with what it waits for, what comes after that is skipped, and
        everything else goes on.
      - Tasks are waited for as long as stacks go, and otherwise so many seconds from the start.
    type: int
    default: 1800
  poll_interval:
    description:
      - Seconds between two looks. Half as long when one stack alone holds others up, and for the last ones. Twice as
        long after a request and while several have to go before another, and up to five times as long for what takes
        minutes.
      - C(DescribeStacks) is called three times at most within 0.6 times this long, since AWS throttles it.
      - Pauses before a deletion is tried again are multiples of it (five times, then twice as long each time), and 2
        seconds at least.
      - However short it is, a request that leaves no trace is sent again after 20 seconds and given up after a minute.
    type: float
    default: 2.0
  retain_on_failure:
    description:
      - Patterns of resource types, such as C(AWS::AppMesh::*), that may be left behind.
      - When a deletion fails, and every resource that failed is of such a type, the stack is deleted again with
        exactly these
        resources retained; several rounds if need be. When any other resource failed, nothing is retained.
    type: list
    elements: str
    default: []
  disable_termination_protection:
    description:
      - Switch termination protection off where it is on. Without this, protected stacks are left alone and fail the
        module.
    type: bool
    default: false
  deletion_mode:
    description:
      - With V(FORCE_DELETE_STACK), a stack that still fails after the other means is deleted by force. CloudFormation
        then drops
        whatever it cannot delete. What it dropped is returned in RV(stacks[].retained_resources).
    type: str
    choices: [STANDARD, FORCE_DELETE_STACK]
    default: STANDARD
  express:
    description:
      - Delete in CloudFormation's express mode, in which a stack completes when the deletions of its resources have
        been asked for.
        Resources may still be there when the stack is gone.
      - Needs botocore 1.43.38 or newer.
    type: bool
    default: false
  role_arn:
    description:
      - An IAM role that CloudFormation takes for the deletion, instead of the role that the stack has.
    type: str
  temporary_role:
    description:
      - A role that is made for the stacks whose own role is gone, which CloudFormation does not delete without one. It
        is used for these alone, and removed in the end, whatever that is. It trusts CloudFormation and has the
        policies that are named, nothing else.
      - It stands under the path V(/workshop-lifecycle/), with a name and a tag that say what it was made for. One that
        an earlier run was kept from removing is taken up by that tag, and removed. Another one of its name is never
        touched, and nothing is asked for then.
      - While another run deletes other stacks with it, it stays, with the policies that it has. Then this run fails,
        and says so; the last of these runs removes it.
      - Stacks for which O(role_arn) or O(stacks[].role_arn) names a role have no need of it.
      - It takes O(wait). The caller needs permission to make it and to pass it, see C(docs/iam.md).
    type: dict
    suboptions:
      create:
        description: Whether it is made where a stack needs it.
        type: bool
        default: false
      name:
        description: What it is made for, such as the name of a workshop. Runs that do not wait for each other take
          different names.
        type: str
        required: true
      policies:
        description:
          - ARNs of managed policies that allow to delete what is in these stacks, and no more.
          - With O(temporary_role.create), there has to be one.
        type: list
        elements: str
        default: []
  stop_tasks:
    description:
      - Bring the ECS tasks of the stacks to an end while they are being deleted, as M(workshop.lifecycle.ecs_tasks)
        does. Tasks that do not end keep stacks with C(AWS::ECS::Service) from being deleted.
      - These are the tasks of services that the stacks own and, in clusters that they own, tasks without a service or
        whose service is gone. Other services, and their tasks, are left alone and returned in RV(foreign).
    type: bool
    default: false
  clear:
    description:
      - Types of resources, such as V(AWS::S3::Bucket), patterns of them, or V(all). What is in resources of these types
        that the stacks own, and would keep them from being deleted, is B(deleted) right before their stack is asked
        for, and their deletion protection is switched off. What can be
        cleared is listed in C(docs/what-holds-a-stack.md); other types are refused.
      - This is when everything that the stack comes after is gone, and O(stacks[].only_when) is fulfilled; and once
        more when its deletion fails at a resource of such a type.
      - Nothing is cleared in what a template says to keep (C(DeletionPolicy)), or in what the stack does not own at
        that time. Nor is it in a stack with something that can not be cleared, or with a deletion protection of a type
        that is not named here. A protection is switched on again when the stack did not go.
      - With V(AWS::CloudFormation::CustomResource), which means every custom resource, those are left behind whose
        function has not answered when CloudFormation has given up, and they are returned in
        RV(stacks[].retained_resources). What they have made stays. Without it, they are not waited for another time.
      - A run that was stopped meanwhile is finished by another one.
    type: list
    elements: str
    default: []
  uncleared:
    description:
      - What becomes of a stack that is still held, since not all that O(clear) names could be cleared.
      - With V(fail), it is not asked for. With V(go_on) it is, and CloudFormation tells what it fails at.
    type: str
    choices: [fail, go_on]
    default: fail
  account_id:
    description:
      - The account in which the stacks are. With credentials for another one, nothing is asked for.
    type: str
  progress_file:
    description:
      - Append a line of JSON to this file for each event. Set by the action plugin, which prints the lines.
    type: path
notes:
  - DeleteStack is described at
    U(https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html).
  - The IAM actions needed are C(cloudformation:DescribeStacks), C(cloudformation:ListStacks),
    C(cloudformation:DeleteStack), C(cloudformation:ListStackResources), C(cloudformation:DescribeStackEvents) and
    C(cloudformation:ListImports); with O(account_id) also C(sts:GetCallerIdentity), with
    O(disable_termination_protection) also C(cloudformation:UpdateTerminationProtection), with O(stop_tasks) or
    V(tasks_stopped) those of M(workshop.lifecycle.ecs_tasks), with V(network_interfaces_gone)
    C(ec2:DescribeNetworkInterfaces), C(cloudformation:GetTemplate) and the calls that list what can be in a VPC, with
    V(members_gone) C(servicediscovery:ListServices), C(route53:ListResourceRecordSets), C(ecs:ListContainerInstances),
    C(ecs:DescribeContainerInstances) and C(autoscaling:DescribeAutoScalingInstances), each for what the stack owns.
    With O(clear) also C(cloudformation:GetTemplate), and what finds and clears it. Besides, what deleting the resources
    needs.
  - Nested stacks are deleted through their root stack. To name a nested stack here is a failure.
seealso:
  - module: workshop.lifecycle.ecs_tasks
  - module: workshop.lifecycle.workshop_info
  - module: amazon.aws.cloudformation
  - name: Why deletions fail
    description: AWS on stacks in DELETE_FAILED.
    link: https://repost.aws/knowledge-center/cloudformation-stack-delete-failed
"""

EXAMPLES = r"""
- name: Delete two stacks at once, and a third when both are gone
  workshop.lifecycle.cloudformation_stacks:
    stacks:
      - name: shop-web
      - name: shop-worker
      - name: shop-vpc
        after: [shop-web, shop-worker]

- name: Delete a network when nothing is left in it, and nothing that comes before it was left either
  workshop.lifecycle.cloudformation_stacks:
    stacks:
      - name: shop-web
      - name: shop-worker
      - name: shop-vpc
        after: [shop-web, shop-worker]
        only_when: [network_interfaces_gone]

- name: Delete groups of stacks, the network when all that is in it is gone, and a stack with settings of its own
  workshop.lifecycle.cloudformation_stacks:
    groups:
      - group: services
        stacks: [shop-web, shop-worker]
      - group: load_balancer
        after: [services]
        of_which: [shop-web]
        stacks: [shop-alb]
      - group: mesh
        stacks:
          - name: shop-mesh
            retain_on_failure: ["AWS::AppMesh::*"]
      - group: network
        after: [services, load_balancer]
        stacks:
          - name: shop-vpc
            only_when: [network_interfaces_gone]

- name: Delete a stack with all objects in its buckets, and all images in its repositories
  workshop.lifecycle.cloudformation_stacks:
    stacks:
      - name: shop-assets
    clear: [AWS::S3::Bucket, AWS::ECR::Repository]

- name: Delete a stack that was made with a role which is gone
  workshop.lifecycle.cloudformation_stacks:
    stacks:
      - name: shop-assets
    temporary_role:
      create: true
      name: shop
      policies: [arn:aws:iam::123456789012:policy/delete-shop]

- name: Leave behind what can no longer be deleted
  workshop.lifecycle.cloudformation_stacks:
    stacks:
      - name: shop-mesh
    retain_on_failure:
      - AWS::AppMesh::*

- name: Ask now
  workshop.lifecycle.cloudformation_stacks:
    stacks:
      - name: shop-web
    wait: false

- name: Wait later, and stop the tasks that hold the deletion up
  workshop.lifecycle.cloudformation_stacks:
    stacks:
      - name: shop-web
    stop_tasks: true
"""

RETURN = r"""
stacks:
  description: The stacks in the order given.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the stack.
      type: str
      sample: shop-web
    group:
      description: The label given, or the name of its group.
      type: str
      sample: services
    after:
      description: What it had to come after.
      type: list
      elements: str
      sample: []
    only_when:
      description: What else it had to wait for.
      type: list
      elements: str
      sample: []
    stack_id:
      description: Its id. V(none) if there was no such stack.
      type: str
      sample: arn:aws:cloudformation:eu-central-1:123456789012:stack/shop-web/8a3a97c0-9cb9-11ea-a937-027b3755dd08
    status_before:
      description: Its status at the first look. V(none) if there was no such stack.
      type: str
      sample: CREATE_COMPLETE
    status:
      description: The last status that was seen. In check mode, the status expected.
      type: str
      sample: DELETE_COMPLETE
    outcome:
      description:
        - V(absent), there was no such stack.
        - V(gone), it was deleted.
        - V(in_progress), its deletion goes on; only without O(wait), or when looking on became impossible.
        - V(pending), it is not asked for yet; only without O(wait), or when looking on became impossible.
        - V(failed), V(refused) (it went back to the status it had), V(protected), V(timed_out).
        - V(skipped), something it comes after did not go.
        - V(recreated), it was deleted, and somebody made a new one of the same name, which was left alone.
      type: str
      sample: gone
    reason:
      description: Why, if the outcome is not V(gone).
      type: str
      sample: 'Mesh (AWS::AppMesh::Mesh): Mesh is in use'
    began_at:
      description: When its deletion was asked for, or joined, in UTC. V(none) if it was not.
      type: str
      sample: '2026-10-01T16:00:00.000+00:00'
    ended_at:
      description: When it was seen gone, in UTC. V(none) if it was not.
      type: str
      sample: '2026-10-01T16:00:42.100+00:00'
    seconds:
      description: Seconds from the request for its deletion to its end.
      type: float
      sample: 42.1
    failed_resources:
      description: Resources that failed in the last try.
      type: list
      elements: dict
      contains: &resource
        logical_id:
          description: Name in the template.
          type: str
          sample: Mesh
        physical_id:
          description: Name or id in AWS.
          type: str
          sample: shop-mesh
        type:
          description: Type of the resource.
          type: str
          sample: AWS::AppMesh::Mesh
        status:
          description: Status of the resource.
          type: str
          sample: DELETE_FAILED
        reason:
          description: Reason of that status.
          type: str
          sample: Mesh is in use
    blockers:
      description:
        - What no stack of this call owns, or holds the stack up in what it owns, and it was not asked for because of.
      type: list
      elements: dict
      contains:
        type:
          description: Type of the resource.
          type: str
          sample: AWS::EC2::SecurityGroup
        id:
          description: Name or id in AWS.
          type: str
          sample: sg-0123456789abcdef0
        name:
          description: Its name, if it has one besides.
          type: str
          sample: by-hand
        owner:
          description: The stack that it belongs to, if AWS tells one.
          type: str
          sample: null
        reason:
          description: Why the stack cannot go with it.
          type: str
          sample: A VPC cannot be deleted with a security group of others in it, this one is in vpc-0123456789abcdef0.
        how_to_remove:
          description: A command with which its owner removes it.
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
          description: The type to name in O(clear) for it to be cleared. Empty for what this module does not clear.
          type: str
          sample: AWS::S3::Bucket
        lost:
          description: What is lost when it is cleared.
          type: str
          sample: all objects, with all their versions
    cleared:
      description:
        - What was cleared of the stack, as O(clear) says, in the order in which it was done. In check mode, what would
          be.
      type: list
      elements: dict
      contains:
        type:
          description: Type of the resource that was held up.
          type: str
          sample: AWS::S3::Bucket
        id:
          description: Its physical id.
          type: str
          sample: shop-assets
        amounts:
          description: How much was cleared.
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
        lost:
          description: What is lost by that.
          type: str
          sample: all objects, with all their versions
        reason:
          description: Why it was not all cleared. Empty if it was.
          type: str
          sample: ''
        put_back:
          description: Whether it was undone, since the stack did not go. Only protections can be.
          type: bool
          sample: false
    retained_resources:
      description:
        - Resources that the stack left behind, because O(retain_on_failure) or O(deletion_mode) asked for it or its
          template does (C(DeletionPolicy)).
        - V(none) where that could not be looked up.
      type: list
      elements: dict
      contains: *resource
  sample:
    - name: shop-web
      group: services
      after: []
      only_when: []
      stack_id: arn:aws:cloudformation:eu-central-1:123456789012:stack/shop-web/8a3a97c0-9cb9-11ea-a937-027b3755dd08
      began_at: '2026-10-01T16:00:00.000+00:00'
      ended_at: '2026-10-01T16:00:42.100+00:00'
      status_before: CREATE_COMPLETE
      status: DELETE_COMPLETE
      outcome: gone
      reason: ''
      seconds: 42.1
      failed_resources: []
      blockers: []
      cleared: []
      retained_resources: []
temporary_role:
  description: The role that was made for this run. V(none) where none was needed.
  returned: when AWS was reached
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: workshop-lifecycle-shop-eu-central-1
    arn:
      description: Its ARN. V(none) if it was not made.
      type: str
      sample: arn:aws:iam::123456789012:role/workshop-lifecycle/workshop-lifecycle-shop-eu-central-1
    policies:
      description: ARNs of the policies that it had.
      type: list
      elements: str
      sample: [arn:aws:iam::123456789012:policy/delete-shop]
    stacks:
      description: Names of the stacks that it was made for.
      type: list
      elements: str
      sample: [shop-assets]
    removed:
      description: Whether it is gone.
      type: bool
      sample: true
    reason:
      description: Why it could not be removed.
      type: str
      sample: ''
survived_errors:
  description: Number of AWS errors that passed by themselves (throttling, cut connections).
  returned: when AWS was reached
  type: int
  sample: 0
services:
  description: As returned by M(workshop.lifecycle.ecs_tasks).
  returned: if there were services or clusters to look at
  type: list
  elements: dict
tasks:
  description: As returned by M(workshop.lifecycle.ecs_tasks).
  returned: if there were services or clusters to look at
  type: list
  elements: dict
deregistered_instances:
  description: As returned by M(workshop.lifecycle.ecs_tasks).
  returned: if there were services or clusters to look at
  type: list
  elements: dict
foreign:
  description: The services in clusters of the stacks that no stack of this call owns, which were left alone.
  returned: if there were services or clusters to look at
  type: list
  elements: dict
  contains:
    cluster:
      description: Name of the cluster.
      type: str
      sample: shop
    service:
      description: Name of the service.
      type: str
      sample: payments
    status:
      description: Its status when it was last looked at.
      type: str
      sample: ACTIVE
    desired_count:
      description: How many tasks it wants.
      type: int
      sample: 2
    tasks:
      description: How many it had.
      type: int
      sample: 2
  sample: []
"""

import os

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import FAIL
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import GO_ON
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.agreed import agreement_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_account
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_numbers
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import GATES
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import check
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.graph import stacks_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.run import StackRun
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.temporary_role import policies_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import StackResource
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import StackSpec
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.times import iso_to_ago

STACK = dict(
    name=dict(type="str", required=True),
    after=dict(type="list", elements="str", default=[]),
    group=dict(type="str", default=""),
    only_when=dict(type="list", elements="str", choices=list(GATES), default=[]),
    stack_id=dict(type="str"),
    resources=dict(
        type="list",
        elements="dict",
        options=dict(
            logical_id=dict(type="str", required=True),
            type=dict(type="str", required=True),
            physical_id=dict(type="str", default=""),
            status=dict(type="str", default=""),
        ),
    ),
    stop_tasks=dict(type="bool"),
    began_at=dict(type="str"),
    retain_on_failure=dict(type="list", elements="str"),
    disable_termination_protection=dict(type="bool"),
    role_arn=dict(type="str"),
)


def checked(group):
    """A group whose stacks are what the option O(stacks) would make of them. Raises ValueError."""
    validator = ArgumentSpecValidator(STACK)
    stacks = []
    for item in group["stacks"]:
        result = validator.validate(item if isinstance(item, dict) else {"name": item})
        if result.error_messages:
            raise ValueError(f"{' '.join(result.error_messages)} found in groups -> {group['group']} -> stacks")
        stacks.append(result.validated_parameters)
    return {**group, "stacks": stacks}


def spec_of(item):
    """The stack that one element of the option asks for. Raises ValueError."""
    retain, resources = item["retain_on_failure"], item["resources"]
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
    if item["stack_id"] and item["stack_id"].split(":", 5)[-1].split("/")[:2] != ["stack", item["name"]]:
        raise ValueError(f"Stack {item['name']}: {item['stack_id']!r} is not the id of a stack of that name.")
    return StackSpec(
        item["name"],
        tuple(item["after"]),
        item["group"],
        item["stack_id"] or "",
        iso_to_ago(item["began_at"]) if item["began_at"] else None,
        tuple(item["only_when"]),
        retain if retain is None else tuple(retain),
        item["disable_termination_protection"],
        item["role_arn"],
        resources if resources is None else tuple(StackResource(**resource) for resource in resources),
        item["stop_tasks"],
    )


def role_problem(given, wait):
    """What is wrong with the role that is to be made; empty if nothing is."""
    if not given or not given["create"]:
        return ""
    if not wait:
        return "A temporary_role is removed when the stacks are gone, so it takes wait: true."
    return policies_problem(given["policies"], "policies of temporary_role")


def main():
    module = AnsibleAWSModule(
        argument_spec=dict(
            stacks=dict(type="list", elements="dict", options=STACK),
            groups=dict(
                type="list",
                elements="dict",
                options=dict(
                    group=dict(type="str", required=True),
                    after=dict(type="list", elements="str", default=[]),
                    of_which=dict(type="list", elements="str", default=[]),
                    phase=dict(type="int"),
                    stacks=dict(type="list", elements="raw", default=[]),
                ),
            ),
            state=dict(type="str", choices=["absent"], default="absent"),
            wait=dict(type="bool", default=True),
            wait_timeout=dict(type="int", default=1800),
            poll_interval=dict(type="float", default=2.0),
            retain_on_failure=dict(type="list", elements="str", default=[]),
            disable_termination_protection=dict(type="bool", default=False),
            deletion_mode=dict(type="str", choices=["STANDARD", "FORCE_DELETE_STACK"], default="STANDARD"),
            express=dict(type="bool", default=False),
            role_arn=dict(type="str"),
            temporary_role=dict(
                type="dict",
                options=dict(
                    create=dict(type="bool", default=False),
                    name=dict(type="str", required=True),
                    policies=dict(type="list", elements="str", default=[]),
                ),
            ),
            stop_tasks=dict(type="bool", default=False),
            clear=dict(type="list", elements="str", default=[]),
            uncleared=dict(type="str", choices=[FAIL, GO_ON], default=FAIL),
            account_id=dict(type="str"),
            progress_file=dict(type="path"),
        ),
        required_one_of=[("stacks", "groups")],
        mutually_exclusive=[("stacks", "groups")],
        supports_check_mode=True,
    )
    problem = (
        check_numbers(module.params)
        or check_account(module.params["account_id"])
        or agreement_problem(module.params["clear"], "clear")
        or role_problem(module.params["temporary_role"], module.params["wait"])
    )
    if problem:
        module.fail_json(msg=problem)
    try:
        rows = module.params["stacks"]
        if rows is None:
            rows = stacks_of([checked(group) for group in module.params["groups"]])
        specs = [spec_of(item) for item in rows]
        check(specs)
    except ValueError as error:
        module.fail_json(msg=str(error))
    if module.params["express"]:
        module.require_botocore_at_least("1.43.38", reason="for express=true")

    module.params.update(one_identity(module.params, os.environ))
    try:
        clients = Clients(*get_aws_connection_info(module))
        run = StackRun(module.params, clients, specs, check_mode=module.check_mode)
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
