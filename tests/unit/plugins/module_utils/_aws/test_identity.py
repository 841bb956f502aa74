# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.identity import one_identity

ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S", "AWS_SESSION_TOKEN": "T", "AWS_PROFILE": "env"}
KEYS = {"access_key": "A", "secret_key": "S", "session_token": "T"}
NO_KEYS = {"access_key": "", "secret_key": "", "session_token": ""}
OTHERS = {"access_key": "B", "secret_key": "S", "session_token": None}


@pytest.mark.parametrize(
    ("params", "instead"),
    [
        ({"profile": "ws", **KEYS}, NO_KEYS),
        ({"profile": "ws", "access_key": "A", "secret_key": None, "session_token": None}, NO_KEYS),
        ({"profile": "env", **KEYS}, {"profile": None}),
        ({"profile": "env", **OTHERS}, {"profile": None}),
        ({"profile": "ws", **OTHERS}, {}),
        ({"profile": "ws", **NO_KEYS}, {}),
        ({"profile": None, **KEYS}, {}),
        ({"profile": "env", "access_key": None, "secret_key": None, "session_token": None}, {}),
    ],
)
def test_what_is_given_holds_over_the_environment_and_there_keys_over_a_profile(params, instead):
    assert one_identity(params, ENVIRONMENT) == instead
