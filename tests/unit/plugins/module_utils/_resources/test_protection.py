# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protections of resources: what tells them, and the calls that switch them."""

from __future__ import annotations

import boto3
import botocore.session
import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.errors import AwsCallError
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import client_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.protection import says_protected
from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES
from tests.unit.plugins.fake_aws import refusal

MODELS = botocore.session.get_session()
# The oldest supported botocore does not know all of them, see tests/requirements/oldest.constraints.txt.
NEWER = {
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::DSQL::Cluster",
    "AWS::EKS::Cluster",
    "AWS::Logs::LogGroup",
    "AWS::OpenSearchServerless::Collection",
    "AWS::VerifiedPermissions::PolicyStore",
}
PROTECTED = sorted(name for name, row in TYPES.items() if row.protection)
DB = [("DBInstances", "DBInstance", "ModifyDBInstance"), ("DBClusters", "DBCluster", "ModifyDBCluster")]
GLOBAL = ("GlobalClusters", "GlobalCluster", "ModifyGlobalCluster")


def database(rows: str, noun: str, call: str, at_once: bool = True):
    more = {"ApplyImmediately": True} if at_once else {}
    return (
        lambda on: {rows: [{"DeletionProtection": on}]},
        lambda on: [(call, {f"{noun}Identifier": "x", "DeletionProtection": on, **more})],
    )


def takes(service: str, operation: str) -> set[str]:
    """The arguments of a call that this botocore knows; empty for a call that it does not know."""
    if service not in MODELS.get_available_services():
        return set()
    model = MODELS.get_service_model(service)
    return set(model.operation_model(operation).input_shape.members) if operation in model.operation_names else set()


def words(on: bool) -> str:
    return "ENABLED" if on else "DISABLED"


# Which keeps its name where that can not be given.
POOL_NAME = {"PoolName": "people"} if "PoolName" in takes("cognito-idp", "UpdateUserPool") else {}
TABLE = (
    lambda on: {"Table": {"DeletionProtectionEnabled": on}},
    lambda on: [("UpdateTable", {"TableName": "x", "DeletionProtectionEnabled": on})],
)
#: By type: what AWS answers where it is on or off, and the calls that switch it.
ROWS = {
    "AWS::AutoScaling::AutoScalingGroup": (
        lambda on: {"AutoScalingGroups": [{"DeletionProtection": "prevent-all-deletion" if on else "none"}]},
        lambda on: [
            (
                "UpdateAutoScalingGroup",
                {"AutoScalingGroupName": "x", "DeletionProtection": "prevent-all-deletion" if on else "none"},
            ),
        ],
    ),
    "AWS::CloudTrail::EventDataStore": (
        lambda on: {"Status": "ENABLED", "TerminationProtectionEnabled": on},
        lambda on: [("UpdateEventDataStore", {"EventDataStore": "x", "TerminationProtectionEnabled": on})],
    ),
    "AWS::Cognito::UserPool": (
        lambda on: {"UserPool": {"Name": "people", "DeletionProtection": "ACTIVE" if on else "INACTIVE"}},
        lambda on: [
            ("DescribeUserPool", {"UserPoolId": "x"}),
            (
                "UpdateUserPool",
                {"UserPoolId": "x", **POOL_NAME, "DeletionProtection": "ACTIVE" if on else "INACTIVE"},
            ),
        ],
    ),
    "AWS::DSQL::Cluster": (
        lambda on: {"deletionProtectionEnabled": on},
        lambda on: [("UpdateCluster", {"identifier": "x", "deletionProtectionEnabled": on})],
    ),
    "AWS::DocDB::DBCluster": database(*DB[1]),
    "AWS::DocDB::GlobalCluster": database(*GLOBAL, at_once=False),
    "AWS::DynamoDB::GlobalTable": TABLE,
    "AWS::DynamoDB::Table": TABLE,
    "AWS::EC2::Instance": (
        lambda on: {"DisableApiTermination": {"Value": on}},
        lambda on: [
            ("ModifyInstanceAttribute", {"InstanceId": "x", name: {"Value": on}})
            for name in (["DisableApiTermination"] if on else ["DisableApiStop", "DisableApiTermination"])
        ],
    ),
    "AWS::EKS::Cluster": (
        lambda on: {"cluster": {"deletionProtection": on}},
        lambda on: [("UpdateClusterConfig", {"name": "x", "deletionProtection": on})],
    ),
    "AWS::EMR::Cluster": (
        lambda on: {"Cluster": {"TerminationProtected": on, "Status": {"State": "WAITING"}}},
        lambda on: [("SetTerminationProtection", {"JobFlowIds": ["x"], "TerminationProtected": on})],
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (
        lambda on: {"Attributes": [{"Key": "deletion_protection.enabled", "Value": str(on).lower()}]},
        lambda on: [
            (
                "ModifyLoadBalancerAttributes",
                {
                    "LoadBalancerArn": "x",
                    "Attributes": [{"Key": "deletion_protection.enabled", "Value": str(on).lower()}],
                },
            )
        ],
    ),
    "AWS::Logs::LogGroup": (
        lambda on: {"logGroups": [{"logGroupName": "x", "deletionProtectionEnabled": on}]},
        lambda on: [
            ("PutLogGroupDeletionProtection", {"logGroupIdentifier": "x", "deletionProtectionEnabled": on})
        ],
    ),
    "AWS::Neptune::DBCluster": database(*DB[1]),
    "AWS::Neptune::GlobalCluster": database(*GLOBAL, at_once=False),
    "AWS::NeptuneGraph::Graph": (
        lambda on: {"deletionProtection": on},
        lambda on: [("UpdateGraph", {"graphIdentifier": "x", "deletionProtection": on})],
    ),
    "AWS::NetworkFirewall::Firewall": (
        lambda on: {"Firewall": {"DeleteProtection": on}},
        lambda on: [("UpdateFirewallDeleteProtection", {"FirewallArn": "x", "DeleteProtection": on})],
    ),
    "AWS::OpenSearchServerless::Collection": (
        lambda on: {"collectionDetails": [{"deletionProtection": words(on)}]},
        lambda on: [("UpdateCollection", {"id": "x", "deletionProtection": words(on)})],
    ),
    "AWS::RDS::DBCluster": database(*DB[1]),
    "AWS::RDS::DBInstance": database(*DB[0]),
    "AWS::RDS::GlobalCluster": database(*GLOBAL, at_once=False),
    "AWS::Route53Resolver::FirewallRuleGroupAssociation": (
        lambda on: {"FirewallRuleGroupAssociation": {"MutationProtection": words(on)}},
        lambda on: [
            (
                "UpdateFirewallRuleGroupAssociation",
                {"FirewallRuleGroupAssociationId": "x", "MutationProtection": words(on)},
            )
        ],
    ),
    "AWS::VerifiedPermissions::PolicyStore": (
        lambda on: {"deletionProtection": words(on), "validationSettings": {"mode": "OFF"}},
        lambda on: [
            ("GetPolicyStore", {"policyStoreId": "x"}),
            (
                "UpdatePolicyStore",
                {"policyStoreId": "x", "validationSettings": {"mode": "OFF"}, "deletionProtection": words(on)},
            ),
        ],
    ),
}
#: What else a call adds by itself, or the test of a pool has of its own.
TOKENS = ("clientToken", "clientRequestToken", "CreatorRequestId")


def is_known(kind):
    """Whether this botocore knows all that its protection takes."""
    service = client_of(TYPES[kind].protection.action)
    return all(set(arguments) <= takes(service, name) for name, arguments in ROWS[kind][1](True))


KNOWN = [kind for kind in PROTECTED if is_known(kind)]


def client(service, answer):
    """A real client, which checks what it is asked, and answers by ``answer`` without a call."""
    made = boto3.client(
        service, aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-central-1",
        endpoint_url="http://localhost",
    )  # fmt: skip
    asked = []

    def keep(params, model, **_more):
        asked.append((model.name, {name: value for name, value in params.items() if name not in TOKENS}))

    def instead(model, **_more):
        told = answer(model.name)
        if isinstance(told, Exception):
            raise told
        return AWSResponse("", 200, {}, None), told

    made.meta.events.register("provide-client-params.*", keep)
    made.meta.events.register("before-call.*", instead)
    return made, asked


def test_every_protection_is_tried_here():
    assert sorted(ROWS) == PROTECTED and set(PROTECTED) - set(KNOWN) <= NEWER


@pytest.mark.parametrize("kind", KNOWN)
def test_whether_it_is_on(kind):
    protection, answers = TYPES[kind].protection, ROWS[kind][0]
    assert [bool(protection.on(answers(on), "x")) for on in (True, False)] == [True, False]
    made, asked = client(client_of(protection.action), lambda name: answers(True))
    operation = xform_name(protection.action.partition(":")[2])
    for ask in filter(None, (protection.ask, protection.also)):
        getattr(made, operation)(**ask("x" * 36))
    assert {name for name, _arguments in asked} == {protection.action.partition(":")[2]}


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("kind", KNOWN)
def test_what_switches_it(kind, on):
    """With one id of 36 characters, which no service takes for too short."""
    row = TYPES[kind]
    answers, calls = ROWS[kind]
    made, asked = client(client_of(row.protection.action), lambda name: answers(not on))
    row.protection.switch(made, "x" * 36, on)
    assert asked == [
        (name, {key: _long(value) for key, value in arguments.items()}) for name, arguments in calls(on)
    ]
    assert {action.partition(":")[2] for action in row.protection.switches} == {name for name, _more in asked}
    assert {client_of(action) for action in row.protection.switches} == {client_of(row.protection.action)}


def _long(value):
    return "x" * 36 if value == "x" else ["x" * 36] if value == ["x"] else value


@pytest.mark.parametrize("kind", KNOWN)
def test_that_it_may_not_be_switched_is_told_with_the_action(kind):
    row = TYPES[kind]
    last = row.protection.switches[-1]

    def answer(name):
        return refusal("AccessDeniedException") if name == last.partition(":")[2] else ROWS[kind][0](True)

    made, _asked = client(client_of(row.protection.action), answer)
    with pytest.raises(AwsCallError) as told:
        row.protection.switch(made, "x" * 36, False)
    assert (told.value.kind, told.value.action) == ("denied", last)
    assert isinstance(told.value.__cause__, ClientError)


def test_all_else_of_a_user_pool_stays():
    """All that is answered and taken, but for the older of two names of one setting."""
    policy = {"PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 3}}
    pool = {
        "Id": "x", "Name": "people", "Policies": policy, "DeletionProtection": "ACTIVE", "MfaConfiguration": "OPTIONAL",
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True, "UnusedAccountValidityDays": 3},
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-central-1:123456789012:function:f"},
        "UserPoolTags": {"workshop": "shop"}, "EstimatedNumberOfUsers": 7, "Arn": "arn:x", "SchemaAttributes": [],
    }  # fmt: skip
    made, asked = client("cognito-idp", lambda name: {"UserPool": pool})
    TYPES["AWS::Cognito::UserPool"].protection.switch(made, "x", False)
    assert asked[-1] == (
        "UpdateUserPool",
        {
            "UserPoolId": "x", **POOL_NAME, "DeletionProtection": "INACTIVE", "Policies": policy,
            "MfaConfiguration": "OPTIONAL", "LambdaConfig": pool["LambdaConfig"], "UserPoolTags": pool["UserPoolTags"],
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    "kind, answer",
    [
        ("AWS::CloudTrail::EventDataStore", {"Status": "PENDING_DELETION", "TerminationProtectionEnabled": True}),
        ("AWS::EMR::Cluster", {"Cluster": {"Status": {"State": "TERMINATED"}, "TerminationProtected": True}}),
        ("AWS::OpenSearchServerless::Collection", {"collectionDetails": []}),
    ],
)
def test_what_is_gone_but_still_shown_is_not_protected(kind, answer):
    row = TYPES[kind]
    assert not row.protection.on(answer, "x") and not list(row.lookup.there(answer, ["x"]))


def test_stop_protection_protects_an_instance_too():
    protection = TYPES["AWS::EC2::Instance"].protection
    assert protection.also("i-1") == {"InstanceId": "i-1", "Attribute": "disableApiStop"}
    assert protection.on({"DisableApiStop": {"Value": True}}, "i-1")


@pytest.mark.parametrize(
    "reason",
    [
        "The instance 'i-1' may not be terminated. Modify its 'disableApiTermination' instance attribute",
        "The instance 'i-1' may not be terminated. Modify its 'disableApiStop' instance attribute and try again.",
        "Cannot delete protected Cluster, please disable deletion protection and try again.",
        "Could not shut down one or more job flows since they are termination protected.",
        "The user pool cannot be deleted because deletion protection is activated.",
    ],
)
def test_words_of_what_is_protected(reason):
    assert says_protected(reason) and not says_protected("has dependencies and cannot be deleted")
