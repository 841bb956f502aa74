# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon Athena's work groups: with anything in them they go only when that is asked for.

https://docs.aws.amazon.com/athena/latest/APIReference/API_DeleteWorkGroup.html
aws-samples/coast-grafana-cost-intelligence-dashboards#9 has the words, and CloudFormation's handler what it makes of
them: https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-athena
"""

from __future__ import annotations

import json
from typing import Any

from moto.athena.models import AthenaBackend, WorkGroup, athena_backends
from moto.athena.responses import AthenaResponse
from moto.core.exceptions import JsonRESTError

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..patching import Patches
from ..services.models import StackResource
from ..world import world

_moto_named = AthenaResponse.list_named_queries
_moto_executions = AthenaResponse.list_query_executions


def _group(backend: AthenaBackend, name: str) -> WorkGroup:
    if name not in backend.work_groups:
        raise JsonRESTError("InvalidRequestException", f"WorkGroup {name} is not found.")
    return backend.work_groups[name]


def _notebooks(group: WorkGroup) -> list[str]:
    return group.__dict__.setdefault("notebooks", [])


def _delete(backend: AthenaBackend, name: str, recursive: bool) -> None:
    group = _group(backend, name)
    named = [key for key, query in backend.named_queries.items() if query.workgroup.name == name]
    executed = list(backend.list_query_executions(name))
    if (named or executed or _notebooks(group)) and not recursive:
        raise JsonRESTError("InvalidRequestException", f"WorkGroup {name} is not empty")
    for key in named:
        del backend.named_queries[key]
    for key in executed:
        del backend.executions[key]
    del backend.work_groups[name]


def _answer_delete(response: AthenaResponse) -> str:
    recursive = bool(response._get_param("RecursiveDeleteOption"))
    _delete(response.athena_backend, response._get_param("WorkGroup"), recursive)
    return "{}"


def _answer_get(response: AthenaResponse) -> str:
    name = response._get_param("WorkGroup")
    _group(response.athena_backend, name)
    return json.dumps({"WorkGroup": response.athena_backend.get_work_group(name)})


def _answer_named(response: AthenaResponse) -> Any:
    _group(response.athena_backend, response._get_param("WorkGroup") or "primary")
    return _moto_named(response)


def _answer_executions(response: AthenaResponse) -> Any:
    _group(response.athena_backend, response._get_param("WorkGroup") or "primary")
    return _moto_executions(response)


def _answer_notebooks(response: AthenaResponse) -> str:
    """https://docs.aws.amazon.com/athena/latest/APIReference/API_ListNotebookMetadata.html"""
    group = _group(response.athena_backend, response._get_param("WorkGroup"))
    return json.dumps({"NotebookMetadataList": [{"Name": name} for name in _notebooks(group)]})


def _answer_create(response: AthenaResponse) -> str:
    """https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNotebook.html"""
    group = _group(response.athena_backend, response._get_param("WorkGroup"))
    _notebooks(group).append(response._get_param("Name"))
    return json.dumps({"NotebookId": response._get_param("Name")})


class AthenaWorkGroup(StackResource, StackResource.base):
    """Ref is its name."""

    @staticmethod
    def cloudformation_name_type() -> str:
        return "Name"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Athena::WorkGroup"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_details: Any
    ) -> AthenaWorkGroup:
        properties = cloudformation_json.get("Properties", {})
        name = properties.get("Name", resource_name)
        athena_backends[account_id][region_name].create_work_group(name, {}, properties.get("Description", ""), [])
        return cls(name, {})


class _Deletion:
    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("resource.other", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        backend = athena_backends[resource.account_id][resource.region]
        recursive = str(resource.properties.get("RecursiveDeleteOption")).lower() == "true"
        try:
            _delete(backend, resource.physical_id, recursive)
        except JsonRESTError as error:
            if "not found" not in error.message:
                words = f"Invalid request provided: {error.message}"
                raise Refused("InvalidRequest", words, service="Athena") from error
        return True


def install(patches: Patches) -> None:
    patches.set(AthenaResponse, "delete_work_group", _answer_delete)
    patches.set(AthenaResponse, "get_work_group", _answer_get)
    patches.set(AthenaResponse, "list_named_queries", _answer_named)
    patches.set(AthenaResponse, "list_query_executions", _answer_executions)
    patches.set(AthenaResponse, "list_notebook_metadata", _answer_notebooks)
    patches.set(AthenaResponse, "create_notebook", _answer_create)
    register("AWS::Athena::WorkGroup", _Deletion())
