# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""One run of ecs_deployment, from options to result."""

from __future__ import annotations

import time
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from .._aws.errors import AwsCallError
from .._aws.errors import survivable
from .._watch.ending import told_already
from .._watch.ending import told_to_end
from .._watch.loop import Watch
from .._watch.loop import between_tries
from .._watch.progress import Progress
from . import configuration as c
from . import machine as m
from . import types as t
from . import words
from .asking import Prober
from .driver import DeploymentDriver
from .machine import DeploymentMachine
from .plan import Plan
from .plan import Planner
from .plan import Refused
from .probes import Probe
from .reader import DeploymentReader
from .reader import has_ended
from .refusals import short
from .trial import Trial
from .types import StoppedTask

HOLD = 60.0  # seconds for which a version with probes is on trial after its deployment
TRIES = 5  # to have ECS roll back when the run is told to end


class DeploymentRun:
    """``clients``: makes a boto3 client from the name of its service."""

    def __init__(
        self,
        params: Mapping[str, Any],
        clients: Callable[[str], Any],
        check_mode: bool,
        probes: Sequence[Probe] = (),
    ) -> None:
        self._params = params
        self._check_mode = check_mode
        self._progress = Progress(params["progress_file"])
        self._reader = DeploymentReader(clients, params["cluster"], params["service"])
        self._back = params["state"] == "rolled_back"
        self._plan: Plan | None = None
        self._driver: DeploymentDriver | None = None
        given = params["probe_for"]
        self._until_traffic = params["wait_until"] == "traffic"
        self._hold = float(given) if given is not None else HOLD if probes else 0.0
        self._prober = Prober(probes)
        self._trial = Trial(probes, self._prober, time.monotonic, self._tell)
        self._released: Plan | None = None
        self._trialled: DeploymentDriver | None = None
        self._updated = False
        self._asked = False
        self._stopped: list[StoppedTask] = []
        self._gaps: list[str] = []

    def run(self) -> str:
        """Do it all. Returns what went wrong; empty if nothing did."""
        problem = self._lacking()
        if problem:
            return problem
        with told_to_end():
            try:
                return self._run()
            except KeyboardInterrupt:
                told_already()
                return self._interrupted()
            finally:
                self._trial.stop()

    def warnings(self) -> list[str]:
        said = [*(self._plan.warnings if self._plan else []), *self._gaps, self._progress.problem]
        trial = self._trial.warnings() if self._driver and self._params["wait_until"] == "end" else []
        return [*filter(None, said), *(self._driver.gaps if self._driver else []), *trial]

    def result(self) -> dict[str, Any]:
        plan, driver = self._released or self._plan, self._trialled or self._driver
        if plan is None:
            return {"changed": False}
        view = driver.machine.view if driver else None
        returned = self._driver.machine.view if self._trialled and self._driver else None
        return {
            "changed": plan.changes if self._check_mode else self._updated or (plan.deploys and bool(plan.join)),
            "diff": plan.diff(),
            "service_arn": plan.service.arn,
            "task_definition_before": plan.service.task_definition if plan.back else plan.before_it(),
            "task_definition": plan.before_it() if plan.back else plan.target,
            "registered": bool(plan.registered) or (self._check_mode and plan.deploys and not plan.definition),
            "joined": bool(plan.join),
            "rolled_back": bool(driver and driver.machine.went_back()) or self._returned(),
            "deployment": view.as_result() if view else None,
            "return_deployment": returned.as_result() if returned else None,
            "probes": self._trial.as_result(),
            "verdict": self._trial.verdict,
            "bad_seconds": None if self._kept() else round(self._trial.seconds, 1),
            "events": list(self._trial.events),
            "stopped_tasks": [
                {"reason": task.reason, "stop_code": task.code, "exit_codes": dict(task.exit_codes)}
                for task in self._stopped
            ],
            "unhealthy_targets": [item.as_result() for item in driver.unhealthy()] if driver else [],
            "survived_errors": driver.survived if driver else 0,
        }

    def _lacking(self) -> str:
        given = self._params["circuit_breaker"]
        stops = {c.FAILURE, c.INTERRUPT, *([c.PROBE] if self._params["probes"] else [])}
        problem = self._reader.lacking(self._back or bool(stops & set(self._params["rollback_on"])))
        if not problem and given and given["threshold"] is not None and not self._reader.knows_threshold():
            return "botocore 1.43.37 or newer is needed for circuit_breaker.threshold."
        strategy = self._params["strategy"]
        if not problem and strategy and not self._reader.knows_strategy(strategy.upper()):
            version = "1.40.61" if strategy in ("canary", "linear") else "1.39.5"
            return f"botocore {version} or newer is needed for the strategy {strategy}."
        return problem

    def _run(self) -> str:
        for _attempt in range(2):
            try:
                planner = Planner(self._params, self._reader, self._hold)
                self._plan = planner.to_go_back() if self._back else planner.to_present()
            except Refused as refusal:
                return str(refusal)
            except AwsCallError as error:
                return f"Nothing was asked for: {error.advice()}"
            if self._check_mode or not self._plan.changes:
                return ""
            problem = self._carry_out(self._plan)
            if not (self._plan.back and self._ended_otherwise()):
                return problem
            # It came to its end before it could be rolled back: its history says where to go now.
        return problem

    def _ended_otherwise(self) -> bool:
        view = self._driver.machine.view if self._driver else None
        return view is not None and view.status in (t.SUCCESSFUL, t.STOPPED)

    def _carry_out(self, plan: Plan) -> str:
        if not (self._back or self._until_traffic):
            self._trial.start()
        if not plan.join:
            problem = self._ask(plan)
            if problem or not plan.deploys:
                return problem
        driver = self._driver = self._follower(plan)
        if not self._params["wait"]:
            return self._begin(plan, driver)
        self._follow(driver)
        if driver.machine.outcome == m.UNWANTED:
            return self._return(plan, driver)
        return self._told(plan, driver)

    def _follow(self, driver: DeploymentDriver) -> None:
        interval, timeout = self._params["poll_interval"], self._params["wait_timeout"]
        waiting = self._progress.waiting
        Watch([], interval, timeout, time.monotonic, self._prober.rest, waiting, timed=driver).run()

    def _return(self, plan: Plan, driver: DeploymentDriver) -> str:
        """The deployment was successful, and must not stay."""
        self._released, self._trialled = plan, driver
        problem = self._begin_return(plan)
        if not problem and self._plan is not None and self._driver is not None:
            self._follow(self._driver)
            again = f"{plan.service.name} runs {short(self._plan.target)} again."
            problem = self._told(self._plan, self._driver) or again
        return " ".join(filter(None, (self._trial.verdict, problem, self._seen())))

    def _begin_return(self, plan: Plan) -> str:
        """Have ECS bring the service back to what it ran before. What went wrong; empty if nothing did."""
        name, arn, problem = plan.service.name, self._trialled.machine.arn if self._trialled else "", ""
        for _attempt in range(TRIES):
            try:
                back = Planner(self._params, self._reader).to_return(plan, arn)
                if back.deploys:
                    self._ask_ecs(back)
            except Refused as refusal:
                return str(refusal)
            except AwsCallError as error:
                problem = f"{name} could not be brought back: {error.advice()} Use state rolled_back."
                if not survivable(error):
                    return problem
                time.sleep(between_tries(self._params["poll_interval"]))
                continue
            if not back.deploys:
                return f"{name} runs {short(back.target)} already."
            self._plan, self._driver = back, self._follower(back, judge=False)
            self._trial.note("back", f"brought back to {short(back.target)}", "failed")
            return ""
        return problem

    def _ask(self, plan: Plan) -> str:
        """Register and update. What went wrong; empty if nothing did."""
        try:
            self._ask_ecs(plan)
        except AwsCallError as error:
            left = f" {short(plan.registered)} has been registered, and nothing runs it." if plan.registered else ""
            return f"The service {plan.service.name} was not updated: {error.advice()}{left}"
        return ""

    def _ask_ecs(self, plan: Plan) -> None:
        if not plan.target:
            plan.registered = self._reader.register(plan.after)
        self._asked = True
        changed = plan.target != plan.service.task_definition
        self._reader.update(plan.target if changed else "", plan.configuration, plan.force)
        self._updated = True

    def _follower(self, plan: Plan, judge: bool = True) -> DeploymentDriver:
        judge = judge and not self._back
        rollback_on = self._params["rollback_on"]
        machine = DeploymentMachine(
            plan.target,
            plan.known,
            time.monotonic,
            self._params["wait_timeout"],
            arn=plan.join,
            back=plan.back,
            return_late=judge and c.FAILURE in rollback_on,
            hold=plan.hold if judge else 0.0,
            told=lambda view: words.tell(self._progress, plan.service.name, view),
        )
        return DeploymentDriver(
            machine,
            self._reader,
            plan.service.groups,
            trial=None if self._back else self._trial,
            judge=judge,
            return_unwanted=c.PROBE in rollback_on,
            alarms=plan.alarms if c.ALARM in rollback_on else (),
            until_traffic=self._until_traffic,
        )

    def _begin(self, plan: Plan, driver: DeploymentDriver) -> str:
        """Without waiting: until ECS shows the deployment and, if it is to be rolled back, has taken that."""
        machine = driver.machine
        for _attempt in range(TRIES):
            driver.tick()
            if driver.problem is not None:
                return driver.problem.advice()
            if machine.view and machine.view.ongoing and not machine.to_stop() and not machine.stop_problem:
                return ""
            if machine.finished():
                return self._told(plan, driver)
            time.sleep(between_tries(self._params["poll_interval"]))
        return f"{self._params['service']} was updated, and ECS shows no deployment of it yet."

    def _told(self, plan: Plan, driver: DeploymentDriver) -> str:
        """What to say of the end; empty if it is the one that was wanted."""
        machine, name = driver.machine, plan.service.name
        if machine.outcome == m.DONE or driver.arrived:
            return ""
        if machine.outcome == m.GONE:
            return f"The service {name} was deleted meanwhile: ECS does not know the deployment {machine.arn} any more."
        verdict = "" if self._back or self._trialled else self._trial.verdict
        if driver.problem is not None:
            problem = f"It is not followed any more: {driver.problem.advice()}"
            return " ".join(filter(None, (verdict, self._state_of(machine), problem)))
        if machine.outcome == m.REPLACED:
            return (
                f"Another deployment of {name} has begun before the trial of {machine.arn} was over: nothing is said "
                "of whether it could have stayed."
            )
        if verdict and not machine.stop_asked and c.PROBE not in self._params["rollback_on"]:
            return f"{verdict} The deployment {machine.arn} is left as it is, as rollback_on says."
        seen = "" if self._trialled else self._seen()
        return " ".join(filter(None, (verdict, self._failure(plan, driver), seen)))

    def _failure(self, plan: Plan, driver: DeploymentDriver) -> str:
        """Why a deployment did not end as it was to."""
        machine, name = driver.machine, plan.service.name
        self._look_at_tasks(machine)
        if machine.outcome == m.LATE or machine.view is None:
            parts = [words.late(name, machine.definition, machine.view, self._params["wait_timeout"])]
            parts += words.details(machine.view, self._stopped, driver.unhealthy()) if machine.view else []
            return " ".join([*parts, machine.stop_problem or self._state_of(machine)])
        told = words.failure(
            name, machine.definition, machine.view, self._stopped, driver.unhealthy(), self._instead(machine)
        )
        if machine.stop_problem:
            told = f"{told} {machine.stop_problem}"
        if machine.late:
            return f"It did not end within {self._params['wait_timeout']:g} s, and ECS was asked to roll back. {told}"
        return told

    def _seen(self) -> str:
        seconds = self._trial.seconds
        return f"The version that failed took traffic for {seconds:.0f} s at most." if seconds else ""

    def _kept(self) -> bool:
        """Whether nothing says that the version must not stay."""
        driver = self._trialled or self._driver
        return self._back or driver is None or driver.arrived or driver.machine.outcome in (m.DONE, m.UNDECIDED)

    def _returned(self) -> bool:
        """Whether the service was brought back after its deployment had been successful."""
        return bool(self._trialled and self._driver and self._driver.machine.outcome == m.DONE)

    def _tell(self, status: str, text: str) -> None:
        self._progress.tell("probe", self._params["service"], status, f"{self._params['service']}: {text}")

    @staticmethod
    def _state_of(machine: DeploymentMachine) -> str:
        if machine.view is None:
            return "The deployment was asked for; run this again to join it."
        if not machine.view.ongoing:
            return f"The deployment {machine.arn} is {machine.view.status}."
        return f"The deployment {machine.arn} goes on ({machine.view.status}); run this again to join it."

    def _instead(self, machine: DeploymentMachine) -> str:
        """What the service is brought to now."""
        try:
            service = self._reader.service()
        except AwsCallError as error:
            return f"What the service runs now was not looked at: {error.advice()}"
        if service is None or service.status != "ACTIVE":
            return "The service has been deleted."
        if service.task_definition == machine.definition:
            return f"{service.name} still wants {short(machine.definition)}: go back with state rolled_back."
        return f"{service.name} runs {short(service.task_definition)}."

    def _look_at_tasks(self, machine: DeploymentMachine) -> None:
        try:
            self._stopped = self._reader.stopped_tasks(machine.definition)
        except AwsCallError as error:  # the failure is told all the same
            self._gaps.append(f"Stopped tasks were not looked at: {error.advice()}")

    def _interrupted(self) -> str:
        """The run was told to end. What it has begun goes back, or on, as rollback_on says."""
        plan = self._plan
        if plan is None or not (self._asked or self._driver):
            registered = f" {short(plan.registered)} has been registered." if plan and plan.registered else ""
            return f"Interrupted before anything was deployed.{registered}"
        if self._trialled is not None and plan is not self._released:
            return "Interrupted: the deployment back goes on."
        if self._back or c.INTERRUPT not in self._params["rollback_on"]:
            return "Interrupted: the deployment goes on. Run this again to join it."
        driver = self._driver = self._driver or self._follower(plan)
        if driver.machine.holds() or driver.machine.outcome == m.UNWANTED:
            self._released, self._trialled = plan, driver
            return f"Interrupted. {self._begin_return(plan) or 'ECS brings the service back.'}"
        for _attempt in range(TRIES):
            try:
                if not driver.machine.arn:
                    driver.find()
                if driver.machine.arn:
                    self._reader.roll_back(driver.machine.arn)
                    driver.look()
                    return f"Interrupted: ECS rolls the deployment {driver.machine.arn} back."
            except AwsCallError as error:
                if has_ended(error):
                    return self._interrupted_at_its_end(plan, driver, error)
                if not survivable(error):
                    return f"Interrupted, and the deployment could not be rolled back: {error.advice()}"
            time.sleep(between_tries(self._params["poll_interval"]))
        if driver.machine.arn:
            return f"Interrupted. AWS does not answer, and {driver.machine.arn} goes on: use state rolled_back."
        return "Interrupted, and ECS shows no deployment of this run. Run it again."

    def _interrupted_at_its_end(self, plan: Plan, driver: DeploymentDriver, refused: AwsCallError) -> str:
        """ECS has refused to roll back what goes back already, or has ended."""
        machine = driver.machine
        try:
            driver.look()
        except AwsCallError as error:
            return f"Interrupted, and the deployment {machine.arn} was not looked at any more: {error.advice()}"
        status = machine.view.status if machine.view else ""
        if machine.outcome == m.GONE:
            return f"Interrupted: ECS does not know the deployment {machine.arn} any more."
        if status in (*t.GOING_BACK, t.ROLLED_BACK):
            return f"Interrupted: ECS rolls the deployment {machine.arn} back."
        if status not in (t.SUCCESSFUL, t.STOPPED):
            return f"Interrupted, and the deployment could not be rolled back: {refused.advice()}"
        self._released, self._trialled = plan, driver
        return f"Interrupted. {self._begin_return(plan) or 'ECS brings the service back.'}"
