# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.state import StackState
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.temporary_role import PATH
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.temporary_role import TAG
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.temporary_role import TemporaryRole
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.temporary_role import policies_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.temporary_role import role_name
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.progress import Progress
from tests.unit.plugins.fake_aws import FakeAws, refusal

NAME = "workshop-lifecycle-shop-eu-central-1"
ARN = f"arn:aws:iam::123456789012:role{PATH}{NAME}"
POLICY = "arn:aws:iam::123456789012:policy/delete-shop"
OTHER = "arn:aws:iam::aws:policy/ReadOnlyAccess"
LOST, THERE = (f"arn:aws:iam::123456789012:role/{name}" for name in ("lost", "there"))
WRITES = ("create_role", "attach_role_policy", "detach_role_policy", "delete_role")


class Iam(FakeAws):
    """IAM with the role ``there``, and what is made of it. ``fails``: what a call raises, by its name."""

    def __init__(self, **roles):
        super().__init__({f"iam.{name}": getattr(self, name) for name in (*WRITES, "get_role")})
        self.answers["iam.list_attached_role_policies"] = self.attached
        self.answers["cloudformation.describe_stacks"] = lambda: {"Stacks": self.stacks}
        self.stacks = []
        self.roles = {"there": {"Arn": THERE, "Path": "/"}, **roles}
        self.policies = {name: [] for name in self.roles}
        self.fails = {}

    def __call__(self, service):
        client = super().__call__(service)
        client.meta = type("Meta", (), {"region_name": "eu-central-1"})
        return client

    def answer(self, name, arguments):
        if name in self.fails:
            self.calls.append((name, arguments))
            raise self.fails[name]
        return super().answer(name, arguments)

    def role(self, name):
        return self.roles[name] if name in self.roles else refusal("NoSuchEntity", status=404)

    def get_role(self, RoleName):
        role = self.role(RoleName)
        return role if isinstance(role, Exception) else {"Role": {"RoleName": RoleName, **role}}

    def create_role(self, RoleName, Path, AssumeRolePolicyDocument, Description, Tags):
        arn = f"arn:aws:iam::123456789012:role{Path}{RoleName}"
        self.roles[RoleName] = {"Arn": arn, "Path": Path, "Tags": Tags, "Trust": json.loads(AssumeRolePolicyDocument)}
        self.policies[RoleName] = []
        return self.get_role(RoleName)

    def attached(self, RoleName):
        role = self.role(RoleName)
        rows = [{"PolicyArn": arn} for arn in self.policies.get(RoleName, ())]
        return role if isinstance(role, Exception) else {"AttachedPolicies": rows}

    def attach_role_policy(self, RoleName, PolicyArn):
        self.policies[RoleName].append(PolicyArn)

    def detach_role_policy(self, RoleName, PolicyArn):
        self.policies[RoleName].remove(PolicyArn)

    def delete_role(self, RoleName):
        if self.policies[RoleName]:
            return refusal("DeleteConflict", status=409)
        del self.roles[RoleName]

    def written(self):
        return [name.partition(".")[2] for name, _arguments in self.calls if name.partition(".")[2] in WRITES]


def mine(**more):
    return {"Arn": ARN, "Path": PATH, "Tags": [{"Key": TAG, "Value": "shop eu-central-1"}], **more}


def stack(name, own_role="", **more):
    stack_id = f"arn:aws:cloudformation:eu-central-1:123456789012:stack/{name}/1"
    return StackState(t.StackSpec(name), stack_id=stack_id, own_role=own_role, status="CREATE_COMPLETE", **more)


def temporary(iam, tmp_path, create=True, policies=(POLICY,)):
    given = {"create": create, "name": "shop", "policies": list(policies)}
    return TemporaryRole(iam, given, Progress(str(tmp_path / "progress")), lambda: 7.0, lambda seconds: None)


def nobody(state):
    return None


def test_it_is_made_for_the_stacks_whose_own_role_is_gone_and_for_no_other(tmp_path):
    iam = Iam()
    states = [stack("a"), stack("b", LOST), stack("c", THERE), stack("d", LOST, outcome=t.ABSENT), stack("e", LOST)]
    role = temporary(iam, tmp_path)
    assert role.begin(states, lambda state: "arn:given" if state.spec.name == "e" else None, False) == ""
    assert {state.spec.name: state.role_arn for state in states} == {"a": "", "b": ARN, "c": "", "d": "", "e": ""}
    assert states[1].role_since == 7.0
    made = iam.roles[NAME]
    assert made["Path"] == PATH and made["Tags"] == [{"Key": TAG, "Value": "shop eu-central-1"}]
    (statement,) = made["Trust"]["Statement"]
    assert statement["Principal"] == {"Service": "cloudformation.amazonaws.com"}
    assert iam.policies[NAME] == [POLICY]
    assert role.end(states) == "" and NAME not in iam.roles and "there" in iam.roles
    told = {"name": NAME, "arn": ARN, "policies": [POLICY], "stacks": ["b"]}
    assert role.row() == {**told, "removed": True, "reason": ""}
    lines = [json.loads(line) for line in (tmp_path / "progress").read_text(encoding="utf-8").splitlines()]
    assert [line["text"] for line in lines] == [f"made the role {NAME} for b: {POLICY}", f"removed the role {NAME}"]
    assert role.changed and role.end(states) == "" and iam.written().count("delete_role") == 1


def test_nothing_is_made_where_no_stack_needs_it_or_nobody_said_so_or_in_check_mode(tmp_path):
    for create, check, states in (
        (True, False, [stack("a"), stack("c", THERE)]),
        (False, False, [stack("b", LOST)]),
        (True, True, [stack("b", LOST)]),
    ):
        iam = Iam()
        role = temporary(iam, tmp_path, create)
        assert role.begin(states, nobody, check) == "" and role.end(states) == ""
        assert iam.written() == [] and not role.changed
        assert (role.row() or {}).get("stacks") == (["b"] if check else None)
    iam = Iam()
    assert TemporaryRole(iam, None, Progress(None), lambda: 0.0).begin([stack("b", LOST)], nobody, False) == ""
    assert iam.calls == []


@pytest.mark.parametrize(
    "theirs",
    [{"Path": "/", "Tags": mine()["Tags"]}, {"Tags": []}, {"Tags": [{"Key": TAG, "Value": "bank eu-central-1"}]}],
    ids=["another path", "no tag", "made for another"],
)
def test_a_role_of_its_name_that_is_not_its_own_is_never_touched(tmp_path, theirs):
    iam = Iam(**{NAME: mine(**theirs)})
    role, states = temporary(iam, tmp_path), [stack("b", LOST)]
    assert "was not made for this by a run of this module" in role.begin(states, nobody, False)
    assert role.end(states) == "" and iam.written() == [] and states[0].role_arn == ""
    role = temporary(iam, tmp_path)
    assert role.begin([stack("a")], nobody, False) == "" and role.end([]) == "" and iam.written() == []


def test_one_that_a_killed_run_has_left_is_taken_up_with_the_policies_of_this_one_and_removed(tmp_path):
    iam = Iam(**{NAME: mine()})
    iam.policies[NAME] = [OTHER]
    states = [stack("b", ARN), stack("c", LOST)]
    role = temporary(iam, tmp_path)
    assert role.begin(states, nobody, False) == ""
    assert [state.role_arn for state in states] == [ARN, ARN] and iam.policies[NAME] == [POLICY]
    assert "create_role" not in iam.written()
    assert role.end(states) == "" and NAME not in iam.roles


def test_one_that_is_left_is_removed_also_where_no_stack_is_left(tmp_path):
    iam = Iam(**{NAME: mine()})
    role = temporary(iam, tmp_path)
    assert role.begin([], nobody, False) == "" and role.end([]) == ""
    assert NAME not in iam.roles and role.changed and role.row()["removed"] and role.row()["stacks"] == []
    iam = Iam(**{NAME: mine()})
    role = temporary(iam, tmp_path)
    assert role.begin([], nobody, True) == "" and role.end([]) == ""
    assert NAME in iam.roles and iam.written() == [] and role.changed and not role.row()["removed"]


@pytest.mark.parametrize("needs", [True, False], ids=["and this run needs it", "and this run has no need of it"])
def test_one_with_which_another_run_deletes_stacks_keeps_what_it_may_do_and_is_left_to_that_run(tmp_path, needs):
    iam = Iam(**{NAME: mine()})
    iam.policies[NAME] = [OTHER]
    states = [stack("b", LOST if needs else "")]
    ids = [state.stack_id for state in (*states, stack("theirs"), stack("done"))]
    statuses = ("DELETE_IN_PROGRESS", "DELETE_IN_PROGRESS", "DELETE_FAILED")
    iam.stacks = [
        {"StackName": stack_id.split("/")[1], "StackId": stack_id, "StackStatus": status, "RoleARN": ARN}
        for stack_id, status in zip(ids, statuses)
    ]
    iam.stacks += [{**iam.stacks[0], "StackId": f"{ids[0]}-nested", "RootId": ids[0]}]
    role = temporary(iam, tmp_path)
    assert role.begin(states, nobody, False) == ""
    said = role.end(states)
    assert iam.policies[NAME] == ([OTHER, POLICY] if needs else [OTHER]) and NAME in iam.roles
    assert "the deletion of theirs goes on with it, which this run has not asked for" in said
    assert not role.row()["removed"] and role.row()["reason"] == said
    del iam.stacks[1]
    assert role.end(states) == "" and NAME not in iam.roles


def test_what_was_half_made_is_removed(tmp_path):
    iam = Iam()
    iam.fails["iam.attach_role_policy"] = refusal("NoSuchEntity", "Policy does not exist", status=404)
    role, states = temporary(iam, tmp_path), [stack("b", LOST)]
    with pytest.raises(AwsCallError):
        role.begin(states, nobody, False)
    assert NAME in iam.roles and states[0].role_arn == ""
    assert role.end(states) == "" and NAME not in iam.roles


@pytest.mark.parametrize("unknown", [("iam.list_attached_role_policies",), ("iam.attach_role_policy",)])
def test_that_it_is_gone_is_not_believed_of_one_that_was_just_made(tmp_path, unknown):
    iam = Iam()
    role, states = temporary(iam, tmp_path), [stack("b", LOST)]
    for name in unknown:
        answer, looks = iam.answers[name], iter([refusal("NoSuchEntity", status=404)] * 2)
        iam.answers[name] = lambda answer=answer, looks=looks, **given: next(looks, None) or answer(**given)
    assert role.begin(states, nobody, False) == "" and iam.policies[NAME] == [POLICY] and states[0].role_arn == ARN
    looks = iter([refusal("NoSuchEntity", status=404)] * 2)
    iam.answers["iam.list_attached_role_policies"] = lambda RoleName: next(looks, None) or iam.attached(RoleName)
    assert role.end(states) == "" and NAME not in iam.roles and role.row()["removed"]


def test_that_it_is_still_there_is_told(tmp_path):
    iam = Iam()
    role, states = temporary(iam, tmp_path), [stack("b", LOST)]
    role.begin(states, nobody, False)
    iam.fails["iam.delete_role"] = refusal("AccessDenied", "no", 403)
    said = role.end(states)
    assert f"The role {NAME}, made for this run, is still there" in said and "Running this again removes it" in said
    assert role.row()["removed"] is False and role.row()["reason"] == said
    iam.fails.clear()
    del iam.roles[NAME]
    assert role.end(states) == "" and role.row()["removed"]


def test_a_policy_that_was_just_detached_may_still_count(tmp_path):
    iam = Iam()
    role, states = temporary(iam, tmp_path), [stack("b", LOST)]
    role.begin(states, nobody, False)
    delete, answers = iam.answers["iam.delete_role"], iter([refusal("DeleteConflict", status=409)])
    iam.answers["iam.delete_role"] = lambda RoleName: next(answers, None) or delete(RoleName)
    assert role.end(states) == "" and NAME not in iam.roles
    assert iam.written().count("delete_role") == 2


def test_what_still_went_on_with_it_is_told(tmp_path):
    iam = Iam()
    role, states = temporary(iam, tmp_path), [stack("b", LOST), stack("c", LOST), stack("d", LOST)]
    role.begin(states, nobody, False)
    states[0].status, states[0].outcome = "DELETE_IN_PROGRESS", t.TIMED_OUT
    states[1].status, states[1].outcome = "DELETE_COMPLETE", t.GONE
    assert role.end(states) == "" and NAME not in iam.roles
    (problem,) = role.problems
    assert "while the deletion of b went on" in problem and "Run this again" in problem


def test_whether_a_role_is_gone_that_may_not_be_looked_at_is_said(tmp_path):
    iam = Iam()
    looks = iter([refusal("NoSuchEntity", status=404)])
    iam.answers["iam.get_role"] = lambda RoleName: next(looks, None) or refusal("AccessDenied", status=403)
    role, states = temporary(iam, tmp_path), [stack("b", LOST)]
    assert role.begin(states, nobody, False) == "" and states[0].role_arn == ""
    assert "iam:GetRole" in role.problems[0] and iam.written() == []


def test_its_name_is_one_that_iam_takes():
    assert role_name("shop", "eu-central-1") == NAME
    long = [role_name("x" * 99 + end, "eu-central-1") for end in "ab"]
    assert len(set(long)) == 2 and all(len(name) == 64 for name in long)


def test_its_policies_are_the_users_to_name():
    assert policies_problem([POLICY, OTHER, "arn:aws-cn:iam::aws:policy/job-function/Billing"], "x") == ""
    assert "x is empty" in policies_problem([], "x")
    for strange in ("AdministratorAccess", ARN, f"{POLICY} ", "arn:aws:iam::12:policy/a"):
        assert repr(strange) in policies_problem([POLICY, strange], "x")
