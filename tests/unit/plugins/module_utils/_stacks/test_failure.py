# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.failure import Verdict
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.failure import describe
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.failure import is_cancelled
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.failure import is_final
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.failure import is_retryable
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.failure import is_transient
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.failure import judge
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.state import StackState
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import Options
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import StackResource
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.types import StackSpec

MESH = Options(retain_on_failure=("AWS::AppMesh::*",))


def failed(kind="AWS::EC2::Subnet", reason="not authorized", name="A"):
    return StackResource(name, f"physical-{name}", kind, "DELETE_FAILED", reason)


def verdict(resources, options=MESH, **more):
    return judge(StackState(spec=StackSpec("s"), failed=list(resources), **more), options)


def test_a_final_reason_fails():
    assert verdict([failed()]) == Verdict.FAIL


def test_a_reason_that_nobody_knows_is_tried_once_more():
    unknown = failed(reason="Not today")
    assert verdict([unknown]) == Verdict.RETRY
    assert verdict([unknown, failed(reason="DependencyViolation", name="B")]) == Verdict.RETRY
    assert verdict([unknown], retries=1) == Verdict.FAIL
    assert verdict([unknown, failed(name="B")]) == Verdict.FAIL
    assert verdict([unknown], Options(force=True)) == Verdict.RETRY
    assert verdict([unknown], Options(force=True), retries=1) == Verdict.FORCE
    assert verdict([unknown], Options(max_retries=0)) == Verdict.FAIL
    assert verdict([failed("AWS::AppMesh::Route", "Not today")]) == Verdict.RETAIN


def test_a_retryable_reason_is_tried_three_times():
    assert verdict([failed(reason="DependencyViolation")], retries=2) == Verdict.RETRY
    assert verdict([failed(reason="DependencyViolation")], retries=3) == Verdict.FAIL


def test_one_final_reason_among_retryable_ones_fails():
    assert verdict([failed(reason="DependencyViolation"), failed(name="B")]) == Verdict.FAIL


def test_only_matching_failures_are_retained_at_once():
    assert verdict([failed("AWS::AppMesh::Route"), failed("AWS::AppMesh::Mesh", name="B")]) == Verdict.RETAIN


def test_matching_failures_that_may_pass_are_tried_again_first():
    assert verdict([failed("AWS::AppMesh::Route", "Internal Failure")]) == Verdict.RETRY
    assert verdict([failed("AWS::AppMesh::Route", "Internal Failure")], retries=3) == Verdict.RETAIN


@pytest.mark.parametrize(
    "reason",
    [
        # aws/copilot-cli#4868, serverless/serverless#4276
        "CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId 1",
        "Custom Resource failed to stabilize in expected time",
        "Function not found: arn:aws:lambda:eu-central-1:123456789012:function:f (Status Code: 404)",
    ],
)
def test_a_custom_resource_without_an_answer_is_left_behind_where_that_is_agreed_to(reason):
    """And is never waited for twice. One whose function has answered is another matter."""
    custom, agreed = failed("Custom::Filled", reason), Options(unanswered=True)
    assert verdict([custom]) == Verdict.FAIL and verdict([custom], agreed) == Verdict.RETAIN
    assert verdict([failed("AWS::CloudFormation::CustomResource", reason)], agreed) == Verdict.RETAIN
    assert verdict([custom, failed(name="B")], agreed) == Verdict.FAIL
    answered = "Received response status [FAILED] from custom resource. Message returned: Access Denied"
    assert verdict([failed("Custom::Filled", answered)], agreed) == Verdict.FAIL
    assert verdict([failed(reason=reason)], agreed) != Verdict.RETAIN
    assert describe([custom], "").endswith("to leave it behind: AWS::CloudFormation::CustomResource.")


def test_any_other_failure_keeps_everything():
    assert verdict([failed("AWS::AppMesh::Route"), failed(name="B")]) == Verdict.FAIL


def test_matching_and_retryable_others_are_tried_again():
    assert verdict([failed("AWS::AppMesh::Route"), failed(reason="DependencyViolation", name="B")]) == Verdict.RETRY


def test_a_cancelled_resource_does_not_count():
    cancelled = failed(reason="Resource deletion cancelled", name="B")
    assert verdict([failed("AWS::AppMesh::Route"), cancelled]) == Verdict.RETAIN
    assert verdict([cancelled]) == Verdict.RETRY


def test_what_fails_although_retained_is_not_retained_again():
    again = failed("AWS::AppMesh::Route")
    assert verdict([again], retained=[again]) == Verdict.FAIL


def test_a_failure_of_the_stack_alone():
    assert verdict([], stack_reason="Export x cannot be deleted as it is in use by y") == Verdict.FAIL
    assert verdict([], stack_reason="Internal Failure") == Verdict.RETRY


def test_force_is_the_last_resort_and_used_once():
    force = Options(force=True)
    assert verdict([failed()], force) == Verdict.FORCE
    assert verdict([failed()], force, force=True) == Verdict.FAIL
    assert verdict([failed(reason="Internal Failure")], force) == Verdict.RETRY


def test_the_reason_is_the_resources_own():
    many = [failed(name=name) for name in "ABCDE"]
    assert describe([many[0]], "stack reason") == "A (AWS::EC2::Subnet): not authorized"
    assert describe(many, "").endswith("and 2 more")
    assert describe([], "stack reason") == "stack reason"
    assert describe([], "") == "CloudFormation gave no reason."


def test_what_helps_stands_once_beside_the_reasons():
    scp = "User: x is not authorized to perform: ec2:DeleteVpc with an explicit deny in a service control policy: arn"
    said = describe([failed(reason=scp), failed(reason=scp, name="B")], "")
    assert said.count("ask whoever manages the organization") == 1 and said.count("policy: arn") == 2
    allow = "User: x is not authorized to perform: ec2:DeleteVpc because no identity-based policy allows it."
    assert describe([failed(reason=allow)], "").endswith("allows it. Allow the IAM action ec2:DeleteVpc.")
    role = "Role arn:aws:iam::1:role/x is invalid or cannot be assumed"
    assert describe([], role).startswith(f"{role}. Make that role again")


TRANSIENT = [
    "Internal Failure",
    'Resource handler returned message: "Rate exceeded" (RequestToken: x, HandlerErrorCode: Throttling)',
    "Resource handler returned message: null (RequestToken: x, HandlerErrorCode: NotStabilized)",
    "Resource of type X did not stabilize",
    "HandlerErrorCode: ServiceInternalError",
    "A conflicting operation is currently in progress against this resource. Please try again. (Service: Logs, "
    "Status Code: 400) (RequestToken: x, HandlerErrorCode: GeneralServiceException)",
    "OperationAbortedException: Multiple concurrent requests to update the same resource were in conflict",
]
DEPENDENCY = [
    "The subnet 'subnet-1' has dependencies and cannot be deleted. (Error Code: DependencyViolation)",
    "resource sg-1 has a dependent object",
    "HandlerErrorCode: ResourceConflict",
    "The Cluster cannot be deleted while Services are active. (ClusterContainsServicesException)",
    "Error occurred during operation 'DeleteClusters SDK Error: The Cluster cannot be deleted while Container "
    "Instances are active or draining. (HandlerErrorCode: GeneralServiceException)",
    "The cluster is in a busy state. (HandlerErrorCode: GeneralServiceException)",
    "The service cannot be stopped while deployments are active.",
    "The service cannot be stopped while the primary deployment is scaled above 0.",
    "Namespace has associated services; delete the services before deleting the namespace "
    "(HandlerErrorCode: GeneralServiceException)",
]
FINAL = [
    "User is not authorized to perform: ec2:DeleteSubnet (HandlerErrorCode: AccessDenied)",
    "Export shop:VpcId cannot be deleted as it is in use by other",
    "User: x is not authorized to perform: y with an explicit deny in a service control policy",
    "Load balancer 'x' cannot be deleted because deletion protection is enabled",
    "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
    "Cannot delete log group with deletion protection enabled. Disable deletion protection first. "
    "(HandlerErrorCode: GeneralServiceException)",
    "Cannot delete protected DB Instance, please disable deletion protection and try again.",
    "The user pool cannot be deleted because deletion protection is activated. It must be inactivated.",
    "The instance 'i-1' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.",
    "Role arn:aws:iam::1:role/x is invalid or cannot be assumed",
    "You are not authorized to perform this operation. Internal Failure",
    "The resource is retained by policy. Rate exceeded",
]
UNKNOWN = ["", "Not today", "(HandlerErrorCode: GeneralServiceException)"]


@pytest.mark.parametrize("reason", TRANSIENT)
def test_transient(reason):
    assert is_transient(reason) and is_retryable(reason)


@pytest.mark.parametrize("reason", DEPENDENCY)
def test_dependency(reason):
    assert not is_transient(reason) and is_retryable(reason)


@pytest.mark.parametrize("reason", FINAL)
def test_final(reason):
    assert is_final(reason) and not is_transient(reason) and not is_retryable(reason)


@pytest.mark.parametrize("reason", UNKNOWN)
def test_unknown(reason):
    assert not is_final(reason) and not is_transient(reason) and not is_retryable(reason)


def test_cancelled():
    assert is_cancelled("Resource deletion cancelled") and not is_cancelled("Internal Failure")


def test_an_export_in_use_does_not_pass_whatever_its_name():
    assert not is_retryable("Export shop:ThrottlingAlarm cannot be deleted as it is in use by other")
