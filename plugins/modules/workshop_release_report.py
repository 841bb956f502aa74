# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workshop_release_report
short_description: Put together what became of a release or of a way back
version_added: 1.0.0
description:
  - Puts together which version runs, why, for how long users may have seen one that failed, and what to run next, as
    data, and as files if O(directory) is given. M(workshop.lifecycle.workshop_last_words) shows it.
  - Asks AWS nothing.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  operation:
    description: What was done.
    type: str
    choices: [release, rollback]
    default: release
  service:
    description: What M(workshop.lifecycle.ecs_service_stack) returned afterwards.
    type: dict
    required: true
  planned:
    description: What M(workshop.lifecycle.ecs_deployment) returned in check mode, before.
    type: dict
    required: true
  steps:
    description: What it returned when the deployment was carried out and followed, the last one last.
    type: list
    elements: dict
    default: []
  returned:
    description: What it returned when the service was brought back after the user's own tasks had failed.
    type: dict
    default: {}
  problem:
    description: What went wrong beside.
    type: str
    default: ''
  started:
    description: When it began, in ISO 8601 with a time zone.
    type: str
  variables:
    description: Variables that the commands it shows need to look where this run did.
    type: dict
    default: {}
  directory:
    description: Folder for C(release.json) and C(release.html), or C(rollback.json) and C(rollback.html).
    type: path
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
  - workshop.lifecycle.controller
seealso:
  - module: workshop.lifecycle.ecs_deployment
  - module: workshop.lifecycle.workshop_last_words
"""

EXAMPLES = r"""
- name: Put together what became of a release
  workshop.lifecycle.workshop_release_report:
    service: "{{ found }}"
    planned: "{{ planned }}"
    steps: ["{{ deployed }}"]
    directory: build/release
  register: report
"""

RETURN = r"""
report:
  description: The report, as C(docs/release.schema.json) describes it.
  returned: always
  type: dict
  sample:
    verdict: switched_back
verdict:
  description: V(kept), V(unchanged), V(switched_back) or V(failed).
  returned: always
  type: str
  sample: switched_back
good:
  description: Whether the version that was wanted runs, and the report was written.
  returned: always
  type: bool
  sample: false
summary:
  description: What became of it, in a sentence or two.
  returned: always
  type: str
  sample: web was switched back from web:8 to web:7. Users may have seen it for 43 s at most.
text:
  description: All that is shown of it.
  returned: always
  type: str
  sample: |
    Release of web, cluster shop, account 123456789012, eu-central-1, 2 min
files:
  description: The files that were written, by format.
  returned: always
  type: dict
  sample:
    html: build/release/release.html
    json: build/release/release.json
problem:
  description: Why the files could not be written.
  returned: always
  type: str
  sample: ''
"""
