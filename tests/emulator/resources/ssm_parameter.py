# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SSM parameters: the attributes that moto lacks as resources of a stack, and the pages of their list.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
"""

from __future__ import annotations

from typing import Any

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.responses import ActionResult
from moto.ssm.exceptions import SSMException, ValidationException
from moto.ssm.models import Parameter
from moto.ssm.responses import SimpleSystemManagerResponse

from ..patching import Patches
from ..services.pages import InvalidToken, page, token_after

#: MaxResults: 50 at most; the 10 of a request without it are what public examples show.
_MOST, _DEFAULT = 50, 10
#: Parameters looked at for one page: how many is not documented.
_LOOKED_AT = 50


def _get_cfn_attribute(parameter: Parameter, attribute_name: str) -> str:
    if attribute_name not in ("Type", "Value"):
        raise UnformattedGetAttTemplateException()
    return parameter.parameter_type if attribute_name == "Type" else parameter.value


def _describe_parameters(response: SimpleSystemManagerResponse) -> ActionResult:
    """Filters are applied to a part of all parameters at a time: a page may be short or empty and yet have a NextToken.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html
    """
    limit = response._get_int_param("MaxResults", _DEFAULT)
    if not 1 <= limit <= _MOST:
        raise ValidationException(
            f"1 validation error detected: Value '{limit}' at 'maxResults' failed to satisfy constraint: "
            f"Member must have value less than or equal to {_MOST}"
        )
    backend = response.ssm_backend
    fitting = {
        parameter.name.lstrip("/"): parameter
        for parameter in backend.describe_parameters(
            response._get_param("Filters"), response._get_param("ParameterFilters")
        )
    }
    # moto keeps AWS's public parameters beside those of the account.
    names = [name.lstrip("/") for name in backend._parameters]
    names = [name for name in names if not name.startswith("aws/")]
    try:
        looked_at, token = page(names, response._get_param("NextToken"), _LOOKED_AT)
    except InvalidToken as error:
        raise SSMException("InvalidNextToken", "The specified token is not valid.") from error
    shown: list[dict[str, Any]] = []
    for name in looked_at:
        if len(shown) == limit:
            token = token_after(shown[-1]["Name"].lstrip("/"))
            break
        if name in fitting:
            shown.append(fitting[name].describe_response_object(False))
    return ActionResult({"Parameters": shown, "NextToken": token})


def install(patches: Patches) -> None:
    patches.set(Parameter, "get_cfn_attribute", _get_cfn_attribute)
    patches.set(SimpleSystemManagerResponse, "describe_parameters", _describe_parameters)
