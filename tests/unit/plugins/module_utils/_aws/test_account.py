# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials have to be for the account that is meant."""

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.account import account_problem
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from tests.unit.plugins.fake_aws import FakeAws, refusal

ANNA = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/anna", "UserId": "AIDA"}
CALL = "sts.get_caller_identity"


def test_the_account_that_is_meant_and_any_account() -> None:
    assert account_problem(FakeAws({CALL: ANNA}), "123456789012") == ""
    assert account_problem(FakeAws({}), None) == ""


def test_another_account_is_named_with_who_asks() -> None:
    said = account_problem(FakeAws({CALL: ANNA}), "999999999999")
    assert f"these credentials are for account 123456789012 ({ANNA['Arn']}), but account_id is 999999999999" in said
    assert account_problem(FakeAws({CALL: ANNA}), "") != ""


def test_who_may_not_ask_is_no_answer_and_neither_is_an_error() -> None:
    said = account_problem(FakeAws({CALL: refusal("AccessDenied", status=403)}), "123456789012")
    assert "these credentials may not ask whose they are (sts:GetCallerIdentity), but account_id is" in said
    with pytest.raises(AwsCallError, match="ExpiredToken"):
        account_problem(FakeAws({CALL: refusal("ExpiredToken", status=403)}), "123456789012")
