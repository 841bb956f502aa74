# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SSM parameters: the pages of their list, and reading by path."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator import Emulator

UNDER = [{"Key": "Path", "Option": "Recursive", "Values": ["/soup/"]}]


def put(emulator: Emulator, *names: str) -> None:
    for name in names:
        emulator.client("ssm").put_parameter(Name=name, Type="String", Value="x")


def test_parameters_are_found_by_path(emulator: Emulator) -> None:
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html"""
    put(emulator, "/soup/a", "/soup/deep/b", "/soups", "/other/soup/c", "plain")
    pages = emulator.client("ssm").get_paginator("describe_parameters").paginate(ParameterFilters=UNDER)
    found = [parameter for page in pages for parameter in page["Parameters"]]
    assert [parameter["Name"] for parameter in found] == ["/soup/a", "/soup/deep/b"]
    assert not any("Value" in parameter for parameter in found)


def test_a_page_may_be_empty_although_more_follows(emulator: Emulator) -> None:
    """API_DescribeParameters: "between zero and the value of MaxResults", and then a NextToken"""
    put(emulator, *[f"/a/{number:03}" for number in range(60)], "/soup/a")
    ssm = emulator.client("ssm")
    first = ssm.describe_parameters(ParameterFilters=UNDER)
    assert (first["Parameters"], bool(first["NextToken"])) == ([], True)
    second = ssm.describe_parameters(ParameterFilters=UNDER, NextToken=first["NextToken"])
    assert [parameter["Name"] for parameter in second["Parameters"]] == ["/soup/a"]
    assert "NextToken" not in second
    every = ssm.get_paginator("describe_parameters").paginate(PaginationConfig={"PageSize": 7})
    assert len({parameter["Name"] for page in every for parameter in page["Parameters"]}) == 61


def test_ten_a_page_unless_told_otherwise(emulator: Emulator) -> None:
    put(emulator, *[f"/a/{number:03}" for number in range(12)])
    ssm = emulator.client("ssm")
    assert len(ssm.describe_parameters()["Parameters"]) == 10
    assert len(ssm.describe_parameters(MaxResults=50)["Parameters"]) == 12
    with pytest.raises(ClientError, match="ValidationException"):
        ssm.describe_parameters(MaxResults=51)
    with pytest.raises(ClientError, match="InvalidNextToken"):
        ssm.describe_parameters(NextToken="x")
