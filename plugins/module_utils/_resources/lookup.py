# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Whether resources are there, asked of their own services by their physical ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Iterable

from .._aws.errors import CREDENTIALS
from .._aws.errors import DENIED
from .._aws.errors import MISSING
from .._aws.errors import TRANSIENT
from .._aws.errors import UNREACHABLE
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .look import Look
from .types import TYPES
from .._aws.reading import Reading

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore


@dataclass(frozen=True)
class Resource:
    """A resource by CloudFormation's type and physical id."""

    type: str
    physical_id: str


class Lookups:
    """``clients``: makes a boto3 client from the name of its service."""

    def __init__(self, clients: Callable, reading: Reading) -> None:
        self._clients = clients
        self._reading = reading
        self._ended: set[str] = set()

    def there(self, resources: Iterable[Resource]) -> dict[Resource, bool | None]:
        """For each resource: True, False, or None for one that could not be looked up. If that was because it is not
        permitted, it is noted as well, except for a service that AWS has ended."""
        wanted = list(dict.fromkeys(resources))
        around = {resource: _around(resource) for resource in wanted}
        outer = self._answers(item for item in around.values() if item)
        lost = {resource for resource in wanted if around[resource] and outer[around[resource]] is False}
        inner = self._answers(resource for resource in wanted if resource not in lost and resource not in outer)
        return {resource: False if resource in lost else {**inner, **outer}[resource] for resource in wanted}

    def _answers(self, resources: Iterable[Resource]) -> dict[Resource, bool | None]:
        wanted = list(dict.fromkeys(resources))
        answers: dict[Resource, bool | None] = dict.fromkeys(wanted)
        batches = _batches(resource for resource in wanted if resource.type in TYPES and resource.physical_id)
        for answer in self._reading.each(self._look, batches):
            answers.update(answer)
        return answers

    def _look(self, batch: tuple[Resource, ...]) -> dict[Resource, bool | None]:
        look = TYPES[batch[0].type]
        if look.client in self._ended:
            return dict.fromkeys(batch)
        ids = [resource.physical_id for resource in batch]
        try:
            found = self._ask(look, ids) if look.ends else self._reading.tried(lambda: self._ask(look, ids))
        except AwsCallError as error:
            if error.code in look.absent or error.kind == MISSING:
                return dict.fromkeys(batch, False)
            self._bear(look, error)
            return dict.fromkeys(batch)
        return {resource: resource.physical_id in found for resource in batch}

    def _bear(self, look: Look, error: AwsCallError) -> None:
        """Raise what is no answer at all. What a service that AWS has ended says is borne, and said once."""
        if error.kind == CREDENTIALS:
            raise error
        if look.ends:
            self._ended.add(look.client)
        elif error.kind in (TRANSIENT, UNREACHABLE):
            raise error
        elif error.kind == DENIED:
            self._reading.note(error)

    def _ask(self, look: Look, ids: list[str]) -> set[str]:
        operation = xform_name(look.action.partition(":")[2])
        arguments: dict[str, Any] = look.ask(ids)
        with aws_call(look.action):
            client = self._clients(look.client)
            if client.can_paginate(operation):
                pages: Iterable[Any] = client.get_paginator(operation).paginate(**arguments)
            else:
                pages = [getattr(client, operation)(**arguments)]
            return {found for page in pages for found in look.there(page, ids)}


def _around(resource: Resource) -> Resource | None:
    """What it is in, and cannot outlive."""
    look = TYPES.get(resource.type)
    within = look.within(resource.physical_id) if look else ()
    return Resource(*within) if within else None


def _batches(resources: Iterable[Resource]) -> list[tuple[Resource, ...]]:
    """What goes into one call each."""
    alike: dict[tuple[str, str], list[Resource]] = {}
    for resource in resources:
        alike.setdefault((resource.type, TYPES[resource.type].alike(resource.physical_id)), []).append(resource)
    return [
        tuple(group[start : start + TYPES[kind].most])
        for (kind, _key), group in alike.items()
        for start in range(0, len(group), TYPES[kind].most)
    ]
