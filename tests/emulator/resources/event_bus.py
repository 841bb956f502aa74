# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::Events::EventBus: Ref is its name, and it does not go while there are rules on it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbus.html
hashicorp/terraform-provider-aws#22131 has the words, serverless/serverless#8479 a stack that fails with them.
"""

from __future__ import annotations

from moto.core.exceptions import JsonRESTError
from moto.events.models import EventBus, EventsBackend, events_backends

from ..patching import Patches

_moto_delete = EventsBackend.delete_event_bus


def _delete_event_bus(backend: EventsBackend, name: str) -> None:
    bus = backend.event_buses.get(name)
    if bus is not None and bus.rules:
        raise JsonRESTError("ValidationException", "EventBus can't be deleted since it has rules.")
    _moto_delete(backend, name)


def install(patches: Patches) -> None:
    patches.set(EventBus, "physical_resource_id", property(lambda bus: bus.name))
    # moto's takes the rules of other stacks along.
    patches.set(
        EventBus,
        "delete",
        lambda bus, account_id, region: events_backends[account_id][region].delete_event_bus(bus.name),
    )
    patches.set(EventsBackend, "delete_event_bus", _delete_event_bus)
