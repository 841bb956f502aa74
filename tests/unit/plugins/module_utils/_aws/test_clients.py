# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from botocore.config import Config

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import region_problem

KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "aws_session_token": None, "verify": None}


def test_a_client_is_made_once_and_as_the_user_wants_it():
    given = {**KEYS, "aws_config": Config(read_timeout=7, user_agent_extra="school")}
    clients = Clients("eu-central-1", "http://127.0.0.1:1", given)
    client = clients("sts")
    assert clients("sts") is client
    assert client.meta.endpoint_url == "http://127.0.0.1:1" and client.meta.region_name == "eu-central-1"
    assert client.meta.config.read_timeout == 7 and client.meta.config.user_agent_extra == "school"
    assert client.meta.config.retries["mode"] == "standard"


def test_the_same_in_another_region():
    clients = Clients("eu-central-1", "http://127.0.0.1:1", KEYS)
    there = clients.elsewhere("xx-new-1")  # which botocore need not know yet
    assert there("sts").meta.region_name == there.region == "xx-new-1"
    assert there("sts").meta.endpoint_url == "http://127.0.0.1:1"
    assert clients("sts").meta.region_name == clients.region == "eu-central-1" and there("sts") is there("sts")


def test_no_region():
    with pytest.raises(errors.AwsCallError, match="NoRegionError"):
        Clients(None, None, KEYS)("ecs")


def test_a_profile_that_is_not_there():
    with pytest.raises(ValueError, match="ProfileNotFound.*nope"):
        Clients("eu-central-1", None, {"profile_name": "nope"})


def test_a_service_that_boto_has_dropped():
    with pytest.raises(errors.AwsCallError, match="UnknownServiceError"):
        Clients("eu-central-1", None, KEYS)("no-mesh")


def test_a_region_that_is_not_there():
    with pytest.raises(ValueError, match="Did you mean eu-central-1"):
        Clients("eu-centrl-1", None, KEYS)


@pytest.mark.parametrize("region", ["eu-central-1", "us-gov-west-1", "cn-north-1"])
def test_regions_of_every_partition_are_known(region):
    assert region_problem(region) == ""


def test_a_slip_of_the_pen_gets_a_hint():
    problem = region_problem("eu-centrl-1")
    assert "'eu-centrl-1'" in problem and "Did you mean eu-central-1" in problem


@pytest.mark.parametrize("region", ["mars-north-1", "", "eu central 1", "*", "aws-global"])
def test_what_is_no_region(region):
    assert repr(region) in region_problem(region)
