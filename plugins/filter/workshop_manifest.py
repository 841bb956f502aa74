# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a manifest says of its workshop."""

from __future__ import annotations

from typing import Any
from typing import Callable

import yaml

from ansible.errors import AnsibleFilterError

from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.reading import outline
from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.types import ManifestError

DOCUMENTATION = r"""
name: workshop_manifest
short_description: Read which workshop a manifest is of
version_added: 1.0.0
description:
  - Reads name, scope, X-Ray group and sampling rules in the text of a manifest, so that what ends the workshop finds
    what M(workshop.lifecycle.cloudformation_manifest) and the role C(deploy) make.
  - Fails for a text that has not the form of a manifest, with all that is wrong, each with its line. Templates are not
    looked at.
author: workshop.lifecycle contributors (@workshop-lifecycle)
positional: path
options:
  _input:
    description: The text of the manifest.
    type: str
    required: true
  path:
    description: How messages call it.
    type: str
    default: manifest
"""

EXAMPLES = r"""
- name: Find the stacks of a manifest
  workshop.lifecycle.cloudformation_stacks_info:
    scope: "{{ (lookup('ansible.builtin.file', 'shop.yml') | workshop.lifecycle.workshop_manifest('shop.yml')).scope }}"
"""

RETURN = r"""
_value:
  description: What it says.
  type: dict
  contains:
    name:
      description: Name of the workshop.
      type: str
      sample: shop
    scope:
      description: Which stacks are the workshop's. If the manifest does not say it, those that it has, by their names.
      type: dict
      sample: {prefix: shop-}
    xray_group:
      description: Name of its X-Ray group. Empty if it has none.
      type: str
      sample: shop
    xray_sampling_rules:
      description: Names of its X-Ray sampling rules.
      type: list
      elements: str
      sample: [shop]
"""


def workshop_manifest(text: Any, path: str = "manifest") -> dict[str, Any]:
    """Name, scope, X-Ray group and sampling rules; raises AnsibleFilterError."""
    try:
        return outline(str(text), path, yaml)
    except ManifestError as error:
        raise AnsibleFilterError(f"{error}\nNothing was touched.") from error


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """By its name."""
        return {"workshop_manifest": workshop_manifest}
