# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One ``module_defaults`` entry, ``group/workshop.lifecycle.aws``, reaches this collection's modules and amazon.aws's.

Nothing but the group says where the emulator is: a module that it did not reach would find no region, or ask AWS.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.emulator import Emulator
from tests.workshop.playbooks import play

#: Each module looks into a region of its own.
TASKS = {
    "eu-central-1": {"amazon.aws.aws_caller_info": {}},
    "eu-north-1": {"amazon.aws.cloudformation_info": {}},
    "eu-west-2": {"workshop.lifecycle.cloudformation_blockers": {"stacks": ["nothing-here"]}},
    "eu-west-1": {"workshop.lifecycle.cloudformation_stacks": {"stacks": [{"name": "nothing-here"}]}},
    "us-east-1": {"workshop.lifecycle.cloudformation_stacks_info": {"scope": {"prefix": "nothing-here"}}},
    "us-east-2": {"workshop.lifecycle.ecs_tasks": {"cluster": "nothing-here"}},
    "us-west-2": {"workshop.lifecycle.workshop_info": {"prefix": "nothing-here", "caller": False}},
    "ap-south-1": {"workshop.lifecycle.workshops_info": {"regions": ["ap-south-1"]}},
}
NO_SETTINGS = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.mark.smoke
def test_group_reaches_each_module(aws: Emulator, tmp_path: Path) -> None:
    defaults = {
        "endpoint_url": aws.endpoint_url,
        "region": "{{ looks_into }}",
        "access_key": "test",
        "secret_key": "test",
    }
    wanted = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {"group/workshop.lifecycle.aws": defaults},
        "tasks": [{**task, "vars": {"looks_into": region}} for region, task in TASKS.items()],
    }
    playbook = tmp_path / "play.yml"
    playbook.write_text(json.dumps([wanted]), encoding="utf-8")

    played = play(playbook, NO_SETTINGS, tmp_path)

    assert played.code == 0, played.output
    assert {call.region for call in aws.calls.log} == set(TASKS)
