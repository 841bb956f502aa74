# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.machine import StackMachine


def view(name="a", status="CREATE_COMPLETE", number=1, **more):
    return t.StackView(f"arn:{name}/{number}", name, status, **more)


def listing(*views):
    return {item.name: item for item in views}


def failed(name="R", kind="AWS::X::Y", reason="not authorized"):
    return t.StackResource(name, f"physical-{name}", kind, "DELETE_FAILED", reason)


def refusal(kind, code="ValidationError", message="message"):
    return errors.AwsCallError(kind, code, message, "cloudformation:DeleteStack")


def events(token, *newest, before=()):
    """A failed deletion and its start; ``newest``: what there is instead of the failure, status and reason."""
    status, reason = newest or ("DELETE_FAILED", "")
    return [
        t.StackEvent(status, reason, token, f"{token}-end"),
        t.StackEvent("DELETE_IN_PROGRESS", "User Initiated", token, f"{token}-start"),
        *before,
    ]


def without_tokens(found):
    return [replace(event, token="") for event in found]


class Play:
    """A machine with a clock, and short words for what happens to it."""

    def __init__(self, clock, **after):
        self.options = after.pop("options", t.Options())
        specs = [t.StackSpec(name, tuple(others)) for name, others in (after or {"a": []}).items()]
        numbers = itertools.count(1)
        self.clock = clock
        self.past = events("before")
        self.machine = StackMachine(specs, self.options, clock, lambda: f"token-{next(numbers)}")

    def begin(self, *views):
        self.machine.begin(listing(*views))
        return self

    def seen(self, *views):
        self.machine.observe_listing(listing(*views))
        return self

    def asks(self):
        """The deletions asked for, once the events from before are known where they have to be."""
        for request in self.machine.requests():
            if isinstance(request, t.ReadEvents) and not self.machine.states[request.name].token:
                self.machine.events(request.name, self.past)
        return [request for request in self.machine.requests() if isinstance(request, t.Delete)]

    def accept_all(self):
        for request in self.asks():
            self.machine.accepted(request.name)
        return self

    def outcomes(self):
        return {name: state.outcome for name, state in self.machine.states.items()}

    def fails_with(self, *resources, name="a"):
        """Seen going, seen failed, its resources read."""
        for status in ("DELETE_IN_PROGRESS", "DELETE_FAILED"):
            self.machine.observe(view(name, status))
        assert [type(item) for item in self.machine.requests()] == [t.ReadResources]
        self.machine.resources(name, resources)
        return self


def test_a_stack_that_is_not_there_is_absent(clock):
    assert Play(clock).begin().outcomes() == {"a": t.ABSENT}


def test_gone_needs_an_answer_by_id(clock):
    play = Play(clock).begin(view()).accept_all().seen()
    assert play.outcomes() == {"a": ""}
    assert play.machine.requests() == [t.Confirm("a", "arn:a/1")]
    play.machine.observe(view(status="DELETE_COMPLETE"))
    assert play.outcomes() == {"a": t.GONE}


def test_an_id_that_is_unknown_is_not_gone(clock):
    play = Play(clock).begin(view()).accept_all().seen()
    for number in range(3):
        assert play.outcomes() == {"a": ""}
        play.machine.observe_unknown("a")
        clock.now += 9.9
    assert play.outcomes() == {"a": ""}, "within 20 s it may be too new an id"
    clock.now += 0.5
    play.machine.observe_unknown("a")
    assert play.outcomes() == {"a": t.FAILED}


def test_order(clock):
    play = Play(clock, vpc=["web", "db"], web=[], db=[]).begin(view("vpc"), view("web"))
    assert [item.name for item in play.asks()] == ["web"]
    play.accept_all().machine.observe(view("web", "DELETE_COMPLETE"))
    assert [item.name for item in play.asks()] == ["vpc"]


def test_what_comes_after_a_failure_is_skipped(clock):
    play = Play(clock, a=[], b=["a"], c=["b"], d=[]).begin(*(view(name) for name in "abcd")).accept_all()
    play.fails_with(failed())
    assert play.outcomes() == {"a": t.FAILED, "b": t.SKIPPED, "c": t.SKIPPED, "d": ""}
    assert play.machine.states["a"].reason == "R (AWS::X::Y): not authorized"
    assert "a (failed)" in play.machine.states["b"].reason


def test_a_running_deletion_is_joined(clock):
    play = Play(clock).begin(view(status="DELETE_IN_PROGRESS"))
    assert play.asks() == []
    play.seen().machine.observe(view(status="DELETE_COMPLETE"))
    assert play.outcomes() == {"a": t.GONE}


@pytest.mark.parametrize("status", sorted(t.MUST_END_FIRST))
def test_updates_are_waited_for(clock, status):
    play = Play(clock).begin(view(status=status))
    clock.now += 1000
    assert play.asks() == []
    assert len(play.seen(view(status="UPDATE_COMPLETE")).asks()) == 1


@pytest.mark.parametrize(
    "status",
    ["CREATE_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED",
     "REVIEW_IN_PROGRESS", "DELETE_FAILED", "UPDATE_ROLLBACK_FAILED", "UPDATE_FAILED", "IMPORT_COMPLETE"],
)  # fmt: skip
def test_other_statuses_are_asked_for_at_once(clock, status):
    assert len(Play(clock).begin(view(status=status)).asks()) == 1


def test_a_status_that_refuses_after_all_is_waited_for(clock):
    play = Play(clock).begin(view(status="ROLLBACK_IN_PROGRESS"))
    play.machine.call_failed(play.asks()[0], refusal(errors.WRONG_STATUS))
    assert play.asks() == []
    assert len(play.seen(view(status="ROLLBACK_COMPLETE")).asks()) == 1


@pytest.mark.parametrize("old", ["CREATE_COMPLETE", "ROLLBACK_COMPLETE", "DELETE_FAILED"])
def test_old_answers_after_the_request_prove_nothing(clock, old):
    play = Play(clock).begin(view(status=old)).accept_all()
    for tick in range(20):
        clock.now += 2
        play.seen(view(status=old))
        for request in play.machine.requests():
            assert isinstance(request, t.ReadEvents)
            play.machine.events("a", [t.StackEvent("DELETE_IN_PROGRESS", "User Initiated", "token-1")])
    assert play.outcomes() == {"a": ""}
    play.seen().machine.observe(view(status="DELETE_COMPLETE"))
    assert play.outcomes() == {"a": t.GONE}


def test_a_refusal_is_read_from_the_events(clock):
    play = Play(clock).begin(view()).accept_all().seen(view(status="DELETE_IN_PROGRESS"))
    clock.now += 10
    play.seen(view())
    assert play.machine.requests() == [t.ReadEvents("a", "arn:a/1")]
    play.machine.events("a", events("token-1", "CREATE_COMPLETE", "Export x is in use by y"))
    assert play.outcomes() == {"a": t.REFUSED}
    assert play.machine.states["a"].reason == "Export x is in use by y"


def test_a_refusal_between_two_looks_is_found_by_its_token(clock):
    play = Play(clock).begin(view()).accept_all()
    clock.now += 10
    play.seen(view()).machine.events("a", [t.StackEvent("CREATE_COMPLETE", "in use", "token-1")])
    assert play.outcomes() == {"a": t.REFUSED}


IN_USE = "Export x cannot be deleted as it is in use by web"


def blocked(play, shows, words=IN_USE):
    """The exporter ``vpc`` is asked for, and AWS shows in one of three ways that it could not go."""
    (request,) = [item for item in play.asks() if item.name == "vpc"]
    if shows == "refuse":
        play.machine.call_failed(request, refusal(errors.EXPORT_IN_USE, message=words))
        return play
    play.machine.accepted("vpc")
    clock = play.clock
    clock.now += 10
    if shows == "bounce":
        play.machine.observe(view("vpc"))
        play.machine.events("vpc", events(request.token, "CREATE_COMPLETE", words))
    else:
        play.machine.observe(view("vpc", "DELETE_FAILED", reason=words))
        play.machine.resources("vpc", [])
        play.machine.events("vpc", events(request.token, "DELETE_FAILED", words))
        play.machine.resources("vpc", [])
    return play


def importers_asked(play):
    return [item for item in play.machine.requests() if isinstance(item, t.ReadImporters)]


@pytest.mark.parametrize("shows", ["refuse", "bounce", "fail"])
def test_an_exporter_waits_for_an_importer_that_goes_as_well(clock, shows):
    play = Play(clock, vpc=[], web=[]).begin(view("vpc", exports=("x", "z")), view("web"))
    play.machine.events("vpc", [])
    blocked(play, shows)
    assert importers_asked(play) == [t.ReadImporters("vpc", "arn:vpc/1", ("x", "z"), ("web",))]
    play.machine.importers("vpc", ["web"], None)
    assert play.outcomes() == {"vpc": "", "web": ""}
    assert play.machine.states["vpc"].as_result()["after"] == ["web"]
    assert play.machine.why_waiting(play.machine.states["vpc"]) == "waits for web"
    clock.now += 1000
    assert [item.name for item in play.asks()] == ["web"]
    play.accept_all().machine.observe(view("web", "DELETE_COMPLETE"))
    (again,) = play.asks()
    assert (again.name, again.token) == ("vpc", "token-3")
    play.accept_all().machine.observe(view("vpc", "DELETE_COMPLETE"))
    assert play.outcomes() == {"vpc": t.GONE, "web": t.GONE}


@pytest.mark.parametrize("shows", ["refuse", "bounce", "fail"])
def test_importers_that_are_not_of_the_run_are_all_named(clock, shows):
    play = blocked(Play(clock, vpc=[]).begin(view("vpc")), shows)
    play.machine.importers("vpc", ["web", "api"], None)
    state = play.machine.states["vpc"]
    assert state.outcome == t.REFUSED
    assert state.reason.endswith(f"{IN_USE}. Delete web, api first, which this run does not.")


def test_first_ours_is_waited_for_and_then_the_other_one_is_named(clock):
    play = blocked(Play(clock, vpc=[], web=[]).begin(view("vpc"), view("web")), "refuse")
    play.machine.importers("vpc", ["web", "other"], None)
    assert play.outcomes() == {"vpc": "", "web": ""}
    play.accept_all().machine.observe(view("web", "DELETE_COMPLETE"))
    blocked(play, "refuse", "Export x cannot be deleted as it is in use by other").machine.importers(
        "vpc", ["web", "other"], None
    )
    assert play.outcomes() == {"vpc": t.REFUSED, "web": t.GONE}
    assert "Delete other first" in play.machine.states["vpc"].reason


def test_an_importer_that_does_not_go_is_the_reason(clock):
    play = Play(clock, vpc=[], web=[], logs=["vpc"]).begin(view("vpc"), view("web"), view("logs"))
    blocked(play, "refuse").machine.importers("vpc", ["web"], None)
    play.accept_all().fails_with(failed(), name="web")
    assert play.outcomes() == {"vpc": t.REFUSED, "web": t.FAILED, "logs": t.SKIPPED}
    assert play.machine.states["vpc"].reason.endswith(f"{IN_USE}. It waited for web (failed).")


def test_an_importer_that_waits_for_the_exporter_is_no_way_out(clock):
    play = Play(clock, vpc=[], api=["vpc"], web=["api"]).begin(view("vpc"), view("api"), view("web"))
    blocked(play, "refuse").machine.importers("vpc", ["web"], None)
    assert play.outcomes() == {"vpc": t.REFUSED, "api": t.SKIPPED, "web": t.SKIPPED}
    assert "It can not wait for web, which comes after it: put the order right." in play.machine.states["vpc"].reason


def test_importers_that_went_meanwhile_let_it_be_tried_again_three_times(clock):
    play = Play(clock, vpc=[]).begin(view("vpc"))
    for pause in (0, 20, 40):
        blocked(play, "refuse").machine.importers("vpc", [], None)
        assert (play.asks() == []) is bool(pause) and play.outcomes() == {"vpc": ""}
        clock.now += pause
    blocked(play, "refuse").machine.importers("vpc", [], None)
    assert play.outcomes() == {"vpc": t.REFUSED} and IN_USE in play.machine.states["vpc"].reason


def test_that_importers_may_not_be_listed_is_said(clock):
    play = blocked(Play(clock, vpc=[]).begin(view("vpc")), "refuse")
    denied = errors.AwsCallError(errors.DENIED, "AccessDenied", "no", "cloudformation:ListImports")
    play.machine.importers("vpc", ["web"], denied)
    reason = play.machine.states["vpc"].reason
    assert "Delete web first" in reason and "Allow the IAM action cloudformation:ListImports" in reason


def test_somebody_elses_deletion_is_joined_while_the_importers_are_read(clock):
    play = blocked(Play(clock, vpc=[]).begin(view("vpc")), "refuse")
    play.machine.observe(view("vpc", "DELETE_IN_PROGRESS"))
    assert importers_asked(play) == []
    play.machine.importers("vpc", ["web"], None)
    play.machine.observe(view("vpc", "DELETE_COMPLETE"))
    assert play.outcomes() == {"vpc": t.GONE}


def test_a_request_without_a_trace_is_repeated_with_its_token_and_then_fails(clock):
    play = Play(clock).begin(view()).accept_all()
    tokens = []
    for round_ in range(3):
        clock.now += 20
        play.seen(view()).machine.events("a", [t.StackEvent("CREATE_COMPLETE", "", "other")])
        tokens.extend(item.token for item in play.asks())
        play.accept_all()
    assert tokens == ["token-1", "token-1"]
    assert play.outcomes() == {"a": t.FAILED}
    assert play.machine.states["a"].reason == "DeleteStack was accepted 3 times in 60 s, but no event shows it."


@pytest.mark.parametrize("interval", [0.2, 2.0])
def test_a_deletion_that_shows_late_is_not_given_up(clock, interval):
    """However short the interval: for a minute, which is what the three requests take together."""
    play = Play(clock, options=t.Options(grace=2.5 * interval, pause=5 * interval)).begin(view()).accept_all()
    begun, sends = clock.now, 1
    while clock.now < begun + 59:
        clock.now += interval
        play.seen(view())
        for request in play.machine.requests():
            if isinstance(request, t.ReadEvents):
                play.machine.events("a", [t.StackEvent("CREATE_COMPLETE", "", "other", "1")])
        sends += len(play.asks())
        play.accept_all()
        assert play.outcomes() == {"a": ""}, f"given up after {clock.now - begun} s"
    assert sends == 3
    play.machine.observe(view(status="DELETE_IN_PROGRESS"))
    play.machine.observe(view(status="DELETE_COMPLETE"))
    assert play.outcomes() == {"a": t.GONE}


def test_events_that_may_not_be_read_may_be_too_early_to_judge_without(clock):
    play = Play(clock).begin(view()).accept_all()
    clock.now += 19
    play.seen(view()).machine.events_unreadable("a", refusal(errors.DENIED))
    assert play.outcomes() == {"a": ""}
    clock.now += 5
    play.seen(view()).machine.events_unreadable("a", refusal(errors.DENIED))
    assert play.outcomes() == {"a": t.FAILED}


def test_a_new_failure_is_proof_without_any_event(clock):
    play = Play(clock).begin(view()).accept_all().seen(view(status="DELETE_FAILED"))
    assert play.machine.requests() == [t.ReadResources("a", "arn:a/1")]
    play.machine.resources("a", [failed(reason="not authorized")])
    assert play.outcomes() == {"a": t.FAILED}
    assert play.machine.states["a"].reason == "R (AWS::X::Y): not authorized"


def test_a_stack_that_failed_as_a_whole_is_read_without_tokens(clock):
    play = Play(clock).begin(view()).accept_all().seen(view(status="DELETE_FAILED"))
    play.machine.resources("a", [])
    play.machine.events("a", without_tokens(events("x", "DELETE_FAILED", "Internal trouble")))
    for _look in range(2):
        play.seen(view(status="DELETE_FAILED")).machine.resources("a", [])
    assert play.outcomes() == {"a": t.FAILED} and play.machine.states["a"].reason == "Internal trouble"


def test_an_old_failure_is_told_from_a_new_one_by_newer_events(clock):
    play = Play(clock).begin(view(status="DELETE_FAILED"))
    play.past = old = without_tokens(events("old"))
    play.accept_all()
    clock.now += 10
    play.seen(view(status="DELETE_FAILED")).machine.events("a", old)
    assert play.machine.requests() == []
    # Late news of the old failure is no new one.
    clock.now += 1
    play.machine.events("a", [t.StackEvent("DELETE_FAILED", id="late"), *old])
    assert play.machine.requests() == []
    clock.now += 5
    play.seen(view(status="DELETE_FAILED")).machine.events("a", without_tokens(events("new", before=old)))
    assert play.machine.requests() == [t.ReadResources("a", "arn:a/1")]


@pytest.mark.parametrize("known", [True, False])
def test_a_stack_that_goes_back_is_told_from_one_that_did_so_before(clock, known):
    """A stack with exports, of which the events are read before; without, a second request brings it to light."""
    play = Play(clock).begin(view(exports=("x",) if known else ()))
    play.past = old = without_tokens(events("old", "CREATE_COMPLETE", "Old trouble"))
    play.accept_all()
    clock.now += 10
    play.seen(view()).machine.events("a", old)
    assert play.outcomes() == {"a": ""}
    clock.now += 10
    new = without_tokens(events("new", "CREATE_COMPLETE", "New trouble", before=old))
    play.seen(view()).machine.events("a", new)
    assert play.outcomes() == {"a": t.REFUSED} and play.machine.states["a"].reason == "New trouble"


def test_events_from_before_that_may_not_be_read_hold_nothing_up(clock):
    play = Play(clock).begin(view(status="DELETE_FAILED"))
    assert play.machine.requests() == [t.ReadEvents("a", "arn:a/1")]
    play.machine.events_unreadable("a", refusal(errors.DENIED))
    assert [type(item) for item in play.machine.requests()] == [t.Delete]


def test_events_that_are_late_do_not_show_that_a_stack_went_back(clock):
    play = Play(clock).begin(view()).accept_all().seen(view(status="DELETE_IN_PROGRESS"))
    clock.now += 10
    play.seen(view()).machine.events("a", [t.StackEvent("CREATE_COMPLETE", "", "made")])
    assert play.outcomes() == {"a": ""}


def test_the_same_failure_twice_is_not_mistaken_for_the_old_one(clock):
    play = Play(clock).begin(view(status="DELETE_FAILED")).accept_all()
    clock.now += 10
    play.seen(view(status="DELETE_FAILED")).machine.events("a", [t.StackEvent("DELETE_FAILED", "old", "other")])
    assert play.outcomes() == {"a": ""}
    clock.now += 10
    play.seen(view(status="DELETE_FAILED")).machine.events("a", [t.StackEvent("DELETE_FAILED", "new", "token-1")])
    assert play.machine.requests() == [t.ReadResources("a", "arn:a/1")]


def test_an_old_failure_is_told_by_resources_that_are_going(clock):
    play = Play(clock).begin(view()).accept_all()
    going = t.StackResource("R", "r", "AWS::X::Y", "DELETE_IN_PROGRESS")
    play.fails_with(going)
    assert play.outcomes() == {"a": ""} and play.asks() == []


def test_a_failure_without_failed_resources_has_to_be_in_the_events(clock):
    play = Play(clock).begin(view()).accept_all().fails_with()
    assert play.outcomes() == {"a": ""}
    assert play.machine.requests() == [t.ReadEvents("a", "arn:a/1")]
    play.machine.events(
        "a", [t.StackEvent("DELETE_FAILED", "Export x cannot be deleted as it is in use by y", "token-1")]
    )
    assert play.machine.requests() == [t.ReadResources("a", "arn:a/1")]
    play.machine.resources("a", [])
    play.machine.importers("a", ["y"], None)
    assert play.outcomes() == {"a": t.REFUSED}
    assert play.machine.states["a"].reason.startswith("Export x cannot be deleted as it is in use by y")


def test_a_failure_that_another_run_has_mended_meanwhile_is_none(clock):
    """Between the events and the resources, another run asked again, retaining what had failed."""
    play = Play(clock).begin(view()).accept_all().fails_with()
    play.machine.events("a", [t.StackEvent("DELETE_FAILED", "failed to delete: [R]", "token-1")])
    play.machine.resources("a", [t.StackResource("R", "r", "AWS::X::Y", "DELETE_SKIPPED")])
    assert play.machine.requests() == [t.Confirm("a", "arn:a/1")]
    play.seen(view(status="DELETE_COMPLETE"))
    assert play.outcomes() == {"a": t.GONE}


def test_a_stack_known_from_an_earlier_run_is_followed_by_its_id(clock):
    specs = [t.StackSpec("a", stack_id="arn:a/1", begun_ago=30.0), t.StackSpec("b", ("a",))]
    machine = StackMachine(specs, t.Options(), clock, lambda: "token")
    machine.begin(listing(view("a", number=2), view("b")))
    assert machine.requests() == [t.Confirm("a", "arn:a/1")]
    machine.observe(view("a", "DELETE_COMPLETE"))
    assert [(type(item), item.name) for item in machine.requests()] == [(t.Delete, "b"), (t.ReadResources, "a")]
    result = machine.states["a"].as_result()
    assert (result["outcome"], result["stack_id"], result["seconds"]) == (t.GONE, "arn:a/1", 30.0)


def test_what_a_stack_left_behind_is_read_when_it_is_gone(clock):
    """By its template, or because it was asked for: the reason of the failure is kept."""
    play = Play(clock, options=t.Options(retain_on_failure=("*",))).begin(view()).accept_all()
    play.fails_with(failed("Mesh"))
    play.accept_all().machine.observe(view(status="DELETE_COMPLETE"))
    assert play.machine.done and play.machine.requests() == [t.ReadResources("a", "arn:a/1")]
    left = [
        t.StackResource("Table", "cakes", "AWS::DynamoDB::Table", "DELETE_SKIPPED"),
        t.StackResource("Mesh", "physical-Mesh", "AWS::AppMesh::Mesh", "DELETE_SKIPPED"),
        t.StackResource("Role", "r", "AWS::IAM::Role", "DELETE_COMPLETE"),
    ]
    play.machine.resources("a", left)
    assert play.machine.requests() == []
    rows = play.machine.states["a"].as_result()["retained_resources"]
    assert [(row["physical_id"], bool(row["reason"])) for row in rows] == [("cakes", False), ("physical-Mesh", True)]


def test_what_may_not_be_read_of_a_stack_that_is_gone_is_unknown(clock):
    play = Play(clock).begin(view()).accept_all()
    play.machine.observe(view(status="DELETE_COMPLETE"))
    play.machine.resources_unreadable("a", refusal(errors.DENIED))
    result = play.machine.states["a"].as_result()
    assert play.machine.requests() == [] and result["retained_resources"] is None
    assert result["outcome"] == t.GONE and result["reason"].startswith("What it left behind is unknown.")


def test_retries_pause_longer_each_time_and_end(clock):
    play = Play(clock).begin(view()).accept_all()
    for pause in (10, 20, 40):
        play.fails_with(failed(reason="Internal Failure"))
        clock.now += pause - 1
        assert play.asks() == []
        clock.now += 1
        assert [item.retain for item in play.asks()] == [()]
        play.accept_all()
    play.fails_with(failed(reason="Internal Failure"))
    assert play.outcomes() == {"a": t.FAILED}
    assert play.machine.states["a"].as_result()["failed_resources"][0]["reason"] == "Internal Failure"


def test_retaining_goes_on_round_by_round_with_exactly_what_failed(clock):
    play = Play(clock, options=t.Options(retain_on_failure=("AWS::AppMesh::*",))).begin(view()).accept_all()
    rounds = [["Route1", "Route2"], ["Node", "Router"], ["Service"]]
    for names in rounds:
        play.fails_with(*(failed(name, "AWS::AppMesh::Thing") for name in names))
        assert [item.retain for item in play.asks()] == [tuple(names)]
        play.accept_all()
    play.machine.observe(view(status="DELETE_COMPLETE"))
    result = play.machine.states["a"].as_result()
    assert result["outcome"] == t.GONE and result["failed_resources"] == []
    assert [item["physical_id"] for item in result["retained_resources"]] == [
        f"physical-{name}" for names in rounds for name in names
    ]


def test_what_was_not_accepted_is_not_called_retained(clock):
    play = Play(clock, options=t.Options(retain_on_failure=("*",))).begin(view()).accept_all().fails_with(failed())
    for number in range(4):
        assert play.outcomes() == {"a": ""}
        clock.now += 10
        play.machine.call_failed(play.asks()[0], refusal(errors.OTHER))
        play.machine.observe(view(status="DELETE_FAILED"))
        play.machine.resources("a", [failed()])
    result = play.machine.states["a"].as_result()
    assert result["outcome"] == t.FAILED and result["retained_resources"] == []


@pytest.mark.parametrize("ends", ["DELETE_COMPLETE", "DELETE_FAILED"])
def test_another_run_asks_for_the_rest_first(clock, ends):
    """Resources are given up from DELETE_FAILED only: a refusal may mean that somebody else was quicker."""
    play = Play(clock, options=t.Options(retain_on_failure=("*",))).begin(view()).accept_all().fails_with(failed())
    play.machine.call_failed(play.asks()[0], refusal(errors.OTHER))
    assert play.machine.requests() == [t.Confirm("a", "arn:a/1")]
    play.machine.observe(view(status="DELETE_IN_PROGRESS"))
    assert play.asks() == []
    play.machine.observe(view(status=ends))
    if ends == "DELETE_COMPLETE":
        assert play.outcomes() == {"a": t.GONE}
    else:
        play.machine.resources("a", [failed("Next")])
        assert [item.retain for item in play.asks()] == [("Next",)]


def test_a_deletion_that_another_run_began_since_is_the_one_to_watch(clock):
    play = Play(clock).begin(view(status="DELETE_FAILED")).accept_all()
    for found in (events("before"), events("theirs", before=events("before"))):
        clock.now += 10
        play.seen(view(status="DELETE_FAILED"))
        play.machine.events("a", found)
        play.accept_all()
    assert play.machine.requests() == [t.ReadResources("a", "arn:a/1")]


def test_force_after_the_failure_names_all_that_was_left(clock):
    play = Play(clock, options=t.Options(force=True)).begin(view()).accept_all()
    left = t.StackResource("L", "l", "AWS::X::Y", "CREATE_COMPLETE")
    play.fails_with(failed(), left, t.StackResource("G", "g", "AWS::X::Y", "DELETE_COMPLETE"))
    assert [(item.force, item.retain) for item in play.asks()] == [(True, ())]
    play.accept_all().machine.observe(view(status="DELETE_COMPLETE"))
    assert [item.logical_id for item in play.machine.states["a"].retained] == ["R", "L"]


GONE = [
    "Cluster not found. (Service: Ecs, Status Code: 400, Request ID: x) (HandlerErrorCode: GeneralServiceException)",
    "ClusterNotFoundException: The referenced cluster was inactive.",
    "The vpc ID 'vpc-1' does not exist (Service: Ec2, Status Code: 400) (HandlerErrorCode: NotFound)",
]


@pytest.mark.parametrize("reason", GONE)
def test_what_is_proven_to_be_gone_is_dropped_at_once_and_is_not_left(clock, reason):
    play = Play(clock).begin(view()).accept_all()
    lost = failed(reason=reason)
    play.fails_with(lost, failed("Other", reason="Resource deletion cancelled"))
    assert play.machine.requests() == [t.LookUp("a", "arn:a/1", (lost,))]
    play.machine.looked_up("a", {"physical-R"})
    assert [item.retain for item in play.asks()] == [("R",)]
    play.accept_all().machine.observe(view(status="DELETE_COMPLETE"))
    play.machine.resources("a", [replace(lost, status="DELETE_SKIPPED")])
    assert play.outcomes() == {"a": t.GONE} and play.machine.states["a"].retained == []


@pytest.mark.parametrize("reason", GONE)
def test_what_only_says_that_it_is_gone_is_tried_once_more_and_not_dropped(clock, reason):
    play = Play(clock).begin(view()).accept_all().fails_with(failed(reason=reason))
    play.machine.looked_up("a", set())
    clock.now += 10
    assert [item.retain for item in play.asks()] == [()]
    play.accept_all().fails_with(failed(reason=reason)).machine.looked_up("a", set())
    assert play.outcomes() == {"a": t.FAILED} and reason in play.machine.states["a"].reason


def test_beside_something_that_stays_what_is_gone_is_not_dropped(clock):
    play = Play(clock).begin(view()).accept_all().fails_with(failed(reason=GONE[0]), failed("S"))
    play.machine.looked_up("a", {"physical-R"})
    assert play.outcomes() == {"a": t.FAILED}


def test_protected_stacks_are_left_alone(clock):
    play = Play(clock, a=[], b=["a"]).begin(view(protected=True), view("b"))
    assert play.outcomes() == {"a": t.PROTECTED, "b": t.SKIPPED}
    assert play.machine.requests() == []


def test_protection_is_switched_off_on_request(clock):
    play = Play(clock, options=t.Options(disable_termination_protection=True)).begin(view(protected=True))
    assert play.machine.requests() == [t.Unprotect("a", "arn:a/1")]
    play.machine.unprotected("a")
    assert len(play.asks()) == 1


def test_protection_found_only_by_asking(clock):
    play = Play(clock).begin(view())
    play.machine.call_failed(play.asks()[0], refusal(errors.PROTECTED))
    assert play.outcomes() == {"a": t.PROTECTED}


def test_nested_stacks_are_not_asked_for(clock):
    play = Play(clock).begin(view(root_id="arn:root/1"))
    assert play.outcomes() == {"a": t.FAILED} and "arn:root/1" in play.machine.states["a"].reason


def test_a_new_stack_of_the_same_name_is_told_and_left_alone(clock):
    play = Play(clock, a=[], b=[]).begin(view(), view("b")).accept_all()
    play.seen(view(number=2), view("b", "DELETE_IN_PROGRESS"))
    assert play.machine.requests() == [t.Confirm("a", "arn:a/1")]
    play.machine.observe(view(status="DELETE_COMPLETE"))
    play.seen().machine.observe(view("b", "DELETE_COMPLETE"))
    play.machine.observe_names_at_end(listing(view(number=2)))
    assert play.outcomes() == {"a": t.RECREATED, "b": t.GONE}


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [(errors.DENIED, t.FAILED), (errors.OTHER, t.FAILED), (errors.EXPORT_IN_USE, t.REFUSED), (errors.TRANSIENT, "")],
)
def test_answers_to_a_request(clock, kind, outcome):
    play = Play(clock).begin(view())
    play.machine.call_failed(play.asks()[0], refusal(kind))
    assert play.outcomes() == {"a": outcome}


def test_a_request_that_did_not_get_through_is_repeated_with_its_token(clock):
    play = Play(clock).begin(view())
    first = play.asks()[0]
    play.machine.call_failed(first, refusal(errors.UNREACHABLE))
    assert play.asks() == []
    clock.now += 5
    assert play.asks() == [first]


def test_time_out_tells_the_state_of_everything(clock):
    options = t.Options(timeout=30)
    play = Play(clock, a=[], b=["a"], c=[], options=options).begin(view(), view("b"), view("c", "UPDATE_IN_PROGRESS"))
    play.accept_all()
    clock.now += 30
    play.machine.time_out({"a": "still deleting Service"})
    states = play.machine.states
    assert play.outcomes() == {"a": t.TIMED_OUT, "b": t.SKIPPED, "c": t.TIMED_OUT}
    assert states["a"].reason == "Not gone after 30 s: still deleting Service"
    assert states["b"].reason == "Not asked for, because it comes after a (timed_out)."
    assert states["c"].reason == "Not gone after 30 s: UPDATE_IN_PROGRESS has to end first"


def test_each_stack_has_its_time_from_when_what_it_comes_after_is_gone(clock):
    play = Play(clock, a=[], b=["a"], c=["b"], d=[], e=["d"], options=t.Options(timeout=30))
    play.begin(*(view(name) for name in "abcde")).accept_all()
    assert play.machine.time_left() == 30
    clock.now += 20
    play.machine.observe(view("a", "DELETE_COMPLETE"))
    play.accept_all()
    assert play.machine.time_left() == 10
    clock.now += 10
    play.machine.time_out({})
    assert play.outcomes() == {"a": t.GONE, "b": "", "c": "", "d": t.TIMED_OUT, "e": t.SKIPPED}
    clock.now += 19
    assert play.machine.overdue() == [] and play.machine.time_left() == 1
    play.machine.observe(view("b", "DELETE_COMPLETE"))
    play.accept_all()
    assert play.machine.time_left() == 30
    clock.now += 30
    play.machine.time_out({})
    assert play.outcomes()["c"] == t.TIMED_OUT and play.machine.done and play.machine.time_left() == math.inf


def test_tries_do_not_give_a_stack_more_time(clock):
    play = Play(clock, options=t.Options(timeout=100)).begin(view()).accept_all()
    clock.now += 60
    play.fails_with(failed(reason="Internal Failure"))
    clock.now += 10
    play.accept_all()
    assert play.machine.time_left() == 30


def test_a_deletion_that_goes_on_already_has_its_time_from_the_first_look(clock):
    play = Play(clock, a=[], b=["a"], options=t.Options(timeout=30)).begin(view(), view("b", "DELETE_IN_PROGRESS"))
    clock.now += 30
    play.machine.time_out({})
    assert play.outcomes() == {"a": t.TIMED_OUT, "b": t.TIMED_OUT}


def test_an_exporter_has_its_time_from_when_its_importer_is_gone(clock):
    play = Play(clock, vpc=[], web=[], options=t.Options(timeout=30)).begin(view("vpc"), view("web"))
    blocked(play, "refuse").machine.importers("vpc", ["web"], None)
    play.accept_all()
    clock.now += 29
    play.machine.observe(view("web", "DELETE_COMPLETE"))
    assert play.machine.time_left() == 30


def test_leaving_without_waiting(clock):
    play = Play(clock, a=[], b=["a"], c=[]).begin(view(), view("b"), view("c", "UPDATE_IN_PROGRESS")).accept_all()
    play.machine.leave()
    assert play.outcomes() == {"a": t.IN_PROGRESS, "b": t.PENDING, "c": t.PENDING}


def test_prediction(clock):
    views = [view(), view("b"), view("c", "DELETE_IN_PROGRESS"), view("d", protected=True), view("e")]
    edges = dict(a=[], b=["a"], c=[], d=[], e=["d"], f=[])
    waiting = Play(clock, **edges).begin(*views)
    waiting.machine.predict(wait=True)
    assert waiting.outcomes() == {
        "a": t.GONE, "b": t.GONE, "c": t.GONE, "d": t.PROTECTED, "e": t.SKIPPED, "f": t.ABSENT
    }  # fmt: skip
    asking = Play(clock, **edges).begin(*views)
    asking.machine.predict(wait=False)
    assert [asking.outcomes()[name] for name in "abc"] == [t.IN_PROGRESS, t.PENDING, t.IN_PROGRESS]


def test_what_a_stack_says_of_itself_holds_over_what_is_said_of_all(clock):
    specs = [
        t.StackSpec("a", disable_termination_protection=False),
        t.StackSpec("b", retain_on_failure=(), role_arn="arn:role/own"),
        t.StackSpec("c"),
    ]
    options = t.Options(("AWS::X::*",), disable_termination_protection=True, role_arn="arn:role/all")
    machine = StackMachine(specs, options, clock, lambda: "token")
    machine.begin(listing(view("a", protected=True), view("b"), view("c", protected=True)))
    assert machine.states["a"].outcome == t.PROTECTED
    assert [type(item) for item in machine.requests()] == [t.Delete, t.Unprotect]
    machine.unprotected("c")
    assert [(item.name, item.role_arn) for item in machine.requests()] == [("b", "arn:role/own"), ("c", "arn:role/all")]
    for name in "bc":
        machine.accepted(name)
        for status in ("DELETE_IN_PROGRESS", "DELETE_FAILED"):
            machine.observe(view(name, status))
        machine.resources(name, [failed()])
    assert machine.states["b"].outcome == t.FAILED
    machine.events("c", [])
    assert [item.retain for item in machine.requests()] == [("R",)]


def test_a_stack_may_give_up_its_protection_alone(clock):
    specs = [t.StackSpec("a", disable_termination_protection=True), t.StackSpec("b")]
    machine = StackMachine(specs, t.Options(), clock, lambda: "token")
    machine.begin(listing(view("a", protected=True), view("b", protected=True)))
    assert machine.requests() == [t.Unprotect("a", "arn:a/1")]
    assert machine.states["b"].outcome == t.PROTECTED


def clearing(clock):
    return Play(clock, options=t.Options(clear=("AWS::S3::Bucket",))).begin(view())


def test_gates_are_looked_at_where_something_may_be_cleared(clock):
    play = clearing(clock)
    assert [type(request) for request in play.machine.requests()] == [t.LookAtGates]
    play.machine.gates("a", "being cleared: bucket shop")
    assert play.asks() == [] and play.machine.why_waiting(play.machine.states["a"]) == "being cleared: bucket shop"
    play.machine.gates("a", "")
    assert len(play.asks()) == 1


def fail_at_the_bucket(play, reason):
    play.machine.gates("a", "")
    play.accept_all().seen(view(status="DELETE_IN_PROGRESS")).seen(view(status="DELETE_FAILED"))
    play.machine.resources("a", [failed("Bucket", "AWS::S3::Bucket", reason)])
    return play.machine.states["a"]


@pytest.mark.parametrize("reason", ["The bucket you tried to delete is not empty", "deletion protection is enabled"])
def test_what_failed_is_cleared_once_more_and_asked_for_again(clock, reason):
    play = clearing(clock)
    state = fail_at_the_bucket(play, reason)
    assert (state.cleared_again, state.outcome, state.retries) == (1, "", 0)
    assert [type(request) for request in play.machine.requests()] == [t.LookAtGates], "at once"
    while not state.outcome:
        fail_at_the_bucket(play, reason)
        clock.sleep(1000)
    assert (state.cleared_again, state.outcome) == (1, t.FAILED) and reason in state.reason


def test_what_can_not_be_cleared_after_a_failure_is_not_asked_for_again(clock):
    play = clearing(clock)
    state = fail_at_the_bucket(play, "not empty")
    play.machine.held("a", "bucket shop is not cleared", [{"id": "shop"}])
    cause = "Bucket (AWS::S3::Bucket): not empty"
    assert (state.outcome, state.reason) == (t.FAILED, f"{cause}. Not asked for again: bucket shop is not cleared")


def test_what_failed_otherwise_is_not_cleared_again(clock):
    play = clearing(clock)
    play.machine.gates("a", "")
    play.accept_all().seen(view(status="DELETE_IN_PROGRESS")).seen(view(status="DELETE_FAILED"))
    play.machine.resources("a", [failed()])
    assert play.outcomes() == {"a": t.FAILED} and not play.machine.states["a"].cleared_again


ROLE = "arn:aws:iam::123456789012:role/workshop-lifecycle/made"
UNKNOWN = refusal(errors.ROLE, message=f"Role {ROLE} is invalid or cannot be assumed")


def with_new_role(clock, **options):
    play = Play(clock, options=t.Options(**options)).begin(view(role_arn="arn:role/lost"))
    assert play.machine.states["a"].own_role == "arn:role/lost"
    play.machine.states["a"].give_role(ROLE, clock.now)
    return play


def test_a_role_that_was_just_made_is_asked_for_until_it_is_known(clock):
    play = with_new_role(clock)
    (first,) = play.asks()
    assert first.role_arn == ROLE
    for _try in range(5):
        play.machine.call_failed(first, UNKNOWN)
        assert play.asks() == [] and play.outcomes() == {"a": ""}
        assert "not known everywhere yet" in play.machine.why_waiting(play.machine.states["a"])
        clock.now += 5
    assert play.asks() == [first]
    play.accept_all()
    play.machine.observe(view(status="DELETE_COMPLETE"))
    assert play.outcomes() == {"a": t.GONE}


def test_a_role_that_stays_unknown_ends_it_and_so_does_one_that_nobody_made_just_now(clock):
    play = with_new_role(clock)
    (request,) = play.asks()
    clock.now += 120
    play.machine.call_failed(request, UNKNOWN)
    assert play.outcomes() == {"a": t.FAILED}
    play = Play(clock, options=t.Options(role_arn=ROLE)).begin(view())
    (request,) = play.asks()
    play.machine.call_failed(request, UNKNOWN)
    assert play.outcomes() == {"a": t.FAILED}


def test_what_a_new_role_may_not_do_yet_is_tried_again(clock):
    denied = failed(reason="User: x is not authorized to perform: s3:DeleteBucket (HandlerErrorCode: AccessDenied)")
    play = with_new_role(clock).accept_all().fails_with(denied)
    assert play.outcomes() == {"a": ""}
    clock.now += 120
    play.accept_all().fails_with(denied)
    assert play.outcomes() == {"a": t.FAILED}, "by now the role is as it is"
    play = with_new_role(clock).accept_all().fails_with(denied, failed("S", reason="deletion protection is on"))
    assert play.outcomes() == {"a": t.FAILED}, "a protection does not end by waiting"
    play = Play(clock).begin(view()).accept_all().fails_with(denied)
    assert play.outcomes() == {"a": t.FAILED}


FULL = failed("R", "AWS::X::Bucket", "The bucket is not empty")


@pytest.mark.parametrize("kind", ["AWS::X::Bucket", t.NESTED])
def test_what_may_be_held_is_looked_at_before_it_is_asked_for_again(clock, kind):
    options = t.Options(clearable=("AWS::X::Bucket",))
    play = Play(clock, options=options).begin(view()).accept_all().fails_with(replace(FULL, type=kind))
    assert play.machine.requests() == [t.LookWhatHolds("a", "arn:a/1")]
    rows = [{"id": "R"}]
    play.machine.seen_held("a", "It has 3 objects.", rows)
    state = play.machine.states["a"]
    assert play.outcomes() == {"a": t.FAILED} and state.blockers == rows
    assert state.reason == f"R ({kind}): The bucket is not empty. Not asked for again: It has 3 objects."
    play.machine.seen_held("a", "", [])
    assert play.outcomes() == {"a": t.FAILED}


def test_what_nothing_holds_by_now_is_asked_for_again(clock):
    play = Play(clock, options=t.Options(clearable=("AWS::X::Bucket",))).begin(view()).accept_all().fails_with(FULL)
    play.machine.seen_held("a", "", [])
    clock.now += 10
    assert len(play.accept_all().asks()) == 0 and play.machine.states["a"].sends == 1
    play.fails_with(FULL)
    assert play.outcomes() == {"a": t.FAILED}, "twice for the same, of which nobody knows whether it passes"


def test_what_can_not_be_held_is_not_looked_at(clock):
    play = Play(clock, options=t.Options(clearable=("AWS::X::Bucket",))).begin(view()).accept_all()
    play.fails_with(failed(reason="Internal Failure"))
    assert play.machine.requests() == []
    clock.now += 10
    assert play.asks()
