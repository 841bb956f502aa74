# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AccessDenied on each action of the policies in turn: no traceback, no false "clean", and the action is named.

What the playbooks hand to the modules is taken from real runs. The modules then run in this process, one denial after
the other, and the report's own code draws the verdict from what they return.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils import _report_text as report_text
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report_data import build

from tests.docs import policies
from tests.docs.recording import KINDS, leave_something, run
from tests.emulator import Emulator
from tests.integration.inprocess import call
from tests.integration.tiny import Tiny

#: Without these nothing is missing that matters: docs/iam.md says so.
OPTIONAL = {"iam:ListAccountAliases"}
#: AWS allows this one to everybody:
#: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
NEVER_DENIED = {"sts:GetCallerIdentity"}
#: App Mesh has ended. What it refuses to list counts as there as long as it carries a stack's tags, but is no gap.
ENDED = {action for action in policies.actions("survey-policy.json") if action.startswith("appmesh:")}
#: Only those of a live workshop, or of the plan.
NOT_OF_VERIFY = {"cloudformation:DescribeStacks", "cloudformation:DescribeStackResources"}
LOOKING = sorted(policies.actions("survey-policy.json") - OPTIONAL - NEVER_DENIED - ENDED - NOT_OF_VERIFY)
SAID_BY_CALLS = {"workshop_info", "cloudformation_stacks"}


@pytest.fixture(name="emulator", scope="module")
def _emulator() -> Iterator[Emulator]:
    with Emulator(time_scale=0.002) as emulator:
        yield emulator


@pytest.fixture(name="calls", scope="module")
def _calls(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What a teardown of nothing hands to each of our modules, in the order of its calls."""
    played = run(emulator, tmp_path_factory.mktemp("calls"), "teardown", ANSIBLE_STDOUT_CALLBACK="ansible.posix.json")
    assert played.code == 0, played.output
    found: dict[str, list[dict[str, Any]]] = {}
    for task in json.loads(played.output[played.output.index("{") :])["plays"][0]["tasks"]:
        for result in task["hosts"].values():
            arguments = result.get("invocation", {}).get("module_args")
            if arguments and "." in result.get("action", ""):
                given = {name: value for name, value in arguments.items() if value is not None}
                found.setdefault(result["action"].rsplit(".", 1)[-1], []).append(given)
    return found
