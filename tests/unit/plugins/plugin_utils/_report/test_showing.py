# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of a report on a terminal that is not as wide as they are long."""

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.showing import wrapped

LINES = """\
  Left:
    stack shop-vpc DELETE_FAILED
      why: Gateway: Network vpc-0123 has some mapped public addresses.
      how: aws cloudformation delete-stack --stack-name shop-vpc
  Had not been there: shop-register-api-new, shop-validate-api
"""


def test_long_lines_are_broken_between_words_and_commands_stay_whole() -> None:
    assert wrapped(LINES, 40).splitlines() == [
        "  Left:",
        "    stack shop-vpc DELETE_FAILED",
        "      why: Gateway: Network vpc-0123 has",
        "        some mapped public addresses.",
        "      how: aws cloudformation delete-stack --stack-name shop-vpc",
        "  Had not been there:",
        "    shop-register-api-new,",
        "    shop-validate-api",
    ]


def test_without_a_terminal_each_stays_one_line() -> None:
    assert wrapped(LINES, 0) == wrapped(LINES, 100) == LINES
