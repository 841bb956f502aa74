# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action workshop_report, run by ansible-playbook. No AWS is needed: it is given what others found."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from tests.integration.running import Modules
from tests.judges.venv import CHECKOUT
from tests.unit.plugins.plugin_utils import report_samples as samples
from tests.unit.plugins.plugin_utils.report_samples import leftover, live
from tests.unit.plugins.plugin_utils.runner import commands

SCHEMA = json.loads((CHECKOUT / "docs/report.schema.json").read_text(encoding="utf-8"))
LEFT = {"stacks": [live("shop-vpc", "DELETE_FAILED")], "leftovers": [leftover()]}


@pytest.fixture
def modules(tmp_path: Path) -> Modules:
    """Calls modules of this collection, without an AWS."""
    return Modules(tmp_path, {})


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.smoke
def test_report_is_shown_returned_and_written(modules: Modules, tmp_path: Path) -> None:
    folder = tmp_path / "reports/of/today"
    clean, left, unwritten = modules.each(
        "workshop_report",
        [
            samples.asked(directory=str(folder)),
            samples.asked(LEFT, operation="verify", stacks=[], directory=str(folder)),
            samples.asked(),
        ],
    )

    assert (clean["verdict"], clean["changed"], clean["failed"]) == ("clean", True, False)
    assert clean["files"] == {kind: str(folder / f"teardown.{kind}") for kind in ("json", "html", "xml")}
    assert names(folder) == [f"{name}.{kind}" for name in ("teardown", "verify") for kind in ("html", "json", "xml")]
    written = json.loads((folder / "teardown.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(written)
    assert written == clean["report"]
    assert "<h1>Clean</h1>" in (folder / "teardown.html").read_text(encoding="utf-8")
    assert ElementTree.parse(folder / "teardown.xml").getroot().get("failures") == "0"
    assert clean["text"].rstrip().endswith(f"CLEAN (account {samples.ACCOUNT}, eu-central-1): {clean['summary']}")

    assert (left["verdict"], left["failed"]) == ("failed", False)
    assert ElementTree.parse(folder / "verify.xml").getroot().get("failures") == "3"

    assert (unwritten["verdict"], unwritten["changed"], unwritten["files"]) == ("clean", False, {})


def test_nothing_is_written_in_check_mode(modules: Modules, tmp_path: Path) -> None:
    predicted = modules("workshop_report", check=True, **samples.asked(directory=str(tmp_path / "reports")))
    assert predicted["changed"] and predicted["files"]["html"] == str(tmp_path / "reports/teardown.html")
    assert not (tmp_path / "reports").exists()


def test_several_hosts_do_not_overwrite_each_other(modules: Modules, tmp_path: Path) -> None:
    options = samples.asked(LEFT, directory=str(tmp_path / "reports"))
    output = modules.start(
        "workshop_report", callback="ansible.builtin.default", hosts=("blue", "green"), **options
    ).output()
    assert names(tmp_path / "reports") == [
        f"{host}/teardown.{kind}" for host in ("blue", "green") for kind in ("html", "json", "xml")
    ]
    assert output.count("\nFAILED (account 123456789012, eu-central-1): shop is not wholly gone.") == 2
    assert output.count("  how: aws logs delete-log-group --log-group-name shop-logs --region eu-central-1\n") == 2


def test_report_that_cannot_be_written_is_shown_and_returned_all_the_same(modules: Modules, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "folder/teardown.html").mkdir(parents=True)
    (tmp_path / "locked").mkdir(mode=0o500)
    wrong = {
        str(tmp_path / "file"): "Not a directory",
        str(tmp_path / "file/below"): "Not a directory",
        str(tmp_path / "folder"): "Is a directory",
    }
    # Nobody, not even root, may make a directory there.
    wrong |= {"/proc/reports": "No such file"} if os.geteuid() == 0 else {str(tmp_path / "locked"): "Permission denied"}

    results = modules.each("workshop_report", [samples.asked(directory=directory) for directory in wrong])

    for (directory, why), result in zip(wrong.items(), results, strict=True):
        assert result["failed"] and not result["changed"] and result["files"] == {}
        assert result["msg"].startswith(f"The report could not be written: {directory}") and why in result["msg"]
        assert (result["verdict"], result["report"]["verdict"]) == ("clean", "clean")
        assert "CLEAN (account" in result["text"]
    assert names(tmp_path / "folder") == []


def test_wrong_options_are_named(modules: Modules) -> None:
    refused, without, unknown = modules.each(
        "workshop_report", [{}, samples.asked(stacks=[{"group": "vpc"}]), samples.asked(operation="deploy")]
    )
    assert refused["failed"] and "workshop" in refused["msg"]
    assert without["failed"] and "all: stacks[0] has no name: give the result" in without["msg"]
    assert unknown["failed"] and "deploy" in unknown["msg"]


LINE = "workshop.lifecycle: shop failed: 1 stack left (shop-vpc), 1 log group left (shop-logs)"


def test_ci_gets_its_own_lines_and_nothing_that_was_smuggled_in(modules: Modules, tmp_path: Path) -> None:
    evil = live("shop-vpc", "DELETE_FAILED", status_reason="::stop-commands::x ##[add-mask]shop")
    summary = tmp_path / "summary.md"
    github = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    options = samples.asked(LEFT | {"stacks": [evil]}, operation="verify", stacks=[])
    output = modules.start(
        "workshop_report", callback="ansible.builtin.default", environment=github, **options
    ).output()

    told = commands(output)
    assert [(name, more["title"]) for name, more, _text in told] == [
        ("error", "shop failed"), ("error", "shop: left"), ("error", "shop: left")
    ]  # fmt: skip
    assert "::stop-commands::x ##[add-mask]shop" in told[1][2]
    lines = output.splitlines()
    assert lines.index(LINE) == max(number for number, line in enumerate(lines) if line.startswith("::")) + 1
    assert summary.read_text(encoding="utf-8").startswith("### Verification of shop: failed\n\nshop is not wholly gone")


def test_summary_that_can_not_be_written_is_a_note(modules: Modules, tmp_path: Path) -> None:
    gitlab = {"GITLAB_CI": "true", "GITHUB_STEP_SUMMARY": str(tmp_path)}
    output = modules.start(
        "workshop_report", callback="ansible.builtin.default", environment=gitlab, **samples.asked()
    ).output()
    assert f"\nThe job summary could not be written: {tmp_path}: Is a directory.\n" in output
    assert "failed=0" in output
    begun = output.index("\x1b[0Ksection_start:1790870400:workshop_teardown[collapsed=true]\n\x1b[0KThe teardown")
    ended = output.index("\x1b[0Ksection_end:")
    assert begun < output.index("Tasks ended: 1") < ended < output.index("\nCLEAN (")
    assert output.index("\nworkshop.lifecycle: shop clean: 4 stacks gone\n") > output.index("\nCLEAN (")


def test_a_person_at_a_terminal_gets_no_line_for_searches(modules: Modules) -> None:
    options = samples.asked(LEFT)
    ours, theirs = os.openpty()
    running = modules.start("workshop_report", callback="ansible.builtin.default", stdout=theirs, **options)
    os.close(theirs)
    shown = ""
    with contextlib.suppress(OSError):  # the last of them has closed the terminal
        while data := os.read(ours, 4096):
            shown += data.decode()
    os.close(ours)
    running.end()
    assert "FAILED (account" in shown and "workshop.lifecycle: shop" not in shown
    assert f"\n{LINE}\n" in modules.start("workshop_report", callback="ansible.builtin.default", **options).output()
