# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""One run of ecs_service_route, from options to result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

from .._aws.errors import AwsCallError
from .._deployment.reader import DeploymentReader
from .._deployment.refusals import newest_ongoing
from .._deployment.refusals import short
from .._resources.owner import beside
from .._scope.match import Scope
from .._stacks.listing import StackLister
from .._stacks.types import name_of
from . import conditions as c
from . import plan as p
from . import refusals as r
from .reader import RouteReader
from .types import Group
from .types import Health
from .types import Listener
from .types import Rule
from .types import Service
from .types import Wanted

ROUNDS = 5  # in which a priority that somebody else takes meanwhile is chosen anew
_GONE = ("ListenerNotFound", "RuleNotFound")


class Refused(Exception):
    """What is asked for is not done, and why."""


class RouteRun:
    """``clients``: makes a boto3 client from the name of its service. ``scope``: to which stacks what is changed has to
    belong; None for any."""

    def __init__(
        self, params: Mapping[str, Any], clients: Callable[[str], Any], scope: Scope | None, check_mode: bool
    ) -> None:
        self._params = params
        self._clients = clients
        self._scope = scope
        self._check_mode = check_mode
        self._reader = RouteReader(clients)
        self._present = params["state"] == "present"
        self._name = ""
        self._current: Group | None = None
        self._new: Group | None = None
        self._health: Health | None = None
        self._listeners: list[Listener] = []
        self._before: list[Rule] = []
        self._rules: list[Rule] = []
        self._changed = False
        self.warnings: list[str] = []

    def run(self) -> str:
        """Do it all. Returns what went wrong; empty if nothing did."""
        try:
            wants = self._look()
        except Refused as refusal:
            return str(refusal)
        except AwsCallError as error:
            return f"Nothing was touched: {error.advice()}"
        for listener in self._listeners:
            try:
                self._bring(listener, wants.get(listener.arn, []))
            except Refused as refusal:
                return self._with_what_is_done(str(refusal))
            except AwsCallError as error:
                return self._with_what_is_done(_advice(error))
        return ""

    def result(self) -> dict[str, Any]:
        before, after = ([rule for rule in rules if p.is_of(rule, self._name)] for rules in (self._before, self._rules))
        return {
            "changed": self._changed,
            "rules": [self._row(rule) for rule in after],
            "lines": [self._line(rule) for rule in after],
            "current_target_group": self._current.arn if self._current else None,
            "new_target_group": self._new.arn if self._new else None,
            "new_target_health": self._health.as_result() if self._health else None,
            "diff": {"before": _lines(before), "after": _lines(after)},
        }

    def _look(self) -> dict[str, list[Wanted]]:
        """The rules that there are to be, by listener. Refuses what cannot end well, before anything is touched."""
        service = self._service()
        self._listeners = self._looked_for(service)
        for listener in self._listeners:
            _refuse(r.of_listener(listener))
            self._refuse_others(f"The listener {listener.arn}", listener.arn, True)
        found = {listener.arn: self._reader.rules(listener.arn) for listener in self._listeners}
        self._before = self._rules = [rule for rules in found.values() for rule in rules]
        if not self._present:
            self._tell_others()
            return {}
        return self._wanted(service, found)

    def _tell_others(self) -> None:
        """What still leads requests from the service elsewhere, and goes as it was made."""
        for rule in self._before:
            of = "" if p.is_of(rule, self._name) else rule.mark
            if of and self._current and self._current.arn in (*rule.groups, *self._behind(rule)):
                self.warnings.append(f"{rule.arn} is of the route {p.name_of(of)}: take it away by that.")

    def _behind(self, rule: Rule) -> tuple[str, ...]:
        """The target groups of the first rule of others behind this one whose conditions it has as well."""
        later = [item for item in self._before if item.listener == rule.listener and item.priority > rule.priority]
        fits = [item for item in later if not item.mark and c.takes_all_of(item.conditions, rule.conditions)]
        return tuple(fits[0].groups) if fits else ()

    def _service(self) -> Service | None:
        """The service, None where it does not matter or the target group alone is given. Knows the current target group
        afterwards, and by which name the rules are ours."""
        params, group = self._params, self._params["target_group_arn"]
        # Another cluster can have a service of that name, behind the same listener.
        self._name = f"{short(params['cluster'])}/{params['service']}" if params["service"] else _name(group)
        if params["listener_arns"] and not self._present:
            return None
        service = None
        if params["service"]:
            service = self._reader.service(params["cluster"], params["service"])
            if self._present:
                _refuse(r.of_service(service, params["cluster"], params["service"]))
            elif service is None:
                raise Refused(r.lost(params["cluster"], params["service"]))
            _refuse(r.of_groups(service))
            group = service.groups[0]
        self._current = self._reader.group(group)
        return service

    def _looked_for(self, service: Service | None) -> list[Listener]:
        given = self._params["listener_arns"]
        if given:
            return self._given(given)
        balancers = list(self._current.balancers) if self._current else []
        for other in service.alternates.values() if service else ():
            balancers += [arn for arn in self._reader.group(other).balancers if arn not in balancers]
        found = [item for balancer in balancers for item in self._reader.listeners(balancer=balancer)]
        return [item for item in found if not r.of_listener(item)] or found

    def _given(self, arns: Sequence[str]) -> list[Listener]:
        try:
            return self._reader.listeners(arns=arns)
        except AwsCallError as error:
            if self._present or error.code != "ListenerNotFound":
                raise
        # DescribeListeners tells of none if one of them is not there.
        return [item for arn in arns for item in self._there(arn)]

    def _there(self, arn: str) -> list[Listener]:
        try:
            return self._reader.listeners(arns=[arn])
        except AwsCallError as error:
            if error.code != "ListenerNotFound":
                raise
        return []

    def _wanted(self, service: Service | None, found: Mapping[str, Sequence[Rule]]) -> dict[str, list[Wanted]]:
        params, current = self._params, self._current
        groups = [current.arn, *(service.alternates.values() if service else ())]
        origins = [origin for rules in found.values() for origin in p.origins(rules, groups)]
        _refuse(r.of_origins(origins, current, self._listeners))
        self._new = new = self._reader.group(self._new_arn())
        balancers = {item.arn: item.balancer for item in self._listeners}
        ongoing = self._ongoing(service) if service and service.rules and params["weights"] else ""
        conditions = [c.canonical(item) for item in params["conditions"]]
        wants: dict[str, list[Wanted]] = {}
        for origin in origins:
            _refuse(r.of_new_group(new, current, balancers[origin.listener]))
            if params["weights"] is not None:
                _refuse(r.of_share(origin, service, ongoing))
            for want in p.wanted(origin, conditions, params["weights"], new.arn):
                _refuse(r.of_want(want, new.arn, p.in_the_way(found[origin.listener], want)))
                self.warnings += filter(None, [r.told_of_ecs(want, service)])
                wants.setdefault(origin.listener, []).append(want)
        self._refuse_others(f"The target group {new.name}", new.arn, False)
        self._look_at_health(new, [want for several in wants.values() for want in several])
        return wants

    def _new_arn(self) -> str:
        params = self._params
        if params["new_target_group_arn"]:
            return params["new_target_group_arn"]
        service = self._reader.service(params["cluster"], params["new_service"])
        _refuse(r.of_service(service, params["cluster"], params["new_service"]))
        return service.groups[0]

    def _ongoing(self, service: Service) -> str:
        """ARN of the deployment of the service that is under way, empty if none is."""
        reader = DeploymentReader(self._clients, self._params["cluster"], service.name)
        _refuse(reader.lacking(back=False))
        ongoing = newest_ongoing(reader.deployments())
        return ongoing.arn if ongoing else ""

    def _look_at_health(self, new: Group, wants: Sequence[Wanted]) -> None:
        if not any(want.groups.get(new.arn) for want in wants):
            return
        self._health = self._reader.health(new.arn)
        problem = r.of_health(new, self._health)
        if problem and not self._params["force"]:
            raise Refused(problem)
        if problem or self._health.others:
            others = "; ".join(self._health.others)
            self.warnings.append(problem or f"Not all targets of {new.name} are healthy: {others}.")

    def _refuse_others(self, what: str, arn: str, needed: bool) -> None:
        """Refuse what is owned by no stack of the scope. ``needed``: also what is owned by none at all."""
        if self._scope is None:
            return
        client = self._clients("cloudformation")
        owned = beside(client, arn)
        name = next((stack for resource, stack in owned.items() if resource.physical_id == arn), "")
        view = StackLister(client).by_id(name) if name else None
        if view is not None and view.root_id:
            view = StackLister(client).by_id(name_of(view.root_id))
        _refuse(r.of_owner(what, name, view is not None and self._scope.matches(view), needed))

    def _bring(self, listener: Listener, wants: Sequence[Wanted]) -> None:
        """Bring the rules of one listener to what they are to be."""
        made: dict[str, Rule] = {}
        for attempt in range(ROUNDS):
            if attempt:
                self._look_again(listener, made)
            rules = [rule for rule in self._rules if rule.listener == listener.arn]
            try:
                steps = p.steps(rules, wants, self._name)
            except p.NoRoom as error:
                raise Refused(
                    f"No priority is free between {error} of {listener.arn}, where the rule has to be. Move others "
                    "apart: theirs are never changed here."
                ) from error
            taken = False
            for step in steps:
                taken = not self._done(step, made)
                if taken:
                    break
            if not taken:
                return
        raise Refused(f"Somebody else changed the rules of {listener.arn} {ROUNDS} times meanwhile. Run it again.")

    def _done(self, step: p.Step, made: dict[str, Rule]) -> bool:
        """Do one thing. False if the rules have changed, so that it has to be thought of anew."""
        rule = step.rule
        try:
            if not self._check_mode:
                rule = self._ask(step)
                if step.what == p.CREATE:
                    made[rule.arn] = rule
        except AwsCallError as error:
            if step.what == p.DELETE and error.code in _GONE:
                pass
            elif error.code in ("PriorityInUse", "RuleNotFound"):
                return False
            else:
                raise
        self._rules = p.after(self._rules, [p.Step(step.what, rule)])
        self._changed = True
        return True

    def _ask(self, step: p.Step) -> Rule:
        if step.what == p.CREATE:
            return replace(step.rule, arn=self._reader.create(step.rule))
        ask = {p.MODIFY: self._reader.modify, p.MOVE: self._reader.move, p.DELETE: self._reader.delete}[step.what]
        ask(step.rule)
        return step.rule

    def _look_again(self, listener: Listener, made: Mapping[str, Rule]) -> None:
        """What was just made counts also where DescribeRules does not show it yet."""
        seen = {rule.arn: rule for rule in self._reader.rules(listener.arn)}
        others = [rule for rule in self._rules if rule.listener != listener.arn]
        self._rules = [*others, *{**made, **seen}.values()]

    def _with_what_is_done(self, problem: str) -> str:
        if not self._changed:
            return f"{problem} Nothing was changed."
        lines = [self._line(rule) for rule in self._rules if p.is_of(rule, self._name)]
        return f"{problem} By then: {'; '.join(lines) or 'no rule of this route is left'}."

    def _row(self, rule: Rule) -> dict[str, Any]:
        return {
            "listener_arn": rule.listener,
            "rule_arn": rule.arn or None,
            "priority": rule.priority,
            "kind": rule.mark.rpartition("/")[2],
            "conditions": [dict(item) for item in rule.conditions],
            "target_groups": [{"target_group_arn": arn, "weight": weight} for arn, weight in rule.groups.items()],
        }

    def _line(self, rule: Rule) -> str:
        port = next((item.port for item in self._listeners if item.arn == rule.listener), 0)
        return f"port {port}, {_line(rule)}"


def _refuse(problem: str) -> None:
    if problem:
        raise Refused(problem)


def _advice(error: AwsCallError) -> str:
    if error.code == "TooManyRules":
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
        return f"{error.advice()} A load balancer may have 100 rules unless AWS has raised that."
    if error.code == "ListenerNotFound":
        return f"{error.advice()} The listener was deleted meanwhile, and its rules with it."
    return error.advice()


def _line(rule: Rule) -> str:
    total = sum(rule.groups.values()) or 1
    shares = [f"{weight / total:.1%} to {_name(arn)} (weight {weight})" for arn, weight in rule.groups.items()]
    return f"priority {rule.priority}: {c.told(rule.conditions)} -> {', '.join(shares)}"


def _lines(rules: Sequence[Rule]) -> str:
    return "".join(f"{_line(rule)}\n" for rule in rules)


def _name(arn: str) -> str:
    """The name of a target group."""
    return arn.split("/")[-2] if arn.count("/") > 1 else arn
