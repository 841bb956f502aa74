# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds zones of Route 53 and user pools of Cognito up: seen, cleared, and then the stack goes."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import NotCleared
from tests.emulator import Emulator
from tests.emulator.services import route53 as emulated
from tests.integration.clearings import Held, stack

ZONE, POOL = "AWS::Route53::HostedZone", "AWS::Cognito::UserPool"
OURS = {"Type": ZONE, "Properties": {"Name": "shop.example"}}
WWW = {
    "Type": "AWS::Route53::RecordSet",
    "Properties": {
        "HostedZoneId": {"Ref": "Zone"},
        "Name": "www.shop.example",
        "Type": "A",
        "TTL": "60",
        "ResourceRecords": ["192.0.2.1"],
    },
}

pytestmark = pytest.mark.usefixtures("still")


def put(aws: Emulator, zone: str, name: str, kind: str = "A", value: str = "192.0.2.7", **more: Any) -> None:
    """A record, by hand."""
    record = {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}], **more}
    changes = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    aws.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)


def names(aws: Emulator, zone: str) -> list[str]:
    records = aws.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return [item["Name"].rstrip(".") for item in records if item["Type"] not in ("NS", "SOA")]


def test_records_of_nobody_in_a_zone(aws: Emulator) -> None:
    """rebuy-de/aws-nuke#215; aws/aws-cdk#7063 (a certificate's). A zone of the same name is somebody else's."""
    held = Held(aws, stack(aws, {"Zone": OURS, "Www": WWW}), ZONE)
    (zone,) = held.ids
    theirs = aws.client("route53").create_hosted_zone(Name="shop.example", CallerReference="x")["HostedZone"]["Id"]
    for place in (zone, theirs):
        put(aws, place, "api.shop.example")
        put(aws, place, "_1a2b.shop.example", "CNAME", "_3c4d.xyz.acm-validations.aws.")
        put(aws, place, "eu.shop.example", "NS", "ns1.example.org.")
    (blocker,) = held.detect()
    assert list(map(str, blocker.amounts)) == ["2 records", "1 record of ACM"]
    assert (blocker.id, blocker.certain, blocker.of_stack("shop-dev").clear) == (zone, True, ZONE)
    assert "www.shop.example" not in blocker.reason and "api.shop.example A" in blocker.reason
    assert "contains non-required resource record sets and so cannot be deleted." in held.fails("Zone")
    assert held.clear() == ["2 records", "1 record of ACM"] == held.told
    assert held.detect() == [] == held.clear() and held.goes()
    assert len(names(aws, theirs)) == 2


def test_a_person_can_delete_them_with_the_command(aws: Emulator) -> None:
    held = Held(aws, stack(aws, {"Zone": OURS}), ZONE)
    put(aws, held.ids[0], "api.shop.example")
    (blocker,) = held.detect()
    words = shlex.split(blocker.row("shop-dev", "")["how_to_remove"])
    batch = json.loads(words[words.index("--change-batch") + 1])
    aws.client("route53").change_resource_record_sets(HostedZoneId=held.ids[0], ChangeBatch=batch)
    assert held.detect() == [] and held.goes()


def test_records_that_the_stack_has_are_left_to_it(aws: Emulator) -> None:
    """Of a group nobody knows which are its own as long as it is there: none is touched, and all that stay then are."""
    held = Held(aws, stack(aws, {"Zone": OURS, "Www": WWW}), ZONE)
    assert held.detect() == [] == held.clear() and names(aws, held.ids[0]) == ["www.shop.example"]
    assert held.goes()
    records = {"HostedZoneId": {"Ref": "Zone"}, "RecordSets": [{**WWW["Properties"], "HostedZoneId": {"Ref": "Zone"}}]}
    group = {"Type": "AWS::Route53::RecordSetGroup", "Properties": records}
    held = Held(aws, stack(aws, {"Zone": OURS, "Group": group}), ZONE)
    put(aws, held.ids[0], "api.shop.example")
    (blocker,) = held.detect()
    assert not blocker.certain and held.clear() == []
    assert "non-required" in held.fails("Zone")
    after = Held(aws, held.stack_id, ZONE)
    after.owned = {item: name for item, name in after.owned.items() if item.type == ZONE}
    assert after.detect()[0].certain and after.clear() == ["1 record"] and held.goes()


def test_a_record_of_another_stack_keeps_all_from_being_touched(aws: Emulator) -> None:
    held = Held(aws, stack(aws, {"Zone": OURS}), ZONE)
    (zone,) = held.ids
    properties = {**WWW["Properties"], "HostedZoneId": zone}
    stack(aws, {"Record": {**WWW, "Properties": properties}}, "bank")
    put(aws, zone, "api.shop.example")
    theirs, free = held.detect()
    assert (theirs.id, theirs.owner, theirs.clear) == ("www.shop.example", "bank", "")
    assert theirs.command[:2] == ("cloudformation", "delete-stack") and free.clear == ZONE
    with pytest.raises(NotCleared, match="Records of other stacks are in .*: www.shop.example"):
        held.clear()
    assert len(names(aws, zone)) == 2


def test_a_group_of_records_of_another_stack_keeps_all_from_being_touched(aws: Emulator) -> None:
    """Which records a group has, CloudFormation does not tell."""
    held = Held(aws, stack(aws, {"Zone": OURS}), ZONE)
    (zone,) = held.ids
    elsewhere = aws.client("route53").create_hosted_zone(Name="bank.example", CallerReference="y")["HostedZone"]["Id"]
    group = {"Type": "AWS::Route53::RecordSetGroup"}
    record = {"Name": "www.bank.example", "Type": "A", "TTL": "60", "ResourceRecords": ["192.0.2.1"]}
    apart = {"HostedZoneId": elsewhere.rpartition("/")[2], "RecordSets": [record]}
    stack(aws, {"Group": {**group, "Properties": apart}}, "apart")
    put(aws, zone, "api.shop.example")
    assert held.detect()[0].clear == ZONE, "that of another zone"

    records = {"HostedZoneId": zone, "RecordSets": [{**record, "Name": "www.shop.example"}]}
    bank = stack(aws, {"Group": {**group, "Properties": records}}, "bank")
    (blocker,) = held.detect()
    assert (blocker.clear, blocker.certain) == ("", True) and str(blocker.amounts[0]) == "2 records"
    assert "Groups of records of other stacks may have them, and go with those: bank." in blocker.reason
    # What is the group's own is the workshop's, where that stack is one of it.
    held.owned = {**held.owned, **Held(aws, bank, ZONE).owned}
    assert held.detect()[0].clear == ZONE
    aws.faults.deny("cloudformation:GetTemplate")
    assert held.gaps() == ["cloudformation:GetTemplate"]


def test_many_records_in_few_calls_and_on_from_where_it_was_stopped(aws: Emulator) -> None:
    held = Held(aws, stack(aws, {"Zone": OURS}), ZONE)
    (zone,) = held.ids
    text = {"Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": f'"{"x" * 250}"'}]}
    records = [{"Name": f"host{number}.shop.example", **text} for number in range(130)]
    changes = [{"Action": "CREATE", "ResourceRecordSet": record} for record in records]
    aws.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    (blocker,) = held.detect()
    assert blocker.command == () and [str(item) for item in blocker.amounts] == ["130 records"]
    held.stopped = lambda: len(held.told) > 0
    first = int(held.clear()[0].split()[0])
    assert 0 < first < 130
    held.stopped, held.told = (lambda: False), []
    aws.calls.clear()
    assert held.clear() == [f"{130 - first} records"]
    assert aws.calls.by_action["route53:ChangeResourceRecordSets"] < 6
    assert held.goes()


def test_a_zone_that_is_signed_is_told_and_left(aws: Emulator) -> None:
    """hashicorp/terraform-provider-aws#21368"""
    held = Held(aws, stack(aws, {"Zone": OURS}), ZONE)
    emulated.sign(held.ids[0], "parent")
    (blocker,) = held.detect()
    assert (blocker.name, blocker.certain, blocker.clear) == ("parent", True, "") and "DS record" in blocker.reason
    assert "contains DNSSEC Key Signing Keys and so cannot be deleted." in held.fails("Zone")


def test_what_is_denied_is_told_with_the_action(aws: Emulator) -> None:
    held = Held(aws, stack(aws, {"Zone": OURS}), ZONE)
    put(aws, held.ids[0], "api.shop.example")
    aws.faults.deny("route53:ChangeResourceRecordSets")
    with pytest.raises(AwsCallError) as told:
        held.clear()
    assert (told.value.kind, told.value.action) == ("denied", "route53:ChangeResourceRecordSets")
    aws.faults.deny("cloudformation:DescribeStackResources")
    with Looks(aws.client, aws.clock.skip) as looks:
        ((_zone, blocker),) = held.row.detect(looks, held.ours(), held.ids)
    assert blocker.clear == "" and "could not be looked at" in blocker.reason
    aws.faults.deny("route53:ListResourceRecordSets")
    assert held.gaps() == ["route53:ListResourceRecordSets"]


def test_a_domain_that_somebody_has_given_a_user_pool(aws: Emulator) -> None:
    """hashicorp/terraform-provider-aws#14102, ekristen/aws-nuke#477"""
    held = Held(aws, stack(aws, {"Pool": {"Type": POOL, "Properties": {"UserPoolName": "people"}}}), POOL)
    cognito = aws.client("cognito-idp")
    theirs = cognito.create_user_pool(PoolName="people")["UserPool"]["Id"]
    for pool, domain in ((held.ids[0], "shop-signin"), (theirs, "bank-signin")):
        cognito.create_user_pool_domain(UserPoolId=pool, Domain=domain)
    (blocker,) = held.detect()
    assert (blocker.id, blocker.certain, blocker.clear) == ("shop-signin", True, POOL)
    assert "It has a domain configured that should be deleted first." in held.fails("Pool")
    aws.faults.deny("cognito-idp:DeleteUserPoolDomain")
    with pytest.raises(AwsCallError) as told:
        held.clear()
    assert (told.value.kind, told.value.action) == ("denied", "cognito-idp:DeleteUserPoolDomain")
    aws.faults.clear()
    assert held.clear() == ["1 domain"]
    assert held.detect() == [] == held.clear() and held.goes()
    assert cognito.describe_user_pool(UserPoolId=theirs)["UserPool"]["Domain"] == "bank-signin"


def test_a_domain_of_a_stack_goes_with_that(aws: Emulator) -> None:
    domain = {"Type": "AWS::Cognito::UserPoolDomain"}
    pool = {"Type": POOL, "Properties": {"UserPoolName": "people"}}
    own = {**domain, "Properties": {"Domain": "own", "UserPoolId": {"Ref": "Pool"}}}
    held = Held(aws, stack(aws, {"Pool": pool, "Domain": own}), POOL)
    assert held.detect() == [] == held.clear() and held.goes()
    held = Held(aws, stack(aws, {"Pool": pool}), POOL)
    stack(aws, {"Domain": {**domain, "Properties": {"Domain": "bank", "UserPoolId": held.ids[0]}}}, "bank")
    assert held.detect()[0].of_stack("bank").clear == ""
    with pytest.raises(NotCleared, match="goes with the stack bank"):
        held.clear()
