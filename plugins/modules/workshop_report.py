# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workshop_report
short_description: Say what became of a workshop, with a verdict
version_added: 1.0.0
description:
  - Puts together what a teardown did and what the last look found, and gives the verdict.
  - V(failed), if a group of stacks failed, a stack is in a status that ends in C(_FAILED), something could not be
    looked at, or the workshop was never seen, unless O(may_be_absent=true).
  - Otherwise V(leftovers), if a stack or a task is still there, a resource of a stack that is gone, a leftover of a
    kind in O(remove), or a resource that carries a stack's tags.
  - Otherwise V(clean). Leftovers of other kinds are kept, and resources of the types in O(retain_on_failure) and
    O(may_stay) are retained; both are listed, and so are resources whose type cannot be looked up.
  - Without any stack looked at there is no verdict, and it fails.
  - Shows this on the terminal, the verdict last, and returns it as data.
  - Writes it into O(directory) as JSON, as a page of HTML that needs no network, and as JUnit XML. Each file is always
    whole. The JSON is described in C(docs/report.md) of this collection, and by C(docs/report.schema.json).
  - The verdict does not make it fail. Files that cannot be written do, after the text is shown, with everything else
    returned.
  - Text from AWS is shown without control characters, and escaped in XML and HTML.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  operation:
    description: What was done. Names the files.
    type: str
    choices: [teardown, verify]
    default: teardown
  survey:
    description:
      - What the last look found, as returned by M(workshop.lifecycle.workshop_info) with C(verify=true).
      - If that look failed or was made without C(verify), or if this is empty, the verdict is V(failed).
  groups:
    description:
      - The stack groups, in the order in which they are shown. Stacks that appear nowhere else are reported as absent.
      - They are those of O(workshop.lifecycle.cloudformation_stacks#module:groups).
  order:
    description:
      - The result of M(workshop.lifecycle.cloudformation_stacks_info), if the order of O(groups) was found by it. Then
        the report says why each stack came after what.
    type: dict
  variables:
    description: Variables with which the workshop was found, beside its name. The commands that are shown set them.
    type: dict
    default: {}
  steps:
    description:
      - What the teardown did. For each of its steps, by a name that is shown if the step failed, what was registered of
        its module, which is M(workshop.lifecycle.cloudformation_stacks), M(workshop.lifecycle.ecs_tasks) or
        M(workshop.lifecycle.workshop_leftovers).
      - A step that was skipped, or that has an empty dictionary here, did nothing.
      - A step failed also if its task says C(failed_when=false), and the module said why it failed, or crashed. If its
        name is that of a group, the group failed.
      - Of several entries for one stack the last counts. Several entries for one task are put together.
    type: dict
    default: {}
  started:
    description: When the operation began, in ISO 8601 with a time zone. Without it, it took no time.
    type: str
  remove:
    description: The kinds of leftovers that are removed. What is left of these is not clean.
    type: list
    elements: str
    default: [log_group, xray_group, xray_sampling_rule, alarm, cloud_map_instance]
  retain_on_failure:
    description:
      - Types of resources, or patterns of them such as C(AWS::AppMesh::*), that were left behind where they could not
        be deleted. They may stay. What a stack's row in O(groups) says holds over it.
      - As the option O(workshop.lifecycle.cloudformation_stacks#module:retain_on_failure).
    type: list
    elements: str
    default: []
  may_stay:
    description: Other types of resources, or patterns of them, that may stay when their stack is gone.
    type: list
    elements: str
    default: []
  may_be_absent:
    description:
      - Whether it is fine that no stack of the workshop is there, and none was deleted within 90 days. Otherwise its
        name may be misspelled, or the region another one.
    type: bool
    default: false
  planned:
    description:
      - The stacks that were confirmed, their ids by their names. A stack that is there and is none of them is told as
        made since.
      - Without it, nothing is said about that.
    type: dict
  directory:
    description:
      - Directory on the controller for the files, made if it is not there. Without it no file is written.
      - When the play has several hosts, those of each go into a directory of the host's name in it.
    type: path
  show:
    description: Whether to show it. M(workshop.lifecycle.workshop_last_words) can do so later.
    type: bool
    default: true
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
  - workshop.lifecycle.controller
  - workshop.lifecycle.controller.surveyed
attributes:
  check_mode:
    description: Shows and returns everything, and names the files that it does not write.
seealso:
  - module: workshop.lifecycle.workshop_info
  - module: workshop.lifecycle.cloudformation_stacks
  - module: workshop.lifecycle.ecs_tasks
  - module: workshop.lifecycle.workshop_last_words
"""

EXAMPLES = r"""
- name: Delete the stacks, and go on to the report whatever comes of it
  workshop.lifecycle.cloudformation_stacks:
    stacks:
      - name: shop-web
      - name: shop-vpc
        after: [shop-web]
  failed_when: false
  register: deletion

- name: Look what is left
  workshop.lifecycle.workshop_info:
    stacks: [shop-web, shop-vpc]
    verify: true
  register: survey

- name: Say so, and write it down
  workshop.lifecycle.workshop_report:
    workshop: shop
    survey: "{{ survey }}"
    groups:
      - group: services
        stacks: [shop-web]
      - group: network
        after: [services]
        stacks: [shop-vpc]
    steps:
      stacks: "{{ deletion }}"
    directory: reports
  register: report

- name: Fail unless nothing is left
  ansible.builtin.assert:
    that: report.verdict == 'clean'
    fail_msg: "{{ report.summary }}"
"""

RETURN = r"""
verdict:
  description: V(clean), V(leftovers) or V(failed).
  returned: always
  type: str
  sample: clean
summary:
  description: The verdict in one sentence.
  returned: always
  type: str
  sample: 'Nothing of cuddlekube is left: 24 stacks gone, 112 resources looked up and absent.'
text:
  description: The text that is shown.
  returned: always
  type: str
  sample: |-
    Teardown of shop, account 123456789012, eu-central-1, 2 min 28 s
    CLEAN (account 123456789012, eu-central-1): Nothing of shop is left: 4 stacks gone, 12 resources absent.
files:
  description: Paths of the files that were written, or in check mode would be. Empty if none were.
  returned: always
  type: dict
  sample:
    html: /builds/shop/reports/teardown.html
    json: /builds/shop/reports/teardown.json
    xml: /builds/shop/reports/teardown.xml
report:
  description: The report as it is in the JSON file.
  returned: always
  type: dict
  contains:
    schema_version:
      description: Version of the format. Within C(2.x), fields are only added.
      type: str
      sample: '2.0'
    operation:
      description: V(teardown) or V(verify).
      type: str
      sample: teardown
    verdict:
      description: As returned beside the report.
      type: str
      sample: clean
    left:
      description: All that is there and should not be.
      type: list
      elements: dict
      contains:
        kind:
          description: V(stack), V(task), V(resource), V(tagged_resource) or the kind of a leftover.
          type: str
          sample: log_group
        name:
          description: Name or ARN.
          type: str
          sample: cuddlekube-FlowLogs
        type:
          description: CloudFormation's type of a resource.
          type: str
          sample: AWS::DynamoDB::Table
        status:
          description: What AWS, or the removal, says of it.
          type: str
          sample: left
        reason:
          description: Why it is left, as far as that is known.
          type: str
          sample: came back after it was removed
        how_to_remove:
          description: A command line that removes it, or nothing.
          type: str
          sample: aws logs delete-log-group --region eu-central-1 --log-group-name cuddlekube-FlowLogs
    gaps:
      description: What could not be looked at.
      type: list
      elements: dict
      contains:
        action:
          description: IAM action of the call, or the name of the module if the whole look failed.
          type: str
          sample: xray:GetGroups
        message:
          description: What AWS said, or what kept the call from it.
          type: str
          sample: User is not authorized to perform xray:GetGroups
        denied:
          description: Whether it is enough to allow the action.
          type: bool
          sample: true
"""
