# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""User pools of Cognito."""

from __future__ import annotations

from typing import Any

from .._aws.errors import aws_call
from .protection import Protection
from .resource import ResourceType
from .resource import by
from .resource import one

_DESCRIBE = "cognito-idp:DescribeUserPool"
_UPDATE = "cognito-idp:UpdateUserPool"


def _switch(client: Any, pool_id: str, on: bool) -> None:
    """With all its other settings: "If you don't provide a value for an attribute, Amazon Cognito sets it to its
    default value."

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
    """
    with aws_call(_DESCRIBE):
        pool = client.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    takes = client.meta.service_model.operation_model("UpdateUserPool").input_shape.members
    settings = {name: value for name, value in pool.items() if name in takes}
    # Two names for one setting, both of which are answered, and only the newer is taken:
    # https://github.com/aws/aws-sdk-js/issues/3817
    if "TemporaryPasswordValidityDays" in settings.get("Policies", {}).get("PasswordPolicy", {}):
        settings.get("AdminCreateUserConfig", {}).pop("UnusedAccountValidityDays", None)
    if "PoolName" in takes:
        settings["PoolName"] = pool["Name"]
    settings.update(UserPoolId=pool_id, DeletionProtection="ACTIVE" if on else "INACTIVE")
    with aws_call(_UPDATE):
        client.update_user_pool(**settings)


TYPES = (
    ResourceType(
        name="AWS::Cognito::UserPool",
        command=by("cognito-idp delete-user-pool --user-pool-id"),
        lookup=one(_DESCRIBE, "UserPoolId", "ResourceNotFoundException"),
        arn="cognito-idp:userpool",
        # https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html
        protection=Protection(
            action=_DESCRIBE,
            ask=lambda pool_id: {"UserPoolId": pool_id},
            on=lambda answer, pool_id: answer["UserPool"].get("DeletionProtection") == "ACTIVE",
            # It sets all other settings to their defaults, which is nothing to a pool that goes.
            lift=lambda pool_id: (
                *("cognito-idp", "update-user-pool", "--user-pool-id", pool_id),
                *("--deletion-protection", "INACTIVE"),
            ),
            switch=_switch,
            switches=(_DESCRIBE, _UPDATE),
        ),
    ),
)
