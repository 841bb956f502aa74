# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong with the services of a workshop, as values, and what a diagnosis has to say of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.types import (
    Alarm,
    Deployed,
    Ended,
    Event,
    Line,
    Material,
    Seen,
    Target,
)

from tests.diagnosis.requests import Call, Requests

NOON = 1764158400.0
#: When the deployment of register-api begins, when its first task answers, and when it is looked at.
BEGAN, SERVES, NOW = NOON + 1200.0, NOON + 1240.0, NOON + 1800.0
ARN = "arn:aws:ecs:eu-central-1:123456789012:task-definition/"
GROUP = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/site/0123456789abcdef"

X509 = ("x509.UnknownAuthorityError", "certificate signed by unknown authority")
DENIED = (
    "AccessDeniedException",
    "User: arn:aws:sts::123456789012:assumed-role/cuddlekube-ecs-task/4f1c is not authorized to perform: "
    "dynamodb:PutItem on resource: arn:aws:dynamodb:eu-central-1:123456789012:table/cuddlykube",
)
THROTTLED = (
    "ProvisionedThroughputExceededException",
    "The level of configured provisioned throughput for the table was exceeded",
)


@dataclass(frozen=True)
class Expected:
    """A finding that there has to be: service, kind, and whether the deployment is to blame. ``says``: words that the
    exception, what was said, or the advice has."""

    service: str
    kind: str
    blamed: bool
    says: str = ""


@dataclass(frozen=True)
class Scenario:
    """``expected``: all findings, in their order."""

    name: str
    title: str
    make: Callable[[], Material]
    expected: tuple[Expected, ...]


def deployed(service: str = "register-api", started: float = BEGAN, **more: object) -> Deployed:
    return replace(
        Deployed(
            arn=f"arn:aws:ecs:eu-central-1:123456789012:service-deployment/cuddlekube/{service}/{int(started)}",
            status="SUCCESSFUL", started=started, finished=started + 90, definition=f"{ARN}{service}:8",
            before=f"{ARN}{service}:7", images={"app": "register:broken"}, images_before={"app": "register:1.0"},
        ),
        **more,
    )  # fmt: skip


def seen(name: str, **more: object) -> Seen:
    made = Seen(
        name=name, trace_name=name, definition=f"{ARN}{name}:{8 if more.get('deployments') else 7}",
        role="arn:aws:iam::123456789012:role/cuddlekube-ecs-task", desired=1, running=1,
        balanced=name == "public-site",
    )  # fmt: skip
    return replace(made, **more)


def material(requests: Requests | None = None, *changed: Seen, end: float = NOW, **more: object) -> Material:
    """The services of Cuddle Kube, those that are given instead of the plain ones."""
    given = {item.name: item for item in changed}
    names = ("public-site", "register-api", "validate-api", "list-api")
    services = tuple(given.get(name) or seen(name) for name in names)
    requests = requests or Requests()
    made = Material(
        NOON, NOON, end, services, tuple(sorted(requests.summaries, key=lambda s: s.at)), requests.documents
    )
    return replace(made, **more)


def site(*calls: Call, status: int = 200, path: str = "/register", **more: object) -> Call:
    return Call("public-site", status=status, calls=calls, path=path, **more)


def register(*calls: Call, status: int = 200, **more: object) -> Call:
    return Call("register-api", status=status, calls=(Call("validate-api"), *calls), **more)


def put(**more: object) -> Call:
    return Call("DynamoDB", aws=("PutItem", "cuddlykube"), **more)


WELL = site(register(put()))
LISTED = site(Call("list-api"), path="/list")


def broken(status: int = 400, **of_put: object) -> Call:
    """A registration that fails at the table, as register-api tells it."""
    return site(register(put(**of_put), status=status, seconds=1.2), status=502, seconds=1.3)


def failing(call: Call, since: float = SERVES, *, more: Requests | None = None) -> Requests:
    """Registrations each 20 s that go well until then, and lists that always do."""
    requests = more or Requests()
    requests.every(20.0, NOON, since, WELL)
    requests.every(20.0, since, NOW, call)
    requests.every(15.0, NOON, NOW, LISTED)
    return requests


def ended(number: int, reason: str, **more: object) -> tuple[Ended, ...]:
    """Tasks of the new version that stopped, one each half minute."""
    return tuple(
        Ended(
            f"arn:aws:ecs:eu-central-1:123456789012:task/cuddlekube/{order:032x}", SERVES + 30 * order,
            f"{ARN}register-api:8", reason, **more,
        )
        for order in range(number)
    )  # fmt: skip


NEW = (deployed(),)
GOING = (deployed(status="IN_PROGRESS", finished=None, failed=4),)


def tls() -> Material:
    line = Line(SERVES + 1, "register-api/app/4f1c", 'level=error msg="put item" error="x509: certificate signed by …"')
    return material(failing(broken(fault=True, exception=X509)), seen("register-api", deployments=NEW, lines=(line,)))


def throttled_table() -> Material:
    return material(failing(broken(status=500, throttle=True, exception=THROTTLED)), seen("register-api"))


def throttled_after_deployment() -> Material:
    return material(
        failing(broken(status=500, throttle=True, exception=THROTTLED)), seen("register-api", deployments=NEW)
    )


def missing_permission() -> Material:
    # DynamoDB answers 400 to this, which X-Ray calls an error of the client.
    denied = site(register(put(status=400, exception=DENIED), status=500), status=502)
    return material(failing(denied), seen("register-api", deployments=NEW))


def crash_loop() -> Material:
    tasks = ended(5, "Essential container in task exited", code="EssentialContainerExited", exit_codes={"app": 2})
    line = Line(SERVES, f"register-api/app/{tasks[0].arn.rsplit('/', 1)[-1]}", "panic: DB_TABLE is not set")
    return material(failing(WELL), seen("register-api", deployments=GOING, ended=tasks, lines=(line,)))


def out_of_memory() -> Material:
    tasks = ended(
        3, "Essential container in task exited; OutOfMemoryError: Container killed due to memory usage",
        code="EssentialContainerExited", exit_codes={"app": 137},
    )  # fmt: skip
    return material(failing(WELL), seen("register-api", deployments=GOING, ended=tasks))


def slow_dependency() -> Material:
    slow = site(register(put(seconds=4.0), seconds=4.1), seconds=4.2)
    return material(failing(slow), seen("register-api"))


def timeout() -> Material:
    late = broken(seconds=15.0, fault=True, exception=("context.deadlineExceededError", "context deadline exceeded"))
    return material(failing(late), seen("register-api"))


def bad_image() -> Material:
    reason = "CannotPullContainerError: pull image manifest has been retried 1 time(s): shop/register:brokn: not found"
    return material(
        failing(WELL), seen("register-api", deployments=GOING, ended=ended(4, reason, code="TaskFailedToStart"))
    )


def wrong_port() -> Material:
    reason = f"Task failed ELB health checks in (target-group {GROUP})"
    target = Target(GROUP, "10.0.1.7:8080", "Target.FailedHealthChecks", "Health checks failed")
    tasks = tuple(replace(task, definition=f"{ARN}public-site:8") for task in ended(3, reason))
    deployments = (deployed("public-site", status="IN_PROGRESS", finished=None, failed=3),)
    return material(
        failing(WELL), seen("public-site", deployments=deployments, ended=tasks, unhealthy=(target,), running=1)
    )


def health_check() -> Material:
    reason = f"Task failed ELB health checks in (target-group {GROUP})"
    target = Target(
        GROUP, "10.0.1.7:80", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [500]"
    )
    tasks = tuple(replace(task, definition=f"{ARN}public-site:8") for task in ended(3, reason))
    deployments = (deployed("public-site", status="IN_PROGRESS", finished=None, failed=3),)
    return material(failing(WELL), seen("public-site", deployments=deployments, ended=tasks, unhealthy=(target,)))


def dns() -> Material:
    lost = ("net.OpError", "dial tcp: lookup validate.cuddle-kube.local on 10.0.0.2:53: no such host")
    call = Call("validate.cuddle-kube.local", remote=True, fault=True, exception=lost)
    return material(
        failing(site(register(call, status=500), status=502)), seen("register-api", deployments=NEW)
    )


def full_disk() -> Material:
    full = ("OSError", "[Errno 28] No space left on device: '/tmp/upload'")
    return material(failing(site(register(status=500, exception=full), status=502)), seen("register-api"))


def two_at_once() -> Material:
    requests = Requests()
    requests.every(20.0, NOON, NOON + 600, LISTED)
    lost = ("ConnectionRefusedError", "[Errno 111] Connection refused: cache:6379")
    cache = Call("cache", remote=True, fault=True, exception=lost)
    requests.every(20.0, NOON + 600, NOW, site(Call("list-api", status=500, calls=(cache,)), status=502, path="/list"))
    requests.every(20.0, NOON, SERVES, WELL)
    requests.every(20.0, SERVES, NOW, broken(fault=True, exception=X509))
    return material(requests, seen("register-api", deployments=NEW))


def nothing() -> Material:
    return material(failing(WELL))


def nothing_after_deployment() -> Material:
    return material(failing(WELL), seen("register-api", deployments=NEW))


def before_deployment() -> Material:
    return material(
        failing(broken(fault=True, exception=X509), since=NOON + 900), seen("register-api", deployments=NEW)
    )


def always() -> Material:
    """Each tenth request has failed for as long as anybody can see."""
    requests = Requests()
    for order in range(90):
        call = broken(fault=True, exception=X509) if order % 10 == 9 else WELL
        requests.add(call, NOON + 20 * order)
    return material(requests, seen("register-api", deployments=NEW))


def handled() -> Material:
    """register-api fails, and public-site shows its visitors something else."""
    call = site(register(put(fault=True, exception=X509), status=500), status=200)
    return material(failing(call), seen("register-api", deployments=NEW))


def tried_again() -> Material:
    """The table is throttled now and then, and the second try goes well."""
    return material(failing(site(register(put(throttle=True, exception=THROTTLED), put()))), seen("register-api"))


def client_errors() -> Material:
    requests = failing(WELL)
    requests.every(30.0, NOON + 5, NOW, Call("public-site", status=404, path="/favicon.ico"))
    return material(requests, seen("public-site", deployments=(deployed("public-site"),)))


def rejected_after_deployment() -> Material:
    """The new version refuses what the old one took."""
    return material(failing(site(register(status=400), status=502)), seen("register-api", deployments=NEW))


def caller_of_what_is_down() -> Material:
    """validate-api crashes, and who calls it says so, too."""
    refused = ("ConnectionRefusedError", "validate-api: connection refused")
    call = Call("validate-api", remote=True, fault=True, exception=refused)
    requests = failing(site(Call("register-api", status=500, calls=(call,)), status=502))
    tasks = tuple(
        replace(task, definition=f"{ARN}validate-api:8")
        for task in ended(4, "Essential container in task exited", code="EssentialContainerExited",
                          exit_codes={"app": 1})
    )  # fmt: skip
    return material(requests, seen("validate-api", deployments=(deployed("validate-api"),), ended=tasks, running=0))


def no_capacity() -> Material:
    said = "(service register-api) was unable to place a task. Reason: Capacity is unavailable at this time."
    event = Event(SERVES, said)
    return material(failing(WELL), seen("register-api", events=(event,), deployments=GOING))


def log_alone() -> Material:
    """No X-Ray at all; the log says it."""
    lines = tuple(
        Line(SERVES + order, "register-api/app/4f1c", f"put {order}: x509: certificate signed by unknown authority")
        for order in range(4)
    )
    return material(None, seen("register-api", deployments=NEW, lines=lines), summaries=None)


def alarm_alone() -> Material:
    alarm = Alarm("register-5xx", "ALARM", SERVES, "Threshold Crossed: 3 datapoints were greater than 1")
    return material(None, seen("register-api", alarms=(alarm,)), summaries=None)


API = "register-api"
SCENARIOS = (
    Scenario("tls", "TLS error at the table after a deployment", tls, (Expected(API, "tls", True, "x509"),)),
    Scenario("throttled_table", "throttled table", throttled_table,
             (Expected(API, "throttled", False, "is throttled"),)),
    Scenario("throttled_after_deployment", "throttled table, a deployment just before", throttled_after_deployment,
             (Expected(API, "throttled", False, "is throttled"),)),
    Scenario("missing_permission", "missing permission", missing_permission,
             (Expected(API, "permission", True, "cuddlekube-ecs-task lacks dynamodb:PutItem"),)),
    Scenario("crash_loop", "crash loop, the log says why", crash_loop, (Expected(API, "crash", True, "app 2"),)),
    Scenario("out_of_memory", "out of memory", out_of_memory, (Expected(API, "memory", True, "memory"),)),
    Scenario("slow_dependency", "slow dependency", slow_dependency,
             (Expected(API, "slow", False, "DynamoDB PutItem cuddlykube takes most"),)),
    Scenario("timeout", "dependency that answers too late", timeout, (Expected(API, "timeout", False, "deadline"),)),
    Scenario("bad_image", "image that cannot be pulled", bad_image, (Expected(API, "image", True, "not found"),)),
    Scenario("wrong_port", "wrong port", wrong_port, (Expected("public-site", "wrong_port", True, "port"),)),
    Scenario("health_check", "failing health check", health_check,
             (Expected("public-site", "health_check", True, "[500]"),)),
    Scenario("dns", "name that is not found", dns, (Expected(API, "dns", True, "no such host"),)),
    Scenario("full_disk", "full disk", full_disk, (Expected(API, "disk", False, "ephemeralStorage"),)),
    Scenario("two_at_once", "two independent failures", two_at_once,
             (Expected("list-api", "refused", False, "cache"), Expected(API, "tls", True, "x509"))),
    Scenario("nothing", "nothing", nothing, ()),
    Scenario("nothing_after_deployment", "nothing, after a deployment", nothing_after_deployment, ()),
    Scenario("before_deployment", "failure that began before the deployment", before_deployment,
             (Expected(API, "tls", False, "x509"),)),
    Scenario("always", "each tenth request, all the time", always, (Expected(API, "tls", False, "x509"),)),
    Scenario("handled", "failure that the caller handles", handled, (Expected(API, "tls", True, "x509"),)),
    Scenario("tried_again", "failure that a second try cures", tried_again, ()),
    Scenario("client_errors", "client errors", client_errors, ()),
    Scenario("rejected_after_deployment", "4xx since the deployment", rejected_after_deployment,
             (Expected(API, "unknown", True),)),
    Scenario("caller_of_what_is_down", "callers of a service that crashes", caller_of_what_is_down,
             (Expected("validate-api", "crash", True, "app 1"),)),
    Scenario("no_capacity", "no capacity for the task", no_capacity, (Expected(API, "placement", False, "place"),)),
    Scenario("log_alone", "no traces, the log alone", log_alone, (Expected(API, "tls", True, "x509"),)),
    Scenario("alarm_alone", "an alarm, and nothing else", alarm_alone,
             (Expected(API, "alarm", False, "datapoints"),)),
)  # fmt: skip
