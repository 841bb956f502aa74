# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each stack group's role by itself: what check mode says, what it changes, and that a second run changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.emulator.services import network
from tests.integration import templates, tiny
from tests.workshop import deploy
from tests.workshop.manifest import read_manifest
from tests.workshop.playbooks import ROOT, Played, play

NAMES = read_manifest().names
WAITING = ("cloudformation_stacks", "ecs_tasks")
#: The roles in an order in which each finds gone what it needs gone, with the stacks that they delete.
ROLES = {
    "ecs_services": [name for name in NAMES if name.startswith("cuddlekube-service-")],
    "task_definitions": [name for name in NAMES if name.startswith("cuddlekube-task-")],
    "app_mesh": ["cuddlekube-appmesh-structure", "cuddlekube-appmesh"],
    "dynamodb": ["cuddlekube-dynamodb"],
    "alb": ["cuddlekube-alb"],
    "cloud_map": ["cuddlekube-cloudmap"],
    "ecs_cluster": ["cuddlekube-ecs"],
    "vpc": ["cuddlekube-vpc"],
    "logs": ["cuddlekube-logs"],
}


def live(aws: Emulator) -> set[str]:
    pages = aws.client("cloudformation").get_paginator("describe_stacks").paginate()
    return {stack["StackName"] for page in pages for stack in page["Stacks"]}


def play_of(role: str, **more: Any) -> dict[str, Any]:
    """A play of a user's own, in which the role stands alone."""
    quick = {f"workshop.lifecycle.{module}": {"poll_interval": 0.2} for module in WAITING}
    task = {"ansible.builtin.import_role": {"name": f"workshop.lifecycle.{role}"}}
    return {"hosts": "localhost", "gather_facts": False, "module_defaults": quick, "tasks": [task], **more}


def run(aws: Emulator, folder: Path, *plays: dict[str, Any], **settings: str) -> Played:
    playbook = folder / "role.yml"
    playbook.write_text(json.dumps(plays), encoding="utf-8")
    return play(playbook, aws.environment | settings, folder)


def stand_before(aws: Emulator, role: str) -> set[str]:
    """A workshop in which all that this role needs gone is gone, and no more: an earlier test's, or a new one."""
    earlier = list(ROLES)[: list(ROLES).index(role)]
    gone = {name for other in earlier for name in ROLES[other]}
    if live(aws) != set(NAMES) - gone:
        aws.reset()
        deploy(aws)
        for other in earlier:
            # The mesh goes after its structure; elsewhere the stacks of a role go at once.
            for names in [[name] for name in ROLES[other]] if other == "app_mesh" else [ROLES[other]]:
                for name in names:
                    aws.client("cloudformation").delete_stack(StackName=name)
                aws.wait_until(lambda names=names: not live(aws) & set(names))
    return live(aws)


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_check_mode_then_change_then_nothing_to_do(emulator: Emulator, tmp_path: Path, role: str) -> None:
    """Had check mode deleted anything, there would be nothing left to change."""
    stood = stand_before(emulator, role)
    emulator.calls.clear()

    played = run(
        emulator, tmp_path, play_of(role, check_mode=True), play_of(role), play_of(role),
        ANSIBLE_STDOUT_CALLBACK="ansible.posix.json",
    )  # fmt: skip

    assert played.code == 0, played.output
    plays = json.loads(played.output[played.output.index("{") :])["plays"]
    changed = [any(task["hosts"]["localhost"].get("changed") for task in play["tasks"]) for play in plays]
    assert changed == [True, True, False]
    assert live(emulator) == stood - set(ROLES[role])
    assert emulator.calls.by_action["cloudformation:DeleteStack"] == len(ROLES[role])


@pytest.mark.slow
def test_every_role_at_a_workshop_that_is_half_gone_and_at_none(aws: Emulator, tmp_path: Path) -> None:
    tiny.make(aws)
    for name in ("alb", "dynamodb"):
        aws.client("cloudformation").delete_stack(StackName=f"cuddlekube-{name}")
    aws.wait_until(lambda: live(aws) == {*tiny.names()} - {"cuddlekube-alb", "cuddlekube-dynamodb"})
    aws.calls.clear()
    tasks = [play_of(role)["tasks"][0] for role in ROLES]

    played = run(
        aws, tmp_path, play_of("workshop", tasks=tasks), play_of("workshop", tasks=tasks),
        ANSIBLE_STDOUT_CALLBACK="ansible.posix.json",
    )  # fmt: skip

    assert played.code == 0, played.output
    changed = [
        [task["hosts"]["localhost"]["changed"] for task in each["tasks"] if "stacks" in task["hosts"]["localhost"]]
        for each in json.loads(played.output[played.output.index("{") :])["plays"]
    ]
    of_the_half = {"ecs_services", "task_definitions", "cloud_map", "ecs_cluster", "vpc"}
    assert changed == [[role in of_the_half for role in ROLES], [False] * len(ROLES)]
    assert live(aws) == set() and aws.calls.by_action["cloudformation:DeleteStack"] == 5


@pytest.mark.slow
def test_the_vpc_is_not_asked_for_while_an_interface_is_left_in_it(aws: Emulator, tmp_path: Path) -> None:
    """The time-out names the interface. Asked for, CloudFormation would try for a quarter of an hour."""
    deploy(aws, step=1)
    vpc = aws.client("ssm").get_parameter(Name="/cuddlekube/VPCID")["Parameter"]["Value"]
    subnets = aws.client("ec2").describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    subnet = subnets[0]["SubnetId"]
    foreign = network.put_foreign_interface(subnet, description="somebody's instance")
    stood = live(aws)

    played = run(aws, tmp_path, play_of("vpc", vars={"vpc_wait_timeout": 2}))

    assert played.code != 0 and live(aws) == stood
    assert "DeleteStack" not in str(aws.calls.by_action)
    for words in (foreign, "somebody's instance", subnet):
        assert words in played.failures, played.output


def test_a_role_takes_stacks_of_other_names(aws: Emulator, tmp_path: Path) -> None:
    topic = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'
    for name in ("shop-alb", "cuddlekube-alb"):
        aws.client("cloudformation").create_stack(StackName=name, TemplateBody=topic)

    played = run(aws, tmp_path, play_of("alb", vars={"alb_stacks": [{"name": "shop-alb"}]}))

    assert played.code == 0, played.output
    assert live(aws) == {"cuddlekube-alb"}


def test_the_load_balancer_waits_for_all_services_if_none_of_its_own_is_there(aws: Emulator, tmp_path: Path) -> None:
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["public-site"]),
        ({"alb_after": ["cuddlekube-service-feed-api"]}, ["feed-api"]),
        ({"alb_after": ["shop-site"], "workshop_apis": ["one", "two"]}, ["one", "two"]),
        ({"workshop_apis": ["one"]}, ["one"]),
    ]
    plays = []
    for settings, services in cases:
        wanted = [f"cuddlekube-service-{service}" for service in services]
        that = f"(would.stacks | selectattr('name', 'eq', 'cuddlekube-alb') | first).after == {wanted}"
        play = play_of("workshop", vars=settings, vars_files=[str(ROOT / "playbooks" / "vars" / "groups.yml")])
        play["tasks"] += [
            {"ansible.builtin.import_tasks": str(ROOT / "playbooks" / "tasks" / "rows.yml")},
            {"workshop.lifecycle.cloudformation_stacks": {"groups": "{{ workshop_groups }}"}, "register": "would"},
            {"ansible.builtin.assert": {"that": that}},
        ]
        plays.append(play | {"check_mode": True})

    played = run(aws, tmp_path, *plays)

    assert played.code == 0, played.output


LOOKING = ("status", "preflight", "report", "leftovers")


def look(aws: Emulator, folder: Path, *plays: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Of each play of a role that looks: why it failed, and what the last module of ours that looks returned."""
    for each in plays:
        each["tasks"] = [{"block": each["tasks"], "rescue": [{"ansible.builtin.debug": {"msg": "it failed"}}]}]
    played = run(aws, folder, *plays, ANSIBLE_STDOUT_CALLBACK="ansible.posix.json")
    found = []
    for each in json.loads(played.output[played.output.index("{") :])["plays"]:
        results = [task["hosts"]["localhost"] for task in each["tasks"]]
        actions = [(str(result.get("action")), result) for result in results]
        ours = [result for action, result in actions if "workshop.lifecycle" in action and "last_words" not in action]
        found.append((" ".join(result["msg"] for result in results if result.get("failed")), ours[-1]))
    return found


def test_of_nothing_looked_at_nothing_is_said(aws: Emulator, tmp_path: Path) -> None:
    """A role alone, with no group or with groups that are empty."""
    templates.create(aws, "shop-vpc")
    aws.calls.clear()
    plays = [
        play_of(role, vars={f"{role}_groups": groups, "leftovers_verify": True, "workshop_confirm": "cuddlekube"})
        for role in LOOKING
        for groups in ([], [{"group": "vpc", "stacks": []}])
    ]
    problems = [problem for problem, _result in look(aws, tmp_path, *plays)]
    assert len(problems) == 8 and all("groups names no stack" in problem for problem in problems), problems
    assert aws.calls.total == 0


def test_roles_that_look_alone(aws: Emulator, tmp_path: Path) -> None:
    """At a workshop that is there, one that is half gone and has left something, one that is gone, and none."""
    client = aws.client("cloudformation")
    for name in ("full", "half", "gone"):
        group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": f"{name}-Microservices"}}
        templates.create(aws, f"{name}-dynamodb", templates.parameters(name))
        templates.create(aws, f"{name}-logs", {"Resources": {"Group": group}})
    going = ["half-logs", "gone-logs", "gone-dynamodb"]
    for name in going:
        client.delete_stack(StackName=name)
    aws.wait_until(lambda: not live(aws) & set(going))
    aws.client("logs").create_log_group(logGroupName="half-Microservices")

    plays = []
    for name in ("full", "half", "gone", "never"):
        rows = [{"name": f"{name}-dynamodb", "only_when": ["tasks_stopped"]}, {"name": f"{name}-logs"}]
        groups = [{"group": "dynamodb", "stacks": rows[:1]}, {"group": "logs", "after": [], "stacks": rows[1:]}]
        settings = {"workshop_name": name, "workshop_confirm": name, "leftovers_verify": True, "leftovers_settle": 0}
        plays += [play_of(role, vars={f"{role}_groups": groups, **settings}) for role in LOOKING]
    found = dict(zip([(name, role) for name in ("full", "half", "gone", "never") for role in LOOKING],
                     look(aws, tmp_path, *plays)))  # fmt: skip

    problems = {key: problem for key, (problem, _result) in found.items() if problem}
    assert problems.keys() == {(name, "report") for name in ("full", "half", "never")} | {("never", "preflight")}
    assert "never seen" in problems["never", "preflight"] and "never seen" in problems["never", "report"]
    there = {"full": 2, "half": 1, "gone": 0, "never": 0}
    for name, count in there.items():
        results = {role: found[name, role][1] for role in LOOKING}
        statuses = [group["statuses"] for group in results["status"]["status"]["groups"]]
        assert sum(number for status in statuses for number in status.values()) == count
        phases = results["preflight"].get("plan", {}).get("phases", [])
        assert sum(len(group["stacks"]) for phase in phases for group in phase["groups"]) == count
        assert [stack["name"] for stack in results["leftovers"]["survey"]["stacks"]] == [
            f"{name}-dynamodb", f"{name}-logs"
        ][:count]  # fmt: skip
    half = {role: found["half", role][1] for role in LOOKING}
    assert [row["name"] for row in half["preflight"]["plan"]["remove"]] == ["half-Microservices"]
    assert [(row["name"], row["action"]) for row in half["leftovers"]["leftovers"]] == [
        ("half-Microservices", "removed")
    ]  # fmt: skip
    assert half["leftovers"]["survey"]["leftovers"] == [] and half["leftovers"]["survey"]["verified"]
    assert {name: found[name, "report"][1]["verdict"] for name in there} == {
        "full": "leftovers", "half": "leftovers", "gone": "clean", "never": "failed"
    }  # fmt: skip
    assert live(aws) == {"full-dynamodb", "full-logs", "half-dynamodb"}
