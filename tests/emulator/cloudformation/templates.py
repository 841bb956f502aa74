# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What moto's template parsing lacks: functions, zones of the region, AWS's errors for parameters and types."""

from __future__ import annotations

import ipaddress
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import Stack
from moto.ssm import ssm_backends

from ..patching import Patches
from . import dynamic_references
from .deletion import can_delete

_moto_clean_json = parsing.clean_json
_moto_load_parameters = parsing.ResourceMap.load_parameters
_IAM_TYPES = frozenset(
    f"AWS::IAM::{name}"
    for name in (
        "AccessKey",
        "Group",
        "InstanceProfile",
        "ManagedPolicy",
        "Policy",
        "Role",
        "User",
        "UserToGroupAddition",
    )
)
#: Types that make nothing in any service
_WITHOUT_MODEL = frozenset({*parsing.NULL_MODELS, "AWS::CDK::Metadata"})
_IAM_NAMES = ("GroupName", "InstanceProfileName", "ManagedPolicyName", "RoleName", "UserName")


def install(patches: Patches) -> None:
    patches.set(parsing, "clean_json", _clean_json)
    patches.set(parsing.ResourceMap, "load_parameters", _load_parameters)
    patches.set(parsing.ResourceMap, "parse_ssm_parameter", _parse_ssm_parameter)
    patches.set(Stack, "parameter_list", property(_parameter_list))
    patches.set(Stack, "stack_parameters", property(given_parameters))


def _clean_json(value: Any, resources: Any) -> Any:
    cleaned = _without_functions(value, resources)
    # Fn::Sub, which is around, has its turn first.
    if isinstance(cleaned, str) and "{{resolve:" in cleaned and "${" not in cleaned:
        return dynamic_references.resolved(cleaned, resources._account_id, resources._region_name)
    return cleaned


def _without_functions(value: Any, resources: Any) -> Any:
    if isinstance(value, dict):
        if "Fn::GetStackOutput" in value:
            arguments = _clean_json(value["Fn::GetStackOutput"], resources)
            return dynamic_references.stack_output(arguments, resources._account_id, resources._region_name)
        if "Fn::Cidr" in value:
            block, count, *bits = [_clean_json(argument, resources) for argument in value["Fn::Cidr"]]
            return cidr(block, int(count), int(bits[0]) if bits else None)
        if value.get("Fn::GetAZs", None) in ("", {"Ref": "AWS::Region"}):
            return _moto_clean_json({"Fn::GetAZs": resources["AWS::Region"]}, resources)
        if "Fn::GetAtt" in value:
            name, attribute = _attribute(value["Fn::GetAtt"])
            return _moto_clean_json({"Fn::GetAtt": [name, attribute]}, resources)
    if isinstance(value, list):
        # An element that is Ref AWS::NoValue is no element.
        return [item for item in _moto_clean_json(value, resources) if item is not None]
    return _moto_clean_json(value, resources)


def _attribute(argument: str | list[str]) -> tuple[str, str]:
    """Resource and attribute, such as ``Outputs.Vpc``, of Fn::GetAtt, in which moto may have cut at each dot."""
    name, _dot, attribute = (argument if isinstance(argument, str) else ".".join(argument)).partition(".")
    return name, attribute


def cidr(block: str, count: int, bits: int | None) -> list[str]:
    """The first ``count`` sub-blocks with ``bits`` address bits.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
    """
    network = ipaddress.ip_network(block, strict=False)
    prefix = network.max_prefixlen - (bits if bits is not None else 8)
    if not 1 <= count <= 256 or prefix < network.prefixlen or 2 ** (prefix - network.prefixlen) < count:
        raise ValidationError(message=f"Template error: Fn::Cidr cannot make {count} blocks of {block}")
    subnets = network.subnets(new_prefix=prefix)
    return [str(next(subnets)) for _index in range(count)]


def _is_ssm_value(parameter_type: str) -> bool:
    return parameter_type.startswith("AWS::SSM::Parameter::Value<")


def _load_parameters(resource_map: Any) -> None:
    """Check the names as AWS does, and read only those SSM parameters that are really used."""
    template = resource_map._template
    declared = template.get("Parameters") or {}
    given = resource_map.input_parameters
    unknown = [name for name in given if name not in declared]
    if unknown:
        raise ValidationError(message=f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    missing = [name for name, slot in declared.items() if name not in given and "Default" not in slot]
    if missing:
        raise ValidationError(message=f"Parameters: [{', '.join(missing)}] must have values")
    for name, slot in declared.items():
        allowed = slot.get("AllowedValues")
        if allowed and name in given and str(given[name]) not in [str(value) for value in allowed]:
            raise ValidationError(
                message=f"Parameter '{name}' must be one of AllowedValues",
            )
    used = {
        name: {key: value for key, value in slot.items() if key != "Default" or name not in given}
        for name, slot in declared.items()
    }
    resource_map._template = {**template, "Parameters": used}
    try:
        _moto_load_parameters(resource_map)
    finally:
        resource_map._template = template


def _parse_ssm_parameter(resource_map: Any, value: str, value_type: str) -> Any:
    if not _is_ssm_value(value_type):
        return value
    parameter = ssm_backends[resource_map._account_id][resource_map._region_name].get_parameter(value)
    if parameter is None:
        raise ValidationError(message=f"Unable to fetch parameters [{value}] from parameter store for this account.")
    if "List<" in value_type or "CommaDelimitedList" in value_type:
        return parameter.value.split(",")
    return parameter.value


def given_parameters(stack: Stack) -> dict[str, Any]:
    """Parameter values as they were given, or their defaults: for SSM parameters the name, not the value."""
    declared = stack.template_dict.get("Parameters") or {}
    return {name: str(stack.parameters.get(name, slot.get("Default", ""))) for name, slot in declared.items()}


def _parameter_list(stack: Stack) -> list[dict[str, Any]]:
    declared = stack.template_dict.get("Parameters") or {}
    listed = []
    for name, value in given_parameters(stack).items():
        slot = declared[name]
        entry = {"ParameterKey": name, "ParameterValue": "****" if slot.get("NoEcho") else value}
        if _is_ssm_value(slot.get("Type", "String")):
            resolved = stack.resource_map.resolved_parameters[name]
            entry["ResolvedValue"] = ",".join(resolved) if isinstance(resolved, list) else resolved
        listed.append(entry)
    return listed


def check_types(stack: Stack) -> None:
    """ValidationError for types that cannot be made here, or not deleted: AWS's words for those it does not know.

    aws/aws-cli#7226 has the words, ministackorg/ministack#1628 that what a condition leaves out does not count.
    """
    conditions = stack.resource_map.lazy_condition_map
    types = {
        resource.get("Type")
        for resource in (stack.template_dict.get("Resources") or {}).values()
        if "Condition" not in resource or conditions[resource["Condition"]]
    }
    lacking = sorted(str(kind) for kind in types if kind not in _WITHOUT_MODEL and not _is_known(str(kind)))
    if lacking:
        named = ", ".join(lacking)
        raise ValidationError(
            message=f"Template format error: Unrecognized resource types: [{named}] (the emulator lacks them)"
        )


def _is_known(resource_type: str) -> bool:
    return parsing.resource_class_from_type(resource_type) is not None and can_delete(resource_type)


def missing_capability(template: dict[str, Any], given: list[str]) -> str | None:
    """The capability that a template needs and that was not given.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
    """
    resources = [item for item in template.get("Resources", {}).values() if item.get("Type") in _IAM_TYPES]
    if any(name in item.get("Properties", {}) for item in resources for name in _IAM_NAMES):
        return None if "CAPABILITY_NAMED_IAM" in given else "CAPABILITY_NAMED_IAM"
    if resources and not {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"} & set(given):
        return "CAPABILITY_IAM"
    return None
