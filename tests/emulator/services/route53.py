# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53: a zone that is signed, and changes of what is not there, which moto does not mind.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.route53.exceptions import Route53ClientError
from moto.route53.models import FakeZone, Route53Backend, route53_backends
from moto.route53.responses import Route53

from ..patching import Patches
from ..world import ACCOUNT_ID, world

_moto_change = Route53Backend.change_resource_record_sets
#: Records of one change: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
_MOST = 1000


def keys_of(zone: FakeZone) -> list[str]:
    """Names of the keys that sign it."""
    return getattr(zone, "key_signing_keys", [])


def sign(zone_id: str, key: str) -> None:
    """A key signs a zone from now on, as somebody else has arranged."""
    with world.lock:
        route53_backends[ACCOUNT_ID]["aws"].get_hosted_zone(zone_id).key_signing_keys = [key]


def _get_dnssec(response: Route53) -> ActionResult:
    keys = keys_of(response.backend.get_hosted_zone(response._get_param("HostedZoneId")))
    rows = [{"Name": name, "Status": "ACTIVE"} for name in keys]
    return ActionResult(
        {"Status": {"ServeSignature": "SIGNING" if keys else "NOT_SIGNING"}, "KeySigningKeys": rows}
    )


def _change(backend: Route53Backend, zoneid: str, change_list: list[dict[str, Any]]) -> None:
    """boto/boto#2887 has the words for what is not found."""
    zone = backend.get_hosted_zone(zoneid)
    there = {(record.name.rstrip("."), record.type, record.set_identifier) for record in zone.rrsets}
    values = 0
    for change in change_list:
        wanted = change["ResourceRecordSet"]
        values += len(wanted.get("ResourceRecords") or [1])
        key = (wanted["Name"].rstrip("."), wanted["Type"], wanted.get("SetIdentifier"))
        if change["Action"] == "DELETE" and key not in there:
            raise Route53ClientError(
                "InvalidChangeBatch",
                f"[Tried to delete resource record set [name='{wanted['Name']}', type='{wanted['Type']}'] but it was "
                "not found]",
            )
    if values > _MOST:
        raise Route53ClientError("InvalidChangeBatch", f"[Number of records limit of {_MOST} exceeded.]")
    _moto_change(backend, zoneid, change_list)


def install(patches: Patches) -> None:
    patches.set(Route53, "get_dnssec", _get_dnssec)
    patches.set(Route53Backend, "change_resource_record_sets", _change)
