# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The execution environment of docs/fleet, as far as it can be made without a container engine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import ansible_collections.amazon.aws as amazon_aws
import yaml

from tests.workshop.playbooks import ROOT

FLEET = ROOT / "docs" / "fleet"
BUILDER = Path(sys.executable).with_name("ansible-builder")


def build(*arguments: str, cwd: Path) -> str:
    """What ansible-builder says."""
    done = subprocess.run([BUILDER, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_definition_makes_a_build_context(tmp_path: Path) -> None:
    folder = shutil.copytree(FLEET, tmp_path / "fleet")
    build("create", "--context", "context", cwd=folder)
    context = folder / "context"
    galaxy = yaml.safe_load((context / "_build" / "requirements.yml").read_text(encoding="utf-8"))
    assert galaxy == {"collections": [{"name": "workshop.lifecycle"}]}
    settings = (context / "_build" / "configs" / "ansible.cfg").read_text(encoding="utf-8")
    assert settings == (FLEET / "ansible.cfg").read_text(encoding="utf-8")
    steps = (context / "Dockerfile").read_text(encoding="utf-8")
    assert "COPY _build/configs/ansible.cfg /etc/ansible/ansible.cfg" in steps and "ansible-core>=2.17,<2.22" in steps


def test_what_the_collection_brings_into_it_is_boto3_and_botocore(tmp_path: Path) -> None:
    """amazon.aws, which it depends on, names the same two in its own metadata."""
    ours, amazon = (tmp_path / "ansible_collections" / name for name in ("workshop/lifecycle", "amazon/aws"))
    ours.mkdir(parents=True)
    for part in ("galaxy.yml", "meta", "requirements.txt"):
        (ours / part).symlink_to(ROOT / part)
    amazon.parent.mkdir()
    amazon.symlink_to(Path(amazon_aws.__path__[0]))
    found = yaml.safe_load(build("introspect", str(tmp_path), cwd=tmp_path))["python"]
    assert {line.split(">")[0] for line in found} == {"boto3", "botocore"}, found
    assert {line.split("# from collection ")[1] for line in found} == {"workshop.lifecycle", "amazon.aws"}, found
