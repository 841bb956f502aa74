# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A plan and a status as a CI shows them: one line, an annotation, and a job summary."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import list_text
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan import words
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.facts import Row
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.status_text import there
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.text import held_count
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._plan.text import would_go
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import Notice
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import fenced
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import markdown
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import last_line
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import listed


@dataclass(frozen=True)
class Ending:
    """How a page of text ends for a CI. ``state``: C(plan), C(status), C(list), C(refused), C(deployed)
    or C(failed)."""

    workshop: str
    host: str
    state: str
    text: str

    @property
    def line(self) -> str:
        """What a search of logs finds."""
        return last_line(self.workshop, self.host, self.state, self.text)

    @property
    def notice(self) -> Notice:
        """As an annotation."""
        name = f"{self.workshop} [{self.host}]" if self.host else self.workshop
        return Notice("error" if self.state in ("refused", "failed") else "notice", f"{name} {self.state}", self.text)

    def summary(self, page: str) -> str:
        """In Markdown.

        :param page: what is shown on the terminal, whose first line is a heading
        """
        heading, _line_end, rest = page.partition("\n")
        refused = f"Refused: {markdown(self.text)}\n" if self.state == "refused" else ""
        return "\n".join(part for part in (f"### {markdown(heading)}\n", refused, fenced(rest)) if part)


def plan_ending(plan: Row, host: str, problem: str) -> Ending:
    """Of a plan that is only shown, or that has a problem."""
    if problem:
        return Ending(plan["workshop"], host, "refused", problem)
    if plan["seen"] is False:
        text = words.never_seen(plan)
    else:
        would, held = would_go(plan), held_count(plan)
        but = f", but for {held}" if held else ""
        text = (f"{would} would go{but}" if would else "nothing would be done") + _unseen(plan)
    return Ending(plan["workshop"], host, "plan", _part(plan) + text)


def status_ending(status: Row, host: str) -> Ending:
    """Of a status."""
    odd: dict[str, int] = {}
    for group in status["groups"]:
        for stack in group["unusual"]:
            odd[stack["status"]] = odd.get(stack["status"], 0) + 1
    unusual = f" ({', '.join(f'{number} {name}' for name, number in odd.items())})" if odd else ""
    return Ending(status["workshop"], host, "status", _part(status) + there(status) + unusual + _unseen(status))


def list_ending(found: Row, host: str) -> Ending:
    """Of a list of workshops."""
    unknown = ", and more may be where it was not possible to look" if found["gaps"] else ""
    return Ending("all workshops", host, "list", f"{list_text.there(found)}{unknown}")


def _part(known: Row) -> str:
    return "a part of the workshop: " if known["part"] else ""


def _unseen(known: Row) -> str:
    actions = words.actions(known["gaps"])
    return f", not looked at ({listed(actions)})" if actions else ""
