# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the two CI files job by job, as their services would: scripts by a shell, the rest by what stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .expressions import expanded, filled, holds
from .shell import Shell

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "emulator", "AWS_SECRET_ACCESS_KEY": "not-a-real-secret-0001"}


@dataclass
class Job:
    """What became of a job: success, failure, skipped, or waiting for somebody or for a time."""

    result: str
    output: str = ""
    artefacts: list[str] = field(default_factory=list)
    role: str = ""


class GitHub:
    """https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax"""

    def __init__(self, file: Path, shell: Shell, context: Mapping[str, str]) -> None:
        # YAML 1.1 takes the key "on" for true.
        self.workflow: dict[Any, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        self._shell = shell
        self._context = dict(context)

    def run(self, before: Mapping[str, Job] | None = None) -> dict[str, Job]:
        """All jobs, in the order of the file, in which a job comes after those that it needs.

        ``before``: jobs that are not run any more, and what became of them.
        """
        done: dict[str, Job] = dict(before or {})
        for name, job in self.workflow["jobs"].items():
            if name not in done:
                done[name] = self._job(job, done) if self._starts(job, done) else Job("skipped")
        return done

    def _lookup(self, done: Mapping[str, Job], failed: bool = False) -> Any:
        def lookup(name: str) -> Any:
            if name in ("always()", "cancelled()", "success()"):
                return {"always()": True, "cancelled()": False, "success()": not failed}[name]
            if name.startswith("needs."):
                return done[name.split(".")[1]].result
            if name.partition(".")[0] not in ("inputs", "vars", "github"):
                raise ValueError(f"no such context: {name}")
            return self._context.get(name, "")

        return lookup

    def _starts(self, job: Mapping[str, Any], done: Mapping[str, Job]) -> bool:
        needed = job.get("needs", [])
        fine = all(done[name].result == "success" for name in ([needed] if isinstance(needed, str) else needed))
        condition = job.get("if", "success()")
        own = any(word in condition for word in ("always()", "cancelled()", "failure()"))
        return (own or fine) and holds(condition, self._lookup(done, not fine))

    def _job(self, job: Mapping[str, Any], done: Mapping[str, Job]) -> Job:
        became = Job("success")
        summary = str(self._shell.folder / "summary.md")
        variables: dict[str, str] = {"GITHUB_STEP_SUMMARY": summary, "CI": "true", "GITHUB_ACTIONS": "true"}
        for step in job["steps"]:
            lookup = self._lookup(done, became.result == "failure")
            if not holds(step.get("if", "success()"), lookup):
                continue
            environment = {**self.workflow.get("env", {}), **job.get("env", {}), **step.get("env", {})}
            variables |= {name: filled(text, lookup) for name, text in environment.items()}
            if "run" in step:
                ran = self._shell.run(filled(step["run"], lookup), variables)
                became.output += f"--- {step['name']}\n{ran.output}"
                if ran.code != 0:
                    became.result = "failure"
            else:
                given = {name: filled(str(text), lookup) for name, text in step.get("with", {}).items()}
                self._use(step["uses"], given, job, variables, became)
        return became

    def _use(
        self, action: str, given: Mapping[str, str], job: Mapping[str, Any], variables: dict[str, str], became: Job
    ) -> None:
        name = action.partition("@")[0]
        if name == "aws-actions/configure-aws-credentials":
            assert job["permissions"] == {"id-token": "write"}
            assert set(given) <= {"aws-region", "role-to-assume", "role-duration-seconds"}
            became.role = given["role-to-assume"]
            variables |= {**CREDENTIALS, "AWS_REGION": given["aws-region"], "AWS_DEFAULT_REGION": given["aws-region"]}
        elif name == "actions/upload-artifact":
            became.artefacts += files_below(self._shell.folder, given["path"])
        elif name != "actions/setup-python":
            raise ValueError(f"nothing stands for {action}")


class GitLab:
    """https://docs.gitlab.com/ci/yaml/"""

    def __init__(self, file: Path, shell: Shell, variables: Mapping[str, str]) -> None:
        self.pipeline: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        self._shell = shell
        self._variables = dict(variables)

    def run(self, *played: str, before: Mapping[str, Job] | None = None) -> dict[str, Job]:
        """All jobs, in the order of their stages.

        ``played``: those that somebody, or their delay, lets go on. ``before``: jobs that have been run.
        """
        done: dict[str, Job] = {name: job for name, job in (before or {}).items() if job.result == "success"}
        jobs = {name: self._whole(name) for name in self.pipeline if "stage" in self._whole(name)}
        for stage in self.pipeline["stages"]:
            for name, job in jobs.items():
                if job["stage"] == stage and name not in done:
                    done[name] = self._start(name, job, done, played)
        return done

    def started(self) -> bool:
        """Whether there is a pipeline at all."""
        return bool(self._rule(self.pipeline["workflow"]))

    def _whole(self, name: str) -> dict[str, Any]:
        job = self.pipeline[name]
        if not isinstance(job, dict) or "extends" not in job:
            return job if isinstance(job, dict) else {}
        base = self._whole(job["extends"])
        both = {key: {**base[key], **job[key]} for key in base.keys() & job.keys() if isinstance(job[key], dict)}
        return {**base, **job, **both}

    def _rule(self, job: Mapping[str, Any]) -> dict[str, Any]:
        def lookup(name: str) -> str:
            return self._variables.get(name.removeprefix("$"), "")

        return next((rule for rule in job["rules"] if holds(rule["if"], lookup)), {})

    def _start(self, name: str, job: Mapping[str, Any], done: Mapping[str, Job], played: tuple[str, ...]) -> Job:
        rule = self._rule(job)
        needed = [{"job": need} if isinstance(need, str) else need for need in job.get("needs", [])]
        missing = [need for need in needed if need["job"] not in done or done[need["job"]].result == "absent"]
        if not rule:
            return Job("absent")
        assert all(need.get("optional") for need in missing), f"{name} needs what this pipeline does not have"
        if any(done[need["job"]].result != "success" for need in needed if need not in missing):
            return Job("skipped")
        if rule.get("when", "on_success") in ("manual", "delayed") and name not in played:
            return Job("waiting")
        return self._run(job)

    def _run(self, job: Mapping[str, Any]) -> Job:
        whole = {name: value if isinstance(value, str) else value["value"] for name, value in
                 {**self.pipeline["variables"], **job.get("variables", {}), **self._variables}.items()}  # fmt: skip
        variables = expanded({**whole, "CI_PROJECT_DIR": str(self._shell.folder), "CI": "true", "GITLAB_CI": "true"})
        variables |= {name: f"token-for-{expanded({**variables, 'aud': token['aud']})['aud']}"
                      for name, token in job["id_tokens"].items()}  # fmt: skip
        ran = self._shell.run("\n".join([*job["before_script"], *job["script"]]), variables)
        artefacts = job.get("artifacts", {})
        kept = ran.code == 0 or artefacts.get("when") == "always"
        found = [file for path in artefacts.get("paths", []) for file in files_below(self._shell.folder, path)]
        return Job("failure" if ran.code else "success", ran.output, found if kept else [], variables["AWS_ROLE_ARN"])


def files_below(folder: Path, path: str) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in (folder / path).rglob("*") if file.is_file())
