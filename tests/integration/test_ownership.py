# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ours is what our stacks own: what is deleted, stopped and left follows from that, and not from names."""

from __future__ import annotations

import json
import os
import pty
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.integration import others, ownership, templates
from tests.integration.ownership import NAME, Scene
from tests.integration.running import by_name, outcomes
from tests.workshop.playbooks import TEARDOWN, VERIFY, Played, environment, executable, play

QUICK = {"workshop_poll_interval": 0.2, "leftovers_settle": 1, "workshop_wait_timeout": 30}
FAST = {"poll_interval": 0.2, "wait_timeout": 30}
QUESTION = b"Type cuddlekube to go on"


def tear_down(aws: Emulator, folder: Path, *arguments: str, **more: Any) -> Played:
    settings = QUICK | {"workshop_confirm": more.get("workshop_name", NAME)} | more
    return play(TEARDOWN, aws.environment, folder, "-e", json.dumps(settings), *arguments)


def verify(aws: Emulator, folder: Path, **more: Any) -> Played:
    return play(VERIFY, aws.environment, folder, "-e", json.dumps(more))


def role(aws: Emulator, folder: Path, name: str, **variables: Any) -> Played:
    """A play of a user's own, in which the role stands alone."""
    quick = {"workshop.lifecycle.cloudformation_stacks": {"poll_interval": 0.2}}
    tasks = [{"ansible.builtin.import_role": {"name": f"workshop.lifecycle.{name}"}, "vars": variables}]
    playbook = folder / "role.yml"
    plays = [{"hosts": "localhost", "gather_facts": False, "module_defaults": quick, "tasks": tasks}]
    playbook.write_text(json.dumps(plays), encoding="utf-8")
    return play(playbook, aws.environment, folder)


def asked_for(aws: Emulator, name: str) -> int:
    """How often the deletion of a stack began."""
    return len(aws.timeline.select("stack", name, "DELETE_IN_PROGRESS"))


def not_in(text: str, names: list[str]) -> list[str]:
    return [name for name in names if name not in text]


def end_of(played: Played) -> str:
    """The last task's words and the recap."""
    return played.output[-4000:]


# 1, 12, 14, 15: what is in the way


@dataclass(frozen=True)
class InTheWay:
    """A workshop with one of everything of others in it: the plan, what a teardown said and did."""

    told: dict[str, list[str]]
    plan: Played
    played: Played
    touched: list[str]
    statuses: dict[str, str]
    asked_for_vpc: int


@pytest.fixture(scope="module")
def in_the_way(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> InTheWay:
    emulator.reset()
    scene, told = ownership.in_the_way(emulator)
    folder = tmp_path_factory.mktemp("in-the-way")
    plan = tear_down(emulator, folder, "--check")
    played = tear_down(emulator, folder)
    return InTheWay(told, plan, played, scene.touched(), scene.statuses(), asked_for(emulator, f"{NAME}-vpc"))


def test_rows_1_12_14_15_nothing_of_others_is_touched(in_the_way: InTheWay) -> None:
    assert in_the_way.touched == [], in_the_way.played.output
    assert in_the_way.played.code != 0 and in_the_way.asked_for_vpc <= 1
    assert "DELETE_COMPLETE" not in in_the_way.statuses.values()


def test_row_1_our_own_task_is_stopped_and_theirs_are_not(in_the_way: InTheWay) -> None:
    assert "stop       1 ECS task: order-api 1" in in_the_way.plan.output
    for name in ("payments", "by-hand"):
        assert f"{name}: left alone" in in_the_way.played.output


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, id=f"row {row}, {kind}")
        for row, kinds in {
            1: ["stranger's service"],
            12: ownership.IN_VPC,
            14: ["Cloud Map instance"],
            15: ownership.BY_HAND,
        }.items()
        for kind in kinds
    ],
)
def test_what_is_in_the_way_is_named_with_the_command(in_the_way: InTheWay, kind: str) -> None:
    """Before anything is asked, and at the end, where it stands beside the stack that it keeps."""
    assert in_the_way.plan.code == 0
    assert not_in(in_the_way.plan.output, in_the_way.told[kind]) == [], in_the_way.plan.output
    report = in_the_way.played.output.partition("  Left:\n")[2]
    assert not_in(report, in_the_way.told[kind]) == [], in_the_way.played.output


def test_row_14_another_accounts_instance_is_no_leftover(in_the_way: InTheWay) -> None:
    assert "leftover" not in in_the_way.plan.output


def test_also_the_plan_shows_what_is_in_each_stack(in_the_way: InTheWay) -> None:
    expected = [f"{NAME}-vpc  EC2::VPC, EC2::Subnet", f"{NAME}-ecs  ECS::Cluster, IAM::Role"]
    assert not_in(in_the_way.plan.output, expected) == [], in_the_way.plan.output


# 1


@pytest.mark.parametrize("variables", [{}, {"workshop_cluster": "shared"}])
def test_row_1_a_strangers_cluster_is_left_alone(aws: Emulator, tmp_path: Path, variables: dict[str, str]) -> None:
    scene = ownership.strangers_cluster(aws, variables.get("workshop_cluster", NAME))
    played = tear_down(aws, tmp_path, **variables)
    assert scene.touched() == [], played.output
    if not variables:
        assert (played.code, scene.statuses()) == (0, {"dynamodb": "DELETE_COMPLETE"}), played.output


def test_row_1_a_service_of_our_name_in_a_strangers_cluster(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.same_service_in_a_strangers_cluster(aws)
    played = tear_down(aws, tmp_path)
    assert scene.touched() == [], played.output
    assert played.code == 0, played.output
    assert set(scene.statuses().values()) == {"DELETE_COMPLETE"}


# 2


@pytest.mark.parametrize("name", ["report", "preflight", "leftovers"])
def test_row_2_no_verdict_without_having_looked(aws: Emulator, tmp_path: Path, name: str) -> None:
    ownership.live_table(aws)
    more = {"leftovers_verify": True} if name == "leftovers" else {}
    played = role(aws, tmp_path, name, workshop_confirm=NAME, **more)
    assert played.code != 0, played.output


def test_row_2_the_report_looks_at_its_groups(aws: Emulator, tmp_path: Path) -> None:
    ownership.live_table(aws)
    groups = [{"group": "dynamodb", "phase": 1, "stacks": [f"{NAME}-dynamodb"]}]
    played = role(aws, tmp_path, "report", report_groups=groups)
    assert played.code != 0, played.output
    assert f"{NAME}-dynamodb" in played.output


def test_row_2_preflight_looks_at_its_groups(aws: Emulator, tmp_path: Path) -> None:
    ownership.live_table(aws)
    groups = [{"group": "dynamodb", "phase": 1, "stacks": [f"{NAME}-dynamodb"]}]
    played = role(aws, tmp_path, "preflight", workshop_confirm=NAME, preflight_groups=groups)
    assert played.code == 0, played.output
    assert f"{NAME}-dynamodb" in played.output
    assert "No stack is there" not in played.output


# 3


@pytest.mark.parametrize(
    "variables",
    [
        {"workshop_account_id": "999999999999"},
        {"workshop_profile": "nobody"},
        {"workshop_endpoint_url": "http://127.0.0.1:9"},
    ],
    ids=["account", "profile", "endpoint"],
)
def test_row_3_a_role_obeys_by_itself(aws: Emulator, tmp_path: Path, variables: dict[str, str]) -> None:
    scene = ownership.live_table(aws)
    played = role(aws, tmp_path, "dynamodb", **variables)
    assert scene.statuses() == {"dynamodb": "CREATE_COMPLETE"}, played.output
    assert played.code != 0


def test_row_3_a_role_obeys_the_region(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.live_table(aws)
    ownership.live_table(aws, "us-east-1")
    played = role(aws, tmp_path, "dynamodb", workshop_region="us-east-1")
    assert scene.statuses() == {"dynamodb": "CREATE_COMPLETE"}, played.output
    assert played.code == 0, played.output
    assert aws.client("cloudformation", "us-east-1").describe_stacks()["Stacks"] == []


# 4


def test_row_4_settings_of_a_role_hold_in_the_teardown(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.live_table(aws)
    aws.client("cloudformation").update_termination_protection(
        StackName=f"{NAME}-dynamodb", EnableTerminationProtection=True
    )
    played = tear_down(
        aws,
        tmp_path,
        workshop_disable_termination_protection=True,
        dynamodb_disable_termination_protection=False,
    )
    assert scene.statuses() == {"dynamodb": "CREATE_COMPLETE"}, played.output
    assert played.code != 0


def test_row_4_the_other_way_round(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.live_table(aws)
    aws.client("cloudformation").update_termination_protection(
        StackName=f"{NAME}-dynamodb", EnableTerminationProtection=True
    )
    played = tear_down(aws, tmp_path, dynamodb_disable_termination_protection=True)
    assert scene.statuses() == {"dynamodb": "DELETE_COMPLETE"}, played.output
    assert played.code == 0, played.output


# 5, 6


def test_row_5_a_service_that_is_active_is_left(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.service_that_stayed(aws)
    played = verify(aws, tmp_path)
    assert played.code != 0, played.output
    assert not_in(end_of(played), scene.names) == [], played.output


def test_row_5_without_any_stack(aws: Emulator, tmp_path: Path) -> None:
    ownership.bare_service(aws)
    played = verify(aws, tmp_path)
    assert played.code != 0, played.output


@pytest.mark.parametrize(
    "scene_of",
    [
        ownership.retained_table,
        ownership.retained_load_balancer,
        ownership.table_put_back,
        lambda aws: ownership.table_left_with_another_status(aws, "DELETE_FAILED"),
        lambda aws: ownership.table_left_with_another_status(aws, "UPDATE_COMPLETE"),
    ],
    ids=["table", "load balancer", "put back", "DELETE_FAILED", "UPDATE_COMPLETE"],
)
def test_row_6_what_is_still_there_is_left(aws: Emulator, tmp_path: Path, scene_of: Any) -> None:
    scene = scene_of(aws)
    played = verify(aws, tmp_path)
    assert played.code != 0, played.output
    assert not_in(end_of(played), scene.names) == [], played.output


@pytest.mark.parametrize("variable", ["workshop_retain_on_failure", "workshop_may_stay"])
def test_row_6_what_may_stay_is_listed(aws: Emulator, tmp_path: Path, variable: str) -> None:
    scene = ownership.retained_table(aws)
    played = verify(aws, tmp_path, **{variable: ["AWS::DynamoDB::Table"]})
    assert played.code == 0, played.output
    assert not_in(end_of(played), scene.names) == [], played.output


def test_row_6_a_teardown_that_keeps_a_table(aws: Emulator, tmp_path: Path) -> None:
    scene = Scene(aws)
    scene.make("dynamodb", {"Table": ownership.table(**ownership.RETAIN)})
    played = tear_down(aws, tmp_path)
    assert scene.statuses() == {"dynamodb": "DELETE_COMPLETE"}, played.output
    assert played.code != 0, played.output
    assert "cuddlykube" in end_of(played)


# 7


def test_row_7_what_appears_while_the_question_waits(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.live_table(aws)
    command = [executable(), str(TEARDOWN), "-e", json.dumps(QUICK)]
    variables = environment(aws.environment, tmp_path) | {"ANSIBLE_NOCOLOR": "1"}
    child, terminal = pty.fork()
    if child == 0:
        os.execve(command[0], command, variables)
    output, answered, end = b"", False, time.monotonic() + 120
    while time.monotonic() < end:
        try:
            data = os.read(terminal, 4096)
        except OSError:  # the last of them has closed the terminal
            break
        output += data
        if QUESTION in output and not answered:
            scene.make("logs", templates.parameters("late")["Resources"])
            time.sleep(0.5)  # pause throws away what was typed before it listens
            os.write(terminal, f"{NAME}\r".encode())
            answered = True
    os.close(terminal)
    text = output.decode(errors="replace")
    assert answered, text
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert scene.statuses() == {"dynamodb": "DELETE_COMPLETE", "logs": "CREATE_COMPLETE"}, text
    assert code != 0, text
    assert f"{NAME}-logs" in text[-4000:]


# 8


def test_row_8_a_name_never_seen_is_no_success(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.live_table(aws)
    for plays in (verify, tear_down):
        played = plays(aws, tmp_path, workshop_name="cudlekube")
        assert played.code != 0, played.output
        assert "never seen" in played.output and NAME in played.output, played.output
    assert scene.statuses() == {"dynamodb": "CREATE_COMPLETE"}


def test_row_8_another_region_is_no_success(aws: Emulator, tmp_path: Path) -> None:
    ownership.live_table(aws)
    played = verify(aws, tmp_path, workshop_region="us-east-1")
    assert played.code != 0, played.output
    assert "never seen" in played.output and "us-east-1" in played.output, played.output


@pytest.mark.parametrize("days", [80, 100])
def test_row_8_cloudformation_remembers_for_ninety_days(aws: Emulator, tmp_path: Path, days: int) -> None:
    scene = ownership.live_table(aws)
    scene.unmake("dynamodb")
    aws.clock.skip(days * 86400)
    played = verify(aws, tmp_path)
    assert (played.code == 0) is (days < 90), played.output


def test_row_8_stacks_in_no_group_are_told(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.live_table(aws)
    notes = scene.make("notes", templates.parameters("notes")["Resources"])
    plan = tear_down(aws, tmp_path, "--check")
    assert f"{NAME}-notes" in plan.output
    played = tear_down(aws, tmp_path)
    assert templates.status(aws, notes) == "CREATE_COMPLETE"
    (summary,) = [line for line in played.output.splitlines() if line.startswith("CLEAN")]
    assert f"{NAME}-notes" in summary, played.output


# 9


def test_row_9_a_gate_that_cannot_see_stays_closed(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.tasks_unseen(aws)
    played = tear_down(aws, tmp_path, workshop_wait_timeout=10)
    assert played.code != 0, played.output
    assert asked_for(aws, f"{NAME}-ecs") == 0, played.output
    assert not_in(end_of(played), scene.names) == [], played.output


# 10, 16


def test_rows_10_and_16_an_owner_is_type_and_id(aws: Emulator, tmp_path: Path) -> None:
    """A log group of ours and a stranger's table have one name, a family of ours and a stranger's have another."""
    log_group = ownership.log_group_beside_a_strangers_table(aws)
    family = ownership.our_family(aws)
    others.delete(aws, others.stack(aws, "shop-task", {"Definition": others.definition("payments")}))
    verified = verify(aws, tmp_path)
    assert verified.code != 0, verified.output
    assert not_in(end_of(verified), log_group.names) == [], verified.output

    played = tear_down(aws, tmp_path, workshop_leftovers=["log_group", "task_definition"])
    assert (played.code, log_group.touched(), family.touched()) == (0, [], []), played.output
    assert aws.client("logs").describe_log_groups()["logGroups"] == []
    found = aws.client("ecs").list_task_definitions(status="INACTIVE")["taskDefinitionArns"]
    assert [arn.rpartition("/")[2] for arn in found] == ["payments:1"]


# 11


def test_row_11_a_nat_gateway_of_the_same_stack_does_not_close_the_gate(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.vpc_with_its_nat_gateway(aws)
    played = tear_down(aws, tmp_path)
    assert scene.statuses() == {"vpc": "DELETE_COMPLETE"}, played.output
    assert played.code == 0, played.output


def test_row_11_nor_does_a_vpc_that_the_stack_keeps(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.retained_vpc_with_somebodys_interface(aws)
    played = tear_down(aws, tmp_path)
    assert scene.statuses() == {"vpc": "DELETE_COMPLETE"}, played.output
    assert scene.touched() == []
    assert played.code != 0, played.output
    assert not_in(end_of(played), scene.names) == [], played.output


# 13


@pytest.mark.parametrize("shows", ["fail", "bounce", "refuse"])
def test_row_13_the_exporter_waits_for_the_importer(aws: Emulator, modules: Any, shows: str) -> None:
    ownership.exporter_and_importer(aws, shows)
    result = modules("cloudformation_stacks", stacks=[{"name": "exporter"}, {"name": "importer"}], **FAST)
    assert outcomes(result) == {"exporter": "gone", "importer": "gone"}, result
    assert not result["failed"]


@pytest.mark.parametrize("shows", ["fail", "bounce", "refuse"])
@pytest.mark.parametrize("tokens", [True, False])
def test_row_13_an_importer_outside_is_named(aws: Emulator, modules: Any, shows: str, tokens: bool) -> None:
    ownership.exporter_and_importer(aws, shows)
    if not tokens:
        aws.faults.events_without_tokens()
    result = modules("cloudformation_stacks", stacks=[{"name": "exporter"}], **FAST)
    row = by_name(result)["exporter"]
    assert row["outcome"] in ("failed", "refused") and "importer" in row["reason"], row
    assert result["failed"] and "importer" in result["msg"]
    assert templates.status(aws, "importer") == "CREATE_COMPLETE"


# 17


def test_row_17_what_a_live_stack_owns_is_no_leftover(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.logs_of_a_live_stack(aws)
    played = tear_down(aws, tmp_path)
    assert scene.touched() == [], played.output
    assert scene.statuses()["logs"] == "CREATE_COMPLETE"
    assert played.code != 0


# 18


def test_row_18_a_short_interval_gives_nothing_up_early(aws: Emulator, modules: Any) -> None:
    """A deletion that AWS has accepted and does not show for four seconds."""
    templates.create(aws, "one")
    aws.faults.begin_deletions_late(4.0 / aws.time_scale)
    result = modules("cloudformation_stacks", stacks=[{"name": "one"}], **FAST)
    assert outcomes(result) == {"one": "gone"}, result


# 19


def test_row_19_the_limit_is_for_each_wait(aws: Emulator, modules: Any) -> None:
    """As the README has it: seconds, for each wait. Three waits of some five seconds each."""
    aws.durations.set("ssm.parameter", 4.0 / aws.time_scale)
    for name in ("first", "second", "third"):
        templates.create(aws, name)
    rows = [{"name": "first"}, {"name": "second", "after": ["first"]}, {"name": "third", "after": ["second"]}]
    result = modules("cloudformation_stacks", stacks=rows, poll_interval=0.2, wait_timeout=9)
    assert set(outcomes(result).values()) == {"gone"}, result


# also: what became of a deletion


@pytest.mark.parametrize("tokens", [True, False])
def test_a_failed_deletion_is_read_with_and_without_tokens(aws: Emulator, modules: Any, tokens: bool) -> None:
    templates.create(aws, "one")
    if not tokens:
        aws.faults.events_without_tokens()
    aws.faults.fail_resource("one", "P1", "You are not authorized (HandlerErrorCode: AccessDenied)")
    result = modules("cloudformation_stacks", stacks=[{"name": "one"}], **FAST)
    row = by_name(result)["one"]
    assert (row["outcome"], row["status"]) == ("failed", "DELETE_FAILED"), row
    assert "You are not authorized" in json.dumps(row)
    assert "no event shows it" not in json.dumps(result)


def test_also_what_cannot_be_looked_up_is_said(aws: Emulator, tmp_path: Path) -> None:
    scene = ownership.rule_not_to_be_looked_up(aws)
    played = verify(aws, tmp_path)
    assert "not looked up" in played.output.lower(), played.output
    assert not_in(played.output, scene.names) == [], played.output
