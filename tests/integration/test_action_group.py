# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One ``module_defaults`` entry, ``group/workshop.lifecycle.aws``, reaches this collection's modules and amazon.aws's.

Nothing but the group says where the emulator is: a module that it did not reach would find no region, or ask AWS.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.emulator import Emulator

pytestmark = pytest.mark.smoke

TASKS = [
    {"amazon.aws.aws_caller_info": {}},
    {"amazon.aws.cloudformation_info": {}},
    {"workshop.lifecycle.cloudformation_stacks": {"stacks": [{"name": "nothing-here"}]}},
    {"workshop.lifecycle.ecs_tasks": {"cluster": "nothing-here"}},
    {"workshop.lifecycle.workshop_info": {"prefix": "nothing-here"}},
]


@pytest.fixture(name="emulator", scope="module")
def _emulator() -> Iterator[Emulator]:
    with Emulator(time_scale=0.001) as emulator:
        yield emulator


@pytest.mark.parametrize("task", TASKS, ids=lambda task: next(iter(task)))
def test_group_reaches(task: dict, emulator: Emulator, tmp_path: Path) -> None:
    defaults = {
        "endpoint_url": emulator.endpoint_url,
        "region": "eu-central-1",
        "access_key": "test",
        "secret_key": "test",
    }
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {"group/workshop.lifecycle.aws": defaults},
        "tasks": [task],
    }
    playbook = tmp_path / "play.yml"
    playbook.write_text(yaml.safe_dump([play]), encoding="utf-8")
    before = emulator.calls.total
    done = subprocess.run(
        [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "-c", "local", str(playbook)],
        env=os.environ | {"ANSIBLE_PYTHON_INTERPRETER": sys.executable},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert emulator.calls.total > before
