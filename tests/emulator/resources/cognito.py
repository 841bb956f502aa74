# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User pools of Cognito, their clients and domains, which moto's CloudFormation does not know.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpool.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolclient.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpooldomain.html
"""

from __future__ import annotations

from typing import Any

from moto.cognitoidp.exceptions import InvalidParameterException
from moto.cognitoidp.models import CognitoIdpBackend, cognitoidp_backends

from ..patching import Patches
from ..services.models import StackResource
from ..services.shapes import api_parameters

_moto_delete_pool = CognitoIdpBackend.delete_user_pool
_moto_update_pool = CognitoIdpBackend.update_user_pool


def _update_pool(backend: CognitoIdpBackend, user_pool_id: str, extended_config: dict[str, Any]) -> None:
    """aws/aws-sdk-js#3817 has the words, though DescribeUserPool answers both. moto sets what is not given to its
    default, as AWS says: API_UpdateUserPool."""
    password = extended_config.get("Policies", {}).get("PasswordPolicy", {})
    made_by = extended_config.get("AdminCreateUserConfig", {})
    if "TemporaryPasswordValidityDays" in password and "UnusedAccountValidityDays" in made_by:
        raise InvalidParameterException(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"
        )
    _moto_update_pool(backend, user_pool_id, extended_config)


def _delete_pool(backend: CognitoIdpBackend, user_pool_id: str) -> None:
    """hashicorp/terraform-provider-aws#14102 (domain), rebuy-de/aws-nuke (protection)"""
    pool = backend.describe_user_pool(user_pool_id)
    if (pool.extended_config or {}).get("DeletionProtection") == "ACTIVE":
        raise InvalidParameterException(
            "The user pool cannot be deleted because deletion protection is activated. "
            "Deletion protection must be inactivated first."
        )
    if any(domain.user_pool_id == user_pool_id for domain in backend.user_pool_domains.values()):
        raise InvalidParameterException(
            "User pool cannot be deleted. It has a domain configured that should be deleted first."
        )
    _moto_delete_pool(backend, user_pool_id)


class UserPool(StackResource, StackResource.base):
    """Ref is its id."""

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Cognito::UserPool"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in ("Arn", "ProviderName", "ProviderURL", "UserPoolId")

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> UserPool:
        properties = cloudformation_json.get("Properties", {})
        config = api_parameters("cognito-idp", "CreateUserPool", properties)
        name = properties.get("UserPoolName", resource_name)
        pool = cognitoidp_backends[account_id][region_name].create_user_pool(name, config)
        provider = f"cognito-idp.{region_name}.amazonaws.com/{pool.id}"
        attributes = {"Arn": pool.arn, "ProviderName": provider, "ProviderURL": f"https://{provider}"}
        return cls(pool.id, {**attributes, "UserPoolId": pool.id})

    def delete(self, account_id: str, region: str) -> None:
        """https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html"""
        backend = cognitoidp_backends[account_id][region]
        if self.physical_resource_id in backend.user_pools:
            backend.delete_user_pool(self.physical_resource_id)


class _OfPool(StackResource):
    """What belongs to a pool, and goes with it."""

    def __init__(self, physical_resource_id: str, attributes: dict[str, str], pool: str) -> None:
        super().__init__(physical_resource_id, attributes)
        self.pool = pool


class UserPoolClient(_OfPool, StackResource.base):
    """Ref is its id."""

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Cognito::UserPoolClient"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in ("ClientId", "Name")

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> UserPoolClient:
        properties = cloudformation_json["Properties"]
        config = api_parameters("cognito-idp", "CreateUserPoolClient", properties)
        client = cognitoidp_backends[account_id][region_name].create_user_pool_client(
            config.pop("UserPoolId"), config.pop("GenerateSecret", False), {"ClientName": resource_name, **config}
        )
        name = properties.get("ClientName", resource_name)
        return cls(client.id, {"ClientId": client.id, "Name": name}, client.user_pool_id)

    def delete(self, account_id: str, region: str) -> None:
        """Gone with the pool, if that went first."""
        pool = cognitoidp_backends[account_id][region].user_pools.get(self.pool)
        if pool is not None:
            pool.clients.pop(self.physical_resource_id, None)


class UserPoolDomain(_OfPool, StackResource.base):
    """Ref is its name."""

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Cognito::UserPoolDomain"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "CloudFrontDistribution"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> UserPoolDomain:
        properties = cloudformation_json["Properties"]
        domain = cognitoidp_backends[account_id][region_name].create_user_pool_domain(
            properties["UserPoolId"], properties["Domain"], properties.get("CustomDomainConfig")
        )
        return cls(domain.domain, {}, domain.user_pool_id)

    def delete(self, account_id: str, region: str) -> None:
        """https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolDomain.html"""
        cognitoidp_backends[account_id][region].user_pool_domains.pop(self.physical_resource_id, None)


def install(patches: Patches) -> None:
    patches.set(CognitoIdpBackend, "delete_user_pool", _delete_pool)
    patches.set(CognitoIdpBackend, "update_user_pool", _update_pool)
