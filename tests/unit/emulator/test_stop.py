# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start and stop of the emulator, by itself and as a program."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.emulator import Emulator

CHECKOUT = Path(__file__).parents[3]


def test_stop_leaves_no_thread_and_a_closed_port():
    before = set(threading.enumerate())  # another test's may still be there
    with Emulator(time_scale=1.0) as emulator:
        emulator.client("cloudformation").list_stacks()
        url = emulator.endpoint_url
        assert set(threading.enumerate()) - before
    assert not set(threading.enumerate()) - before
    with pytest.raises(OSError):
        urlopen(url, timeout=1)


def test_moto_is_given_back_as_it_was():
    from moto.cloudformation.models import CloudFormationBackend, Stack

    before = dict(vars(CloudFormationBackend)), dict(vars(Stack))
    with Emulator():
        assert vars(CloudFormationBackend)["delete_stack"] is not before[0]["delete_stack"]
    assert (dict(vars(CloudFormationBackend)), dict(vars(Stack))) == before


def test_stop_raises_a_fault_of_the_clock(capsys):
    emulator = Emulator(time_scale=0.001)
    emulator.start()
    emulator.clock.call_later(0, [].pop)
    emulator.wait_until(lambda: emulator.clock.errors)
    with pytest.raises(IndexError):
        emulator.stop()
    assert capsys.readouterr().err


def test_it_runs_as_a_program_until_it_is_told_to_stop():
    with subprocess.Popen(
        [sys.executable, "-m", "tests.emulator", "--time-scale", "0.1"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    ) as process:
        first = process.stdout.readline().strip()
        assert first.startswith("export AWS_ENDPOINT_URL=http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def _times_of_a_deletion() -> dict[str, float]:
    """AWS seconds from DeleteStack to the end of each resource, with durations drawn from one seed."""
    resources = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}},
        "Namespace": {
            "Type": "AWS::ServiceDiscovery::PrivateDnsNamespace",
            "Properties": {"Name": "n.local", "Vpc": {"Ref": "Vpc"}},
        },
        "Registry": {
            "Type": "AWS::ServiceDiscovery::Service",
            "Properties": {"Name": "s", "NamespaceId": {"Ref": "Namespace"}},
        },
        "Targets": {
            "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "Properties": {"Port": 80, "Protocol": "HTTP", "VpcId": {"Ref": "Vpc"}, "TargetType": "ip"},
        },
        "Mesh": {"Type": "AWS::AppMesh::Mesh"},
    }
    with Emulator(time_scale=1.0, seed=7) as emulator:
        emulator.clock.pause()
        client = emulator.client("cloudformation")
        client.create_stack(StackName="one", TemplateBody=json.dumps({"Resources": resources}))
        asked = emulator.clock.now()
        client.delete_stack(StackName="one")
        emulator.clock.advance(1000)
        gone = emulator.timeline.select("resource", status="DELETE_COMPLETE")
        assert len(gone) == len(resources)
        return {event.name: round(event.time - asked, 6) for event in gone}


def test_one_seed_gives_the_same_times_whatever_the_ids():
    assert _times_of_a_deletion() == _times_of_a_deletion()
