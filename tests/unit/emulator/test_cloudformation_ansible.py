# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""amazon.aws.cloudformation with state=present makes, updates and previews stacks in the emulator.

https://docs.ansible.com/ansible/latest/collections/amazon/aws/cloudformation_module.html
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TEMPLATE = {
    "Parameters": {"Text": {"Type": "String"}},
    "Resources": {
        "P": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": "/p", "Value": {"Ref": "Text"}}}
    },
    "Outputs": {"Name": {"Value": {"Ref": "P"}}},
}


def _task(text, **keywords):
    arguments = {
        "stack_name": "one",
        "state": "present",
        "template_body": json.dumps(TEMPLATE),
        "template_parameters": {"Text": text},
    }
    return {"amazon.aws.cloudformation": arguments, "register": "result", **keywords}


def _check(condition):
    return {"ansible.builtin.assert": {"that": condition}}


@pytest.mark.slow
def test_present(emulator, tmp_path):
    tasks = [
        _task("first"),
        _check(["result is changed", "result.stack_outputs.Name == '/p'"]),
        _task("first"),
        _check("result is not changed"),
        _task("first", check_mode=True),
        _check("result is not changed"),
        _task("second", check_mode=True),
        _check("result is changed"),
        _task("second"),
        _check(["result is changed", "'UPDATE complete' in result.output"]),
    ]
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    ran = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), playbook],
        env={**os.environ, **emulator.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert emulator.client("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == "second"
