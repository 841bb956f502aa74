# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::SSM::Parameter: the attributes that moto lacks.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
"""

from __future__ import annotations

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.ssm.models import Parameter

from ..patching import Patches


def _get_cfn_attribute(parameter: Parameter, attribute_name: str) -> str:
    if attribute_name not in ("Type", "Value"):
        raise UnformattedGetAttTemplateException()
    return parameter.parameter_type if attribute_name == "Type" else parameter.value


def install(patches: Patches) -> None:
    patches.set(Parameter, "get_cfn_attribute", _get_cfn_attribute)
