# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: known_variables
short_description: Refuse misspelled variables of this collection
version_added: 1.0.0
description:
  - Ansible ignores a variable that nothing uses. Where stacks are deleted, a misspelled C(workshop_account_id) must not
    be ignored.
  - Fails when a variable of the play begins with C(workshop_) and is none of this collection's, or is very like one of
    its variables without being it. The message names the variable that was meant.
  - Other variables that begin with the name of a role, such as C(vpc_id), are let pass. So are results of tasks,
    whatever they are called.
author: workshop.lifecycle contributors (@workshop-lifecycle)
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
attributes:
  action:
    description: Has an action plugin, which does all the work on the controller.
    support: full
  async:
    support: none
  bypass_host_loop:
    support: none
  check_mode:
    support: full
    description: Changes nothing.
  diff_mode:
    support: none
    description: There is nothing to compare.
  platform:
    support: full
    platforms: all
    description: Any.
seealso:
  - module: ansible.builtin.validate_argument_spec
"""

EXAMPLES = r"""
- name: Refuse a misspelled variable before anything else happens
  workshop.lifecycle.known_variables:
"""

RETURN = r"""
msg:
  description: The variables that there are not, and what may have been meant.
  returned: failure
  type: str
  sample: There is no variable workshop_acount_id. Did you mean workshop_account_id? Nothing was touched.
"""
