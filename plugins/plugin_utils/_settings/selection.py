# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Whether what is said on the command line leaves out a play, or a part of it, so that the run would end well."""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import Protocol
from typing import Sequence

#: Options of ansible-playbook that leave out tasks, by Ansible's names.
_LEAVING_OUT = {"tags": "--tags", "skip_tags": "--skip-tags", "start_at_task": "--start-at-task"}


class Inventory(Protocol):
    """What is used of Ansible's inventory."""

    def get_hosts(self, pattern: list[str]) -> list[Any]:
        """Those that match, within the subset."""

    def subset(self, subset_pattern: str | None) -> None:
        """Set the subset; None for everything."""


def selection_problem(
    inventory: Inventory, patterns: Sequence[str], given: Mapping[str, Any], called: bool
) -> str:
    """Why the run would pass something by; empty if it would not.

    :param patterns: of the hosts of the play
    :param given: the options of ansible-playbook, by Ansible's names
    :param called: whether the playbook itself was called. In a larger one, what is left out may be left out on purpose.
    """
    hosts = ", ".join(patterns)
    if not inventory.get_hosts(list(patterns)):
        return f"No host of the inventory matches {hosts}, so no workshop would be looked at. Nothing was touched."
    if not called:
        return ""
    inventory.subset(given.get("subset"))
    if not inventory.get_hosts(list(patterns)):
        return f"--limit leaves no host of {hosts}, so no workshop would be looked at. Nothing was touched."
    parts = [option for name, option in _LEAVING_OUT.items() if _names(given.get(name)) not in ([], ["all"])]
    if parts:
        return (
            f"{' and '.join(parts)} would leave out a part of what belongs together: the look, the plan and its "
            "confirmation, the deletion, the proof. Run the playbook without. Nothing was touched."
        )
    return ""


def _names(value: str | Sequence[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])
