# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a developer wants to know after each change, in less than 90 seconds on two processors."""

from __future__ import annotations

from tests.judges import lint, pytests
from tests.judges.child import Verdict, run
from tests.judges.venv import CHECKOUT

LINTERS = ("flake8", "yamllint")
#: Each module that works on AWS, in this process, against the emulator.
MODULES = [
    f"tests/integration/{test}"
    for test in (
        "test_cloudformation_stacks.py::test_each_stack_goes_only_when_all_it_comes_after_are_gone",
        "test_cloudformation_stacks.py::test_retaining_takes_the_rounds_it_takes",
        "test_cloudformation_stacks.py::test_tasks_that_hold_a_stack_up_are_stopped",
        "test_ecs_tasks.py::test_lingering_tasks",
        "test_survey.py::test_one_of_each_kind_is_found",
        "test_workshop_leftovers.py::test_what_it_finds_itself_goes_and_nothing_else",
    )
]
LEFT_OUT = (
    "Left out: the emulator's own tests, all other integration tests (every role and playbook), ansible-lint, "
    "shellcheck, actionlint, antsibull, sanity, importer, matrix. make test has them all."
)


def check() -> Verdict:
    """Tests of the logic, a few modules, and the linters that take no time."""
    tests = pytests.pytest([*pytests.LOGIC, *MODULES])
    failed = [name for name in LINTERS if run(lint.COMMANDS[name], cwd=CHECKOUT)[0]]
    linted = f"complaints from {', '.join(failed)}" if failed else f"{', '.join(LINTERS)}: no complaint"
    return Verdict(tests.passed and not failed, f"{tests.text}\n{linted}")
