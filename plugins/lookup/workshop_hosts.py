# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuse a run that would end well because nothing, or only a part, of a playbook is run."""

from __future__ import annotations

DOCUMENTATION = r"""
name: workshop_hosts
short_description: The hosts of a play, or a refusal where the play would be passed by
version_added: 1.0.0
author:
  - workshop.lifecycle contributors (@workshop-lifecycle)
description:
  - For the C(hosts) of plays. Ansible itself ends with 0 when no host matches, and when no task is selected.
  - Fails if no host of the inventory matches.
  - Where a playbook of this collection stands on the command line, and not in a larger playbook, it also fails if
    C(--limit) leaves no host, and whenever C(--tags), C(--skip-tags) or C(--start-at-task) are given. In a larger
    playbook these may be about the rest of it.
options:
  _terms:
    description: A pattern of hosts, or several.
    type: list
    elements: str
    required: true
seealso:
  - plugin: ansible.builtin.inventory_hostnames
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: See how all workshops of the inventory stand
  hosts: "{{ lookup('workshop.lifecycle.workshop_hosts', 'workshops') }}"
  connection: local
  gather_facts: false
  roles:
    - role: workshop.lifecycle.status
"""

RETURN = r"""
_raw:
  description: The patterns, as they were given.
  type: list
  elements: str
"""

from pathlib import Path
from typing import Any
from typing import Mapping
from typing import Sequence

from ansible import context
from ansible.errors import AnsibleLookupError
from ansible.inventory.manager import InventoryManager
from ansible.plugins.lookup import LookupBase

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.selection import selection_problem

COLLECTION = "workshop.lifecycle."
PLAYBOOKS = Path(__file__).resolve().parents[2] / "playbooks"
#: Options with which nothing is run. Hosts that a play would add are not known then.
ONLY_LISTING = ("syntax", "listhosts", "listtasks", "listtags")


class LookupModule(LookupBase):
    """Asked before a play begins: no limit, no tag and no start at another task leaves that out."""

    def run(self, terms: Sequence[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[str]:
        patterns = self._flatten(terms)
        given = context.CLIARGS
        if not any(given.get(name) for name in ONLY_LISTING):
            inventory = self._inventory((variables or {}).get("groups") or {})
            problem = selection_problem(inventory, patterns, given, _is_called(given.get("args") or ()))
            if problem:
                raise AnsibleLookupError(problem)
        return patterns

    def _inventory(self, groups: Mapping[str, Sequence[str]]) -> InventoryManager:
        inventory = InventoryManager(self._loader, parse=False)
        for group, hosts in groups.items():
            inventory.add_group(group)
            for host in hosts:
                inventory.add_host(host, group=group)
        return inventory


def _is_called(playbooks: Sequence[str]) -> bool:
    """Whether a playbook of this collection stands on the command line."""
    return any(name.startswith(COLLECTION) or Path(name).resolve().parent == PLAYBOOKS for name in playbooks)
