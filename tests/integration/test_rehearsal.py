# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rehearsal as a user runs it: to its end, side by side, and interrupted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.workshop import closing, rehearsal
from tests.workshop.playbooks import ROOT

MARK = "REHEARSAL_UNDER_TEST"
PROC = Path("/proc")
FAST = ("--step", "1", "--time-scale", "0.02")
REHEARSAL = ("-m", "tests.workshop.rehearsal")
#: The same, with a workshop that is put there without Ansible, at a tenth of the cost.
DEPLOYED_QUICKLY = (
    "-c",
    """
import sys
from tests.workshop import deploy, rehearsal
rehearsal._deploy = lambda emulator, options, *_more: list(deploy(emulator, options.step).stacks)
sys.exit(rehearsal.main())
""",
)


def _hear_the_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def _started(
    log: Path, mark: str, *arguments: str, program: tuple[str, ...] = REHEARSAL
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, *program, *arguments],
            cwd=ROOT,
            env=os.environ | {MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # A shell that runs these tests in the background has SIGINT ignored, which children inherit.
            preexec_fn=_hear_the_interrupt,
        )
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
        child.wait(60)


def _wait_for(log: Path, text: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while text not in log.read_text(encoding="utf-8", errors="replace"):
        assert time.monotonic() < end, log.read_text(encoding="utf-8", errors="replace")
        time.sleep(0.1)


def _processes(mark: str) -> list[str]:
    """The command lines of all processes that a rehearsal started, itself included."""
    found = []
    for process in PROC.glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


@pytest.mark.slow
@pytest.mark.skipif(not PROC.exists(), reason="needs /proc to see what is left running")
def test_two_at_once_of_which_one_is_interrupted(tmp_path: Path) -> None:
    logs, mark = (tmp_path / "one.log", tmp_path / "other.log"), uuid.uuid4().hex
    with (
        _started(logs[0], mark, *FAST, "--linger", "all") as one,
        _started(logs[1], mark, *FAST, program=DEPLOYED_QUICKLY) as other,
    ):
        _wait_for(logs[1], "PLAY [Tear the workshop down]")
        other.send_signal(signal.SIGINT)
        assert other.wait(30) == 128 + signal.SIGINT
        assert "Interrupted" in logs[1].read_text(encoding="utf-8")

        assert one.wait(240) == 0, logs[0].read_text(encoding="utf-8")

    assert _processes(mark) == []
    end = logs[0].read_text(encoding="utf-8").partition("The teardown took")[2]
    assert "ECS services           7     7" in end
    assert "Left: nothing." in end
    assert "\033[" not in end


@pytest.mark.slow
@pytest.mark.skipif(not PROC.exists(), reason="needs /proc to see what is left running")
def test_terminated_while_it_deploys(tmp_path: Path) -> None:
    log, mark = tmp_path / "log", uuid.uuid4().hex
    with _started(log, mark, *FAST) as child:
        _wait_for(log, "Putting the workshop into it")
        time.sleep(3)
        child.terminate()
        assert child.wait(30) == 128 + signal.SIGTERM
    assert _processes(mark) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--time-scale", "0"),
        ("--time-scale", "soon"),
        ("--linger", "-1"),
        ("--step", "6"),
        ("--source", "/nowhere"),
        ("--workshop", "none"),
        ("--release", "soon"),
        ("--life", "2"),
    ],
)
def test_an_option_that_is_wrong(arguments: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        rehearsal.main(list(arguments))
    assert stopped.value.code == 2
    assert arguments[0] in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("version", ["broken", "good"])
def test_a_release_is_switched_back_or_stays(tmp_path: Path, version: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The rehearsal itself judges when ECS was asked to go back: within an interval and 10 s of AWS's time."""
    code = rehearsal.main(["--release", version, "--time-scale", "0.2", "--report", str(tmp_path)])
    output = capfd.readouterr().out
    assert code == 0, output
    report = json.loads((tmp_path / "release.json").read_text(encoding="utf-8"))
    (probe,) = report["probes"]
    if version == "good":
        assert report["verdict"] == "kept" and probe["failures"] == 0 < probe["requests"] and report["drifted"]
        assert "\n0 of " in output and "register-api runs example.com/register-api:v2." in output
        return
    assert report["verdict"] == "switched_back" and probe["failed"] and probe["first_failure"]["status"] == 502
    assert not report["drifted"] and report["bad_seconds"] > 0
    assert "ECS was asked to go back " in output and "register-api runs example.com/register-api:v1." in output
    assert "SWITCHED BACK: register-api was switched back from register-api:2 to register-api:1." in output
    assert "why it fails: ansible-playbook workshop.lifecycle.diagnose -e workshop_service=register-api" in output


def test_what_is_left_is_named() -> None:
    text = closing.left_over({"stacks": ["cuddlekube-vpc DELETE_FAILED"], "tasks": []})
    assert text == "Left:\n  stacks: cuddlekube-vpc DELETE_FAILED"
