# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis import kinds


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("AccessDeniedException: User is not authorized to perform: s3:GetObject", kinds.PERMISSION),
        ("javax.net.ssl.SSLHandshakeException: PKIX path building failed", kinds.TLS),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", kinds.TLS),
        ("ThrottlingException: Rate exceeded", kinds.THROTTLED),
        ("java.net.UnknownHostException: orders.shop.local", kinds.DNS),
        ("getaddrinfo ENOTFOUND orders.shop.local", kinds.DNS),
        ("connect ECONNREFUSED 10.0.0.3:5432", kinds.REFUSED),
        ("net/http: request canceled (Client.Timeout exceeded while awaiting headers)", kinds.TIMEOUT),
        ("botocore.errorfactory.ResourceNotFoundException: Requested resource not found", kinds.MISSING),
        ("ENOSPC: no space left on device, write", kinds.DISK),
        ("java.lang.OutOfMemoryError: Java heap space", kinds.MEMORY),
        ("CannotPullContainerError: pull image manifest has been retried", kinds.IMAGE),
        ("ResourceInitializationError: unable to pull secrets or registry auth", kinds.SECRET),
        ("exec /app: exec format error", kinds.START),
        ("KeyError: 'name'", kinds.UNKNOWN),
        ("Statement timed, outlook good: listening", kinds.UNKNOWN),
    ],
)
def test_words_tell_the_kind(words, kind):
    assert kinds.kind_of(words) == kind


def test_exit_codes_tell_where_words_do_not():
    assert kinds.kind_of_end("Essential container in task exited", [0, 137]) == kinds.MEMORY
    assert kinds.kind_of_end("Essential container in task exited", [1]) == kinds.CRASH
    assert kinds.kind_of_end("OutOfMemoryError: Container killed", [1]) == kinds.MEMORY


def test_the_same_failure_differs_in_ids_and_numbers():
    told = [
        f"put 17 of 1.5 to 10.0.0.{number}:443 failed, request {key}-0000-4000-8000-000000000000, 0x{number}f"
        for number, key in ((3, "0123abcd"), (12, "ffff0000"))
    ]
    assert kinds.same(told[0]) == kinds.same(told[1])
    assert kinds.same("table v2 is gone") != kinds.same("table v3 is gone")


def test_each_kind_has_a_remedy_but_those_that_tell_nothing():
    known = {value for name, value in vars(kinds).items() if name.isupper() and isinstance(value, str)}
    assert {kind for kind in known if not kinds.remedy(kind, "x", "", "")} == {
        kinds.ALARM, kinds.CLIENTS, kinds.UNKNOWN
    }  # fmt: skip


def test_the_action_that_is_missing_is_named():
    words = "User: arn:aws:sts::1:assumed-role/x/y is not authorized to perform: dynamodb:PutItem on resource: z"
    assert kinds.remedy(kinds.PERMISSION, "DynamoDB", words, "task").startswith("the task role task lacks dynamodb:Put")
    assert "a permission for DynamoDB" in kinds.remedy(kinds.PERMISSION, "DynamoDB", "Access denied", "")
