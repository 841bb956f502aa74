# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A manifest: what it says, in which order, and what is refused with path and line."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import jsonschema
import pytest
import yaml

from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.order import edges, waves
from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.reading import ManifestReader, outline
from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.schema import SCHEMA, misfits
from ansible_collections.workshop.lifecycle.plugins.module_utils._manifest.types import ManifestError, Reference
from tests.judges.venv import CHECKOUT

NET = """
Parameters:
  Stage: {Type: String, Default: dev}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  VpcId: {Type: AWS::SSM::Parameter, Properties: {Name: !Sub "/shop/${Stage}/vpc", Type: String, Value: !Ref Vpc}}
Outputs:
  Vpc: {Value: !Ref Vpc, Export: {Name: !Sub "${AWS::StackName}-Vpc"}}
"""
READS_SSM = """
Parameters:
  Vpc: {Type: "AWS::SSM::Parameter::Value<String>"}
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: x}}
"""
IMPORTS = """
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !ImportValue shop-net-Vpc, GroupDescription: x}}
"""
RESOLVES = """
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: "{{resolve:ssm:/shop/dev/vpc}}", GroupDescription: x}}
"""
TAKES = """
Parameters: {Vpc: {Type: String}}
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: x}}
"""
ROLE = "Resources: {Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}}"
NAMED_ROLE = "Resources: {Role: {Type: AWS::IAM::Role, Properties: {RoleName: it, AssumeRolePolicyDocument: {}}}}"
MACRO = "{Transform: AWS::Serverless-2016-10-31, Resources: {Queue: {Type: AWS::SQS::Queue}}}"
MESH = "Resources: {Mesh: {Type: AWS::AppMesh::Mesh}}"
TEMPLATES = {
    "net.yml": NET,
    "ssm.yml": READS_SSM,
    "imports.yml": IMPORTS,
    "resolves.yml": RESOLVES,
    "takes.yml": TAKES,
    "role.yml": ROLE,
    "named.yml": NAMED_ROLE,
    "macro.yml": MACRO,
    "mesh.yml": MESH,
    "list.json": json.dumps([{"ParameterKey": "Vpc", "ParameterValue": "/shop/dev/vpc"}]),
    "map.json": json.dumps({"Parameters": {"Vpc": "/of/a/file"}}),
    "odd.json": "[1]",
    "row.json": json.dumps({"id": {"S": "1"}, "gone": {"BOOL": True}}),
    "broken.yml": "a:\n  b: [",
    "large.yml": f"Resources: {{}}  # {'x' * 51_200}",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TEMPLATES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def read(folder: Path, text: str, ended: bool = False):
    return ManifestReader("shop.yml", str(folder), yaml, ended).read(textwrap.dedent(text))


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        read(folder, text)
    return [line.replace(f"{folder}/", "") for line in str(caught.value).splitlines()]


def test_the_order_is_found_by_every_way_in_which_stacks_hand_things_on(folder: Path) -> None:
    found = read(
        folder,
        """\
        name: shop
        tags: {course: 012}
        stacks:
          - {name: shop-web, template: ssm.yml, parameter_files: [list.json]}
          - {name: shop-jobs, template: imports.yml, tags: {cost: 1e3}}
          - {name: shop-mail, template: resolves.yml}
          - {name: shop-bus, template: takes.yml, parameters: {Vpc: {output: shop-net.Vpc}}}
          - {name: shop-log, template: takes.yml, parameters: {Vpc: {resource: shop-net.Vpc}}}
          - {name: shop-net, template: net.yml, termination_protection: true}
          - {name: shop-far, template: "https://b.s3.amazonaws.com/t", after: [shop-web]}
        """,
    )
    shown = edges(found.entries)
    assert [(edge.stack, edge.after) for edge in shown] == [
        ("shop-bus", "shop-net"),
        ("shop-far", "shop-web"),
        ("shop-jobs", "shop-net"),
        ("shop-log", "shop-net"),
        ("shop-mail", "shop-net"),
        ("shop-web", "shop-net"),
    ]
    assert {edge.stack: edge.evidence for edge in shown if edge.stack in ("shop-web", "shop-jobs", "shop-bus")} == {
        "shop-bus": "the manifest gives it the output Vpc of shop-net",
        "shop-jobs": "Group imports shop-net-Vpc",
        "shop-web": "its parameter Vpc reads the SSM parameter /shop/dev/vpc",
    }
    assert waves(found.entries, shown) == [
        ["shop-net"], ["shop-web", "shop-jobs", "shop-mail", "shop-bus", "shop-log"], ["shop-far"]
    ]  # fmt: skip
    by_name = {entry.name: entry for entry in found.entries}
    assert by_name["shop-jobs"].tags == {"course": "012", "cost": "1e3"}, "as it is written"
    assert by_name["shop-bus"].parameters == {"Vpc": Reference("output", "shop-net", "Vpc")}
    assert by_name["shop-net"].protected is True and by_name["shop-web"].protected is None
    assert found.scope == {"names": list(by_name)}


def test_what_a_manifest_says_of_the_order_holds_instead(folder: Path) -> None:
    found = read(
        folder,
        """\
        name: shop
        stacks:
          - {name: shop-web, template: ssm.yml, parameters: {Vpc: /shop/dev/vpc}, after: []}
          - {name: shop-net, template: net.yml, after: [shop-web]}
        """,
    )
    shown = edges(found.entries)
    assert [(edge.stack, edge.after, edge.evidence) for edge in shown] == [
        ("shop-net", "shop-web", "the manifest says so")
    ]


def test_values_items_and_scope(folder: Path) -> None:
    found = read(
        folder,
        """\
        name: shop
        scope: {prefix: shop-}
        stacks:
          - name: shop-web
            template: takes.yml
            parameter_files: [map.json]
            parameters: {Vpc: [10.0, 0x10, true, off]}
        items:
          - {table: shop, item: {id: {S: "1"}, on: {BOOL: true}}}
          - {table: shop, item_file: row.json}
        xray_group: {name: shop}
        """,
    )
    assert found.entries[0].parameters == {"Vpc": "10.0,0x10,true,false"}
    assert found.items[0] == {"table": "shop", "item": {"id": {"S": "1"}, "on": {"BOOL": True}}}
    assert found.items[1]["item"] == {"id": {"S": "1"}, "gone": {"BOOL": True}}
    assert outline("{name: a, scope: {prefix: a-}, stacks: [{name: b, template: c}]}", "m", yaml) == {
        "name": "a", "scope": {"prefix": "a-"}, "xray_group": "", "xray_sampling_rules": []
    }  # fmt: skip


STACK = "name: shop\nstacks:\n  - name: shop-a\n    template: "
BAD = {
    "no YAML": ("name: [", ["shop.yml:1: it is no YAML: expected the node content, but found '<stream end>'."]),
    "nothing": ("", ["shop.yml:1: the manifest takes a mapping, not nothing."]),
    "a key twice": ("name: a\nname: b\n", ["shop.yml:2: name is given more than once."]),
    "no stacks": ("name: shop\n", ["shop.yml:1: the manifest lacks stacks."]),
    "no stack": ("name: shop\nstacks: []\n", ["shop.yml:2: stacks is empty."]),
    "an unknown key": (
        STACK + "net.yml\n    paramters: {}\n",
        ["shop.yml:5: there is no stacks.0.paramters. Did you mean parameters?"],
    ),
    "a name": (
        "name: a_b\nstacks: [{name: a, template: net.yml}]",
        ["shop.yml:1: name takes a letter, then letters, digits and hyphens, at most 100 characters, not 'a_b'."],
    ),
    "a value": (
        STACK + "takes.yml\n    parameters:\n      Vpc: {outputs: a.b}\n",
        [
            "shop.yml:6: stacks.0.parameters.Vpc takes text, a number, a list of them, {output: STACK.KEY} or "
            "{resource: STACK.LOGICAL_ID}, not a mapping."
        ],
    ),
    "a capability": (
        STACK + "net.yml\n    capabilities: [IAM]\n",
        [
            "shop.yml:5: stacks.0.capabilities.0 takes one of CAPABILITY_IAM, CAPABILITY_NAMED_IAM, "
            "CAPABILITY_AUTO_EXPAND, not 'IAM'."
        ],
    ),
    "a missing template": (STACK + "no.yml\n", ["shop.yml:4: no.yml cannot be read: No such file or directory."]),
    "a template that is none": (STACK + "odd.json\n", ["odd.json:1: it is no template: it is no mapping."]),
    "a large template": (
        STACK + "large.yml\n",
        [
            "shop.yml:4: large.yml has 51,217 bytes, and CloudFormation takes 51,200 with a call: put it into a "
            "bucket, and give its https address."
        ],
    ),
    "a parameter that is not there": (
        STACK + "net.yml\n    parameters:\n      Stagee: x\n",
        ["shop.yml:6: net.yml has no parameter Stagee. Did you mean Stage?"],
    ),
    "a parameter without a value": (
        STACK + "takes.yml\n",
        ["shop.yml:4: takes.yml has the parameter Vpc, without a default, and no value."],
    ),
    "a parameter file that is none": (
        STACK + "takes.yml\n    parameters: {Vpc: x}\n    parameter_files: [odd.json]\n",
        ["odd.json:1: it has no parameters: neither a list of ParameterKey and ParameterValue, nor values by name."],
    ),
    "a role": (
        STACK + "role.yml\n",
        [
            "shop.yml:4: role.yml takes CAPABILITY_IAM, since Role is an AWS::IAM::Role: add capabilities: "
            "[CAPABILITY_IAM]."
        ],
    ),
    "a role with a name": (
        STACK + "named.yml\n    capabilities: [CAPABILITY_IAM]\n",
        [
            "shop.yml:4: named.yml takes CAPABILITY_NAMED_IAM, since Role is an AWS::IAM::Role with a RoleName: add "
            "capabilities: [CAPABILITY_NAMED_IAM]."
        ],
    ),
    "a macro": (
        STACK + "macro.yml\n",
        [
            "shop.yml:4: macro.yml takes CAPABILITY_AUTO_EXPAND, since it has a Transform, which makes other resources "
            "of what is written: add capabilities: [CAPABILITY_AUTO_EXPAND]."
        ],
    ),
    "what AWS has ended": (
        STACK + "mesh.yml\n",
        ["shop.yml:4: mesh.yml has Mesh, an AWS::AppMesh::Mesh: AWS ended App Mesh on 2026-09-30, and makes no more "
         "of it."],
    ),
    "a stack twice": (
        STACK + "net.yml\n  - {name: shop-a, template: net.yml}\n",
        ["shop.yml:5: shop-a is given more than once, in line 3 too."],
    ),
    "after a stranger": (
        STACK + "net.yml\n    after: [shop-b]\n",
        ["shop.yml:3: shop-a is made after shop-b, which is no stack of the manifest. Did you mean shop-a?"],
    ),
    "an output that is not there": (
        STACK + "takes.yml\n    parameters: {Vpc: {output: shop-b.Vp}}\n  - {name: shop-b, template: net.yml}\n",
        ["shop.yml:3: shop-a takes the output Vp of shop-b, which net.yml does not have."],
    ),
    "a circle": (
        STACK + "ssm.yml\n    parameters: {Vpc: /shop/dev/vpc}\n"
        "  - {name: shop-net, template: net.yml, after: [shop-a]}\n",
        [
            "shop.yml:3: stacks wait for each other: shop-a after shop-net (its parameter Vpc reads the SSM parameter "
            "/shop/dev/vpc); shop-net after shop-a (the manifest says so). Say after of one of them, if it does not."
        ],
    ),
    "a sampling rule": (
        STACK + "net.yml\nxray_sampling_rules:\n  - {rule_name: a, priority: 1, fixed_rate: 5, reservoir_size: 0}\n",
        ["shop.yml:6: xray_sampling_rules.0.fixed_rate takes a number from 0 to 1, not 5."],
    ),
    "a row": (
        STACK + "net.yml\nitems:\n  - {table: a}\n",
        ["shop.yml:6: the row of a takes item or item_file, one of them."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_right_is_refused_with_its_line(folder: Path, case: str) -> None:
    text, words = BAD[case]
    assert refused(folder, text) == words


def test_a_template_that_is_no_yaml_is_named_with_its_line(folder: Path) -> None:
    (text,) = refused(folder, STACK + "broken.yml\n")
    assert text.startswith(("broken.yml:2: it is no template: ", "broken.yml:3: it is no template: "))


def test_all_that_is_wrong_is_told_at_once(folder: Path) -> None:
    text = STACK + "role.yml\n  - {name: shop-b, template: no.yml}\n  - {name: shop-b, template: takes.yml}\n"
    assert [line.split(":")[1] for line in refused(folder, text)] == ["4", "5", "6", "6"]


def test_app_mesh_is_taken_where_that_is_asked_for(folder: Path) -> None:
    assert len(read(folder, STACK + "mesh.yml\n", ended=True).entries) == 1


def test_the_schema_that_is_documented_is_the_one_that_is_used() -> None:
    written = json.loads((CHECKOUT / "docs/manifest.schema.json").read_text(encoding="utf-8"))
    assert written == SCHEMA
    jsonschema.Draft202012Validator.check_schema(written)


FORMS = [
    {"name": "a", "stacks": [{"name": "b", "template": "c", "parameters": value}]}
    for value in ({}, {"d": 1}, {"d": [1, "e"]}, {"d": {"output": "b.c"}}, {"d": {"output": "b"}}, {"d": None}, [])
] + [
    {"name": "a", "stacks": [{"name": "b", "template": "c"}], "xray_sampling_rules": [
        {"rule_name": "a", "priority": 1, "fixed_rate": rate, "reservoir_size": 0}
    ]}
    for rate in (0, 0.5, 1, 1.5, -1, "1")
] + [{}, [], {"name": "a", "stacks": [{}]}, {"name": "a", "stacks": [], "b": 1}, {"name": True, "stacks": [{}]}]


@pytest.mark.parametrize("data", FORMS, ids=json.dumps)
def test_the_form_is_judged_as_any_judge_of_json_schemas_does(data: object) -> None:
    assert bool(list(misfits(data, SCHEMA))) == (not jsonschema.Draft202012Validator(SCHEMA).is_valid(data))


def test_what_aws_would_refuse_only_after_the_stacks_stand_is_refused_before(folder: Path) -> None:
    text = """\
        name: shop
        stacks: [{name: shop-net, template: net.yml}]
        items:
          - {table: shop, item: {id: {N: 1}, when: 2, tags: {SS: [a, 1]}, deep: {M: {a: {L: [{X: b}]}}}}}
          - {table: shop, item_file: number.json}
        xray_sampling_rules:
          - {rule_name: shop, priority: 1.5, fixed_rate: 0, reservoir_size: -1}
        """
    (folder / "number.json").write_text('{"id": {"N": 1}}', encoding="utf-8")
    assert refused(folder, text.replace("1.5", "1").replace("-1", "1")) == [
        "number.json:1: id: N takes text: quote it.",
        "shop.yml:4: deep.a.0 is not in DynamoDB's JSON, such as {S: text}.",
        "shop.yml:4: id: N takes text: quote it.",
        "shop.yml:4: tags: SS takes a list of text: quote what is in it.",
        "shop.yml:4: when is not in DynamoDB's JSON, such as {S: text}.",
    ]
    assert refused(folder, text) == [
        "shop.yml:7: xray_sampling_rules.0.priority takes a whole number from 1 to 9999, not 1.5.",
        "shop.yml:7: xray_sampling_rules.0.reservoir_size takes a whole number, 0 or more, not -1.",
    ]


def test_a_scope_that_a_teardown_would_miss_a_stack_by_is_refused(folder: Path) -> None:
    stacks = "stacks: [{name: shop-net, template: net.yml}, {name: log, template: net.yml, tags: {course: aws}}]\n"
    for scope, lost in (
        ("{prefix: shop-}", ["log"]),
        ("{prefix: shop-, names: [log]}", []),
        ("{prefix: shop-, tags: {course: aws}}", []),
        ('{tags: {"workshop:lifecycle": shop}}', []),
        ('{tags: {"workshop:lifecycle": shop}, except: [shop-net]}', ["shop-net"]),
    ):
        text = f"name: shop\nscope: {scope}\n{stacks}"
        if lost:
            (line,) = refused(folder, text)
            assert line == f"shop.yml:2: scope does not take in {lost[0]}: a teardown would leave it there."
        else:
            read(folder, text)
    (line,) = refused(folder, f"name: shop\nscope: {{prefix: sh}}\n{stacks}")
    assert line.startswith("shop.yml:2: scope.prefix is 'sh'")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: shop\nstacks:\n  - {name: a, template: t, parameters: {Day: 2026-02-30}}", "3: it is no YAML"),
        ("name: shop\nstacks: !!int abc", "2: it is no YAML"),
        ("name: shop\nstacks: &all [*all]", "2: it is in itself"),
        ("name: shop\ntags: &all {a: {b: *all}}\nstacks: []", "2: it is in itself"),
        ("name: shop\nstacks: " + "[" * 3000 + "]" * 3000, "1: it goes too deep"),
    ],
)
def test_yaml_that_cannot_be_made_into_data_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(ManifestError) as caught:
        outline(text, "shop.yml", yaml)
    assert str(caught.value).startswith(f"shop.yml:{words}")
