# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ready CI files: valid for their services, and their scripts do what they say, against the emulator."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.docs.pipelines import GitHub, GitLab, Job
from tests.docs.shell import Shell
from tests.emulator import Emulator
from tests.workshop.playbooks import ROOT

FILES = {"github-workflows": ROOT / "docs/ci/github-actions.yml", "gitlab-ci": ROOT / "docs/ci/gitlab-ci.yml"}
SURVEY = "arn:aws:iam::123456789012:role/workshop-survey"
TEARDOWN = "arn:aws:iam::123456789012:role/workshop-teardown"
VARIABLES = {
    "AWS_ACCOUNT_ID": "123456789012",
    "AWS_REGION": "eu-central-1",
    "SURVEY_ROLE_ARN": SURVEY,
    "TEARDOWN_ROLE_ARN": TEARDOWN,
}
TOPIC = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'
REPORTS = [f"report/teardown.{ending}" for ending in ("html", "json", "xml")]


@pytest.fixture(name="shell")
def _shell(aws: Emulator, tmp_path: Path) -> Shell:
    aws.client("cloudformation").create_stack(StackName="cuddlekube-logs", TemplateBody=TOPIC)
    return Shell(tmp_path, aws)


def stands(aws: Emulator) -> bool:
    return bool(aws.client("cloudformation").describe_stacks()["Stacks"])


def results(jobs: dict[str, Job]) -> dict[str, str]:
    return {name: job.result for name, job in jobs.items()}


def github(shell: Shell, **context: str) -> GitHub:
    known = {f"vars.{name}": value for name, value in VARIABLES.items()}
    known |= {name.replace("_", ".", 1): value for name, value in context.items()}
    return GitHub(FILES["github-workflows"], shell, known)


def gitlab(shell: Shell, **variables: str) -> GitLab:
    known = {**VARIABLES, "CI_SERVER_URL": "https://gitlab.com", "CI_PIPELINE_ID": "7"}
    return GitLab(FILES["gitlab-ci"], shell, {**known, **variables})


@pytest.mark.parametrize("schema", FILES)
def test_file_is_valid_for_its_service(schema: str) -> None:
    """By the schema that check-jsonschema brings along; nothing is downloaded."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(FILES[schema])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_typed_in_can_become_a_part_of_a_script() -> None:
    """GitHub fills in expressions before the shell sees them, so scripts take their values from the environment:
    https://docs.github.com/en/actions/reference/security/secure-use"""
    workflow = yaml.safe_load(FILES["github-workflows"].read_text(encoding="utf-8"))
    scripts = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    assert scripts and [script for script in scripts if "${{" in script] == []


def test_github_asks_for_no_more_than_a_token() -> None:
    workflow = yaml.safe_load(FILES["github-workflows"].read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    assert [job["permissions"] for job in workflow["jobs"].values()] == [{"id-token": "write"}] * 3


def test_two_teardowns_of_a_workshop_do_not_overlap() -> None:
    teardown = yaml.safe_load(FILES["github-workflows"].read_text(encoding="utf-8"))["jobs"]["teardown"]
    assert "inputs.workshop" in teardown["concurrency"]["group"] and not teardown["concurrency"]["cancel-in-progress"]
    teardown = yaml.safe_load(FILES["gitlab-ci"].read_text(encoding="utf-8"))["teardown"]
    assert "$WORKSHOP" in teardown["resource_group"]


@pytest.mark.slow
def test_github_from_plan_to_verification(aws: Emulator, shell: Shell) -> None:
    asked = {"github_event_name": "workflow_dispatch", "inputs_workshop": "cuddlekube", "inputs_confirm": "cuddlekube"}
    jobs = github(shell, **asked).run()

    output = "\n".join(job.output for job in jobs.values())
    assert results(jobs) == {"plan": "success", "teardown": "success", "verify": "success"}, output
    assert [job.role for job in jobs.values()] == [SURVEY, TEARDOWN, SURVEY]
    assert not stands(aws)
    summary = (shell.folder / "summary.md").read_text(encoding="utf-8")
    headings = [line for line in summary.splitlines() if line.startswith("###")]
    assert [heading.partition(" (")[0] for heading in headings] == [
        "### Teardown of cuddlekube\\: what it would do",
        "### Teardown of cuddlekube: clean",
        "### Verification of cuddlekube: clean",
    ]
    assert "cuddlekube-logs" in summary.split("### ")[1]
    for job, title, line in (
        ("plan", "plan", "plan: 1 stack would go"),
        ("teardown", "clean", "clean: 1 stack gone"),
        ("verify", "clean", "clean: "),
    ):
        told = jobs[job].output
        assert f"\n::notice title=cuddlekube {title}::" in told, told
        assert f"\nworkshop.lifecycle: cuddlekube {line}" in told, told
    assert jobs["teardown"].artefacts == REPORTS
    assert "report/verify.xml" in jobs["verify"].artefacts


@pytest.mark.slow
def test_github_keeps_the_report_of_a_teardown_that_failed(aws: Emulator, shell: Shell) -> None:
    aws.faults.deny("cloudformation:DeleteStack")
    asked = {"github_event_name": "workflow_dispatch", "inputs_workshop": "cuddlekube", "inputs_confirm": "cuddlekube"}
    jobs = github(shell, **asked).run(before={"plan": Job("success")})

    told = jobs["teardown"].output
    assert results(jobs) == {"plan": "success", "teardown": "failure", "verify": "skipped"}, told
    assert "\nworkshop.lifecycle: cuddlekube failed: 1 stack left (cuddlekube-logs)\n" in told, told
    assert "\n::error title=cuddlekube failed::" in told, told
    assert jobs["teardown"].artefacts == REPORTS


@pytest.mark.parametrize("typed", ["", "cuddlekube ", "blue", "x workshop_confirm=cuddlekube", "$(touch made)"])
@pytest.mark.parametrize("service", ["github", "gitlab"])
def test_two_names_that_differ_end_it(aws: Emulator, shell: Shell, service: str, typed: str) -> None:
    for name, confirm in (("cuddlekube", typed), (typed, typed)):
        if service == "github":
            asked = {"inputs_workshop": name, "inputs_confirm": confirm}
            jobs = github(shell, github_event_name="workflow_dispatch", **asked).run()
            assert results(jobs) == {"plan": "failure", "teardown": "skipped", "verify": "skipped"}
        else:
            pipeline = gitlab(shell, CI_PIPELINE_SOURCE="web", WORKSHOP=name, CONFIRM=confirm)
            jobs = pipeline.run("teardown", "verify")
            assert results(jobs) == {"plan": "failure", "teardown": "skipped", "verify": "skipped"}
        assert "Nothing was done" in jobs["plan"].output
        if typed == "blue":
            break
    assert stands(aws) and aws.calls.by_action.keys() <= {"cloudformation:CreateStack", "cloudformation:DescribeStacks"}
    assert not (shell.folder / "made").exists()


@pytest.mark.slow
def test_gitlab_from_plan_to_verification(aws: Emulator, shell: Shell) -> None:
    """It waits for somebody who has read the plan. The credentials are those that STS gives for the token."""
    asked = {"CI_PIPELINE_SOURCE": "web", "WORKSHOP": "cuddlekube", "CONFIRM": "cuddlekube"}
    pipeline = gitlab(shell, **asked)
    assert pipeline.started()
    planned = pipeline.run()
    assert results(planned) == {"plan": "success", "teardown": "waiting", "verify": "skipped"}, planned["plan"].output
    assert stands(aws)
    assert "\x1b[0Ksection_start:" in planned["plan"].output, planned["plan"].output

    jobs = pipeline.run("teardown", "verify", before=planned)

    output = "\n".join(job.output for job in jobs.values())
    assert results(jobs) == {"plan": "success", "teardown": "success", "verify": "success"}, output
    assert [job.role for job in jobs.values()] == [SURVEY, TEARDOWN, SURVEY]
    assert not stands(aws)
    assert [action for action in aws.calls.by_action if action.endswith("AssumeRoleWithWebIdentity")], output
    assert jobs["teardown"].artefacts == REPORTS
    assert (shell.folder / ".web-identity-token").read_text(encoding="utf-8") == "token-for-https://gitlab.com"


@pytest.mark.slow
def test_the_daily_look_only_looks(aws: Emulator, shell: Shell) -> None:
    """On a schedule. It finds the stack, and fails."""
    jobs = github(shell, github_event_name="schedule", vars_WORKSHOP_ENDED="cuddlekube").run()
    assert results(jobs) == {"plan": "skipped", "teardown": "skipped", "verify": "failure"}
    assert "cuddlekube-logs" in jobs["verify"].output and jobs["verify"].artefacts
    assert results(github(shell, github_event_name="schedule").run())["verify"] == "skipped"

    looked = {"verify": Job("success")}
    jobs = gitlab(shell, CI_PIPELINE_SOURCE="schedule", WORKSHOP="cuddlekube").run(before=looked)
    assert results(jobs) == {"plan": "absent", "teardown": "absent", "verify": "success"}
    assert stands(aws)


@pytest.mark.parametrize("source", ["push", "merge_request_event"])
def test_gitlab_does_nothing_unasked(shell: Shell, source: str) -> None:
    assert not gitlab(shell, CI_PIPELINE_SOURCE=source).started()
