# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Whether what every module is built on is there. Ansible alone would name a file that it could not find."""

from __future__ import annotations

import importlib.util

#: As in galaxy.yml.
NEEDED = "amazon.aws:>=10.1.1,<12.0.0"
_NAME = NEEDED.partition(":")[0]


def requirements_problem() -> str:
    """What is missing and how to install it; empty if nothing is."""
    try:
        found = importlib.util.find_spec(f"ansible_collections.{_NAME}.plugins.module_utils.modules")
    except ImportError:  # of what it is in
        found = None
    if found:
        return ""
    return (
        f"The collection {_NAME}, which this one is built on, is not installed. Install it: "
        f"ansible-galaxy collection install '{NEEDED}'"
    )
