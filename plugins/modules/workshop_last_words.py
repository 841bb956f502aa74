# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workshop_last_words
short_description: Show a report that was put together before
version_added: 1.0.0
description:
  - Shows on the terminal, and to a CI, what M(workshop.lifecycle.workshop_report) or
    M(workshop.lifecycle.workshop_release_report) put together without showing it.
  - So the report is printed last, behind the task that fails because of what is in it.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  report:
    description: >-
      RV(workshop.lifecycle.workshop_report#module:report), or that of M(workshop.lifecycle.workshop_release_report), as
      it was returned.
    type: dict
    required: true
  files:
    description: RV(workshop.lifecycle.workshop_report#module:files), as they were returned.
    type: dict
    default: {}
  problem:
    description: A sentence on what went wrong with the report itself.
    type: str
    default: ''
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
  - workshop.lifecycle.controller
seealso:
  - module: workshop.lifecycle.workshop_report
"""

EXAMPLES = r"""
- name: Fail unless nothing is left, and end with the report
  block:
    - name: Fail unless nothing is left
      ansible.builtin.fail:
        msg: "{{ report.summary }}"
      when: report.verdict != 'clean'
  always:
    - name: Say what became of it
      workshop.lifecycle.workshop_last_words:
        report: "{{ report.report }}"
        files: "{{ report.files }}"
"""

RETURN = r"""
# Nothing of its own.
"""
