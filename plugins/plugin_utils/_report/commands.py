# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""How to get rid of things: lines to be copied into a shell."""

from __future__ import annotations

import json
import shlex
from typing import Any
from typing import Mapping

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import lacks_role
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import KINDS
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import how_to_remove
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import leftover_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import resource_of


def aws(command: str, region: str, *arguments: str) -> str:
    """An aws command line. ``arguments`` are quoted."""
    place = ("--region", region) if region else ()
    return " ".join(["aws", command, *map(shlex.quote, (*arguments, *place))])


def delete_stack(stack: Mapping[str, Any], region: str) -> str:
    """Deletes a stack; one that is protected has to be opened first, and one whose role is gone needs another, whose
    ARN the user has to put in."""
    name = stack["name"]
    role = ("--role-arn", "ROLE_ARN") if lacks_role(stack["reason"]) else ()
    delete = aws("cloudformation delete-stack", region, "--stack-name", name, *role)
    if not stack.get("termination_protection"):
        return delete
    opened = aws(
        "cloudformation update-termination-protection",
        region,
        "--no-enable-termination-protection",
        "--stack-name",
        name,
    )
    return f"{opened} && {delete}"


def stop_task(arn: str, region: str) -> str:
    """Stops a task. Its ARN names the cluster, but for the short form of before 2019, for which there is no command.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids
    """
    parts = arn.split("/")
    if len(parts) != 3:
        return ""
    return aws("ecs stop-task", region, "--cluster", parts[1], "--task", arn)


def remove_leftover(item: Mapping[str, Any], region: str) -> str:
    """Removes a leftover of any kind that the survey knows."""
    if item.get("kind") not in KINDS:
        return ""
    leftover = leftover_of({**item, "id": item.get("id") or item.get("name") or ""})
    return how_to_remove(resource_of(leftover), region)


def playbook(name: str, report: Mapping[str, Any], *settings: str) -> str:
    """Runs a playbook of this collection on the same workshop, or on the same part of it, found in the same way."""
    part = report["part"] or {}
    given = [f"workshop_name={report['workshop']}", *settings]
    given += [f"workshop_{key}={','.join(part[key])}" for key in ("only", "keep") if part.get(key)]
    given += [json.dumps(report["variables"])] if report.get("variables") else []
    return " ".join([f"ansible-playbook workshop.lifecycle.{name}", *(f"-e {shlex.quote(text)}" for text in given)])
