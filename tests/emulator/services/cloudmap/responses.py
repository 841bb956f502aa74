# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of Cloud Map with pages and filters, which moto leaves out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from moto.servicediscovery.exceptions import InvalidInput
from moto.servicediscovery.responses import ServiceDiscoveryResponse
from moto.servicediscovery.urls import url_bases

from ..pages import InvalidToken, page
from ..swap import url_module

#: https://docs.aws.amazon.com/cloud-map/latest/api/API_ListInstances.html (the same for all lists)
_DEFAULT_PAGE = 100


class CloudMapResponse(ServiceDiscoveryResponse):
    """moto's responses with pages and filters."""

    def _list(
        self, name: str, items: Sequence[Any], key: Callable[[Any], str], show: Callable[[Any], Any], **rest: str
    ) -> str:
        given = json.loads(self.body or "{}")
        try:
            shown, token = page(items, given.get("NextToken"), int(given.get("MaxResults") or _DEFAULT_PAGE), key)
        except InvalidToken as error:
            raise InvalidInput("Invalid NextToken") from error
        answer: dict[str, Any] = {name: [show(item) for item in shown], **rest}
        if token:
            answer["NextToken"] = token
        return json.dumps(answer)

    def _matches(self, values: Callable[[str], str | None]) -> bool:
        """Whether an item with these values passes the Filters of the request."""
        for wanted in json.loads(self.body or "{}").get("Filters") or []:
            value = values(wanted["Name"])
            if value is not None and value not in wanted["Values"]:
                return False
        return True

    def list_namespaces(self) -> str:
        """https://docs.aws.amazon.com/cloud-map/latest/api/API_ListNamespaces.html"""
        namespaces = [
            namespace
            for namespace in self.servicediscovery_backend.list_namespaces()
            if self._matches({"TYPE": namespace.type, "NAME": namespace.name}.get)
        ]
        return self._list(
            "Namespaces",
            namespaces,
            lambda item: item.id,
            lambda item: {**item.to_json(), "ResourceOwner": self.current_account},
        )

    def list_services(self) -> str:
        """https://docs.aws.amazon.com/cloud-map/latest/api/API_ListServices.html"""
        services = [
            service
            for service in self.servicediscovery_backend.list_services()
            if self._matches({"NAMESPACE_ID": service.namespace_id}.get)
        ]
        return self._list("Services", services, lambda item: item.id, self._service)

    def get_service(self) -> str:
        service = self.servicediscovery_backend.get_service(json.loads(self.body)["Id"])
        return json.dumps({"Service": self._service(service)})

    def list_instances(self) -> str:
        """https://docs.aws.amazon.com/cloud-map/latest/api/API_ListInstances.html"""
        instances = self.servicediscovery_backend.list_instances(json.loads(self.body)["ServiceId"])
        return self._list(
            "Instances",
            instances,
            lambda item: item.instance_id,
            lambda item: item.to_json(),
            ResourceOwner=self.current_account,
        )

    def _service(self, service: Any) -> dict[str, Any]:
        """https://docs.aws.amazon.com/cloud-map/latest/api/API_ServiceSummary.html"""
        account = self.current_account
        owner = {"CreatedByAccount": account, "ResourceOwner": account}
        return {**service.to_json(), **owner, "InstanceCount": len(service.instances)}

    def list_operations(self) -> str:
        """https://docs.aws.amazon.com/cloud-map/latest/api/API_ListOperations.html"""
        operations = [
            operation
            for operation in self.servicediscovery_backend.list_operations()
            if self._matches(
                {
                    "STATUS": operation.status,
                    "TYPE": operation.operation_type,
                    "NAMESPACE_ID": operation.targets.get("NAMESPACE"),
                    "SERVICE_ID": operation.targets.get("SERVICE"),
                }.get
            )
        ]
        return self._list("Operations", operations, lambda item: item.id, lambda item: item.to_json(short=True))


urls = url_module(url_bases, {"{0}/$": CloudMapResponse.dispatch})
