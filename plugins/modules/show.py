# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: show
short_description: Show lines of text on the terminal as they are
version_added: 1.0.0
description:
  - Shows text on the terminal of the controller, line by line.
  - M(ansible.builtin.debug) would show one string with escaped line ends.
  - Control characters other than line ends and tabs are left out.
author: workshop.lifecycle contributors (@workshop-lifecycle)
options:
  text:
    description: The text to show.
    type: str
    required: true
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
    description: Shows the text in check mode too.
  diff_mode:
    support: none
    description: There is nothing to compare.
  platform:
    support: full
    platforms: all
    description: Any.
seealso:
  - module: ansible.builtin.debug
"""

EXAMPLES = r"""
- name: Show a small table
  workshop.lifecycle.show:
    text: |
      group   stacks
      alb     1
"""

RETURN = r"""
text:
  description: The text that was shown.
  returned: success
  type: str
  sample: "group   stacks\nalb     1\n"
"""
