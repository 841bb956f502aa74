# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import DENIED
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing import job as jobs
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.job import ROUNDS
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.job import STOPPED
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.job import STUCK
from ansible_collections.workshop.lifecycle.plugins.module_utils._clearing.job import Job
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import NotCleared
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Ours
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Place
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Resource
from tests.unit.plugins.fake_aws import refusal
from tests.unit.plugins.module_utils.boxes import BOX, CFN, SAFE, Boxes, things

STACK = "arn:aws:cloudformation:eu-central-1:123456789012:stack/shop/1"


def made(boxes, *names, safes=()):
    resources = [Resource(BOX, name) for name in names] + [Resource(SAFE, name) for name in safes]
    return Job(boxes.aws, STACK, Ours(dict.fromkeys(resources, "shop"), place=Place.of(STACK)), resources)


def run(job):
    with ThreadPoolExecutor(4) as pool:
        job.run(pool)
    return job


def rows(job):
    return {row.resource.physical_id: (list(row.done), row.reason) for row in job.rows}


def test_all_is_cleared_and_only_what_there_was_to_clear(monkeypatch):
    boxes = Boxes(monkeypatch, a=12_000, b=1, c=0)
    boxes.locked = {"s": True, "t": False}
    job = run(made(boxes, "a", "b", "c", safes=["s", "t"]))
    assert job.reason() == "" and boxes.full == {"a": 0, "b": 0, "c": 0} and sorted(boxes.cleared) == ["a", "b"]
    assert boxes.locked == {"s": False, "t": False}
    done = rows(job)
    assert done["a"] == ([things(12_000)], "") and done["b"] == ([things(1)], "") and "c" not in done
    assert [str(amount) for amount in done["s"][0]] == ["deletion protection"] and "t" not in done
    assert job.rows[0].row() == {
        "type": SAFE,
        "id": "s",
        "amounts": [{"count": 1, "one": "deletion protection", "many": "deletion protections", "at_least": False}],
        "lost": "its protection, and with the stack the resource itself",
        "reason": "",
        "put_back": False,
    }


def test_a_look_touches_nothing_and_foretells(monkeypatch):
    boxes = Boxes(monkeypatch, a=5)
    job = made(boxes, "a")
    job.look()
    assert boxes.full == {"a": 5} and [row.foretold()["amounts"][0]["count"] for row in job.rows] == [5]


def test_what_comes_anew_is_cleared_once_more_and_then_named(monkeypatch):
    boxes = Boxes(monkeypatch, a=5, b=5)
    boxes.refill = {"a": [7], "b": [7, 3]}
    job = run(made(boxes, "a", "b"))
    assert rows(job)["a"] == ([things(12)], "")
    done, reason = rows(job)["b"]
    assert done == [things(12)] and f"After {ROUNDS} rounds there is still: 3 things." in reason
    assert "box b is not cleared" in job.reason() and boxes.cleared.count("b") == ROUNDS


def test_nothing_is_cleared_beside_what_can_not_be(monkeypatch):
    boxes = Boxes(monkeypatch, a=5, b=5)
    boxes.stuck = {"b"}
    boxes.locked = {"s": True}
    job = run(made(boxes, "a", "b", safes=["s"]))
    assert boxes.full == {"a": 5, "b": 5} and boxes.locked == {"s": True} and boxes.cleared == []
    assert job.reason().startswith("box b: b is not empty.") and {reason for _done, reason in rows(job).values()} == {
        "Not tried, since something else holds its stack that can not be cleared."
    }


def test_nothing_is_lost_beside_a_protection_that_nobody_agreed_to_lift(monkeypatch):
    boxes = Boxes(monkeypatch, a=5)
    boxes.locked = {"s": True, "t": False}
    box, *safes = [Resource(BOX, "a"), Resource(SAFE, "s"), Resource(SAFE, "t")]
    ours = Ours(dict.fromkeys([box, *safes], "shop"), place=Place.of(STACK))
    job = run(Job(boxes.aws, STACK, ours, [box], safes))
    assert boxes.full == {"a": 5} and boxes.locked == {"s": True, "t": False}
    assert job.reason().startswith("safe s: ") and "safe t" not in job.reason()
    boxes.locked["s"] = False
    assert run(Job(boxes.aws, STACK, ours, [box], safes)).reason() == "" and boxes.full == {"a": 0}


def test_nothing_is_foretold_beside_what_can_not_be_cleared(monkeypatch):
    boxes = Boxes(monkeypatch, a=5, b=5)
    boxes.stuck = {"b"}
    job = made(boxes, "a", "b")
    job.look()
    assert [(row.foretold()["amounts"], row.foretold()["reason"]) for row in job.rows] == [([], STUCK)]


def test_nothing_is_emptied_where_a_protection_stays(monkeypatch):
    boxes = Boxes(monkeypatch, a=5)
    boxes.locked = {"s": True}
    boxes.aws.answers["test.switch_safe"] = refusal(
        "AccessDeniedException", "not authorized to perform: test:SwitchSafe"
    )
    job = run(made(boxes, "a", safes=["s"]))
    assert boxes.full == {"a": 5} and "Allow the IAM action test:SwitchSafe." in job.reason()


def test_a_denial_is_of_one_alone(monkeypatch):
    boxes = Boxes(monkeypatch, a=5, b=5)

    def before(name):
        if name == "a":
            raise NotCleared("It is another's.")

    boxes.before = before
    job = run(made(boxes, "a", "b"))
    assert boxes.full == {"a": 5, "b": 0} and job.reason() == "box a is not cleared: It is another's."


def test_what_can_not_be_looked_at_is_a_gap_and_no_reason(monkeypatch):
    boxes = Boxes(monkeypatch, a=5)
    boxes.locked = {"s": True}
    boxes.aws.answers["test.look_at_safe"] = refusal(
        "AccessDeniedException", "not authorized to perform: test:LookAtSafe"
    )
    job = run(made(boxes, "a", safes=["s"]))
    assert [gap["action"] for gap in job.gaps] == ["test:LookAtSafe"] and job.reason() == "" and boxes.full == {"a": 0}


def test_what_another_stack_owns_is_not_cleared_nor_what_may_be(monkeypatch):
    boxes = Boxes(monkeypatch, a=5, b=5)
    boxes.by_hand = {"a"}
    answer = {
        "ResourceType": "AWS::Test::Thing",
        "PhysicalResourceId": "in-a",
        "StackName": "bank",
        "ResourceStatus": "X",
    }
    boxes.aws.answers[CFN] = {"StackResources": [answer]}
    job = run(made(boxes, "a", "b"))
    assert boxes.full == {"a": 5, "b": 5} and job.stuck[0].blocker.owner == "bank"
    boxes.aws.answers[CFN] = refusal("AccessDenied", "not authorized")
    job = run(made(boxes, "a", "b"))
    assert boxes.full == {"a": 5, "b": 5} and "Whether another stack owns it could not be looked at." in job.reason()
    boxes.aws.answers[CFN] = refusal("ValidationError", "Stack for in-a does not exist")
    assert run(made(boxes, "a", "b")).reason() == "" and boxes.full == {"a": 0, "b": 0}


def test_it_stops_when_told_and_another_run_goes_on(monkeypatch):
    boxes = Boxes(monkeypatch, a=5000, b=5)
    job = made(boxes, "a", "b")
    boxes.before = lambda name: job.stop()
    run(job)
    assert boxes.full["a"] and STOPPED in job.reason()
    boxes.before = lambda name: None
    assert run(made(boxes, "a", "b")).reason() == "" and boxes.full == {"a": 0, "b": 0}


def test_what_can_be_undone_is_put_back(monkeypatch):
    boxes = Boxes(monkeypatch, a=5)
    boxes.locked = {"s": True, "t": True}
    job = run(made(boxes, "a", safes=["s", "t"]))
    del boxes.locked["t"]
    assert job.put_back() == [] and boxes.locked == {"s": True} and boxes.put_back == ["a"]
    assert {row.resource.physical_id: row.put_back for row in job.rows} == {"s": True, "t": False, "a": False}, (
        "what was in a box is lost"
    )
    assert job.put_back() == [] and boxes.put_back == ["a"], "only once"


def test_what_passes_keeps_nothing_from_being_put_back_although_it_was_told_to_stop(monkeypatch, clock):
    boxes = Boxes(monkeypatch)
    boxes.locked = {"s": True}
    job = run(made(boxes, safes=["s"]))
    monkeypatch.setattr("time.sleep", clock.sleep)
    answers = iter([refusal("ThrottlingException"), refusal("ServiceUnavailable", status=503)])
    switch = boxes.aws.answers["test.switch_safe"]
    boxes.aws.answers["test.switch_safe"] = lambda **given: next(answers, None) or switch(**given)
    job.stop()
    before = clock.now
    assert job.put_back() == [] and boxes.locked == {"s": True} and clock.now > before, "with pauses"


def test_it_says_what_could_not_be_put_back(monkeypatch):
    boxes = Boxes(monkeypatch)
    boxes.locked = {"s": True}
    job = run(made(boxes, safes=["s"]))
    boxes.aws.answers["test.switch_safe"] = refusal(
        "AccessDeniedException", "not authorized to perform: test:SwitchSafe"
    )
    (problem,) = job.put_back()
    assert problem.startswith(
        "safe s is without deletion protection, and that could not be put back: test:SwitchSafe"
    )


def test_all_is_put_back_that_can_be_whatever_keeps_another_from_it(monkeypatch):
    boxes = Boxes(monkeypatch, a=5)
    boxes.locked = {"s": True, "t": True}
    job = run(made(boxes, "a", safes=["s", "t"]))
    boxes.aws.answers["test.switch_safe"] = boxes.aws.answers["test.look_at_safe"] = refusal("ExpiredToken")
    boxes.aws.answers["sts.get_caller_identity"] = refusal("ExpiredToken")
    problems = job.put_back()
    assert [problem.partition(",")[0] for problem in problems] == [
        f"safe {name} is without deletion protection" for name in "st"
    ]
    assert boxes.put_back == ["a"]


def test_an_answer_of_another_form_keeps_nothing_else_from_being_put_back(monkeypatch):
    boxes = Boxes(monkeypatch, a=5, b=5)

    def back(name):
        if name == "a":
            raise ValueError("no JSON")

    boxes.before_back = back
    (problem,) = run(made(boxes, "a", "b")).put_back()
    assert problem.startswith("What was changed of box a while it was cleared could not be put back")
    assert boxes.put_back == ["b"]


def test_a_protection_that_does_not_go_is_a_reason_and_is_put_back(monkeypatch):
    monkeypatch.setattr(jobs, "PAUSE", 0.001)
    boxes = Boxes(monkeypatch)
    boxes.locked = {"s": True}
    boxes.aws.answers["test.switch_safe"] = {}
    job = run(made(boxes, safes=["s"]))
    assert "It still shows as protected" in job.reason()
    job.put_back()
    assert [row.put_back for row in job.rows] == [True]


def test_an_answer_of_another_form_is_told(monkeypatch):
    boxes = Boxes(monkeypatch, a=1)

    def before(name):
        raise KeyError("Contents")

    boxes.before = before
    assert "another form than one of AWS" in run(made(boxes, "a")).reason()


def test_credentials_that_have_ended_end_it(monkeypatch):
    boxes = Boxes(monkeypatch)
    boxes.locked = {"s": True}
    boxes.aws.answers["test.look_at_safe"] = refusal("ExpiredToken")
    boxes.aws.answers["sts.get_caller_identity"] = refusal("ExpiredToken")
    with pytest.raises(Exception, match="ExpiredToken"):
        run(made(boxes, safes=["s"]))


@pytest.mark.parametrize("before", [True, False])
def test_what_could_not_be_looked_at_anew_does_not_count_as_cleared(monkeypatch, before):
    """But what could not be looked at before, and was told as a gap then."""
    boxes = Boxes(monkeypatch, a=5)
    denied = AwsCallError(DENIED, "AccessDenied", "not authorized", "test:LookAtBox")
    boxes.looked = lambda eyes, name: eyes.note(denied, name) if before or not boxes.full["a"] else None
    job = run(made(boxes, "a"))
    said = "box a is not cleared: Whether anything is left could not be looked at. test:LookAtBox: not authorized"
    assert job.reason() == ("" if before else said)


def test_a_protection_that_may_have_been_switched_off_is_put_back(monkeypatch):
    """AWS did it, and its answer got lost."""
    boxes = Boxes(monkeypatch)
    boxes.locked = {"s": True, "t": True}
    switch = boxes.aws.answers["test.switch_safe"]

    def lost(Safe, Locked):
        switch(Safe, Locked)
        return refusal("ServiceUnavailable")

    boxes.aws.answers["test.switch_safe"] = lost
    monkeypatch.setattr(looks, "TRIES", 1)
    job = run(made(boxes, safes=["s", "t"]))
    assert "ServiceUnavailable" in job.reason() and boxes.locked == {"s": False, "t": False}
    boxes.aws.answers["test.switch_safe"] = switch
    assert job.put_back() == [] and boxes.locked == {"s": True, "t": True}


def test_each_round_looks_anew(monkeypatch):
    """Whatever a look remembers for all that ask for the same."""
    boxes = Boxes(monkeypatch, a=5)
    boxes.refill = {"a": [7]}

    def looked(eyes, name):
        boxes.full[name] = eyes.once("boxes", lambda: boxes.full[name])

    boxes.looked = looked
    job = run(made(boxes, "a"))
    assert rows(job)["a"] == ([things(12)], "") and boxes.full == {"a": 0}


def test_a_protection_that_can_not_be_looked_at_anew_does_not_count_as_off(monkeypatch):
    boxes = Boxes(monkeypatch, a=5)
    boxes.locked = {"s": True}
    switch = boxes.aws.answers["test.switch_safe"]

    def switched(Safe, Locked):
        boxes.aws.answers["test.look_at_safe"] = refusal("AccessDeniedException", "not authorized")
        return switch(Safe, Locked)

    boxes.aws.answers["test.switch_safe"] = switched
    job = run(made(boxes, "a", safes=["s"]))
    assert "safe s is not cleared: Whether it was switched off could not be looked at. test:LookAtSafe" in job.reason()
    assert boxes.full == {"a": 5}
    boxes.aws.answers["test.switch_safe"] = switch
    assert job.put_back() == [] and boxes.locked == {"s": True}
