# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""From the text of a manifest to stacks that stand, or to what would become of them."""

from __future__ import annotations

import time
from typing import Any
from typing import Callable
from typing import Mapping

from .._aws.account import WHO
from .._aws.clients import Clients
from .._aws.errors import DENIED
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._stacks.listing import StackLister
from .._stacks.types import StackView
from .._watch.ending import told_to_end
from .._watch.loop import Watch
from .._watch.progress import Progress
from .changes import Changes
from .changes import ChangeSets
from .driver import DeployDriver
from .machine import STANDS
from .machine import UNCHANGED
from .machine import Machine
from .machine import State
from .order import after_of
from .order import edges
from .order import waves
from .reader import MissingReference
from .reader import StackMaker
from .templates import Reading
from .types import Entry
from .types import Manifest
from .verdict import CREATE
from .verdict import REFUSE
from .verdict import REPLACE
from .verdict import UPDATE
from .verdict import WAIT
from .verdict import verdict


class ManifestRun:
    """``params``: the options of the module cloudformation_manifest."""

    def __init__(
        self,
        params: Mapping[str, Any],
        clients: Clients,
        manifest: Manifest,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._params = params
        self._clients = clients
        self._manifest = manifest
        self._sleep = sleep
        self._entries = {entry.name: entry for entry in manifest.entries}
        self._edges = edges(manifest.entries, clients.region or "")
        self._waves = waves(manifest.entries, self._edges)
        client = clients("cloudformation")
        self._lister = StackLister(client)
        self._maker = StackMaker(client, manifest.name)
        self._views: dict[str, StackView] = {}
        self.warnings: list[str] = []

    def look(self) -> str:
        """What is there. Why nothing is done, empty if there is no reason. Raises :class:`AwsCallError`."""
        self._views = self._lister.described(list(self._entries))
        refused = [
            f"{name}: {said.reason}" for name, said in self._verdicts().items() if said.kind == REFUSE
        ]
        return f"Nothing was asked for. {' '.join(refused)}" if refused else ""

    def plan(self) -> tuple[str, dict[str, Any]]:
        """What is wrong with templates, and what would become of each stack. With the option ``changes``, AWS is asked
        for both."""
        rows = [self._planned(name, said.kind, said.reason) for name, said in self._verdicts().items()]
        problems: list[str] = []
        if self._params["changes"]:
            with told_to_end():
                problems += self._ask_for_changes(rows)
        changed = any(row["action"] != UNCHANGED for row in rows)
        return " ".join(problems), {"changed": changed, "stacks": rows, **self._around()}

    def run(self) -> tuple[str, dict[str, Any]]:
        """Bring all stacks to what the manifest says: the problem, empty if there is none, and the result."""
        machine = Machine(
            after_of(self._manifest.entries, self._edges),
            self._manifest.name,
            self._params["replace"],
            self._params["adopt"],
            self._params["wait_timeout"],
            time.monotonic,
        )
        progress = Progress(self._params["progress_file"])
        driver = DeployDriver(machine, self._entries, self._lister, self._maker, progress)
        driver.first(self._views)
        watch = Watch(
            [driver], self._params["poll_interval"], float("inf"), time.monotonic, self._sleep, progress.waiting
        )
        interrupted = ""
        try:
            with told_to_end():
                watch.run()
        except KeyboardInterrupt:
            interrupted = "Interrupted: what was asked for goes on at AWS. Run this again to go on from there. "
        rows = [self._done(state, driver.protected) for state in machine.states.values()]
        changed = any(row["action"] not in (UNCHANGED, "") for row in rows)
        result = {"changed": changed, "stacks": rows, **self._around()}
        if progress.problem:
            self.warnings.append(progress.problem)
        problem = interrupted + (driver.problem.advice() if driver.problem else "")
        lost = [f"{row['name']} {row['status']}: {row['reason']}" for row in rows if row["status"] not in STANDS]
        if lost and not problem:
            problem = f"Not all stacks stand. {' '.join(map(_sentence, lost))}"
        return problem, result

    def _verdicts(self) -> dict[str, Any]:
        replace, adopt = self._params["replace"], self._params["adopt"]
        return {
            name: verdict(self._views.get(name), self._manifest.name, replace, adopt)
            for wave in self._waves
            for name in wave
        }

    def _planned(self, name: str, action: str, reason: str) -> dict[str, Any]:
        view = self._views.get(name)
        return {
            **self._row(name),
            "action": UPDATE if action == WAIT else action,
            "status": "",
            "reason": f"{reason}: it is waited for" if action == WAIT else "",
            "stack_id": view.stack_id if view else "",
            "status_before": view.status if view else None,
            "seconds": 0.0,
            "changes": None,
        }

    def _ask_for_changes(self, rows: list[dict[str, Any]]) -> list[str]:
        """What is wrong with templates, in sentences."""
        problems: list[str] = []
        asked: dict[str, dict[str, Any]] = {}
        for row in rows:
            entry, view = self._entries[row["name"]], self._views.get(row["name"])
            if row["action"] in (CREATE, REPLACE):
                problems += self._new(row, entry)
            elif view is not None and not row["reason"]:
                try:
                    asked[view.stack_id] = self._maker.arguments(entry, view, self._views)
                except MissingReference as error:
                    row["reason"] = f"what would change is not known: {error}"
        sets = ChangeSets(self._clients("cloudformation"), self._params["wait_timeout"], self._sleep)
        found = sets.ask(asked)
        for row in rows:
            if row["stack_id"] in found:
                tags = {item["Key"]: item["Value"] for item in asked[row["stack_id"]]["Tags"]}
                self._changed(row, found[row["stack_id"]], tags)
        return problems

    def _changed(self, row: dict[str, Any], changes: Changes, tags: Mapping[str, str]) -> None:
        now = self._views[row["name"]].tags
        row["changes"] = list(changes.rows)
        row["reason"] = f"what would change is not known: {changes.problem}" if changes.problem else ""
        switched = self._switched(row["name"])
        if switched and not changes.problem:
            row["reason"] = switched
        if not changes.any and not switched and {**now, **tags} == dict(now):
            row["action"] = UNCHANGED

    def _switched(self, name: str) -> str:
        """What becomes of the protection of a stack, which no change set tells; empty if nothing does."""
        protected = self._entries[name].protected
        view = None if protected is None else self._lister.by_id(self._views[name].stack_id)
        if view is None or view.protected == protected:
            return ""
        return f"its termination protection is switched {'on' if protected else 'off'}"

    def _new(self, row: dict[str, Any], entry: Entry) -> list[str]:
        """A change set of a stack that is not there would leave a stack, and is refused where it reads what another one
        is to write. The template tells the same."""
        row["changes"] = [
            {"action": "Add", "logical_id": name, "type": str(body.get("Type", "")), "replacement": "", "scope": []}
            for name, body in Reading(entry, self._clients.region or "").wanted()
        ]
        try:
            self._maker.validate(entry)
        except AwsCallError as error:
            if error.code != "ValidationError":
                raise
            return [f"{entry.template}: {error.advice()}"]
        return []

    def _done(self, state: State, protected: set[str]) -> dict[str, Any]:
        action = state.status if state.status in STANDS else ""
        if action == UNCHANGED and state.name in protected:
            action = "updated"
        return {
            **self._row(state.name),
            "action": action or ("" if state.since is None else "asked"),
            "status": state.status,
            "reason": state.reason,
            "stack_id": state.stack_id or (state.view.stack_id if state.view else ""),
            "status_before": state.stack_status_before,
            "seconds": round(state.seconds, 1),
            "changes": None,
        }

    def _row(self, name: str) -> dict[str, Any]:
        entry = self._entries[name]
        wave = next(number for number, names in enumerate(self._waves, 1) if name in names)
        after = [{"stack": edge.after, "evidence": edge.evidence} for edge in self._edges if edge.stack == name]
        return {"name": name, "wave": wave, "template": entry.template, "after": after}

    def _around(self) -> dict[str, Any]:
        account, caller = self._identity()
        return {
            "workshop": self._manifest.name,
            "scope": dict(self._manifest.scope),
            "account": account,
            "caller": caller,
            "region": self._clients.region or "",
        }

    def _identity(self) -> tuple[str, str]:
        try:
            with aws_call(WHO):
                found = self._clients("sts").get_caller_identity()
        except AwsCallError as error:
            if error.kind != DENIED:
                raise
            return "", ""
        return found["Account"], found["Arn"]


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
