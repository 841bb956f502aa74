# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What all modules of this collection that change something have in common."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description:
      - Use C(group/workshop.lifecycle.aws) in C(module_defaults) to set options for this module and those of
        C(amazon.aws).
    support: full
    membership:
      - workshop.lifecycle.aws
  check_mode:
    description:
      - Can run in C(check_mode) and returns what it would do without changing anything.
    support: full
  diff_mode:
    description:
      - Returns what has changed, or would be changed in C(check_mode).
    support: full
  idempotent:
    description:
      - When run twice in a row, the second run reports no change.
    support: full
"""
