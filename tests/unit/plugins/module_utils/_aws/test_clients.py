# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from botocore.config import Config

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors as errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients

KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "aws_session_token": None, "verify": None}


def test_a_client_is_made_once_and_as_the_user_wants_it():
    given = {**KEYS, "aws_config": Config(read_timeout=7, user_agent_extra="school")}
    clients = Clients("eu-central-1", "http://127.0.0.1:1", given)
    client = clients("sts")
    assert clients("sts") is client
    assert client.meta.endpoint_url == "http://127.0.0.1:1" and client.meta.region_name == "eu-central-1"
    assert client.meta.config.read_timeout == 7 and client.meta.config.user_agent_extra == "school"
    assert client.meta.config.retries["mode"] == "standard"


def test_no_region():
    with pytest.raises(errors.AwsCallError, match="NoRegionError"):
        Clients(None, None, KEYS)("ecs")


def test_a_profile_that_is_not_there():
    with pytest.raises(errors.AwsCallError, match="nope") as caught:
        Clients("eu-central-1", None, {"profile_name": "nope"})
    assert caught.value.code == "ProfileNotFound"


def test_a_service_that_boto_has_dropped():
    with pytest.raises(errors.AwsCallError, match="UnknownServiceError"):
        Clients("eu-central-1", None, KEYS)("no-mesh")
