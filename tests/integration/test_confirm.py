# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The question at a terminal: only the workshop's name, typed, lets what comes after preflight happen."""

from __future__ import annotations

import json
import os
import pty
import time
from pathlib import Path

import pytest

from tests.emulator import Emulator
from tests.workshop.playbooks import environment, executable

QUESTION = b"Type cuddlekube to go on"
#: A topic, and a bucket with one object in it.
TEMPLATE = """{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}, "Bucket": {
    "Type": "AWS::S3::Bucket", "Properties": {"BucketName": "cuddles"}}}}"""


def playbook_that_asks(folder: Path) -> Path:
    """Preflight, and something after it."""
    groups = [{"group": "dynamodb", "phase": 1, "stacks": ["cuddlekube-dynamodb"]}]
    tags = {"workshop_tags": {"team": "cuddles"}, "workshop_leftovers": ["tagged_resource"]}
    given = {"preflight_groups": groups, "workshop_clear": ["AWS::S3::*"], **tags}
    tasks = [
        {"ansible.builtin.import_role": {"name": "workshop.lifecycle.preflight"}, "vars": given},
        {"ansible.builtin.debug": {"msg": "It goes on"}},
    ]
    playbook = folder / "asks.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
    return playbook


def answer_at_a_terminal(aws: Emulator, scratch: Path, answer: bytes) -> tuple[int, str]:
    """Exit code and output of the playbook, when this is typed as the answer to its question."""
    command = [executable(), str(playbook_that_asks(scratch))]
    variables = environment(aws.environment, scratch) | {"ANSIBLE_NOCOLOR": "1"}
    child, ours = pty.fork()
    if child == 0:
        os.execve(command[0], command, variables)
    output, answered, end = b"", False, time.monotonic() + 120
    while time.monotonic() < end:
        try:
            data = os.read(ours, 4096)
        except OSError:  # the last of them has closed the terminal
            break
        output += data
        if QUESTION in output and not answered:
            time.sleep(0.5)  # pause throws away what was typed before it listens
            os.write(ours, answer)
            answered = True
    os.close(ours)
    assert answered, output.decode(errors="replace")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), output.decode(errors="replace")


@pytest.mark.parametrize(("answer", "goes_on"), [(b"\r", False), (b"yes\r", False), (b"cuddlekube\r", True)])
def test_only_the_name_lets_it_go_on(aws: Emulator, tmp_path: Path, answer: bytes, goes_on: bool) -> None:
    aws.client("cloudformation").create_stack(StackName="cuddlekube-dynamodb", TemplateBody=TEMPLATE)
    aws.wait_until(lambda: "cuddles" in [row["Name"] for row in aws.client("s3").list_buckets()["Buckets"]])
    aws.client("s3").put_object(Bucket="cuddles", Key="one", Body=b"x")
    for name in ("one", "two"):
        aws.client("sns").create_topic(Name=name, Tags=[{"Key": "team", "Value": "cuddles"}])
    aws.client("iam").create_account_alias(AccountAlias="sandbox")

    code, output = answer_at_a_terminal(aws, tmp_path, answer)

    place = "in account 123456789012 (sandbox), region eu-central-1."
    assert f"This ends cuddlekube (1 stack, 2 leftovers) {place}" in output
    assert "\nCleared for it, and not to be had back: 1 object" in output.replace("\r", "")
    gone = "\nDeleted with it, since it bears team=cuddles and is in no stack: 2 AWS::SNS::Topic.\n"
    assert gone in output.replace("\r", "")
    assert (code == 0, "It goes on" in output) == (goes_on, goes_on), output
    assert goes_on or "Not confirmed, so nothing was touched" in output
