# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in workshops stand, end in the order of their levels, and in no other that would do as well."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator import Emulator
from tests.workshops import NAMES, Deployed, Manifest, closing, creation_order, deploy, read_manifest


def _end(emulator: Emulator, deployed: Deployed, levels: tuple[tuple[str, ...], ...]) -> dict[str, str]:
    """Delete level by level; what is not gone in the end, with its status or the refusal."""
    client = emulator.client("cloudformation")
    left: dict[str, str] = {}

    def status(name: str) -> str:
        return client.describe_stacks(StackName=deployed.ids[name])["Stacks"][0]["StackStatus"]

    for level in levels:
        for name in level:
            try:
                client.delete_stack(StackName=deployed.ids[name])
            except ClientError as error:
                left[name] = error.response["Error"]["Message"]
        while any(status(name) == "DELETE_IN_PROGRESS" for name in level):
            emulator.clock.advance(30)
    return {name: left.get(name, status(name)) for name in deployed.ids if status(name) != "DELETE_COMPLETE"}


def _least_levels(manifest: Manifest) -> list[list[str]]:
    """Each stack as early as its edges allow."""
    height: dict[str, int] = {}

    def level(name: str) -> int:
        if name not in height:
            height[name] = 1 + max((level(edge.after) for edge in manifest.edges if edge.stack == name), default=-1)
        return height[name]

    for name in manifest.names:
        level(name)
    return [sorted(name for name in height if height[name] == number) for number in range(max(height.values()) + 1)]


def test_there_is_one_for_each_pattern() -> None:
    assert NAMES == ("cdk", "copied", "nested", "pipeline", "ssm", "tenants")
    signals = {edge.signal for name in NAMES for edge in read_manifest(name).edges}
    assert signals == {
        "dynamic_reference",
        "export",
        "literal",
        "parameter",
        "role",
        "service_token",
        "ssm_parameter",
        "stack_output",
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_levels_are_the_least_that_the_edges_allow(name: str) -> None:
    manifest = read_manifest(name)
    assert [sorted(level) for level in manifest.levels] == _least_levels(manifest)


@pytest.mark.parametrize("name", NAMES)
def test_any_creation_order_has_each_stack_after_what_it_needs(name: str) -> None:
    manifest = read_manifest(name)
    orders = [creation_order(manifest, seed) for seed in range(10)]
    for order in orders:
        assert sorted(order) == sorted(manifest.names)
        for edge in (*manifest.edges, *manifest.not_needed):
            assert order.index(edge.stack) < order.index(edge.after)
    assert creation_order(manifest, 3) == orders[3]


@pytest.mark.parametrize("name", NAMES)
def test_level_by_level_it_goes(emulator: Emulator, name: str) -> None:
    deployed = deploy(emulator, name, creation_order(read_manifest(name), 1))
    assert not _end(emulator, deployed, deployed.manifest.levels)


@pytest.mark.parametrize("name", NAMES)
def test_the_other_way_round_it_does_not(emulator: Emulator, name: str) -> None:
    deployed = deploy(emulator, name)
    assert _end(emulator, deployed, deployed.manifest.levels[::-1])


def test_the_documented_order_has_forgotten_an_edge(emulator: Emulator) -> None:
    deployed = deploy(emulator, "ssm")
    assert _end(emulator, deployed, deployed.manifest.documented) == {"shop-dev-bus": "DELETE_FAILED"}


def test_a_stack_that_fails_is_told(emulator: Emulator) -> None:
    emulator.client("ssm").put_parameter(Name="/shop/dev/bus", Type="String", Value="taken")
    with pytest.raises(RuntimeError, match="shop-dev-bus: ROLLBACK_COMPLETE"):
        deploy(emulator, "ssm")


def test_what_is_left_of_one_is_named(emulator: Emulator) -> None:
    deployed = deploy(emulator, "cdk")
    had = closing.owned(emulator, deployed)
    left = closing.whats_left(emulator, deployed, had)
    assert "Observatory-App CREATE_COMPLETE" in left["stacks"] and len(left["network interfaces"]) == 1
    assert "AWS::IAM::Role cdk-hnb659fds-cfn-exec-role-123456789012-eu-central-1" in left["resources"]
    since = emulator.clock.now()
    assert not _end(emulator, deployed, deployed.manifest.levels)
    assert not any(closing.whats_left(emulator, deployed, had).values())
    assert [bucket["Name"] for bucket in emulator.client("s3").list_buckets()["Buckets"]] == [
        "cdk-hnb659fds-assets-123456789012-eu-central-1"
    ]
    header, first, *_rest = closing.table(emulator, deployed, since).splitlines()
    assert header.split() == ["level", "stack", "began", "ended"]
    assert first.split()[:2] == ["1", "Observatory-App"] and "-" not in first.split()[2:]
