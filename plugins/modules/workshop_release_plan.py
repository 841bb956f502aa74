# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workshop_release_plan
short_description: Show what a release or a way back would do, and refuse what could not be carried out
version_added: 1.0.0
description:
  - Shows account, region, service, what changes, what decides whether it stays, and what brings it back.
  - Fails where the deployment is refused, where the user's own tasks could not be run, and where the report could not
    be written. Asks AWS nothing and changes nothing.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  operation:
    description: What is going to be done.
    type: str
    choices: [release, rollback]
    default: release
  service:
    description: What M(workshop.lifecycle.ecs_service_stack) returned.
    type: dict
    required: true
  planned:
    description: What M(workshop.lifecycle.ecs_deployment) returned in check mode.
    type: dict
    required: true
  probes:
    description: The probes, as O(workshop.lifecycle.ecs_deployment#module:probes).
    type: list
    elements: dict
    default: []
  probe_tasks:
    description: A file with the user's own tasks.
    type: path
  rollback_on:
    description: What brings the service back.
    type: list
    elements: str
    default: []
  reconcile:
    description: Whether the stack of the service is brought in line afterwards.
    type: bool
    default: false
  report_directory:
    description: Folder of the report. It is tried whether it could be written, but in check mode.
    type: path
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
  - workshop.lifecycle.controller
seealso:
  - module: workshop.lifecycle.ecs_deployment
  - module: workshop.lifecycle.workshop_release_report
"""

EXAMPLES = r"""
- name: Show what a release would do
  workshop.lifecycle.workshop_release_plan:
    service: "{{ found }}"
    planned: "{{ planned }}"
"""

RETURN = r"""
anything:
  description: Whether anything would be done.
  returned: always
  type: bool
  sample: true
deploys:
  description: Whether the service would be changed.
  returned: always
  type: bool
  sample: true
headline:
  description: What would be done, in one line.
  returned: always
  type: str
  sample: web would be brought to a new revision of its task definition
text:
  description: All that is shown.
  returned: always
  type: str
  sample: |
    Release of web: what it would do
      account    123456789012, region eu-central-1
"""
