# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What the modules have in common that run on the controller, and show what others found."""

    DOCUMENTATION = r"""
options: {}
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
    description: Does the same in check mode.
  diff_mode:
    support: none
    description: There is nothing to compare.
  platform:
    support: full
    platforms: all
    description: Any.
"""

    SURVEYED = r"""
options:
  workshop:
    description: Name of the workshop, for the heading.
    type: str
    required: true
  survey:
    description: What M(workshop.lifecycle.workshop_info) returned.
    type: dict
    required: true
  part:
    description:
      - If O(groups) is only a part of the workshop, what P(workshop.lifecycle.workshop_part#filter) returned. It is
        said then, and what is kept is told.
    type: dict
  groups:
    description:
      - The stack groups, in the order in which they are shown.
      - They are those of O(workshop.lifecycle.cloudformation_stacks#module:groups).
    type: list
    elements: dict
    required: true
    suboptions:
      group:
        description: Name of the group.
        type: str
        required: true
      after:
        description: Names of the groups that go before it.
        type: list
        elements: str
        default: []
      of_which:
        description: The stacks of these groups that alone have to be gone. It is not shown.
        type: list
        elements: str
        default: []
      phase:
        description:
          - In which phase it goes.
          - If it is not given, the one after the last of its O(groups[].after), or the first.
        type: int
      stacks:
        description: Its stacks, each by its exact name or as a dictionary that has it as C(name).
        type: list
        elements: raw
        default: []
"""
