# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manifests that this collection has, and what is read of any."""

from __future__ import annotations

import os
from typing import Any

import jinja2
import jsonschema
import pytest
import yaml

from ansible.errors import AnsibleFilterError

from ansible_collections.workshop.lifecycle.plugins.filter.workshop_manifest import FilterModule
from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.schema import SCHEMA
from tests.judges.venv import CHECKOUT
from tests.workshop import read_manifest

CUDDLE_KUBE = CHECKOUT / "playbooks/manifests/cuddlekube.yml.j2"


def rendered(**variables: Any) -> dict[str, Any]:
    """As Ansible does it."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    environment.filters |= {"bool": bool, "dirname": os.path.dirname}
    template = environment.from_string(CUDDLE_KUBE.read_text(encoding="utf-8"))
    return yaml.safe_load(template.render(_workshop_manifest_path=str(CUDDLE_KUBE), **variables))


def names(found: dict[str, Any]) -> list[str]:
    return sorted(stack["name"] for stack in found["stacks"])


@pytest.mark.parametrize("mesh", [True, False])
@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_cuddle_kube_is_a_manifest_of_its_stacks_after_each_step(step: int, mesh: bool) -> None:
    found = rendered(deploy_step=step, deploy_app_mesh=mesh)
    jsonschema.validate(found, SCHEMA)
    stacks = set(read_manifest(step=step).names)
    without = {name for name in stacks if "appmesh" in name} if not mesh and step != 2 else set()
    assert names(found) == sorted(stacks - without)
    assert ("xray_group" in found) == (step >= 3)
    # Step 2 without a mesh is refused for what is in its templates.
    meshed = {stack["template"] for stack in found["stacks"] if stack["template"].startswith("step2/appmesh")}
    assert bool(meshed) == (step == 2 or (mesh and step > 2))


def test_without_a_mesh_the_tasks_have_a_template_of_our_own() -> None:
    found = {stack["name"]: stack for stack in rendered(deploy_step=4)["stacks"]}
    own = yaml.load((CUDDLE_KUBE.parent / "cuddlekube-task.template").read_text(encoding="utf-8"), yaml.BaseLoader)
    for name in ("cuddlekube-task-feed-api", "cuddlekube-task-register-api-new"):
        assert found[name]["template"] == str(CUDDLE_KUBE.parent / "cuddlekube-task.template")
        assert set(found[name]["parameters"]) <= set(own["Parameters"])
    assert found["cuddlekube-task-register-api-new"]["parameters"]["ContainerVersion"] == "broken"


def test_the_filter_reads_which_workshop_it_is_and_refuses_with_the_line() -> None:
    read = FilterModule().filters()["workshop_manifest"]
    text = "name: shop\nstacks: [{name: shop-net, template: net.yml}]\nxray_group: {name: it}\n"
    assert read(text) == {
        "name": "shop", "scope": {"names": ["shop-net"]}, "xray_group": "it", "xray_sampling_rules": []
    }  # fmt: skip
    with pytest.raises(AnsibleFilterError, match="shop.yml:2: stacks takes a list, not .x."):
        read("name: shop\nstacks: x\n", "shop.yml")
