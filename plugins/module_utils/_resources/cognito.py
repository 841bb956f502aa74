# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""User pools of Cognito, which are deleted only without a domain."""

from __future__ import annotations

from typing import Any
from typing import Mapping

from .._aws.errors import aws_call
from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import NotCleared
from .clearing import Work
from .ours import Ours
from .protection import Protection
from .resource import Ids
from .resource import ResourceType
from .resource import by
from .resource import one
from .steps import call
from .steps import owner_of
from .steps import unless
from .steps import wait

_POOL = "AWS::Cognito::UserPool"
_DOMAIN = "AWS::Cognito::UserPoolDomain"
_DELETE_DOMAIN = "cognito-idp:DeleteUserPoolDomain"
_ABSENT = "ResourceNotFoundException"
# A custom domain goes with its distribution of CloudFront.
_PATIENCE = 900.0
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


def _domains(pool: Mapping[str, Any]) -> list[str]:
    """One of Amazon's, and one of its owner."""
    return [pool[name] for name in ("Domain", "CustomDomain") if pool.get(name)]


def _detect(looks: Looks, ours: Ours, pools: Ids) -> list[tuple[str, Blocker]]:
    """Domains that are none of ours.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain.html
    https://github.com/hashicorp/terraform-provider-aws/issues/14102, https://github.com/ekristen/aws-nuke/issues/477
    """
    own = ours.owned_ids(_DOMAIN)

    def of_pool(pool: str) -> list[str]:
        found = looks.at(pool, lambda: looks.pages(_DESCRIBE, UserPoolId=pool), absent=(_ABSENT,))
        return [domain for page in found or () for domain in _domains(page["UserPool"]) if domain not in own]

    found = zip(pools, looks.each(of_pool, pools))
    return [(pool, _domain(pool, domain)) for pool, domains in found for domain in domains]


def _domain(pool: str, domain: str) -> Blocker:
    return Blocker(
        _DOMAIN,
        domain,
        domain,
        f"A user pool cannot be deleted while it has a domain, and {pool} has {domain}, of no stack of these.",
        ("cognito-idp", "delete-user-pool-domain", "--user-pool-id", pool, "--domain", domain),
        amounts=(Amount(1, "domain", "domains"),),
        clear=_POOL,
        lost="the domain of its sign-in pages, which another account may take then",
    )


def _clear(work: Work, pool: str) -> list[Amount]:
    """Delete domains that no stack owns."""
    gone = 0
    for domain in _left(work, pool):
        stack = owner_of(work, _DOMAIN, domain)
        if stack:
            raise NotCleared(f"The domain {domain} of {pool} goes with the stack {stack}.")
        gone += unless((_ABSENT,), lambda domain=domain: call(work, _DELETE_DOMAIN, Domain=domain, UserPoolId=pool))
        work.told([Amount(gone, "domain", "domains")])
    if gone:
        wait(work, _PATIENCE, lambda: _left(work, pool), f"until {pool} has no domain")
    return [Amount(gone, "domain", "domains")] if gone else []


def _left(work: Work, pool: str) -> list[str]:
    found: list[str] = []
    unless((_ABSENT,), lambda: found.extend(_domains(call(work, _DESCRIBE, UserPoolId=pool)["UserPool"])))
    return [domain for domain in found if domain not in work.ours.owned_ids(_DOMAIN)]


TYPES = (
    ResourceType(
        name=_POOL,
        command=by("cognito-idp delete-user-pool --user-pool-id"),
        lookup=one(_DESCRIBE, "UserPoolId", _ABSENT),
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
        clearing=Clearing(
            detect=_detect,
            clear=_clear,
            detects=(_DESCRIBE,),
            clears=(_DESCRIBE, _DELETE_DOMAIN, "cloudformation:DescribeStackResources"),
            lost="the domains of its sign-in pages",
            source="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain.html",
        ),
    ),
)
