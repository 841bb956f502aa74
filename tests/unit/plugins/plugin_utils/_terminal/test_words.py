# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._terminal.words import counted, shortened


def test_what_aws_says_cannot_drive_a_terminal():
    assert shortened("a\x1b[31mred\x07\r\nb\u202e<b>") == "a[31mred b<b>"
    assert len(shortened("x" * 1000)) == 300


def test_what_is_not_too_long_stays_whole():
    assert (shortened("12345", 5), shortened("123456", 5)) == ("12345", "1234…")


def test_count():
    assert (counted(1, "stack"), counted(2, "stack"), counted(0, "entry", "entries")) == (
        "1 stack",
        "2 stacks",
        "0 entries",
    )
