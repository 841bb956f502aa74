# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an error in one look does to all others. What is found otherwise: tests/integration/test_survey.py."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
import yaml
from botocore.exceptions import EndpointConnectionError

from ansible_collections.workshop.lifecycle.plugins.doc_fragments.scope import ModuleDocFragment
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.survey import Survey
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import SCOPE_SPEC
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey.types import Scope
from tests.unit.plugins.fake_aws import FakeAws, refusal

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc)
TASK = "0123456789abcdef0123456789abcdef"
SCOPE = Scope(
    stacks=("shop-web", "shop-old"), xray_group="shop", xray_sampling_rules=("shop",), ssm_path="/shop/"
)
PLACE = "arn:aws:{}:eu-central-1:123456789012:{}"


def stack(name, status="CREATE_COMPLETE"):
    stack_id = PLACE.format("cloudformation", f"stack/{name}/1")
    return {"StackName": name, "StackId": stack_id, "StackStatus": status, "CreationTime": NOON}


def owning(**resources):
    """``resources``: physical ids by the last words of their type."""
    return {
        "StackResourceSummaries": [
            {"LogicalResourceId": kind, "PhysicalResourceId": name, "ResourceStatus": "CREATE_COMPLETE",
             "ResourceType": f"AWS::{kind.replace('_', '::')}"}
            for kind, name in resources.items()
        ]
    }  # fmt: skip


OLD = owning(Logs_LogGroup="/shop", ECS_Cluster="old")
WEB = owning(
    ECS_Cluster="shop",
    ECS_Service=PLACE.format("ecs", "service/shop/web"),
    ECS_TaskDefinition=PLACE.format("ecs", "task-definition/web:2"),
    ServiceDiscovery_HttpNamespace="ns-1",
)
STACKS = [stack("shop-web"), stack("shop-old", "DELETE_COMPLETE")]
INSTANCE = {"Id": TASK, "CreatedByAccount": "123456789012",
            "Attributes": {"ECS_CLUSTER_NAME": "shop", "REGION": "eu-central-1"}}  # fmt: skip
ANSWERS = {
    "sts.get_caller_identity": {"Account": "1", "Arn": "arn:me", "UserId": "me"},
    "iam.list_account_aliases": {"AccountAliases": []},
    "cloudformation.describe_stacks": {"Stacks": STACKS[:1]},
    "cloudformation.list_stacks": {"StackSummaries": STACKS},
    "cloudformation.list_stack_resources": lambda StackName: OLD if "old" in StackName else WEB,
    "cloudformation.describe_stack_resources": refusal("ValidationError", "Stack does not exist"),
    "ecs.list_tasks": {"taskArns": []},
    "ecs.list_services": {"serviceArns": []},
    "ecs.describe_services": {"services": []},
    "ecs.describe_clusters": {"clusters": []},
    "ecs.list_task_definitions": lambda status, familyPrefix="": {
        "taskDefinitionArns": [PLACE.format("ecs", "task-definition/web:1")] if status == "INACTIVE" else []
    },
    "ecs.describe_tasks": {"tasks": [], "failures": []},
    "logs.describe_log_groups": {"logGroups": [{"logGroupName": "/shop"}]},
    "xray.get_groups": {"Groups": [{"GroupName": "shop", "GroupARN": "arn:group"}]},
    "xray.get_sampling_rules": {"SamplingRuleRecords": [{"SamplingRule": {"RuleName": "shop", "RuleARN": "arn:rule"}}]},
    "servicediscovery.list_services": {"Services": [{"Id": "srv-1", "Name": "web"}]},
    "servicediscovery.list_instances": {"Instances": [INSTANCE]},
    "ssm.describe_parameters": {
        "Parameters": [{"Name": "/shop/a", "Type": "String", "LastModifiedDate": NOON}]
    },
    "resourcegroupstaggingapi.get_resources": {"ResourceTagMappingList": []},
}  # fmt: skip
KINDS = {"log_group", "xray_group", "xray_sampling_rule", "task_definition", "ssm_parameter"}
#: A call of each look that can be missed, with the kinds that are unknown without it.
LOOKS = {
    "cloudformation.describe_stack_resources": KINDS - {"task_definition"},
    "cloudformation.list_stack_resources": {"log_group", "task_definition"},
    "ecs.list_tasks": set(),
    "ecs.describe_clusters": set(),
    "ecs.list_services": set(),
    "ecs.describe_services": set(),
    "ecs.describe_tasks": set(),
    "ecs.list_task_definitions": {"task_definition"},
    "logs.describe_log_groups": {"log_group"},
    "xray.get_groups": {"xray_group"},
    "xray.get_sampling_rules": {"xray_sampling_rule"},
    "servicediscovery.list_services": set(),
    "servicediscovery.list_instances": set(),
    "ssm.describe_parameters": {"ssm_parameter"},
    "resourcegroupstaggingapi.get_resources": set(),
}
ODD = refusal("ValidationError", "odd")
LOST = EndpointConnectionError(endpoint_url="http://x")
WHO = "sts.get_caller_identity"


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
    """Who asks is told once, and no more after that."""
    told = iter([ANSWERS[WHO]])
    answers = {**ANSWERS, WHO: lambda: next(told, refusal("ExpiredToken")), call: refusal("ExpiredToken")}
    with Looks(FakeAws(answers), lambda seconds: None) as looks:
        with pytest.raises(errors.AwsCallError, match="ExpiredToken"):
            Survey(looks, "eu-central-1").take(replace(SCOPE, verify=call.startswith("resource")))


@pytest.mark.parametrize("call", sorted(name for name in LOOKS if not name.startswith("cloudformation.")))
def test_credentials_that_a_service_alone_does_not_know_are_its_gap(call):
    found = survey(call, refusal("UnrecognizedClientException"), verify=True)
    assert [gap["denied"] for gap in found["gaps"]] == [False]
    assert [row["name"] for row in found["stacks"]] == ["shop-web"]


def test_who_asks_is_known_also_where_the_stacks_can_not_be_listed():
    looks = Looks(FakeAws({**ANSWERS, "cloudformation.describe_stacks": ODD}), lambda seconds: None)
    with looks:
        taken = Survey(looks, "eu-central-1")
        with pytest.raises(errors.AwsCallError):
            taken.take(SCOPE)
    caller = {"account": "1", "arn": "arn:me", "user_id": "me", "account_alias": None}
    assert taken.where() == {"caller": caller, "region": "eu-central-1"}


def test_nobody_asks_where_that_can_not_be_told():
    looks = Looks(FakeAws({**ANSWERS, WHO: LOST}), lambda seconds: None)
    with looks:
        taken = Survey(looks, "eu-central-1")
        with pytest.raises(errors.AwsCallError):
            taken.take(SCOPE)
    assert taken.where() == {"region": "eu-central-1"}


BARE = {
    "logs.describe_log_groups": {"logGroups": [{}]},
    "ssm.describe_parameters": {"Parameters": [{"Name": "/shop/a"}]},
    "resourcegroupstaggingapi.get_resources": {"ResourceTagMappingList": [{"ResourceARN": "arn:aws:x:r:1:y/z"}]},
    "servicediscovery.list_instances": {"Instances": [{"Id": TASK}]},
}


@pytest.mark.parametrize("call", sorted(BARE))
def test_what_aws_may_leave_out_is_not_missed(call):
    found = survey(call, BARE[call], verify=call.startswith("resource"))
    assert found["gaps"] == []


#: Without these it cannot be said what something is, or whose.
NAMELESS = {
    "xray.get_groups": ({"Groups": [{"GroupName": "shop"}]}, "xray_group"),
    "xray.get_sampling_rules": (
        {"SamplingRuleRecords": [{"SamplingRule": {"RuleName": "shop"}}]},
        "xray_sampling_rule",
    ),
    "ssm.describe_parameters": ({"Parameters": [{}]}, "ssm_parameter"),
    "servicediscovery.list_services": ({"Services": [None]}, "cloud_map_instance"),
}


@pytest.mark.parametrize("call", sorted(NAMELESS))
def test_what_cannot_be_told_by_an_answer_is_a_gap_and_keeps_nothing_of_others(call):
    answer, kind = NAMELESS[call]
    found = survey(call, answer)
    (gap,) = found["gaps"]
    assert gap["action"].partition(":")[0] == call.partition(".")[0] and "another form" in gap["message"]
    assert {row["kind"] for row in found["leftovers"]} == KINDS - {kind}


def test_a_gap_is_not_nothing():
    with Looks(FakeAws({"cloudformation.describe_stacks": {"Stacks": []}, "xray.get_groups": ODD})) as looks:
        scope = Scope(prefix="shop-", xray_group="shop", verify_if_nothing=True, caller=False)
        found = Survey(looks, "eu-central-1").take(scope)
    assert not found["verified"] and found["gaps"]


def test_only_leftovers_of_the_kinds_that_are_wanted():
    aws = FakeAws(ANSWERS)
    with Looks(aws) as looks:
        scope = Scope(**{**vars(SCOPE), "stacks": ("shop-web",), "kinds": ("xray_group",), "only_leftovers": True})
        found = Survey(looks, "eu-central-1").take(scope)
    assert [row["kind"] for row in found["leftovers"]] == ["xray_group"]
    called = {name for name, _arguments in aws.calls}
    assert called == {
        "cloudformation.describe_stacks",
        "cloudformation.list_stack_resources",
        "cloudformation.describe_stack_resources",
        "xray.get_groups",
    }


@pytest.mark.parametrize("verify, kinds", [(False, ["log_group"]), (True, ["xray_group"])])
def test_a_proof_has_kinds_of_its_own(verify, kinds):
    scope = Scope(**{**vars(SCOPE), "kinds": ("log_group",), "verify_kinds": ("xray_group",), "verify": verify})
    with Looks(FakeAws(ANSWERS)) as looks:
        found = Survey(looks, "eu-central-1").take(scope)
    assert [row["kind"] for row in found["leftovers"]] == kinds


def test_what_has_only_a_name_is_nobodys_when_the_workshop_was_never_seen():
    with Looks(FakeAws({**ANSWERS, "cloudformation.list_stacks": {"StackSummaries": []}})) as looks:
        found = Survey(looks, "eu-central-1").take(Scope(**{**vars(SCOPE), "stacks": ("shop-typo",)}))
    assert found["seen"] is False and found["leftovers"] == []
    assert [row["kind"] for row in found["unclaimed"]] == ["ssm_parameter", "xray_group", "xray_sampling_rule"]


def test_services_of_others_with_the_stack_that_owns_them():
    arns = {name: PLACE.format("ecs", f"service/shop/{name}") for name in ("web", "theirs", "by-hand")}
    rows = {arn: {"serviceName": name, "serviceArn": arn, "status": "ACTIVE"} for name, arn in arns.items()}
    theirs = {"PhysicalResourceId": arns["theirs"], "ResourceType": "AWS::ECS::Service", "StackName": "bank",
              "ResourceStatus": "CREATE_COMPLETE"}  # fmt: skip
    aws = FakeAws(
        {
            **ANSWERS,
            "ecs.list_services": {"serviceArns": list(arns.values())},
            "ecs.describe_services": lambda cluster, services: {"services": [rows[arn] for arn in services]},
            "cloudformation.describe_stack_resources": {"StackResources": [theirs]},
        }
    )
    with Looks(aws) as looks:
        found = Survey(looks, "eu-central-1").take(SCOPE)
    assert {row["name"]: (row["stack_name"], row["owner"]) for row in found["services"]} == {
        "web": ("shop-web", None), "theirs": (None, "bank"), "by-hand": (None, None)
    }  # fmt: skip


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
