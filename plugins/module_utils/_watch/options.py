# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Checks of options that an argument spec cannot express."""

from __future__ import annotations

import math
import re
from typing import Any
from typing import Mapping


def check_numbers(params: Mapping[str, Any]) -> str:
    """What is wrong with wait_timeout or poll_interval; empty if nothing is."""
    if params["wait_timeout"] <= 0:
        return f"wait_timeout must be more than 0 seconds, not {params['wait_timeout']}."
    interval = params["poll_interval"]
    if not math.isfinite(interval) or interval <= 0:
        return f"poll_interval must be more than 0 seconds, not {interval}."
    return ""


def check_account(account_id: str | None) -> str:
    """What is wrong with the id of an account, which may be None; empty if nothing is."""
    if account_id is None or re.fullmatch("[0-9]{12}", account_id):
        return ""
    problem = f"account_id must be the 12 digits of an AWS account, not {account_id!r}: quote it, leading zeros count."
    written = octal_account(account_id)
    return f"{problem} It may have been {written}." if written else problem


def octal_account(number: str) -> str:
    """The id of an account that became this number because it was not quoted: YAML takes 012345670123 for an octal one.
    Empty if none did. https://yaml.org/type/int.html"""
    written = f"{int(number):012o}" if re.fullmatch("[0-9]{1,11}", number) else ""
    return written if len(written) == 12 and written.startswith("0") else ""
