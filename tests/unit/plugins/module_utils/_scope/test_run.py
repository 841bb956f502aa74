# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a scope to what is returned, with an AWS that answers what a test says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.rate import Rate
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.match import Scope
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.order import OrderError, Said
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.run import ScopeRun
from ansible_collections.workshop.lifecycle.plugins.module_utils._scope.types import Stack

from ...fake_aws import FakeAws, refusal
from ..made_stacks import DAY, ref, res, ssm, stack, stack_id

VPC = "vpc-0123456789abcdef0"
NET = stack("shop-net", {"Vpc": res("EC2::VPC", VPC)}, outputs={"Vpc": (ref("Vpc"), VPC, "shop-vpc")})
API = stack("shop-api", {"Group": res("EC2::SecurityGroup", "sg-0123456789abcdef0", VpcId=VPC)})
ECS = stack("shop-ecs", {"Cluster": res("ECS::Cluster", "shop")})


def described(made: Stack) -> list[dict[str, Any]]:
    """As DescribeStacks shows a stack with those nested in it."""
    return [
        {
            "StackId": part.view.stack_id,
            "StackName": part.view.name,
            "StackStatus": part.view.status,
            "CreationTime": DAY,
            "Outputs": [
                {"OutputKey": key, "OutputValue": part.view.outputs[key], "ExportName": name}
                for name, key in part.view.exports.items()
            ],
            "Parameters": [
                {"ParameterKey": item.name, "ParameterValue": item.value} for item in part.view.parameters
            ],
            "Tags": [{"Key": key, "Value": value} for key, value in part.view.tags.items()],
            "RoleARN": part.view.role_arn,
            "RootId": part.view.root_id,
        }
        for part in made.parts
    ]


def aws(*stacks: Stack, **answers: Any) -> FakeAws:
    parts = {part.view.stack_id: part for made in stacks for part in made.parts}

    def resources(StackName: str) -> dict[str, Any]:
        return {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": item.logical_id,
                    "PhysicalResourceId": item.physical_id,
                    "ResourceType": item.type,
                    "ResourceStatus": item.status,
                }
                for item in parts[StackName].resources or ()
            ]
        }

    def template(StackName: str, TemplateStage: str) -> dict[str, Any]:
        assert TemplateStage == "Processed"
        return {"TemplateBody": parts[StackName].template}

    return FakeAws(
        {
            "cloudformation.describe_stacks": {"Stacks": [row for made in stacks for row in described(made)]},
            "cloudformation.list_stacks": {"StackSummaries": []},
            "cloudformation.list_stack_resources": resources,
            "cloudformation.get_template": template,
            **{f"cloudformation.{name}": answer for name, answer in answers.items()},
        }
    )


def take(clients: FakeAws, scope: Scope, said: tuple[Said, ...] = (), **options: Any) -> dict[str, Any]:
    with Looks(clients, sleep=lambda seconds: None) as looks:
        return ScopeRun(looks, json.loads, **options).take(scope, said)


def test_what_is_returned_goes_into_the_module_that_deletes() -> None:
    clients = aws(NET, API, ECS)
    found = take(clients, Scope("shop-"))
    assert found["levels"] == [["shop-api", "shop-ecs"], ["shop-net"]]
    rows = {row["name"]: row for row in found["stacks"]}
    assert rows["shop-net"] == {
        "name": "shop-net",
        "stack_id": stack_id("shop-net"),
        "after": ["shop-api"],
        "only_when": ["network_interfaces_gone"],
        "stop_tasks": False,
        "resources": [
            {"logical_id": "Vpc", "type": "AWS::EC2::VPC", "physical_id": VPC, "status": "CREATE_COMPLETE"}
        ],
    }
    assert (rows["shop-ecs"]["only_when"], rows["shop-ecs"]["stop_tasks"]) == (["members_gone", "tasks_stopped"], True)
    assert [edge["signal"] for edge in found["edges"]] == ["literal"]
    assert (found["seen"], found["gaps"], found["doubts"]) == (True, [], [])
    assert len(clients.calls) <= 2 * 3 + 10


def test_a_template_that_may_not_be_read_is_a_gap() -> None:
    denied = refusal("AccessDenied", "not authorized to perform: cloudformation:GetTemplate")
    found = take(aws(NET, API, get_template=denied), Scope("shop-"))
    assert found["levels"] == [["shop-api", "shop-net"]]
    assert [(gap["action"], gap["denied"], gap["about"]) for gap in found["gaps"]] == [
        ("cloudformation:GetTemplate", True, ["shop-api", "shop-net"])
    ]


def test_a_template_that_can_not_be_read_is_a_gap() -> None:
    found = take(aws(API, get_template={"TemplateBody": "a: b"}), Scope("shop-"))
    assert found["gaps"][0]["about"] == ["shop-api"] and not found["gaps"][0]["denied"]


def test_resources_that_may_not_be_read_are_not_told_as_none() -> None:
    denied = refusal("AccessDenied", "not authorized to perform: cloudformation:ListStackResources")
    found = take(aws(NET, API, list_stack_resources=denied), Scope("shop-"))
    assert all("resources" not in row for row in found["stacks"])
    # What the template names is the id that the output has.
    assert found["levels"] == [["shop-api"], ["shop-net"]]


def test_who_is_outside() -> None:
    uses = stack("bank-web", parameters={"Vpc": VPC})
    tagged = [stack(name, tags={"workshop": "shop"}) for name in ("shop-a", "shop-b", "extra")]
    found = take(aws(NET, uses), Scope("shop-"))
    assert found["outsiders"] == [
        {
            "stack": "bank-web",
            "depends_on": "shop-net",
            "evidence": f"the parameter Vpc of bank-web is {VPC}, EC2::VPC Vpc of shop-net",
        }
    ]
    assert not found["strays"] and not found["edges"]
    found = take(aws(*tagged), Scope("shop-"))
    because = "it has the tag workshop=shop, as all stacks of the scope"
    assert found["strays"] == [{"stack": "extra", "because": because}]
    clients = aws(NET, API, stack("bank-web"), list_imports={"Imports": ["bank-web", "shop-api"]})
    found = take(clients, Scope("shop-"), imports=True)
    assert [row["evidence"] for row in found["outsiders"]] == ["bank-web imports shop-vpc, an export of shop-net"]
    assert clients.asked("cloudformation.list_imports") == [{"ExportName": "shop-vpc"}]
    alone = aws(NET, API)
    assert take(alone, Scope("shop-"), imports=True)["outsiders"] == []
    assert alone.asked("cloudformation.list_imports") == []


class InHundreds(FakeAws):
    """Shows a hundred stacks a page."""

    def __call__(self, service: str) -> Any:
        client = super().__call__(service)

        class Pages:
            def paginate(self, **arguments: Any) -> Any:
                rows = client.describe_stacks(**arguments)["Stacks"]
                for start in range(0, len(rows), 100):
                    yield {"Stacks": (rows if not start else client.describe_stacks()["Stacks"])[start : start + 100]}

        if service == "cloudformation":
            plain = client.get_paginator
            client.get_paginator = lambda name: Pages() if name == "describe_stacks" else plain(name)
        return client


@pytest.mark.parametrize("scope", [Scope("shop-"), Scope(tags={"workshop": "shop"}), Scope(names=("shop-000",))])
def test_how_many_calls_four_hundred_stacks_take(scope: Scope) -> None:
    """Each uses the one that was made before the last ten."""
    made = [
        stack(
            f"shop-{number:03}",
            {"Vpc": res("EC2::VPC", f"vpc-0123456789abcd{number:03}", Of=f"vpc-0123456789abcd{number - 10:03}")},
            tags={"workshop": "shop"},
        )
        for number in range(400)
    ]
    clients = InHundreds(aws(*made).answers)
    found = take(clients, scope)
    number = len(found["stacks"])
    assert number == (1 if scope.names else 400)
    assert len(clients.calls) <= 2 * number + 10
    assert len(clients.asked("cloudformation.get_template")) == number
    assert len(found["levels"]) == (1 if scope.names else 40)


def test_who_outside_was_made_with_a_role_of_ours() -> None:
    role = stack("shop-pipeline", {"Role": res("IAM::Role", "deploy")})
    made = stack("bank-web", role_arn="arn:aws:iam::123456789012:role/deploy")
    found = take(aws(role, made), Scope("shop-"))
    assert found["outsiders"] == [
        {
            "stack": "bank-web",
            "depends_on": "shop-pipeline",
            "evidence": "bank-web is deleted with the role deploy of shop-pipeline",
        }
    ]


def strays(scope: Scope, *stacks: Stack) -> dict[str, str]:
    return {row["stack"]: row["because"] for row in take(aws(*stacks), scope)["strays"]}


def test_what_may_have_been_forgotten() -> None:
    """By what ours use of it, by the role that it was made with, by how it is called."""
    base = stack("base", outputs={"Vpc": (ref("Vpc"), VPC, "base-vpc"), "Zone": ("x", "Z012345")})
    imports = {"It": res("EC2::Subnet", "subnet-0123456789abcdef0", VpcId={"Fn::ImportValue": "base-vpc"})}
    assert strays(Scope("shop-"), base, stack("shop-api", imports)) == {
        "base": "It of shop-api imports base-vpc, an export of base"
    }
    given = stack("shop-api", {"It": res("EC2::Subnet", "x", VpcId=ref("Vpc"))}, parameters={"Vpc": VPC})
    assert strays(Scope("shop-"), base, given) == {
        "base": f"the parameter Vpc of shop-api is {VPC}, the output Vpc of base"
    }
    role = "arn:aws:iam::123456789012:role/deploy"
    made = [stack(name, role_arn=role) for name in ("shop-a", "shop-b", "lost")]
    other = stack("bank", role_arn="arn:aws:iam::123456789012:role/other")
    assert strays(Scope("shop-"), *made, other) == {"lost": "it was made with the role deploy, as all of the scope"}
    named = [stack(name) for name in ("shop-a", "shop-b", "shop-jobs", "shopping")]
    because = "its name begins with shop-, as those of all stacks of the scope"
    assert strays(Scope(names=("shop-a", "shop-b")), *named) == {"shop-jobs": because}


def test_what_was_left_out_is_not_offered() -> None:
    tagged = [stack(name, tags={"workshop": "shop"}) for name in ("shop-a", "shop-b", "shop-c", "extra", "CDKToolkit")]
    assert not strays(Scope("shop-", excepted=("shop-c", "extra")), *tagged)


def test_what_half_of_the_account_has_makes_no_stray() -> None:
    tagged = [stack(name, tags={"team": "red"}) for name in ("shop-a", "shop-b", "one", "two", "three")]
    assert not strays(Scope("shop-"), *tagged)


def test_what_the_cdk_deploys_with_is_left_out_by_what_it_has() -> None:
    toolkit = stack("shop-toolkit", {"V": ssm("/cdk-bootstrap/hnb659fds/version", "21")})
    found = take(aws(NET, toolkit), Scope("shop-"))
    assert [row["name"] for row in found["stacks"]] == ["shop-net"]
    assert found["left_out"][0]["stack"] == "shop-toolkit"
    found = take(aws(NET, toolkit), Scope("shop-", names=("shop-toolkit",)))
    assert [row["name"] for row in found["stacks"]] == ["shop-net", "shop-toolkit"]


def deleted(*names: str) -> dict[str, Any]:
    """As ListStacks shows deleted stacks."""
    rows = [{"StackId": stack_id(name), "StackName": name, "StackStatus": "DELETE_COMPLETE"} for name in names]
    return {"StackSummaries": rows}


def test_nothing_of_a_scope() -> None:
    found = take(aws(list_stacks=deleted("shop-a")), Scope("shp-"))
    assert (found["stacks"], found["levels"], found["seen"], found["near_names"]) == ([], [], False, ["shop"])
    assert found["groups"] == [{"group": "deleted", "phase": 1, "stacks": [{"name": "shp-"}]}]
    found = take(aws(list_stacks=deleted("shop-a", "shop-a", "bank-a")), Scope("shop-"))
    assert (found["seen"], found["deleted"]) == (True, ["shop-a"])
    assert found["groups"] == [{"group": "deleted", "phase": 1, "stacks": [{"name": "shop-a"}]}]
    denied = refusal("AccessDenied", "not authorized to perform: cloudformation:DescribeStacks")
    found = take(aws(describe_stacks=denied), Scope("shop-"))
    assert found["seen"] is None and found["gaps"][0]["action"] == "cloudformation:DescribeStacks"


def test_what_is_gone_beside_what_is_there() -> None:
    clients = aws(NET, list_stacks=deleted("shop-old"))
    found = take(clients, Scope("shop-"), deleted=True)
    assert [(row["group"], [item["name"] for item in row["stacks"]]) for row in found["groups"]] == [
        ("level_1", ["shop-net"]),
        ("deleted", ["shop-old"]),
    ]
    assert take(clients, Scope("shop-"))["deleted"] == []


def test_deleted_stacks_are_asked_for_their_tags() -> None:
    old, other = stack("old", tags={"workshop": "shop"}), stack("other", tags={"workshop": "bank"})
    rows = {item.view.stack_id: described(item)[0] | {"StackStatus": "DELETE_COMPLETE"} for item in (old, other)}
    clients = aws(
        describe_stacks=lambda StackName=None: {"Stacks": [rows[StackName]] if StackName else []},
        list_stacks=deleted("old", "other"),
    )
    found = take(clients, Scope(tags={"workshop": "shop"}), turn=Rate(most=100))
    assert (found["deleted"], found["seen"], found["gaps"]) == (["old"], True, [])
    names = [f"old-{number}" for number in range(31)]
    one = described(other)[0] | {"StackStatus": "DELETE_COMPLETE"}
    many = aws(
        describe_stacks=lambda StackName=None: {"Stacks": [one] if StackName else []}, list_stacks=deleted(*names)
    )
    found = take(many, Scope(tags={"workshop": "shop"}), turn=Rate(most=100))
    assert found["seen"] is False and "only the newest 30" in found["gaps"][0]["message"]


def test_what_is_said_of_no_stack_is_refused() -> None:
    with pytest.raises(OrderError, match="order names shop-nett, which is no stack of the scope. Did you mean shop"):
        take(aws(NET, API), Scope("shop-"), (Said("shop-nett", ("shop-api",)),))
    with pytest.raises(OrderError, match="order says nothing of shop-net"):
        take(aws(NET, API), Scope("shop-"), (Said("shop-net"),))
    made = "StackSet-shop-0f8fad5b-d9cb-469f-a165-70867728950e"
    with pytest.raises(OrderError, match="is named, but a stack set has made it"):
        take(aws(stack(made)), Scope(names=(made,)))
