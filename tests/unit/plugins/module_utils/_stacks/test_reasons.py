# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.reasons import is_cancelled
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.reasons import is_retryable
from ansible_collections.workshop.lifecycle.plugins.module_utils._stacks.reasons import is_transient

TRANSIENT = [
    "Internal Failure",
    'Resource handler returned message: "Rate exceeded" (RequestToken: x, HandlerErrorCode: Throttling)',
    "Resource handler returned message: null (RequestToken: x, HandlerErrorCode: NotStabilized)",
    "Resource of type X did not stabilize",
    "HandlerErrorCode: ServiceInternalError",
]
DEPENDENCY = [
    "The subnet 'subnet-1' has dependencies and cannot be deleted. (Error Code: DependencyViolation)",
    "resource sg-1 has a dependent object",
    "HandlerErrorCode: ResourceConflict",
    "The Cluster cannot be deleted while Services are active. (ClusterContainsServicesException)",
]
FINAL = [
    "User is not authorized to perform: ec2:DeleteSubnet (HandlerErrorCode: AccessDenied)",
    "Export shop:VpcId cannot be deleted as it is in use by other",
    "",
]


@pytest.mark.parametrize("reason", TRANSIENT)
def test_transient(reason):
    assert is_transient(reason) and is_retryable(reason)


@pytest.mark.parametrize("reason", DEPENDENCY)
def test_dependency(reason):
    assert not is_transient(reason) and is_retryable(reason)


@pytest.mark.parametrize("reason", FINAL)
def test_final(reason):
    assert not is_transient(reason) and not is_retryable(reason)


def test_cancelled():
    assert is_cancelled("Resource deletion cancelled") and not is_cancelled("Internal Failure")


def test_an_export_in_use_does_not_pass_whatever_its_name():
    assert not is_retryable("Export shop:ThrottlingAlarm cannot be deleted as it is in use by other")
