# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn CloudFormation properties into parameters of the service's API, with the API's own description of itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape
from botocore.session import get_session


@lru_cache
def _model(service: str) -> ServiceModel:
    return get_session().get_service_model(service)


def api_parameters(service: str, operation: str, properties: dict[str, Any]) -> dict[str, Any]:
    """Parameters of ``operation`` with the names and types of the API; what the API does not know is dropped.

    CloudFormation names start with a capital letter, and its numbers and booleans may be texts.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
    """
    return _convert(_model(service).operation_model(operation).input_shape, properties)


def _convert(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape):
        by_name = {name.lower(): content for name, content in value.items()}
        return {
            name: _convert(member, by_name[name.lower()])
            for name, member in shape.members.items()
            if name.lower() in by_name
        }
    if isinstance(shape, ListShape):
        return [_convert(shape.member, item) for item in (value if isinstance(value, list) else [value])]
    if isinstance(shape, MapShape):
        return {key: _convert(shape.value, item) for key, item in value.items()}
    if shape.type_name in ("integer", "long"):
        return int(value)
    if shape.type_name == "boolean":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if shape.type_name in ("double", "float"):
        return float(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
