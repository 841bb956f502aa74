# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Who asks, and where."""

from __future__ import annotations

from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.looks import Looks


class Account:
    """Who asks. ``known``: that, once it was told."""

    def __init__(self, looks: Looks) -> None:
        self._looks = looks
        self.known: dict[str, str] | None = None

    def identity(self) -> dict[str, str] | None:
        """Account, ARN and user id of the caller; None if that may not be asked. Raises :class:`AwsCallError`."""
        return self._looks.needed(self._identity)

    def alias(self) -> str | None:
        """The alias of the account, if it has one. It is a nicety: if it can not be read, that is no gap. Credentials
        that have ended the other looks tell."""
        try:
            return self._looks.tried(self._alias)
        except AwsCallError:
            return None

    def _identity(self) -> dict[str, str]:
        with aws_call("sts:GetCallerIdentity"):
            answer = self._looks.clients("sts").get_caller_identity()
        self.known = {"account": answer["Account"], "arn": answer["Arn"], "user_id": answer.get("UserId", "")}
        return self.known

    def _alias(self) -> str | None:
        # An account has one alias at most:
        # https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html
        with aws_call("iam:ListAccountAliases"):
            answer = self._looks.clients("iam").list_account_aliases()
        return next(iter(answer.get("AccountAliases", [])), None)
