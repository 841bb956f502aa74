# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What the action plugins that show a page of text have in common."""

from __future__ import annotations

import os
import time
from typing import Any
from typing import Mapping
from typing import Sequence

from ansible import constants as C
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.color import stringc
from ansible.utils.display import Display

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.ci import Ending
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import ERROR
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import WARNING
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.layout import Line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._settings.groups import table
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import add_summary
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import closing_lines
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import harmless
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import section
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.showing import may_show

display = Display()


class PageAction(ActionBase):
    """Runs on the controller, since only there is a terminal."""

    TRANSFERS_FILES = False

    @staticmethod
    def groups(given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The table of stack groups with names and phases; fails the task if it makes no sense."""
        try:
            return table(given)
        except ValueError as error:
            raise AnsibleActionFail(str(error)) from error

    @staticmethod
    def width() -> int:
        """Columns of the terminal, 79 without one."""
        return display.columns

    def show(self, lines: Sequence[Line], ending: Ending | None) -> str:
        """Print the lines, in one go so that those of several hosts do not mix; return them without colours.

        :param ending: what a CI is told, if the run ends with this
        """
        environment = os.environ
        text = "".join(f"{line}\n" for line, _colour in lines)
        note = add_summary(ending.summary(text), environment) if ending and not self._task.no_log else ""
        if may_show(self._task):
            shown = harmless("".join(f"{_coloured(line)}\n" for line in lines), environment)
            name = "_".join(filter(None, [self._task.action.split(".")[-1], ending.host if ending else ""]))
            now = time.time()
            folded = section(shown, name, lines[0][0], environment, seconds=(now, now), collapsed=False)
            last = closing_lines(ending.line, [ending.notice], environment) if ending else ""
            display.display(folded + "".join(f"{part}\n" for part in (note, last) if part))
        return text


def _coloured(line: Line) -> str:
    text, colour = line
    name = {WARNING: C.COLOR_WARN, ERROR: C.COLOR_ERROR}.get(colour)
    return stringc(text, name) if name else text
