# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workshop_deployment
short_description: Show what a deployment would do, or has done
version_added: 1.0.0
description:
  - Shows what M(workshop.lifecycle.cloudformation_manifest) returned, and fails with its message if it has failed.
  - Asks AWS nothing and changes nothing.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  result:
    description: What M(workshop.lifecycle.cloudformation_manifest) returned.
    type: dict
    required: true
  planned:
    description: Whether it was called in check mode.
    type: bool
    required: true
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
  - workshop.lifecycle.controller
seealso:
  - module: workshop.lifecycle.cloudformation_manifest
"""

EXAMPLES = r"""
- name: See what would be done
  workshop.lifecycle.cloudformation_manifest:
    path: shop.yml
  check_mode: true
  register: planned

- name: Show it
  workshop.lifecycle.workshop_deployment:
    result: "{{ planned }}"
    planned: true
"""

RETURN = r"""
summary:
  description: How many stacks would become what. Empty of what was done.
  returned: always
  type: str
  sample: 3 to create, 1 unchanged
text:
  description: The text that was shown.
  returned: always
  type: str
  sample: "Deployment of shop: what it would do\n"
"""
