# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

"""Whatever CloudFormation answers, and in whatever order, some things never happen."""

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks import types as t
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.machine import StackMachine

NAMES = ("a", "b", "c", "d")
STATUSES = (
    "CREATE_COMPLETE", "CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "REVIEW_IN_PROGRESS", "DELETE_IN_PROGRESS", "DELETE_FAILED", "DELETE_COMPLETE",
)  # fmt: skip
TYPES = ("AWS::AppMesh::Route", "AWS::AppMesh::Mesh", "AWS::EC2::Subnet")
EXPORT = "Export e cannot be deleted as it is in use by b"
REASONS = ("", "Internal Failure", "DependencyViolation", "Resource deletion cancelled", "AccessDenied", "in use by x",
           EXPORT)  # fmt: skip
KINDS = (errors.TRANSIENT, errors.UNREACHABLE, errors.DENIED, errors.MISSING, errors.PROTECTED, errors.WRONG_STATUS,
         errors.EXPORT_IN_USE, errors.OTHER)  # fmt: skip


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def some_views(data):
    """A listing: any stacks in any status, also under ids that are not ours."""
    found = {}
    for name in NAMES:
        status = data.draw(st.sampled_from((None, *STATUSES)))
        if status:
            number = data.draw(st.sampled_from((1, 1, 1, 2)))
            found[name] = t.StackView(f"{name}/{number}", name, status, protected=data.draw(st.booleans()))
    return found


def some_resources(data):
    statuses = st.sampled_from(("DELETE_FAILED", "DELETE_FAILED", "DELETE_COMPLETE", "DELETE_IN_PROGRESS"))
    return [
        t.StackResource(f"R{number}", f"r{number}", data.draw(st.sampled_from(TYPES)), data.draw(statuses),
                        data.draw(st.sampled_from(REASONS)))
        for number in range(data.draw(st.integers(0, 3)))
    ]  # fmt: skip


class Witness:
    """Answers requests at random, remembers what was shown to the machine, and checks every request."""

    def __init__(self, data):
        self.data = data
        self.clock = Clock()
        self.edges = {
            name: tuple(other for other in NAMES[:index] if data.draw(st.booleans()))
            for index, name in enumerate(NAMES)
        }
        self.options = t.Options(
            retain_on_failure=("AWS::AppMesh::*",) if data.draw(st.booleans()) else (),
            disable_termination_protection=data.draw(st.booleans()),
            force=data.draw(st.booleans()),
            timeout=10_000.0,
        )
        self.tokens = 0
        self.machine = StackMachine(
            [t.StackSpec(name, after) for name, after in self.edges.items()], self.options, self.clock, self.new_token
        )
        self.first = {}
        self.seen_gone = set()
        self.accepted = {name: [] for name in NAMES}
        self.failed_last = {}
        self.requests = {}

    def new_token(self):
        self.tokens += 1
        return f"token-{self.tokens}"

    def show(self, views):
        self.seen_gone.update(view.stack_id for view in views.values() if view.status == t.DELETE_COMPLETE)
        return views

    def begin(self):
        views = self.show(some_views(self.data))
        self.first = {name: view.stack_id for name, view in views.items()}
        self.machine.begin(views)

    def step(self):
        self.clock.now += self.data.draw(st.sampled_from((0.0, 2.0, 30.0)))
        if self.data.draw(st.booleans()):
            self.machine.observe_listing(self.show(some_views(self.data)))
        for request in self.machine.requests():
            self.check(request)
            self.answer(request)

    def check(self, request):
        state = self.machine.states[request.name]
        assert request.stack_id == self.first[request.name], "only the stack of the first look is ever named"
        if isinstance(request, (t.Delete, t.Unprotect)):
            assert not state.outcome, "nothing is asked of a stack that ended"
        if isinstance(request, t.Unprotect):
            assert self.options.disable_termination_protection
        if isinstance(request, t.Delete):
            for other in state.after:
                assert self.machine.states[other].outcome in t.WENT, "asked for before what it comes after was gone"
            first = self.requests.setdefault((request.name, request.token), request)
            assert request == first, "the same token is the same request"
            if request.retain and request is first:
                failed = self.failed_last[request.name]
                own = [item for item in failed if "cancelled" not in item.reason]
                assert set(request.retain) == {item.logical_id for item in own}, "retains exactly what failed"
                assert self.options.retain_on_failure and all("AppMesh" in item.type for item in own)
            assert not request.force or self.options.force

    def answer(self, request):
        machine, draw = self.machine, self.data.draw
        if isinstance(request, t.Confirm):
            status = draw(st.sampled_from((None, *STATUSES)))
            if status is None:
                machine.observe_unknown(request.name)
            else:
                view = t.StackView(request.stack_id, request.name, status)
                self.show({request.name: view})
                machine.observe(view)
        elif isinstance(request, t.Unprotect):
            machine.unprotected(request.name)
        elif isinstance(request, t.Delete):
            if draw(st.integers(0, 3)):
                self.accepted[request.name].append(request.token)
                machine.accepted(request.name)
            else:
                message = draw(st.sampled_from(("message", EXPORT)))
                machine.call_failed(request, errors.AwsCallError(draw(st.sampled_from(KINDS)), "Code", message, "x:Y"))
        elif isinstance(request, t.ReadImporters):
            names = draw(st.lists(st.sampled_from((*NAMES, "outside")), unique=True))
            machine.importers(request.name, [name for name in names if name != request.name], None)
        elif isinstance(request, t.ReadResources):
            resources = some_resources(self.data)
            self.failed_last[request.name] = [item for item in resources if item.status == t.DELETE_FAILED]
            machine.resources(request.name, resources)
        elif isinstance(request, t.ReadEvents):
            tokens = ("", "other", machine.states[request.name].token)
            events = [
                t.StackEvent(
                    draw(st.sampled_from(STATUSES)), draw(st.sampled_from(REASONS)), draw(st.sampled_from(tokens))
                )
                for number in range(draw(st.integers(0, 2)))
            ]
            machine.events(request.name, events)

    def check_ends(self):
        for name, state in self.machine.states.items():
            if state.outcome == t.GONE:
                assert self.first[name] in self.seen_gone, "gone without having been seen gone"
            if state.outcome == t.ABSENT:
                assert name not in self.first or self.first[name] in self.seen_gone
            tokens = list(dict.fromkeys(self.accepted[name]))
            assert all(self.accepted[name].count(token) <= 3 for token in tokens)
            assert len(tokens) <= 1 + self.options.max_retries + 4 + 1 + len(NAMES), "asked without end"


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_nothing_that_must_not_happen_happens(data):
    witness = Witness(data)
    witness.begin()
    for number in range(data.draw(st.integers(1, 25))):
        witness.step()
        witness.check_ends()
    witness.clock.now += 10_000
    witness.machine.time_out({})
    assert witness.machine.done
    assert all(state.outcome for state in witness.machine.states.values())
    witness.check_ends()


class Cloud:
    """A CloudFormation that behaves: old answers at first, some tries that fail, and in the end DELETE_COMPLETE."""

    def __init__(self, data, name):
        self.view = t.StackView(f"{name}/1", name, data.draw(st.sampled_from(("CREATE_COMPLETE", "DELETE_FAILED"))))
        self.failures = data.draw(st.integers(0, 3))
        self.old_answers = data.draw(st.integers(0, 5))
        self.ticks = data.draw(st.integers(1, 5))
        self.token = None
        self.status = self.old = self.view.status
        self.left = 0

    def delete(self, token):
        if self.token != token and self.status != "DELETE_IN_PROGRESS":
            self.old, self.token, self.status, self.left = self.status, token, "DELETE_IN_PROGRESS", self.ticks
            self.stale = self.old_answers

    def tick(self):
        if self.status == "DELETE_IN_PROGRESS":
            self.left -= 1
            if self.left <= 0:
                self.status = "DELETE_FAILED" if self.failures else "DELETE_COMPLETE"
                self.failures -= self.failures > 0

    def look(self):
        status = self.status
        if self.token and self.stale > 0 and status != "DELETE_COMPLETE":
            self.stale -= 1
            status = self.old
        return t.StackView(self.view.stack_id, self.view.name, status)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_everything_goes_when_cloudformation_behaves(data):
    clock = Clock()
    clouds = {name: Cloud(data, name) for name in NAMES}
    edges = {
        name: tuple(other for other in NAMES[:index] if data.draw(st.booleans())) for index, name in enumerate(NAMES)
    }
    numbers = iter(range(1000))
    machine = StackMachine(
        [t.StackSpec(name, after) for name, after in edges.items()],
        t.Options(),
        clock,
        lambda: f"token-{next(numbers)}",
    )
    machine.begin({name: cloud.view for name, cloud in clouds.items()})
    for tick in range(2000):
        if machine.done:
            break
        clock.now += 2
        for cloud in clouds.values():
            cloud.tick()
        machine.observe_listing({n: c.look() for n, c in clouds.items() if c.status != "DELETE_COMPLETE"})
        for request in machine.requests():
            cloud = clouds[request.name]
            if isinstance(request, t.Delete):
                cloud.delete(request.token)
                machine.accepted(request.name)
            elif isinstance(request, t.Confirm):
                machine.observe(cloud.look())
            elif isinstance(request, t.ReadEvents):
                events = [t.StackEvent("DELETE_IN_PROGRESS", "", cloud.token)]
                if cloud.status != "DELETE_IN_PROGRESS":
                    events.insert(0, t.StackEvent(cloud.status, "", cloud.token))
                machine.events(request.name, events)
            elif isinstance(request, t.ReadResources):
                status = "DELETE_FAILED" if cloud.status == "DELETE_FAILED" else "DELETE_IN_PROGRESS"
                machine.resources(request.name, [t.StackResource("R", "r", "AWS::X::Y", status, "Internal Failure")])
    assert {state.outcome for state in machine.states.values()} == {t.GONE}
