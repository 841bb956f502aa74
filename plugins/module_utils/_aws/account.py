# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Whether credentials are for the account that is meant."""

from __future__ import annotations

from typing import Any
from typing import Callable

from .errors import DENIED
from .errors import AwsCallError
from .errors import aws_call

WHO = "sts:GetCallerIdentity"


def account_problem(clients: Callable[[str], Any], wanted: str | None) -> str:
    """Why these credentials are not for this account; empty if they are, or if any account will do.

    ``clients``: makes a boto3 client from the name of its service. Raises :class:`AwsCallError` if nobody answers.
    """
    if wanted is None:
        return ""
    try:
        with aws_call(WHO):
            caller = clients("sts").get_caller_identity()
    except AwsCallError as error:
        if error.kind != DENIED:
            raise
        whose = f"these credentials may not ask whose they are ({WHO})"
    else:
        if caller["Account"] == wanted:
            return ""
        whose = f"these credentials are for account {caller['Account']} ({caller['Arn']})"
    return f"Nothing was asked for: {whose}, but account_id is {wanted}."
