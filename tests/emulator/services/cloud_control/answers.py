# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GetResource: whether a resource of any type is there."""

from __future__ import annotations

import json
import uuid
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.models import cloudformation_backends

from ...actions import Action
from ...call_faults import USER_ARN, Answer, error_answer
from ...cloudformation.records import GONE, records
from ...world import ACCOUNT_ID, world
from ..backends import backend_of
from .lookups import LOOKUPS
from .schemas import Schema, schema_of

#: The service that requests are signed for
SIGNING_NAME = "cloudcontrolapi"


def answer(action: Action, body: bytes) -> Answer:
    """The answer to a request. The texts of errors are a guess, but for their form: aws/aws-sdk#140."""
    if action.name != "cloudformation:GetResource":
        return error_answer(action, "UnknownOperationException", 404, f"The emulator lacks {action.name}.")
    request = json.loads(body)
    type_name, identifier = request["TypeName"], request["Identifier"]
    schema = schema_of(type_name, action.region)
    if schema is None:
        return _error(action, "TypeNotFoundException", f"The type '{type_name}' cannot be found.")
    if schema.read is None:
        # https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/supported-resources.html
        return _error(action, "UnsupportedActionException", f"Resource type {type_name} does not support READ action")
    for needed in schema.read:
        if world.faults.denies(needed, action.caller):
            return _failed(action, type_name, "GeneralServiceException", "AccessDenied", _denial(needed))
    parts = _parts(schema, identifier)
    if parts is None:
        wanted = "|".join(schema.identifier)
        return _error(action, "ValidationException", f"Identifier {identifier} is not valid for identifier [{wanted}]")
    lookup = LOOKUPS.get(type_name)
    if lookup is None and type_name in parsing.get_model_map():
        return error_answer(action, "InternalFailure", 500, f"The emulator cannot look {type_name} up.")
    if lookup is None or lookup(backend_of(ACCOUNT_ID, action.region), *parts.values()) is None:
        message = f"Resource of type '{type_name}' with identifier '{identifier}' was not found."
        return _failed(action, type_name, "ResourceNotFoundException", "NotFound", message)
    properties = json.dumps(_properties(action, type_name, parts), default=str)
    description = {"Identifier": identifier, "Properties": properties}
    content = json.dumps({"TypeName": type_name, "ResourceDescription": description}).encode()
    return Answer("200 OK", [("Content-Type", "application/x-amz-json-1.0")], content)


def _parts(schema: Schema, identifier: str) -> dict[str, str] | None:
    """The identifying properties; None if these are not enough. Those at the end that are optional may be missing.

    https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-identifier.html: several parts are joined with
    ``|``, or given as JSON.
    """
    if identifier.startswith("{"):
        given = {name.rpartition("/")[2]: str(value) for name, value in json.loads(identifier).items()}
        return {name: given[name] for name in schema.identifier if name in given} or None
    values = identifier.split("|") if len(schema.identifier) > 1 else [identifier]
    optional = "SetIdentifier" in schema.identifier
    if not len(schema.identifier) - optional <= len(values) <= len(schema.identifier):
        return None
    return dict(zip(schema.identifier, values))


def _properties(action: Action, type_name: str, parts: dict[str, str]) -> dict[str, Any]:
    """What the stack that has made it says of it, if one has, and what identifies it."""
    for stack in cloudformation_backends[ACCOUNT_ID][action.region].stacks.values():
        for record in records(stack).values():
            if record.type == type_name and record.physical_id in parts.values() and record.status not in GONE:
                return {**record.properties, **parts}
    return dict(parts)


def _denial(needed: str) -> str:
    return (
        f"User: {USER_ARN} is not authorized to perform: {needed} because no identity-based policy allows the {needed} "
        "action"
    )


def _failed(action: Action, type_name: str, code: str, handler_code: str, message: str) -> Answer:
    text = f"{type_name} Handler returned status FAILED: {message} "
    return _error(action, code, f"{text}(HandlerErrorCode: {handler_code}, RequestToken: {uuid.uuid4()})")


def _error(action: Action, code: str, message: str) -> Answer:
    return error_answer(action, code, 400, message)
