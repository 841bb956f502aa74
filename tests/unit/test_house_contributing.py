# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What contributors rely on: the workflows, the hooks before a commit, and the changelog fragment that CI demands."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.judges.export import files
from tests.judges.fragment import main
from tests.judges.lint import COMMANDS, WORKFLOWS
from tests.judges.matrix import CELLS
from tests.judges.venv import CHECKOUT

GITHUB = sorted((CHECKOUT / ".github/workflows").glob("*.yml"))
FULL_VERSION = re.compile(r"[\w.-]+/[\w.-]+@v\d+\.\d+\.\d+")


def load(path: Path) -> dict[Any, Any]:
    """YAML 1.1 takes the key "on" of a workflow for true."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def actions(workflow: dict[Any, Any]) -> list[str]:
    """What the steps use."""
    return [step["uses"] for job in workflow["jobs"].values() for step in job.get("steps", ()) if "uses" in step]


def hooks() -> list[dict[str, Any]]:
    """Those before a commit or a push."""
    return [hook for repo in load(CHECKOUT / ".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]


def targets() -> set[str]:
    """What make knows."""
    return set(re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_actionlint_reads_every_workflow() -> None:
    assert {str(path.relative_to(CHECKOUT)) for path in GITHUB} <= set(WORKFLOWS)
    assert COMMANDS["actionlint"] == ["actionlint", *WORKFLOWS]


@pytest.mark.parametrize("path", GITHUB, ids=lambda path: path.stem)
def test_actions_are_pinned_and_may_do_little(path: Path) -> None:
    workflow = load(path)
    assert [action for action in actions(workflow) if not FULL_VERSION.fullmatch(action)] == []
    assert workflow["permissions"] == {"contents": "read"}
    assert all(job.get("permissions", {}) == {} for job in workflow["jobs"].values())
    assert all("timeout-minutes" in job for job in workflow["jobs"].values() if "steps" in job)
    assert True in workflow and "pull_request_target" not in workflow[True]


def test_matrix_has_every_python_that_is_supported() -> None:
    matrix = load(CHECKOUT / ".github/workflows/test.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == sorted({cell.python for cell in CELLS})


def test_only_the_job_that_publishes_has_a_secret_and_it_waits_for_all_others() -> None:
    jobs = load(CHECKOUT / ".github/workflows/release.yml")["jobs"]
    assert [name for name, job in jobs.items() if "secrets" in str(job)] == ["publish"]
    assert set(jobs["publish"]["needs"]) == set(jobs) - {"publish"}
    assert jobs["publish"]["environment"] == "galaxy"


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: hook["id"])
def test_hook_runs_what_is_there_on_files_that_are_there(hook: dict[str, Any]) -> None:
    assert hook["language"] == "system"
    command, *arguments = hook["entry"].split()
    if command == "make":
        assert arguments and set(arguments) <= targets()
    else:
        folder, _slash, tool = command.rpartition("/")
        assert folder == ".venv/bin"
        assert tool in {judge[0] for judge in COMMANDS.values()} | {"python"}
    if "files" in hook:
        assert [path for path in files() if re.search(hook["files"], str(path))]


def test_contributors_are_told_of_what_is_there() -> None:
    text = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    commands = "\n".join(re.findall(r"^```shell\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    called = set(re.findall(r"\bmake ([a-z]+)", commands))
    assert called and called <= targets()
    named = set(re.findall(r"`((?:plugins|tests|changelogs|roles|playbooks)/[\w./]+)`", text))
    named |= set(re.findall(r"\btests/[\w./]+", commands))
    assert named
    assert not [name for name in named if not (CHECKOUT / name).exists()]


SETTINGS = {
    "rehearsal": {
        "TIME_SCALE": "0.5", "LINGER": "all", "STEP": "3", "WORKSHOP": "ssm", "SEED": "7", "WORKSHOP_SOURCE": "x y",
        "RELEASE": "good", "LIFE": "1",
    },
    "soak": {"KIND": "holds", "MINUTES": "1", "SEED": "7"},
}  # fmt: skip
NAMED = {"WORKSHOP_SOURCE": "source"}
MODULES = {"rehearsal": "tests.workshop.rehearsal", "soak": "tests.soak"}


@pytest.mark.parametrize("target", SETTINGS)
def test_make_hands_on_each_setting_that_its_help_names(target: str, capfd: pytest.CaptureFixture[str]) -> None:
    given = [f"{name}={value}" for name, value in SETTINGS[target].items()]
    # A make that runs the tests would have this one tell which folder it enters.
    subprocess.run(["make", "--no-print-directory", "--dry-run", target, *given], cwd=CHECKOUT, check=True)
    command = shlex.split(capfd.readouterr().out.replace("\\\n", " "))
    module = MODULES[target]
    arguments = command[command.index(module) + 1 :]
    options = dict(zip(arguments[::2], arguments[1::2]))
    assert options == {
        f"--{NAMED.get(name, name).lower().replace('_', '-')}": value for name, value in SETTINGS[target].items()
    }
    subprocess.run(["make", "help"], cwd=CHECKOUT, check=True)
    told = capfd.readouterr().out.partition(f"for the {target}")[2].partition(";")[0]
    assert {name for name in SETTINGS[target] if f"{name}=" not in told} == set()
    subprocess.run([sys.executable, "-m", module, "--help"], cwd=CHECKOUT, check=True)
    known = capfd.readouterr().out
    assert {option for option in options if f"{option} " not in known} == set()


@pytest.fixture(name="git")
def _git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Commands of git in a repository with a file, on a branch that leaves ``main``."""
    settings = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]

    def git(*arguments: str) -> None:
        subprocess.run(["git", *settings, *arguments], cwd=tmp_path, check=True, capture_output=True)

    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    git("init", "--initial-branch=main")
    for name in ("roles/vpc/tasks/main.yml", "changelogs/fragments/old.yml"):
        Path(name).parent.mkdir(parents=True)
        Path(name).write_text("---\n", encoding="utf-8")
    git("add", ".")
    git("commit", "--message=First")
    git("switch", "--create=change")
    return git


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"docs/page.md": "text"}, 0),
        ({"roles/vpc/tasks/main.yml": "- name: New\n"}, 1),
        ({"roles/vpc/tasks/main.yml": None}, 1),
        ({"plugins/modules/new.py": "", "docs/page.md": "text"}, 1),
        ({"playbooks/new.yml": "", "changelogs/fragments/new.yml": "---\n"}, 0),
        ({"playbooks/new.yml": "", "changelogs/fragments/old.yml": "minor_changes: [It]\n"}, 0),
        ({"playbooks/new.yml": "", "changelogs/fragments/old.yml": None}, 1),
        ({"playbooks/new.yml": "", "changelogs/fragments/old.yml": None, "changelogs/changelog.yaml": ""}, 0),
    ],
)
def test_fragment_is_demanded_for_what_users_get(
    git: Any, capsys: pytest.CaptureFixture[str], changes: dict[str, str | None], code: int
) -> None:
    for name, text in changes.items():
        if text is None:
            Path(name).unlink()
        else:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
    git("add", "--all")
    git("commit", "--message=Second")
    assert main(["main"]) == code
    assert ("says what that is to users" in capsys.readouterr().out) is bool(code)


def test_fragment_is_not_demanded_for_what_others_changed(git: Any) -> None:
    git("switch", "main")
    Path("roles/vpc/tasks/main.yml").write_text("- name: Others\n", encoding="utf-8")
    git("commit", "--all", "--message=Others")
    git("switch", "change")
    assert main(["main"]) == 0


def test_fragment_needs_only_the_standard_library() -> None:
    """CI calls it without an environment."""
    command = [sys.executable, "-S", "-m", "tests.judges.fragment"]
    called = subprocess.run(command, cwd=CHECKOUT, check=False, capture_output=True, text=True)
    assert called.returncode == 2
    assert "usage" in called.stderr
