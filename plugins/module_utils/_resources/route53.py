# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Hosted zones of Route 53, which are deleted only without records but those that every zone has."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Iterator
from typing import Mapping
from typing import Sequence

from .._aws.errors import AwsCallError
from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .clearing import Clearing
from .clearing import NotCleared
from .clearing import Work
from .ours import Ours
from .ours import Resource
from .owner import beside
from .record_groups import ACTIONS as GROUP_ACTIONS
from .record_groups import groups_of_others
from .record_groups import may_be_in
from .resource import Ids
from .resource import ResourceType
from .resource import by
from .resource import one
from .steps import call
from .steps import listed_if_there
from .steps import unless

ZONE = "AWS::Route53::HostedZone"
_RECORD = "AWS::Route53::RecordSet"
_GROUP = "AWS::Route53::RecordSetGroup"
_GET = "route53:GetHostedZone"
_LIST = "route53:ListResourceRecordSets"
_CHANGE = "route53:ChangeResourceRecordSets"
_DNSSEC = "route53:GetDNSSEC"
_ABSENT = "NoSuchHostedZone"
_OWNERS = "cloudformation:DescribeStackResources"
# What one request may have, with a good part of it left for its markup:
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests
_VALUES_PER_CALL = 500
_LETTERS_PER_CALL = 16_000
_MOST_NAMED = 3
_MOST_COMMANDED = 10  # records in a command that a person can still read
_TRIES = 3

Record = Mapping[str, Any]
Owned = Mapping[Resource, str]


def _detect(looks: Looks, ours: Ours, zones: Ids) -> list[tuple[str, Blocker]]:
    """Records in our zones that are none of ours, and keys that sign a zone."""
    found = looks.each(lambda zone: _of_zone(looks, ours, zone), zones)
    pairs = [(zone, blocker) for zone, several in zip(zones, found) for blocker in several]
    if any(blocker.clear for _zone, blocker in pairs):
        groups = groups_of_others(looks, ours)
        pairs = [(zone, _unless_of_groups(blocker, groups)) for zone, blocker in pairs]
    return pairs


def _unless_of_groups(blocker: Blocker, groups: Mapping[str, str] | None) -> Blocker:
    """Records that a group of another stack may have are not cleared."""
    if not blocker.clear:
        return blocker
    if groups is None:
        why = "Whether groups of records of other stacks have them could not be looked at."
    else:
        names = ", ".join(stack for stack, words in groups.items() if may_be_in(words, blocker.id, blocker.name))
        why = f"Groups of records of other stacks may have them, and go with those: {names}." if names else ""
    return replace(blocker, reason=f"{blocker.reason} {why}", clear="", lost="") if why else blocker


def _of_zone(looks: Looks, ours: Ours, zone: str) -> list[Blocker]:
    answer = looks.at(zone, lambda: looks.pages(_GET, Id=zone), absent=(_ABSENT,))
    if not answer:
        return []
    row = answer[0]["HostedZone"]
    others = _others(looks.listing(_LIST, "ResourceRecordSets", zone, HostedZoneId=zone), row["Name"], ours)
    owners = _owners(lambda call: looks.at(zone, call), looks.clients("cloudformation"), others)
    return [
        *_of_stacks(row, owners or {}),
        *_of_nobody(row, [item for item in others if _name(item) not in (owners or {})], ours, owners is not None),
        *(_signed(looks, row) if not row.get("Config", {}).get("PrivateZone") else ()),
    ]


def _name(record: Record) -> str:
    """Without the last dot, which templates leave out, and with a star as they write it."""
    return str(record["Name"]).rstrip(".").replace("\\052", "*").lower()


def _others(records: Iterable[Record], zone_name: str, ours: Ours) -> list[Record]:
    """Records that are neither the zone's own nor of stacks of ours, which take them with them. The physical id of a
    record is its name: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
    aws-resource-route53-recordset.html"""
    own = {name.rstrip(".").lower() for name in ours.owned_ids(_RECORD)}
    apex = zone_name.rstrip(".").lower()
    return [
        item
        for item in records
        if _name(item) not in own and not (_name(item) == apex and item["Type"] in ("NS", "SOA"))
    ]


def _of_certificate(record: Record) -> bool:
    """Whether it is a record with which ACM validates a certificate, and which it leaves behind.

    https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
    https://github.com/aws/aws-cdk/issues/7063
    """
    values = [item["Value"].rstrip(".") for item in record.get("ResourceRecords") or ()]
    return record["Type"] == "CNAME" and any(value.endswith(".acm-validations.aws") for value in values)


def _owners(
    ask: Callable[[Callable[[], Owned]], Owned | None], client: Any, records: Iterable[Record]
) -> dict[str, str] | None:
    """Names of records that live stacks own, each with the stack; None if that is not known. ``ask``: makes one call,
    and tries it again alone: there are hundreds of names in a zone, and CloudFormation throttles soon; None if it can
    not be made."""
    found = {}
    for name in sorted({_name(item) for item in records if not _of_certificate(item)}):
        for written in (name, f"{name}."):
            owned = ask(lambda written=written: beside(client, written))
            if owned is None:
                return None
            stack = owned.get(Resource(_RECORD, written))
            if stack:
                found[name] = stack
                break
    return found


def _of_stacks(zone: Mapping[str, Any], owners: Mapping[str, str]) -> Iterator[Blocker]:
    for name, stack in owners.items():
        reason = f"A zone is deleted only without records, and {zone['Name']} has {name} of another stack."
        yield Blocker(_RECORD, name, name, reason, ()).of_stack(stack)


def _of_nobody(zone: Mapping[str, Any], records: Sequence[Record], ours: Ours, known: bool) -> Iterator[Blocker]:
    """``known``: whether it is known that no stack owns them."""
    if not records:
        return
    zone_id = zone["Id"].rpartition("/")[2]
    amounts = _amounts(records)
    names = [f"{_name(item)} {item['Type']}" for item in records[:_MOST_NAMED]]
    more = f" and {len(records) - _MOST_NAMED} more" if len(records) > _MOST_NAMED else ""
    reason = (
        f"A zone is deleted only without records, and {zone['Name']} has {', '.join(map(str, amounts))} of no stack: "
        f"{', '.join(names)}{more}."
    )
    if not known:
        reason += " Whether another stack owns them could not be looked at."
    # Which records a group has its physical id does not say. They may all be its own until it has gone.
    groups = ours.owned_ids(_GROUP)
    yield Blocker(
        ZONE,
        zone_id,
        zone["Name"],
        reason,
        _by_hand(zone_id, records),
        certain=not groups,
        goes_with_owner=False,
        amounts=amounts,
        clear=ZONE if known else "",
        lost="these records, and that certificates which they validate are renewed" if known else "",
    )


def _amounts(records: Sequence[Record]) -> tuple[Amount, ...]:
    validations = sum(map(_of_certificate, records))
    several = (
        Amount(len(records) - validations, "record", "records"),
        Amount(validations, "record of ACM", "records of ACM"),
    )
    return tuple(amount for amount in several if amount.count)


def _batch(records: Iterable[Record]) -> dict[str, Any]:
    """As they were listed, but for the empty lists that an alias has there, and that are not taken back:
    https://github.com/aws/aws-sdk-php/issues/56"""
    as_listed = [{name: value for name, value in item.items() if value != []} for item in records]
    return {"Changes": [{"Action": "DELETE", "ResourceRecordSet": item} for item in as_listed]}


def _by_hand(zone_id: str, records: Sequence[Record]) -> tuple[str, ...]:
    if len(records) > _MOST_COMMANDED:
        return ()
    batch = json.dumps(_batch(records))
    return ("route53", "change-resource-record-sets", "--hosted-zone-id", zone_id, "--change-batch", batch)


def _signed(looks: Looks, zone: Mapping[str, Any]) -> list[Blocker]:
    """Not cleared: as long as the parent zone says that this one is signed, nobody finds what is in it without.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-disable.html
    """
    zone_id = zone["Id"].rpartition("/")[2]
    keys = looks.listing(_DNSSEC, "KeySigningKeys", zone_id, HostedZoneId=zone_id)
    reason = (
        f"A zone is deleted only when nothing signs it, and the key {{}} signs {zone['Name']}: take the DS record out "
        "of the parent zone, wait until resolvers have forgotten it, and disable DNSSEC signing."
    )
    return [
        Blocker("AWS::Route53::KeySigningKey", f"{zone_id}|{key['Name']}", key["Name"], reason.format(key["Name"]), ())
        for key in keys
    ]


def _clear(work: Work, zone: str) -> list[Amount]:
    """Delete records that no stack owns. As long as stacks of ours have groups of records, which of these are theirs is
    not known, and none is deleted: what stays when they have gone holds the zone, which is tried again then."""
    if work.ours.owned_ids(_GROUP):
        return []
    done: list[Record] = []
    for _try in range(_TRIES):
        others = _there(work, zone)
        owners = _owners(work.looks.tried, work.client("cloudformation"), others)
        if owners:
            raise NotCleared(f"Records of other stacks are in {zone}, and go with those stacks: {', '.join(owners)}.")
        if not others or work.stopped() or _delete(work, zone, others, done):
            break
    return list(_amounts(done))


def _there(work: Work, zone: str) -> list[Record]:
    answer: list[Mapping[str, Any]] = []
    unless((_ABSENT,), lambda: answer.append(call(work, _GET, Id=zone)))
    if not answer:
        return []
    records = listed_if_there(work, _LIST, "ResourceRecordSets", HostedZoneId=zone)
    return _others(records, answer[0]["HostedZone"]["Name"], work.ours)


def _delete(work: Work, zone: str, records: Sequence[Record], done: list[Record]) -> bool:
    """Whether all of them were. Not, where one of them was changed meanwhile: then none of its batch is, and they are
    looked at anew."""
    for batch in _batches(records):
        if work.stopped():
            return False
        try:
            call(work, _CHANGE, HostedZoneId=zone, ChangeBatch=_batch(batch))
        except AwsCallError as error:
            # https://github.com/boto/boto/issues/2887, https://github.com/kubernetes-sigs/external-dns/issues/732
            if error.code != "InvalidChangeBatch" or "Tried to delete" not in error.message:
                raise
            return False
        done += batch
        work.told(_amounts(done))
    return True


def _batches(records: Sequence[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    values = letters = 0
    for item in records:
        own = [value["Value"] for value in item.get("ResourceRecords") or ()]
        size = sum(map(len, own))
        if batch and (values + len(own) + 1 > _VALUES_PER_CALL or letters + size > _LETTERS_PER_CALL):
            yield batch
            batch, values, letters = [], 0, 0
        batch.append(item)
        values += len(own) + 1
        letters += size
    if batch:
        yield batch


TYPES = (
    ResourceType(
        name=ZONE,
        command=by("route53 delete-hosted-zone --id"),
        lookup=one(_GET, "Id", _ABSENT),
        arn="route53:hostedzone",
        clearing=Clearing(
            detect=_detect,
            clear=_clear,
            detects=(_GET, _LIST, _DNSSEC, _OWNERS, *GROUP_ACTIONS),
            clears=(_GET, _LIST, _CHANGE, _OWNERS),
            lost="all records that no stack owns",
            source="https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html",
        ),
    ),
)
