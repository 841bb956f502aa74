# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a CI is told: found by a search, and nothing that a text of others could make it do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal import ci
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.ci import Notice

from tests.unit.plugins.plugin_utils.runner import commands

GITHUB = {"CI": "true", "GITHUB_ACTIONS": "true"}
LINE = "workshop.lifecycle: shop failed: 1 stack left (shop-vpc)"
ODD = "100%, a:b,c\r\n::add-mask::x\n##[error]y %0A"


@pytest.mark.parametrize(
    ("environment", "terminal", "told"),
    [
        ({}, True, ""),
        ({"CI": "false"}, True, ""),
        ({}, False, LINE),
        ({"CI": "true"}, True, LINE),
        ({"CI": "1"}, True, LINE),
        ({"TF_BUILD": "True"}, True, LINE),
        (GITHUB, True, f"::error title=shop::it failed\n{LINE}"),
        ({"GITLAB_CI": "true"}, False, LINE),
    ],
)
def test_last_line_is_for_ci_and_for_whoever_reads_it_later(environment: dict[str, str], terminal: bool, told: str):
    assert ci.closing_lines(LINE, [Notice("error", "shop", "it failed")], environment, terminal) == told


def test_annotation_says_what_it_was_given_and_is_one_command():
    text = ci.annotation(Notice("error", ODD, ODD))
    assert commands(text) == [("error", {"title": ODD}, ODD)]
    assert "\n" not in text and "\r" not in text


@pytest.mark.parametrize(
    "text",
    ["::error::x", "  ::stop-commands::x", "why: ##[add-mask]x", "a\n\u00a0::error::x", "::::error::x", "###[error]x",
     "##vso[task.setvariable variable=x]y", "a ## ##[error]x ##[error]"],
)  # fmt: skip
def test_text_of_others_is_no_command(text: str):
    shown = ci.harmless(text, GITHUB)
    assert not commands(shown) and "##vso[" not in shown
    assert ci.harmless(text, {}) == text
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", text)


@pytest.mark.parametrize("text", ["a::b", "why: a ::error:: b", "# [x]", "## heading", "key: value"])
def test_text_that_is_no_command_stays_as_it_is(text: str):
    assert ci.harmless(text, GITHUB) == text


def test_section_of_gitlab_holds_the_text():
    folded = ci.section("a\nb\n", "workshop_teardown_host-1", "Shop", {"GITLAB_CI": "true"}, seconds=(5, 9.7),
                        collapsed=True)  # fmt: skip
    assert folded == (
        "\x1b[0Ksection_start:5:workshop_teardown_host_1[collapsed=true]\r\x1b[0KShop\na\nb\n"
        "\x1b[0Ksection_end:9:workshop_teardown_host_1\r\x1b[0K\n"
    )
    assert ci.section("a\n", "x", "Shop", GITHUB, seconds=(5, 9), collapsed=True) == "a\n"


def test_job_summary_is_appended_to(tmp_path: Path):
    path = tmp_path / "summary.md"
    assert [ci.add_summary(text, {"GITHUB_STEP_SUMMARY": str(path)}) for text in ("one\n", "two \ud800\n")] == ["", ""]
    assert path.read_text(encoding="utf-8") == "one\n\ntwo ?\n\n"
    assert ci.add_summary("one", {}) == ""


def test_job_summary_that_can_not_be_written_is_a_note(tmp_path: Path):
    note = ci.add_summary("one", {"GITHUB_STEP_SUMMARY": str(tmp_path)})
    assert note == f"The job summary could not be written: {tmp_path}: Is a directory."


def test_fence_is_longer_than_any_in_the_text():
    assert ci.fenced("a ````` b\n```\n") == "``````text\na ````` b\n```\n``````\n"
