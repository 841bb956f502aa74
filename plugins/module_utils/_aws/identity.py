# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Who asks, where a module's options and the environment name both a profile and keys."""

from __future__ import annotations

from typing import Any
from typing import Mapping

# From where amazon.aws takes options that are not given:
# https://github.com/ansible-collections/amazon.aws/blob/main/plugins/module_utils/modules.py
_KEYS = {
    "access_key": ("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"),
    "secret_key": ("AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"),
    "session_token": ("AWS_SESSION_TOKEN",),
}
_PROFILE = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")


def one_identity(params: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Values to take for some of a module's options, so that a profile and keys do not meet, which amazon.aws refuses.

    What is given holds over the environment. Of two from the environment the keys hold, as for boto3 and the AWS CLI:
    https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html. Two that are given are refused.
    """
    keys = {name: params[name] for name in _KEYS if params.get(name)}
    if not params.get("profile") or not keys:
        return {}
    if params["profile"] in [environment.get(name) for name in _PROFILE]:
        return {"profile": None}
    given = [name for name, value in keys.items() if value not in [environment.get(source) for source in _KEYS[name]]]
    return {} if given else dict.fromkeys(_KEYS, "")
