# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show lines of text on the terminal as they are."""

from __future__ import annotations

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

display = Display()


class ActionModule(ActionBase):
    """Runs on the controller, since only there is a terminal."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict | None = None) -> dict:
        result = super().run(tmp, task_vars)
        _validation, arguments = self.validate_argument_spec({"text": {"type": "str", "required": True}})
        display.display(printable(arguments["text"]))
        result.update(changed=False, text=arguments["text"])
        return result


def printable(text: str) -> str:
    """C(text) without what a terminal would obey: control characters, but for line ends and tabs."""
    return "".join(character for character in text if character.isprintable() or character in "\n\t")
