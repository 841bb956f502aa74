# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a workshop that is meant."""

from __future__ import annotations

from typing import Any
from typing import Callable

from ansible.errors import AnsibleFilterError

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.part import part_of

DOCUMENTATION = r"""
name: workshop_part
short_description: Take a part of the stack groups of a workshop
version_added: 1.0.0
description:
  - Takes the stacks that are named, or all but those, out of a table of stack groups.
  - What a kept stack stands on, which is what would be deleted after it, is kept as well.
  - Fails for a name that is neither a group's nor a stack's, and says which may have been meant.
author: workshop.lifecycle contributors (@workshop-lifecycle)
positional: only, keep
options:
  _input:
    description: The stack groups, as in O(workshop.lifecycle.cloudformation_stacks#module:groups).
    type: list
    elements: dict
    required: true
  only:
    description: Names of groups or stacks. None of them means all.
    type: list
    elements: str
    default: []
  keep:
    description: Names of groups or stacks that are kept.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Delete all but the network
  workshop.lifecycle.cloudformation_stacks:
    groups: "{{ (groups | workshop.lifecycle.workshop_part(keep=['network'])).groups }}"
  vars:
    groups:
      - {group: web, stacks: [shop-web]}
      - {group: network, after: [web], stacks: [shop-vpc]}
"""

RETURN = r"""
_value:
  description: The part.
  type: dict
  contains:
    whole:
      description: Whether it is all of the workshop, since nothing was named.
      type: bool
      sample: false
    only:
      description: What is meant, as given.
      type: list
      elements: str
      sample: []
    keep:
      description: What is kept, as given.
      type: list
      elements: str
      sample: [network]
    groups:
      description: All groups, each with those of its stacks that are meant.
      type: list
      elements: dict
      sample:
        - {group: web, stacks: [shop-web]}
        - {group: network, after: [web], stacks: []}
    kept:
      description:
        - The other stacks. Each has its C(name), its C(group), the C(reason), and the stacks of the part that it
          C(holds) while it is there, since they come after it.
      type: list
      elements: dict
      sample:
        - {name: shop-vpc, group: network, reason: workshop_keep names it, holds: []}
"""


def workshop_part(groups: Any, only: Any = None, keep: Any = None) -> dict[str, Any]:
    """The part; raises AnsibleFilterError."""
    try:
        return part_of(groups, only, keep)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """By its name."""
        return {"workshop_part": workshop_part}
