# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workshop_diagnosis
short_description: Show what fails in ECS services, and why
version_added: 1.0.0
description:
  - Shows what M(workshop.lifecycle.ecs_diagnosis) found, with the command that switches a service back, and writes it
    as data and as a page.
  - Asks AWS nothing and changes nothing.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  subject:
    description: What it is a diagnosis of, for the heading.
    type: str
    required: true
  found:
    description: What M(workshop.lifecycle.ecs_diagnosis) returned, of each cluster.
    type: list
    elements: dict
    required: true
  playbook:
    description: The playbook that switches a service back, as the commands name it.
    type: str
    default: workshop.lifecycle.rollback
  variables:
    description: Variables that each command sets besides the cluster and the service, such as C(workshop_profile).
    type: dict
    default: {}
  directory:
    description:
      - A folder for C(diagnosis.json) and C(diagnosis.html). It is made if it is not there. With several hosts, each
        has a folder of its own in it.
    type: path
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
  - workshop.lifecycle.controller
attributes:
  check_mode:
    support: full
    description: Does the same in check mode, but writes no files.
seealso:
  - module: workshop.lifecycle.ecs_diagnosis
"""

EXAMPLES = r"""
- name: Find out what fails
  workshop.lifecycle.ecs_diagnosis:
    cluster: shop
  register: found

- name: Show it, and write a page
  workshop.lifecycle.workshop_diagnosis:
    subject: shop
    found: ["{{ found }}"]
    directory: reports
"""

RETURN = r"""
verdict:
  description: V(failing), V(slow) or V(nothing_found).
  returned: success
  type: str
  sample: failing
summary:
  description: What fails most, in one line.
  returned: success
  type: str
  sample: 'register-api fails: 12 of 12 requests since 10:42:07 (before: 0 of 31)'
report:
  description: The report as data, whose form is in C(docs/diagnosis.schema.json).
  returned: success
  type: dict
  sample: {schema_version: '1.0', verdict: nothing_found}
text:
  description: The text that was shown.
  returned: success
  type: str
  sample: "Diagnosis of shop\n"
files:
  description: Paths of the files that were written, by format.
  returned: success
  type: dict
  sample: {json: /srv/reports/diagnosis.json, html: /srv/reports/diagnosis.html}
"""
