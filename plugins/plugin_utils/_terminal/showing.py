# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Where lines may be shown, and of which host."""

from __future__ import annotations

from typing import Any
from typing import Mapping

from ansible import constants as C


def may_show(task: Any) -> bool:
    """Whether an action may print lines of its own: not under ``no_log``, and not among the JSON of a callback whose
    output is read by programs."""
    return not task.no_log and "json" not in str(C.config.get_config_value("DEFAULT_STDOUT_CALLBACK"))


def host_of(task_vars: Mapping[str, Any]) -> str:
    """The host of the inventory, if there are several to tell apart."""
    several = len(task_vars.get("ansible_play_hosts_all") or []) > 1
    return str(task_vars.get("inventory_hostname") or "") if several else ""
