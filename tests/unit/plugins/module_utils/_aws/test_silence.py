# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import silence
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import CORE, Clients
from tests.emulator import Emulator


def client(url, read_timeout=30.0):
    return boto3.session.Session().client(
        "xray",
        region_name="eu-central-1",
        endpoint_url=url,
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=read_timeout, proxies={}),
    )


@pytest.fixture(name="now")
def _now():
    return [100.0]


@pytest.fixture(name="port")
def _port():
    """A port that takes connections and answers nothing; nobody accepts, so the first is what it has room for."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_what_does_not_answer_is_not_asked_again_for_a_while(now, port):
    made = client(f"http://127.0.0.1:{port.getsockname()[1]}", 0.2)
    silence.Silence(lambda: now[0]).watch(made)
    port.settimeout(0.2)
    for _call in range(3):
        with pytest.raises(ReadTimeoutError):
            made.get_groups()
    port.accept()[0].close()
    with pytest.raises(TimeoutError):
        port.accept()
    now[0] += silence.LASTS
    with pytest.raises(ReadTimeoutError):
        made.get_groups()
    port.accept()[0].close()
    made.close()


def test_what_can_not_be_reached_is_tried_later(now):
    with Emulator() as emulator:
        port = emulator.endpoint_url.rpartition(":")[2]
    made = client(f"http://127.0.0.1:{port}")
    silence.Silence(lambda: now[0]).watch(made)
    with pytest.raises(EndpointConnectionError):
        made.get_groups()
    with Emulator(port=int(port)):
        with pytest.raises(EndpointConnectionError):
            made.get_groups()
        now[0] += silence.LASTS
        assert made.get_groups()["Groups"] == []
    made.close()


def test_an_answer_of_whatever_kind_is_no_silence(now):
    with Emulator() as emulator:
        made = client(emulator.endpoint_url)
        silence.Silence(lambda: now[0]).watch(made)
        emulator.faults.answer_oddly("xray:*", "empty", times=1)
        with pytest.raises(ClientError):
            made.get_groups()
        assert made.get_groups()["Groups"] == []
        made.close()


def test_what_stacks_are_seen_by_is_always_asked():
    with Emulator() as emulator:
        port = emulator.endpoint_url.rpartition(":")[2]
    once = {"aws_config": Config(retries={"total_max_attempts": 1})}
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    clients = Clients("eu-central-1", f"http://127.0.0.1:{port}", {**keys, **once})
    calls = {
        "sts": clients("sts").get_caller_identity,
        "cloudformation": clients("cloudformation").list_stacks,
        "ecs": clients("ecs").list_clusters,
        "xray": clients("xray").get_groups,
    }
    for call in calls.values():
        with pytest.raises(EndpointConnectionError):
            call()
    with Emulator(port=int(port)):
        for service in CORE:
            calls[service]()
        with pytest.raises(EndpointConnectionError):
            calls["xray"]()
