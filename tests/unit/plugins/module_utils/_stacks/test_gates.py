# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.interfaces import interfaces
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.interfaces import named
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.resource import Resource
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.gates import LATE_LOOKS
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.gates import Gates
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.gates import told
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.held import Held
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.inventory import Inventory
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.state import DONE
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.state import StackState
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import MEMBERS_GONE
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import NETWORK_INTERFACES_GONE
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import TASKS_STOPPED
from tests.unit.plugins.fake_aws import FakeAws, refusal

LISTS = {
    "security_groups": "SecurityGroups",
    "subnets": "Subnets",
    "route_tables": "RouteTables",
    "network_acls": "NetworkAcls",
    "internet_gateways": "InternetGateways",
    "egress_only_internet_gateways": "EgressOnlyInternetGateways",
    "vpn_gateways": "VpnGateways",
    "nat_gateways": "NatGateways",
    "vpc_endpoints": "VpcEndpoints",
    "vpc_peering_connections": "VpcPeeringConnections",
    "transit_gateway_vpc_attachments": "TransitGatewayVpcAttachments",
}


def resource(type_name, physical_id, status="CREATE_COMPLETE"):
    return t.StackResource(f"L-{physical_id}", physical_id, f"AWS::{type_name}", status)


class NothingToClear:
    """Or what there is: ``cleared`` and ``early`` have the next answers on what is being cleared, those before the
    other gates are open apart. ``done``: whether something was."""

    def __init__(self):
        self.cleared = []
        self.early = []
        self.done = False
        self.uncleared = ""

    def goes_on(self, state):
        return ""

    def why_closed(self, state, early=()):
        answers = self.early if early else self.cleared
        return answers.pop(0) if answers else ""

    def has_cleared(self, state):
        return self.done

    def why_uncleared(self, state):
        return self.uncleared


class World:
    """Stacks ``a``, with a VPC, and others by name; an account with what is in that VPC."""

    def __init__(self, *gates, **others):
        self.reads = 0
        self.kept_ids = frozenset()
        self.states = {"a": self._state("a", gates, ())}
        for name, after in others.items():
            self.states[name] = self._state(name, (), after)
        self.owned = {
            "arn:a": [
                resource("EC2::VPC", "vpc-1"),
                resource("EC2::VPC", "vpc-0", "DELETE_COMPLETE"),
                resource("EC2::Subnet", "subnet-1"),
            ]
        }
        self.here = dict.fromkeys(LISTS, ())
        self.left = []
        self.aws = FakeAws(
            {
                **{f"ec2.describe_{name}": self._list(name, key) for name, key in LISTS.items()},
                "ec2.describe_network_interfaces": lambda **arguments: {"NetworkInterfaces": list(self.left)},
            }
        )
        inventory = Inventory(self, self.states)
        self.clearings = NothingToClear()
        self.gates = Gates(self, inventory, self, self._client, self.clearings)
        self.running = ""

    def _state(self, name, gates, after):
        return StackState(t.StackSpec(name, tuple(after), only_when=gates), stack_id=f"arn:{name}")

    def _list(self, name, key):
        return lambda **arguments: {key: list(self.here[name])}

    def _client(self, service):
        client = self.aws(service)
        client.meta = type("Meta", (), {"region_name": "eu-central-1"})
        return client

    def closed(self, name="a"):
        return self.gates.why_closed(self.states[name])

    # What StackReader and StackTasks offer

    def resources(self, stack_id):
        self.reads += 1
        return self.owned.get(stack_id, [])

    def kept(self, stack_id):
        if isinstance(self.kept_ids, Exception):
            raise self.kept_ids
        return self.kept_ids

    def why_closed(self, state):
        return self.running


def interface(description="", name="eni-1", **more):
    more.setdefault("RequesterManaged", bool(description))
    return {"NetworkInterfaceId": name, "VpcId": "vpc-1", "SubnetId": "subnet-1", "Description": description, **more}


NAT = interface("Interface for NAT Gateway nat-1", InterfaceType="nat_gateway")
BALANCER = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/1a2b"


def test_no_interface_may_be_left_in_the_vpc_of_the_stack():
    world = World(NETWORK_INTERFACES_GONE)
    world.left = [interface()]
    assert "eni-1" in world.closed()
    world.left = []
    assert world.closed() == ""
    asked = world.aws.asked("ec2.describe_network_interfaces")
    assert [arguments["Filters"][0]["Values"] for arguments in asked] == [["vpc-1"]] * 2 and world.reads == 1


def test_a_stack_without_a_vpc_has_no_gate_for_it():
    world = World(NETWORK_INTERFACES_GONE)
    world.owned = {}
    assert world.closed() == "" and world.aws.calls == []


def test_the_client_for_a_gate_is_made_beforehand():
    made = []
    world = World(NETWORK_INTERFACES_GONE, b=())
    gates = Gates(world, Inventory(world, world.states), world, made.append, NothingToClear())
    gates.prepare([world.states["b"]])
    assert made == []
    gates.prepare(world.states.values())
    gates.prepare(world.states.values())
    assert made == ["ec2"]


def test_tasks_have_to_have_ended():
    world = World(TASKS_STOPPED)
    world.running = "web: 1 task RUNNING for 3 s"
    assert world.closed() == "web: 1 task RUNNING for 3 s"
    world.running = ""
    assert world.closed() == "" and world.aws.calls == []


def test_what_can_not_be_looked_at_is_an_error():
    world = World(NETWORK_INTERFACES_GONE)
    world.aws.answers["ec2.describe_network_interfaces"] = refusal("UnauthorizedOperation")
    with pytest.raises(AwsCallError):
        world.closed()


OWNERS = [
    (NAT, resource("EC2::NatGateway", "nat-1")),
    (
        interface("VPC Endpoint Interface vpce-1", RequesterManaged=False, InterfaceType="vpc_endpoint"),
        resource("EC2::VPCEndpoint", "vpce-1"),
    ),
    (interface("ELB app/shop/1a2b"), resource("ElasticLoadBalancingV2::LoadBalancer", BALANCER)),
    (interface("ELB shop"), resource("ElasticLoadBalancing::LoadBalancer", "shop")),
    (
        interface(
            "AWS Lambda VPC ENI-shop-fn-0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f",
            RequesterManaged=False,
            InterfaceType="lambda",
        ),
        resource("Lambda::Function", "shop-fn"),
    ),
    (
        interface("EFS mount target for fs-1 (fsmt-1)", InterfaceType="efs"),
        resource("EFS::MountTarget", "fsmt-1"),
    ),
    (interface(Attachment={"InstanceId": "i-1"}), resource("EC2::Instance", "i-1")),
    (interface("mine", RequesterManaged=False), resource("EC2::NetworkInterface", "eni-1")),
]


@pytest.mark.parametrize(("item", "owner"), OWNERS, ids=[owner.type for _item, owner in OWNERS])
def test_what_belongs_to_the_stack_or_to_one_after_it_does_not_close_the_gate(item, owner):
    world = World(NETWORK_INTERFACES_GONE, b=["a"], c=["b"], d=())
    world.left = [item]
    for name, closed in (("nobody", True), ("a", False), ("b", False), ("c", False), ("d", True)):
        world.gates = Gates(world, Inventory(world, world.states), world, world._client, NothingToClear())
        own = world.owned["arn:a"]
        world.owned = {"arn:a": own, f"arn:{name}": [owner]} if name != "a" else {"arn:a": [*own, owner]}
        assert bool(world.closed()) is closed, name
        world.owned = {"arn:a": own}


@pytest.mark.parametrize("item", [item for item, _owner in OWNERS[:6]])
def test_anybody_can_write_a_description(item):
    """Only where AWS made the interface does it say whose it is."""
    world = World(NETWORK_INTERFACES_GONE)
    world.left = [{**item, "RequesterManaged": False, "InterfaceType": "interface"}]
    world.owned["arn:a"] += [owner for _item, owner in OWNERS[:6]]
    assert "eni-1" in world.closed()


@pytest.mark.parametrize(
    ("kept", "closed"),
    [((), True), (("L-subnet-1",), True), (("L-vpc-1",), True), (("L-vpc-1", "L-subnet-1"), False)],
)
def test_a_vpc_that_is_kept_with_its_subnets_is_no_gate(kept, closed):
    world = World(NETWORK_INTERFACES_GONE)
    world.left = [interface()]
    world.kept_ids = frozenset(kept)
    assert bool(world.closed()) is closed


def test_what_is_kept_may_not_be_read():
    world = World(NETWORK_INTERFACES_GONE)
    world.left = [interface()]
    world.kept_ids = errors.AwsCallError(errors.DENIED, "AccessDenied", "no", "cloudformation:GetTemplate")
    assert world.closed() and world.closed()
    problems = list(world.gates.problems)
    problem = " ".join(problems)
    assert len(problems) == 1 and "What a keeps is not known" in problem and "cloudformation:GetTemplate" in problem
    world.kept_ids = errors.AwsCallError(errors.TRANSIENT, "Throttling", "slow", "cloudformation:GetTemplate")
    world.gates = Gates(world, Inventory(world, world.states), world, world._client, NothingToClear())
    with pytest.raises(AwsCallError):
        world.closed()


def test_a_stack_that_is_not_there_or_gone_owns_nothing():
    world = World(NETWORK_INTERFACES_GONE, b=["a"], c=["a"])
    world.states["b"].stack_id = ""
    world.states["c"].outcome = t.GONE
    world.left, world.here["security_groups"] = [interface()], [GROUP]
    assert "eni-1" in world.closed()
    world.left = []
    with pytest.raises(Held):
        world.closed()
    assert world.reads == 1


GROUP = {"GroupId": "sg-1", "GroupName": "by-hand"}


def test_what_others_have_in_the_vpc_keeps_it():
    world = World(NETWORK_INTERFACES_GONE)
    world.here["security_groups"] = [GROUP]
    with pytest.raises(Held) as held:
        world.closed()
    assert [item["id"] for item in held.value.blockers] == ["sg-1"]
    for words in ("AWS::EC2::SecurityGroup sg-1 (by-hand)", "aws ec2 delete-security-group --group-id sg-1"):
        assert words in str(held.value)


def test_interfaces_of_ours_are_waited_for_first():
    world = World(NETWORK_INTERFACES_GONE)
    world.here["security_groups"] = [GROUP]
    world.left = [interface("arn:aws:ecs:eu-central-1:123456789012:attachment/1", InterfaceType="interface")]
    assert "eni-1" in world.closed()
    assert world.aws.asked("ec2.describe_security_groups") == []


def test_the_interface_of_a_gateway_made_by_hand_is_not_waited_for():
    world = World(NETWORK_INTERFACES_GONE)
    world.here["nat_gateways"] = [{"NatGatewayId": "nat-1", "State": "available"}]
    world.left = [NAT]
    with pytest.raises(Held, match="nat-1"):
        world.closed()
    world.here["nat_gateways"] = [{"NatGatewayId": "nat-1", "State": "deleting"}]
    assert "eni-1" in world.closed()


def test_what_a_stack_of_the_run_has_in_it_is_waited_for_until_that_ends():
    world = World(NETWORK_INTERFACES_GONE, b=())
    world.here["security_groups"] = [GROUP]
    world.owned["arn:b"] = [resource("EC2::SecurityGroup", "sg-1")]
    assert world.closed() == "sg-1 of b is there"
    world.states["b"].phase, world.states["b"].outcome = DONE, t.FAILED
    with pytest.raises(Held) as held:
        world.closed()
    assert [item["owner"] for item in held.value.blockers] == ["b"] and "of stack b" in str(held.value)


def test_nothing_keeps_a_vpc_that_stays():
    world = World(NETWORK_INTERFACES_GONE)
    world.here["security_groups"] = [GROUP]
    world.kept_ids = frozenset(["L-vpc-1"])
    assert world.closed() == ""


def test_what_may_not_be_listed_is_told_and_keeps_nothing():
    world = World(NETWORK_INTERFACES_GONE)
    world.aws.answers["ec2.describe_vpn_gateways"] = refusal("UnauthorizedOperation")
    assert world.closed() == ""
    assert "ec2:DescribeVpnGateways" in next(iter(world.gates.problems))


def test_without_a_gate_it_is_looked_at_only_after_a_failure():
    world = World()
    world.here["security_groups"] = [GROUP]
    assert world.closed() == ""
    world.states["a"].failed = [resource("EC2::VPC", "vpc-1", "DELETE_FAILED")]
    with pytest.raises(Held, match="sg-1"):
        world.closed()


def test_a_text_names_a_few():
    row = {"type": "T", "name": "", "owner": None, "reason": "", "how_to_remove": "aws x"}
    assert str(Held([{**row, "id": f"id-{number}"} for number in range(7)])).endswith("; and 2 more")


def test_a_load_balancer_is_named_by_the_end_of_its_arn():
    assert named(Resource("X", BALANCER)) == Resource("X", "app/shop/1a2b")
    assert named(Resource("X", "vpc-1")) == Resource("X", "vpc-1")


REQUEST = {"Filters": [{"Name": "vpc-id", "Values": ["vpc-1"]}]}
ELB = {
    "NetworkInterfaceId": "eni-2",
    "Description": "ELB app/shop/1",
    "RequesterId": "amazon-elb",
    "OwnerId": "123456789012",
    "SubnetId": "subnet-1",
    "Status": "in-use",
    "VpcId": "vpc-1",
}
BARE = {"NetworkInterfaceId": "eni-1", "OwnerId": "123456789012", "SubnetId": "subnet-1", "VpcId": "vpc-1"}


@pytest.fixture
def ec2():
    return boto3.client("ec2", region_name="eu-central-1", aws_access_key_id="k", aws_secret_access_key="s")


@pytest.fixture
def stubber(ec2):
    with Stubber(ec2) as stubber:
        yield stubber


def test_all_pages_are_read_and_sorted(ec2, stubber):
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": [ELB], "NextToken": "2"}, REQUEST)
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": [BARE]}, REQUEST | {"NextToken": "2"})
    rows = interfaces(ec2, ["vpc-1"])
    assert [(row.id, row.requester) for row in rows] == [("eni-1", "123456789012"), ("eni-2", "amazon-elb")]


def test_an_error_is_not_an_empty_network(ec2, stubber):
    stubber.add_client_error("describe_network_interfaces", "UnauthorizedOperation", "You may not.", 403)
    with pytest.raises(AwsCallError, match="UnauthorizedOperation") as caught:
        interfaces(ec2, ["vpc-1"])
    assert "ec2:DescribeNetworkInterfaces" in caught.value.advice()


def test_each_interface_is_told_with_its_owner_and_subnet(ec2, stubber):
    assert told([]) == ""
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": [ELB]}, REQUEST)
    assert told(interfaces(ec2, ["vpc-1"])) == (
        "1 network interface is left in vpc-1: eni-2 (ELB app/shop/1), owner amazon-elb, subnet subnet-1, in-use"
    )
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": [ELB] + [BARE] * 6}, REQUEST)
    text = told(interfaces(ec2, ["vpc-1"]))
    assert text.startswith("7 network interfaces are left in vpc-1: eni-1 (no description)")
    assert text.endswith("; and 2 more")


def test_a_description_cannot_drive_a_terminal(ec2, stubber):
    nasty = BARE | {"Description": "Lambda \x9b31m\n<b>"}
    stubber.add_response("describe_network_interfaces", {"NetworkInterfaces": [nasty]}, REQUEST)
    assert "(Lambda 31m <b>)" in told(interfaces(ec2, ["vpc-1"]))


def holding(*owned, **others):
    """A world in which ``a`` owns this, and every other stack what it is given with."""
    world = World(MEMBERS_GONE, **{name: after for name, (after, *_resources) in others.items()})
    world.owned = {"arn:a": list(owned), **{f"arn:{name}": rows for name, (_after, *rows) in others.items()}}
    return world


ZONE = resource("Route53::HostedZone", "Z1")
RECORDS = [{"Name": name, "Type": kind} for name, kind in (("shop.", "NS"), ("shop.", "SOA"), ("web.shop.", "A"))]
SERVERS = {
    "ecs.list_container_instances": {"containerInstanceArns": ["arn:ci/1", "arn:ci/2"]},
    "ecs.describe_container_instances": {
        "containerInstances": [{"ec2InstanceId": "i-1"}, {"ec2InstanceId": "i-2"}, {"externalId": "at-home"}]
    },
    "autoscaling.describe_auto_scaling_instances": {
        "AutoScalingInstances": [{"InstanceId": "i-1", "AutoScalingGroupName": "nodes"}]
    },
}


@pytest.mark.parametrize("kind", ["HttpNamespace", "PrivateDnsNamespace", "PublicDnsNamespace"])
def test_a_namespace_waits_for_the_services_of_other_stacks_in_it(kind):
    world = holding(
        resource(f"ServiceDiscovery::{kind}", "ns-1"), b=((), resource("ServiceDiscovery::Service", "srv-1"))
    )
    world.aws.answers["servicediscovery.list_services"] = {"Services": [{"Id": "srv-1"}, {"Id": "srv-of-others"}]}
    assert world.closed() == "srv-1 of b is in ns-1"
    (asked,) = world.aws.asked("servicediscovery.list_services")
    assert asked["Filters"] == [{"Name": "NAMESPACE_ID", "Values": ["ns-1"], "Condition": "EQ"}]
    world.states["b"].phase = DONE
    assert not world.closed()


@pytest.mark.parametrize("name", ["web.shop", "web.shop."])
def test_a_hosted_zone_waits_for_the_records_of_other_stacks_in_it(name):
    world = holding(ZONE, b=((), resource("Route53::RecordSet", name)))
    world.aws.answers["route53.list_resource_record_sets"] = {"ResourceRecordSets": RECORDS}
    assert world.closed() == f"{name} of b is in Z1"
    world.aws.answers["route53.list_resource_record_sets"] = {"ResourceRecordSets": RECORDS[:2]}
    assert not world.closed()


def test_a_cluster_waits_for_the_instances_of_other_stacks_in_it():
    group = resource("AutoScaling::AutoScalingGroup", "nodes")
    world = holding(resource("ECS::Cluster", "shop"), b=((), group), c=((), resource("EC2::Instance", "i-2")))
    world.aws.answers.update(SERVERS)
    assert world.closed() == "i-2 of c is in shop; nodes of b is in shop"
    world.aws.answers["ecs.list_container_instances"] = {"containerInstanceArns": []}
    assert not world.closed()


def test_members_of_stacks_that_come_later_and_of_nobody_are_not_waited_for():
    record = resource("Route53::RecordSet", "web.shop")
    world = holding(ZONE, b=(("a",), record), c=((), resource("SNS::Topic", "x")))
    world.aws.answers["route53.list_resource_record_sets"] = {"ResourceRecordSets": RECORDS}
    assert not world.closed()


def test_members_that_may_not_be_listed_are_not_waited_for_and_that_is_told():
    world = holding(ZONE, b=((), resource("Route53::RecordSet", "web.shop")))
    world.aws.answers["route53.list_resource_record_sets"] = refusal("AccessDenied", "not authorized")
    assert not world.closed()
    problems = list(world.gates.problems)
    assert len(problems) == 1
    assert problems[0].startswith("What else is in a is not all known. route53:ListResourceRecordSets:")


def held_in_its_vpc():
    """A stack whose VPC has something of others in it, with a gate that sees that."""
    world = World(NETWORK_INTERFACES_GONE)
    world.here["security_groups"] = [{"GroupId": "sg-1", "GroupName": "by-hand", "VpcId": "vpc-1"}]
    return world


def test_what_others_have_in_it_is_cleared_before_it_keeps_the_stack():
    world = held_in_its_vpc()
    world.clearings.early = ["being cleared: VPC vpc-1"]
    assert world.closed() == "being cleared: VPC vpc-1"
    world.clearings.done = True
    assert world.closed() == "what held it was cleared, and still shows"
    world.here["security_groups"] = []
    assert world.closed() == ""


def test_nothing_else_of_a_stack_is_lost_while_others_keep_it():
    world = held_in_its_vpc()
    world.clearings.cleared = ["being cleared: bucket shop"]
    world.clearings.uncleared = "VPC vpc-1 is not cleared: It is denied."
    with pytest.raises(Held, match="sg-1.*VPC vpc-1 is not cleared: It is denied.") as held:
        world.closed()
    assert world.clearings.cleared and [row["id"] for row in held.value.blockers] == ["sg-1"]


def test_what_still_shows_after_that_keeps_it():
    world = held_in_its_vpc()
    world.clearings.done = True
    for _look in range(LATE_LOOKS):
        assert world.closed()
    with pytest.raises(Held, match="sg-1"):
        world.closed()


def test_nothing_that_was_not_cleared_is_waited_for():
    with pytest.raises(Held, match="sg-1"):
        held_in_its_vpc().closed()


def test_what_holds_interfaces_is_cleared_while_they_are_waited_for():
    world = World(NETWORK_INTERFACES_GONE)
    world.left = [interface("ELB app/k8s/1", RequesterId="amazon-elb")]
    world.clearings.early = ["being cleared: VPC vpc-1"]
    assert world.closed() == "being cleared: VPC vpc-1"
    assert "1 network interface is left" in world.closed()
    world.left = []
    assert world.closed() == ""
