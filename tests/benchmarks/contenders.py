# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who takes part: how each is told to delete the workshop. Each is a command that ends by itself."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.workshop import Workshop
from tests.workshop.documented_cleanup import AFTER_THE_WAIT, BEFORE_THE_WAIT
from tests.workshop.playbooks import ROOT, TEARDOWN, environment, executable

from .limit import edges

HERE = Path(__file__).parent
#: AWS seconds between two looks of ours, and in which log groups may come back: the playbook's own defaults.
POLL = 2.0
SETTLE = 10


@dataclass(frozen=True)
class Setting:
    """What a contender gets: ``aws`` variables of the emulator, ``tools`` a folder with aws and sceptre."""

    workshop: Workshop
    time_scale: float
    aws: Mapping[str, str]
    scratch: Path
    tools: Path


@dataclass(frozen=True)
class Command:
    """What is run. ``rescale``: whether its sleeps have to be shortened, because it cannot be told to look oftener."""

    arguments: list[str]
    environment: dict[str, str]
    cwd: Path
    rescale: bool = True


@dataclass(frozen=True)
class Contender:
    """``again``: how often it may be run until all stacks are gone; the first run counts."""

    title: str
    command: Callable[[Setting], Command]
    again: int = 6


def teardown(setting: Setting, *arguments: str) -> Command:
    """The playbook of this collection, with its waits in AWS seconds as they are by default."""
    scale = setting.time_scale
    variables = {"workshop_confirm": setting.workshop.name, "workshop_name": setting.workshop.name}
    if scale != 1:
        variables |= {"workshop_poll_interval": POLL * scale, "leftovers_settle": max(1, round(SETTLE * scale))}
    extra = [part for key, value in variables.items() for part in ("-e", f"{key}={value}")]
    return Command(
        [executable(), str(TEARDOWN), *extra, *arguments], environment(setting.aws, setting.scratch), ROOT, False
    )


def one_module(setting: Setting) -> Command:
    """The least that can be done with Ansible and AWS: a yardstick for what depends on the machine."""
    arguments = [executable(), str(HERE / "playbooks" / "one_module.yml")]
    return Command(arguments, environment(setting.aws, setting.scratch), ROOT, False)


def _documented(setting: Setting) -> Command:
    """The workshop's last page, typed: 24 deletions, one wait, an X-Ray group.

    https://github.com/cuddlekube/workshop/blob/master/step5.md
    """
    name, aws = setting.workshop.name, shlex.quote(str(setting.tools / "aws"))

    def delete(suffixes: tuple[str, ...]) -> list[str]:
        return [f"{aws} cloudformation delete-stack --stack-name {name}-{suffix}" for suffix in suffixes]

    wait = f"{aws} cloudformation wait stack-delete-complete --stack-name {name}-appmesh-structure"
    group = f"{aws} xray delete-group --group-name {setting.workshop.xray_group} || true"
    script = setting.scratch / "cleanup.sh"
    lines = [*delete(BEFORE_THE_WAIT), wait, *delete(AFTER_THE_WAIT), group]
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Command(["sh", str(script)], environment(setting.aws, setting.scratch), setting.scratch)


def _playbook(setting: Setting, playbook: str) -> Command:
    name, services = setting.workshop.name, setting.workshop.services
    variables = {
        "workshop": name,
        "services": [f"{name}-service-{service}" for service in services],
        "task_definitions": [f"{name}-task-{service}" for service in services],
    }
    arguments = [executable(), str(HERE / "playbooks" / playbook), "-e", json.dumps(variables)]
    own = {"ANSIBLE_ASYNC_DIR": str(setting.scratch / "async"), "ANSIBLE_NOCOLOR": "1"}
    return Command(arguments, environment(setting.aws, setting.scratch) | own, setting.scratch)


def _sceptre(setting: Setting) -> Command:
    """A project in which each stack depends on those that have to be gone after it.

    https://docs.sceptre-project.org/latest/docs/stack_config.html
    """
    project = setting.scratch / "sceptre"
    config = project / "config" / "workshop"
    config.mkdir(parents=True, exist_ok=True)
    (project / "templates").mkdir(exist_ok=True)
    (project / "templates" / "any.yaml").write_text("Resources: {}\n", encoding="utf-8")
    region = setting.aws["AWS_DEFAULT_REGION"]
    (project / "config" / "config.yaml").write_text(f"project_code: bench\nregion: {region}\n", encoding="utf-8")
    before = edges(setting.workshop)
    for stack in setting.workshop.stacks:
        depends = sorted(f"workshop/{other}.yaml" for other, needed in before.items() if stack in needed)
        text = yaml.safe_dump(
            {"template": {"path": "any.yaml", "type": "file"}, "stack_name": stack, "dependencies": depends}
        )
        (config / f"{stack}.yaml").write_text(text, encoding="utf-8")
    arguments = [str(setting.tools / "sceptre"), "--dir", str(project), "delete", "--yes", "workshop"]
    return Command(arguments, environment(setting.aws, setting.scratch), project)


OURS = "workshop.lifecycle"
CONTENDERS: dict[str, Contender] = {
    "ours": Contender(OURS, teardown, again=1),
    "documented": Contender("documented cleanup, aws command line", _documented),
    "one_by_one": Contender("amazon.aws.cloudformation, in turn", lambda it: _playbook(it, "one_by_one.yml")),
    "async": Contender("amazon.aws.cloudformation, async", lambda it: _playbook(it, "async_groups.yml")),
    "sceptre": Contender("sceptre", _sceptre),
}
