# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an error in one look does to all others. What is found otherwise: tests/integration/test_survey.py."""

from __future__ import annotations

import datetime

import pytest
import yaml
from botocore.exceptions import EndpointConnectionError

from ansible_collections.workshop.lifecycle.plugins.doc_fragments.scope import ModuleDocFragment
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors as errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.survey import Survey
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import SCOPE_SPEC
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Scope
from tests.unit.plugins.fake_aws import FakeAws, refusal

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc)
TASK = "0123456789abcdef0123456789abcdef"
SCOPE = Scope(
    stacks=("shop-web",), cluster="shop", services=("web",), log_groups=("/shop",), xray_group="shop",
    xray_sampling_rules=("shop",), namespace="shop.local", task_families=("web",), ssm_path="/shop/",
)  # fmt: skip
STACK = {"StackName": "shop-web", "StackId": "id", "StackStatus": "CREATE_COMPLETE", "CreationTime": NOON}
ANSWERS = {
    "sts.get_caller_identity": {"Account": "1", "Arn": "arn:me", "UserId": "me"},
    "iam.list_account_aliases": {"AccountAliases": []},
    "cloudformation.describe_stacks": {"Stacks": [STACK]},
    "cloudformation.list_stacks": {"StackSummaries": [STACK]},
    "cloudformation.list_stack_resources": {"StackResourceSummaries": []},
    "cloudformation.describe_stack_resources": refusal("ValidationError", "Stack does not exist"),
    "ecs.list_tasks": {"taskArns": []},
    "ecs.describe_services": {"services": []},
    "ecs.list_task_definitions": {"taskDefinitionArns": ["arn:task-definition/web:1"]},
    "ecs.describe_tasks": {"tasks": [], "failures": []},
    "logs.describe_log_groups": {"logGroups": [{"logGroupName": "/shop"}]},
    "xray.get_groups": {"Groups": [{"GroupName": "shop", "GroupARN": "arn:group"}]},
    "xray.get_sampling_rules": {"SamplingRuleRecords": [{"SamplingRule": {"RuleName": "shop", "RuleARN": "arn:rule"}}]},
    "servicediscovery.list_namespaces": {"Namespaces": [{"Id": "ns-1"}]},
    "servicediscovery.list_services": {"Services": [{"Id": "srv-1", "Name": "web"}]},
    "servicediscovery.list_instances": {"Instances": [{"Id": TASK}]},
    "ssm.describe_parameters": {
        "Parameters": [{"Name": "/shop/a", "Type": "String", "LastModifiedDate": NOON}]
    },
    "resourcegroupstaggingapi.get_resources": {"ResourceTagMappingList": []},
}  # fmt: skip
KINDS = {"log_group", "xray_group", "xray_sampling_rule", "task_definition", "ssm_parameter"}
#: A call of each look that can be missed, with the kinds that are unknown without it.
LOOKS = {
    "cloudformation.describe_stack_resources": KINDS - {"task_definition"},
    "cloudformation.list_stack_resources": set(),
    "ecs.list_tasks": set(),
    "ecs.describe_services": set(),
    "ecs.describe_tasks": set(),
    "ecs.list_task_definitions": {"task_definition"},
    "logs.describe_log_groups": {"log_group"},
    "xray.get_groups": {"xray_group"},
    "xray.get_sampling_rules": {"xray_sampling_rule"},
    "servicediscovery.list_namespaces": set(),
    "servicediscovery.list_services": set(),
    "servicediscovery.list_instances": set(),
    "ssm.describe_parameters": {"ssm_parameter"},
    "resourcegroupstaggingapi.get_resources": set(),
}
ODD = refusal("ValidationError", "odd")
LOST = EndpointConnectionError(endpoint_url="http://x")


def survey(broken, error, **more):
    with Looks(FakeAws({**ANSWERS, broken: error}), lambda seconds: None) as looks:
        return Survey(looks, "eu-central-1").take(Scope(**{**vars(SCOPE), **more}))


@pytest.mark.parametrize("error", [ODD, LOST, refusal("AccessDenied"), refusal("Gone", status=500)])
@pytest.mark.parametrize("call", sorted(LOOKS))
def test_a_look_that_gives_no_answer_is_a_gap_and_all_others_go_on(call, error):
    found = survey(call, error, verify=True)
    (gap,) = found["gaps"]
    assert gap["action"].rpartition(":")[2].lower() == call.partition(".")[2].replace("_", "")
    assert gap["denied"] is (error.args[0].find("AccessDenied") >= 0)
    assert {row["kind"] for row in found["leftovers"]} == KINDS - LOOKS[call] and found["owned"] == []
    assert [row["name"] for row in found["stacks"]] == ["shop-web"] and found["caller"]["account"] == "1"


@pytest.mark.parametrize(
    "call, verify",
    [
        ("sts.get_caller_identity", False),
        ("cloudformation.describe_stacks", False),
        ("cloudformation.list_stacks", True),
    ],
)
@pytest.mark.parametrize("error", [ODD, LOST, refusal("Gone", status=500)])
def test_without_who_asks_and_the_stacks_there_is_no_survey(call, verify, error):
    with pytest.raises(errors.AwsCallError):
        survey(call, error, verify=verify)


@pytest.mark.parametrize("call", sorted(set(ANSWERS) - {"cloudformation.list_stacks", "iam.list_account_aliases"}))
def test_ended_credentials_stop_it_wherever_they_are_noticed(call):
    with pytest.raises(errors.AwsCallError, match="ExpiredToken"):
        survey(call, refusal("ExpiredToken"), verify=call.startswith("resource"))


def test_a_gap_is_not_nothing():
    with Looks(FakeAws({"cloudformation.describe_stacks": {"Stacks": []}, "xray.get_groups": ODD})) as looks:
        scope = Scope(prefix="shop-", xray_group="shop", verify_if_nothing=True, caller=False)
        found = Survey(looks, "eu-central-1").take(scope)
    assert not found["verified"] and found["gaps"]


def test_only_leftovers_of_the_kinds_that_are_wanted():
    aws = FakeAws(ANSWERS)
    with Looks(aws) as looks:
        scope = Scope(**{**vars(SCOPE), "kinds": ("xray_group",), "only_leftovers": True})
        found = Survey(looks, "eu-central-1").take(scope)
    assert [row["kind"] for row in found["leftovers"]] == ["xray_group"]
    called = {name for name, _arguments in aws.calls}
    assert called == {
        "cloudformation.describe_stacks",
        "cloudformation.list_stack_resources",
        "cloudformation.describe_stack_resources",
        "xray.get_groups",
    }


def checked(documented):
    """What Ansible checks of documented options."""
    specs = {}
    for name, option in documented.items():
        specs[name] = {key: value for key, value in option.items() if key not in ("description", "suboptions")}
        if "suboptions" in option:
            specs[name]["options"] = checked(option["suboptions"])
    return specs


def test_the_options_are_documented_as_they_are_checked():
    documented = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    assert checked(documented) == SCOPE_SPEC
    assert set(SCOPE_SPEC) <= set(Scope.__dataclass_fields__)
