# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_account
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import check_numbers
from ansible_collections.workshop.lifecycle.plugins.module_utils._watch.options import octal_account


@pytest.mark.parametrize(
    ("timeout", "interval", "words"),
    [
        (1, 0.1, ""),
        (0, 2.0, "wait_timeout must be more than 0"),
        (-5, 2.0, "wait_timeout must be more than 0"),
        (1, 0.0, "poll_interval must be more than 0"),
        (1, -1.0, "poll_interval must be more than 0"),
        (1, float("nan"), "poll_interval must be more than 0"),
        (1, float("inf"), "poll_interval must be more than 0"),
    ],
)
def test_numbers(timeout, interval, words):
    problem = check_numbers({"wait_timeout": timeout, "poll_interval": interval})
    assert problem.startswith(words) and bool(problem) == bool(words)


@pytest.mark.parametrize("account_id", ["1402523735", "12345678901x", "1234567890123", "", "123456789012\n"])
def test_an_account_has_twelve_digits(account_id):
    assert "quote it" in check_account(account_id)
    assert check_account("012345670123") == check_account(None) == ""


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("1402433619", "012345670123"),
        ("1", "000000000001"),
        ("8589934591", "077777777777"),
        ("8589934592", ""),
        ("x", ""),
    ],
)
def test_an_account_that_was_read_as_an_octal_number_is_recognised(number, written):
    assert octal_account(number) == written
    assert (f"It may have been {written}." in check_account(number)) is bool(written)
