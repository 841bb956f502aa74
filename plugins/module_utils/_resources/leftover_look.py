# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which leftovers are still there."""

from __future__ import annotations

from typing import Callable
from typing import Sequence

from .kinds import Kinds
from .leftover import Leftover
from .lookup import Lookups
from .lookup import Resource
from .._aws.reading import Reading
from .._survey.types import CLOUD_MAP_INSTANCE
from .._survey.types import LOG_GROUP
from .._survey.types import SSM_PARAMETER
from .._survey.types import TASK_DEFINITION
from .._survey.types import XRAY_GROUP
from .._survey.types import XRAY_SAMPLING_RULE
from .._tasks.reader import RegistryReader

_TYPES = {LOG_GROUP: "AWS::Logs::LogGroup", SSM_PARAMETER: "AWS::SSM::Parameter"}


class Look:
    """``clients``: makes a boto3 client from the name of its service."""

    def __init__(self, clients: Callable, reading: Reading) -> None:
        self._clients = clients
        self._reading = reading
        self._lists = {
            CLOUD_MAP_INSTANCE: self._instances,
            TASK_DEFINITION: self._task_definitions,
            XRAY_GROUP: self._xray_groups,
            XRAY_SAMPLING_RULE: self._xray_sampling_rules,
        }

    def there(self, items: Sequence[Leftover]) -> dict[Leftover, bool | None]:
        """For each item: True, False, or None if that may not be read. Raises :class:`AwsCallError`."""
        answers: dict[Leftover, bool | None] = {}
        single = {item: Resource(_TYPES[item.kind], item.id) for item in items if item.kind in _TYPES}
        found = Lookups(self._clients, self._reading).there(single.values())
        answers.update({item: found[resource] for item, resource in single.items()})
        for kind, listed in self._lists.items():
            wanted = [item for item in items if item.kind == kind]
            if wanted:
                denied = self._reading.denied()
                ids = listed(wanted)
                unknown = None if self._reading.denied() != denied else False
                answers.update({item: (item.id, item.service_id) in ids or unknown for item in wanted})
        return answers

    def _instances(self, items: Sequence[Leftover]) -> set[tuple[str, str | None]]:
        registry = RegistryReader(self._clients("servicediscovery"))
        services = list(dict.fromkeys(item.service_id or "" for item in items))
        found = self._reading.each(
            lambda service: self._reading.read(lambda: registry.instances(service), []), services
        )
        return {(instance, service) for service, pairs in zip(services, found) for instance, _cluster in pairs}

    def _task_definitions(self, items: Sequence[Leftover]) -> set[tuple[str, str | None]]:
        families = [item.id.rsplit("/", 1)[-1].rsplit(":", 1)[0] for item in items]
        return {(found.id, None) for found in Kinds(self._clients, self._reading).task_definitions(families)}

    def _xray_groups(self, items: Sequence[Leftover]) -> set[tuple[str, str | None]]:
        names = [item.id for item in items]
        return {(found.id, None) for found in Kinds(self._clients, self._reading).xray_groups(names)}

    def _xray_sampling_rules(self, items: Sequence[Leftover]) -> set[tuple[str, str | None]]:
        names = [item.id for item in items]
        return {(found.id, None) for found in Kinds(self._clients, self._reading).xray_sampling_rules(names)}
