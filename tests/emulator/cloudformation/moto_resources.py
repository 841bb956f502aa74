# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Delete a stack's resource with moto's own code."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError, ServiceException, _RESTError
from moto.cloudformation.parsing import resource_class_from_type

if TYPE_CHECKING:
    from .deletion import Resource


def delete_with_moto(resource: Resource) -> None:
    """Delete it in moto's backend. Raises ``Refused`` with the code and message of moto's error."""
    from .deletion import Refused  # the registry imports this module

    try:
        _delete(resource)
    except ServiceException as error:
        raise Refused(error.code, error.message, service=_service(resource.type)) from error
    except (_RESTError, JsonRESTError) as error:
        raise Refused(error.error_type, error.message, service=_service(resource.type)) from error


def moto_deletes(resource_type: str) -> bool:
    """Whether moto really deletes resources of this type."""
    model_class = resource_class_from_type(resource_type)
    delete = getattr(model_class, "delete", None)
    return delete is not None and _takes_two(delete, of_class=True) or _has_class_method(model_class)


def _has_class_method(model_class: Any) -> bool:
    return not hasattr(model_class.delete_from_cloudformation_json, "__isabstractmethod__")


def _delete(resource: Resource) -> None:
    model = resource.model
    delete = getattr(model, "delete", None)
    if delete is not None and _takes_two(delete):
        delete(resource.account_id, resource.region)
        return
    model_class = resource_class_from_type(resource.type)
    if model_class is not None and _has_class_method(model_class):
        model_class.delete_from_cloudformation_json(
            resource.physical_id,
            {"Type": resource.type, "Properties": resource.properties},
            resource.account_id,
            resource.region,
        )


def _takes_two(method: Any, *, of_class: bool = False) -> bool:
    """moto's resources have ``delete(account_id, region)`` or only the class method, sometimes another delete."""
    required = [
        parameter
        for parameter in inspect.signature(method).parameters.values()
        if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
    return len(required) == (3 if of_class else 2)


def _service(resource_type: str) -> str:
    return resource_type.split("::")[1].capitalize()
