# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.service_roles import lost_roles
from tests.unit.plugins.fake_aws import FakeAws, refusal


def role(name):
    return f"arn:aws:iam::123456789012:role/path/{name}"


STACKS = [{"name": name, "role_arn": arn} for name, arn in (("a", None), ("b", role("there")), ("c", role("lost")))]


def answered(RoleName):
    return {"Role": {}} if RoleName == "there" else refusal("NoSuchEntity")


def test_a_stack_whose_role_is_gone_is_held_by_that():
    with Looks(FakeAws({"iam.get_role": answered})) as looks:
        (row,) = lost_roles(looks, STACKS, "eu-central-1")
    assert (row["stack_name"], row["owner"], row["id"], row["certain"]) == ("c", "c", role("lost"), True)
    assert "which is gone" in row["reason"] and "workshop_role_arn" in row["reason"] and row["how_to_remove"] == ""


def test_a_role_that_may_not_be_looked_up_is_a_gap():
    with Looks(FakeAws({"iam.get_role": refusal("AccessDenied")})) as looks:
        assert lost_roles(looks, STACKS, "eu-central-1") == []
        assert [gap["action"] for gap in looks.gaps()] == ["iam:GetRole"]
