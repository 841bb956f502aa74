# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command and every playbook that README and docs show, run as it stands.

Nothing is run of a block that shows text or data.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.docs.blocks import Block, blocks, commands
from tests.docs.clearing import short_table, with_table
from tests.docs.shell import Shell
from tests.docs.stand_in import STAND_INS
from tests.emulator import Emulator
from tests.integration.clusters import Shop
from tests.unit.test_house_roles import ROLES, defaults_of, is_derived, is_shown, options_of, table_of
from tests.workshop.playbooks import ROOT, play

README = ROOT / "README.md"
PAGES = sorted(
    (page for page in [README, *(ROOT / "docs").glob("*.md")] if blocks(page)), key=lambda page: page.name
)
#: What is not run as it stands, wherever it is shown: a stand-in looks whether it could have been.
REPLACED = {
    "ansible-galaxy collection install workshop.lifecycle",
    "make rehearsal",
    "make test",
    "pip install ansible-core boto3",
}
#: Stacks that stand before a page is run, by region.
STACKS = {
    "by-hand.md": {"eu-central-1": ["cuddlekube-dynamodb", "cuddlekube-logs"]},
    "ci.md": {"eu-central-1": ["cuddlekube-logs"]},
    "larger-playbook.md": {
        "eu-central-1": [
            "cuddlekube-logs", "shop-public-alb", "shop-certificates", "shop-network", "experiment-api",
            "experiment-data", "blue-vpc",
        ],
        "eu-west-1": ["green-logs"],
    },
    "what-holds-a-stack.md": {"eu-central-1": ["cuddlekube-dynamodb"]},
}  # fmt: skip
TOPIC = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'
#: The stack that stands while services are looked at.
SERVICE = {
    "Cluster": "shop", "ServiceName": "register-api", "TaskDefinition": "app", "DesiredCount": 0,
}  # fmt: skip


def shown(language: str) -> list[Block]:
    return [block for page in PAGES for block in blocks(page) if block.language == language]


def script(page: Path) -> str:
    """All shell blocks of a page as one, so that what one exports is there for the next."""
    parts = [block for block in blocks(page) if block.language == "shell"]
    return "\n".join(f"printf '\\n=== %s\\n' '{part}'\n{part.text}" for part in parts)


def live(aws: Emulator, region: str) -> set[str]:
    stacks = aws.client("cloudformation", region).describe_stacks()["Stacks"]
    return {stack["StackName"] for stack in stacks}


def test_every_block_is_one_that_can_be_run() -> None:
    known = {"json", "shell", "text", "yaml"}
    assert [str(block) for page in PAGES for block in blocks(page) if block.language not in known] == []
    for block in shown("json"):
        json.loads(block.text)
    nameless = [str(block) for block in shown("yaml") if block.file is None]
    assert nameless == [], "the first line of a YAML block is a comment with the name of the file"


def test_every_file_that_is_shown_is_used() -> None:
    unused = []
    for page in PAGES:
        # By a command, or by another file, but for the comment with its own name.
        used = "\n".join([script(page), *(block.text.partition("\n")[2] for block in blocks(page) if block.file)])
        unused += [str(block) for block in blocks(page) if block.file and block.file not in used]
    assert unused == []


def test_what_a_stand_in_replaces_is_known() -> None:
    lines = {line for block in shown("shell") for line in commands(block)}
    replaced = {line for line in lines if line.split()[0] in STAND_INS}
    assert replaced == REPLACED


def test_variables_are_shown_with_their_defaults() -> None:
    known = {name: defaults_of(role).get(name) for role in ROLES for name in options_of(role)}
    table = table_of(ROOT / "docs/by-hand.md")
    assert table and sorted(table.keys() - known.keys()) == []
    plain = {name: cell for name, cell in table.items() if not is_derived(known[name])}
    assert {name: cell for name, cell in plain.items() if not is_shown(cell, known[name])} == {}


def test_readme_has_every_row_of_what_can_be_cleared() -> None:
    assert README.read_text(encoding="utf-8") == with_table(README, short_table()), "python -m tests.house"


def test_examples_of_the_roles_are_playbooks(tmp_path: Path) -> None:
    """Ansible reads them all, and finds every role and module that they name."""
    files = []
    for readme in sorted((ROOT / "roles").glob("*/README.md")):
        for block in blocks(readme):
            # What is no list of plays shows variables.
            if block.language == "yaml" and isinstance(yaml.safe_load(block.text), list):
                files.append(tmp_path / f"{readme.parent.name}_{block.line}.yml")
                files[-1].write_text(block.text, encoding="utf-8")
    assert len(files) >= 9
    first, *others = map(str, files)
    checked = play(first, {}, tmp_path, *others, "--syntax-check")
    assert checked.code == 0, checked.output
    assert checked.output.count("playbook: ") == len(files)


def test_what_the_readme_shows_is_run_with_another_page() -> None:
    """So that it is not run twice. The other page shows more: ``--diff``."""
    lines = {line for block in blocks(README) if block.language == "shell" for line in commands(block)}
    more = {line for page in PAGES if page != README for block in blocks(page) for line in commands(block)}
    assert lines - REPLACED and lines - REPLACED - {line.replace(" --diff", "") for line in more} == set()


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if page != README], ids=lambda page: page.stem)
def test_page(aws: Emulator, tmp_path: Path, page: Path) -> None:
    """The files are written, the commands run in order at a terminal, and none of them fails."""
    for region, names in STACKS.get(page.name, {}).items():
        for name in names:
            aws.client("cloudformation", region).create_stack(StackName=name, TemplateBody=TOPIC)
    shop = Shop(aws)
    shop.service("web", 2)
    if page.name == "diagnose.md":
        template = {"Resources": {"Service": {"Type": "AWS::ECS::Service", "Properties": SERVICE}}}
        aws.client("cloudformation").create_stack(
            StackName="cuddlekube-service-register-api", TemplateBody=json.dumps(template)
        )
    aws.wait_until(lambda: len(shop.running()) == 2)
    shell = Shell(tmp_path, aws)
    for block in blocks(page):
        if block.file:
            assert not (shell.folder / block.file).exists(), f"{block}: another block of this page is this file, too"
            (shell.folder / block.file).write_text(block.text, encoding="utf-8")
            yaml.safe_load(block.text)

    done = shell.run_at_a_terminal(script(page))

    print(done.output)
    assert done.code == 0, done.output
    for line in {line for block in blocks(page) if block.language == "shell" for line in commands(block)}:
        if line in REPLACED or line.startswith("aws "):
            assert f"[stand-in] {line}:" in " ".join(done.output.split()), line
    for region in STACKS.get(page.name, {}):
        assert live(aws, region) == set(), done.output
    if page.name == "ci.md":
        note = (shell.folder / "note.txt").read_text(encoding="utf-8")
        assert note.startswith("verify of cuddlekube: clean\nNothing of cuddlekube "), note
    paused = "pause-shop.yml" in script(page)
    assert shop.running() == ([] if paused else ["service:web"] * 2), done.output
    groups = [group["GroupName"] for group in aws.client("xray").get_groups()["Groups"]]
    assert ("shop" in groups) == paused, groups
