# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""AWS call errors, sorted by what a caller can do about them."""

from __future__ import annotations

import contextlib
import re
from typing import Iterator

from .text import one_line

try:
    from botocore.exceptions import BotoCoreError
    from botocore.exceptions import ClientError
    from botocore.exceptions import ConnectionError as BotoConnectionError
    from botocore.exceptions import CredentialRetrievalError
    from botocore.exceptions import HTTPClientError
    from botocore.exceptions import NoCredentialsError
    from botocore.exceptions import PartialCredentialsError
    from botocore.exceptions import SSOError
    from botocore.exceptions import TokenRetrievalError
    from botocore.parsers import ResponseParserError
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore

TRANSIENT = "transient"
UNREACHABLE = "unreachable"
CREDENTIALS = "credentials"
DENIED = "denied"
MISSING = "missing"
PROTECTED = "protected"
WRONG_STATUS = "wrong_status"
EXPORT_IN_USE = "export_in_use"
OTHER = "other"

# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
_TRANSIENT_CODES = frozenset(
    (
        "InternalError",
        "InternalFailure",
        "PriorRequestNotComplete",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "ServerException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
    )
)
_CREDENTIAL_CODES = frozenset(
    (
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    )
)
_DENIED_CODES = frozenset(
    ("AccessDenied", "AccessDeniedException", "AuthorizationError", "NotAuthorized", "UnauthorizedOperation")
)
_MISSING_CODES = frozenset(
    (
        "ClusterNotFoundException",
        "InstanceNotFound",
        "ServiceNotActiveException",
        "ServiceNotFound",
        "ServiceNotFoundException",
    )
)


class AwsCallError(Exception):
    """One AWS call that did not succeed.

    ``kind`` is one of the constants of this file, ``code`` the AWS error code (or the class name of a client side
    error),
    ``action`` the IAM action of the call, such as ``cloudformation:DeleteStack``.
    """

    def __init__(self, kind: str, code: str, message: str, action: str) -> None:
        super().__init__(f"{code}: {message}")
        self.kind = kind
        self.code = code
        self.message = message
        self.action = action

    def advice(self) -> str:
        """The error in one line, with what to do about it."""
        text = f"{self.action} answered {self.code}: {self.message}"
        if self.kind == DENIED:
            return f"{text} Allow the IAM action {self.action}."
        if self.kind == CREDENTIALS:
            return f"{text} Renew the AWS credentials and run this again."
        return text


def kind_of(code: str, message: str, http_status: int = 0) -> str:
    """Sort an AWS error answer. Codes are not enough: CloudFormation says ValidationError for most things."""
    if code in _CREDENTIAL_CODES:
        return CREDENTIALS
    if code in _DENIED_CODES:
        return DENIED
    if code in _TRANSIENT_CODES or http_status >= 500 or re.search(r"(?i)rate exceeded", message):
        return TRANSIENT
    if code in _MISSING_CODES:
        return MISSING
    if code == "ValidationError":
        return _kind_of_validation_error(message)
    return OTHER


def _kind_of_validation_error(message: str) -> str:
    # Wordings: https://github.com/aws-amplify/amplify-backend/pull/2366 (status),
    # https://github.com/boto/botocore/issues/2590
    # and https://github.com/ansible/ansible/issues/60606 (export in use).
    lowered = message.lower()
    if "terminationprotection is enabled" in lowered:
        return PROTECTED
    if "cannot be deleted while in status" in lowered:
        return WRONG_STATUS
    if "export" in lowered and "in use by" in lowered:
        return EXPORT_IN_USE
    if "does not exist" in lowered:
        return MISSING
    return OTHER


def _denied_action(message: str, action: str) -> str:
    """AWS names the action it missed, which need not be the one called: DescribeStacks of all stacks also needs
    ListStacks."""
    named = re.search(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)", message)
    return named.group(1) if named else action


def translate(error: Exception, action: str) -> AwsCallError:
    """The :class:`AwsCallError` of a botocore exception."""
    if isinstance(error, ClientError):
        details = error.response.get("Error", {})
        code = str(details.get("Code", "Unknown"))
        message = one_line(str(details.get("Message", "")))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        kind = kind_of(code, message, status)
        return AwsCallError(kind, code, message, _denied_action(message, action) if kind == DENIED else action)
    code = type(error).__name__
    if isinstance(
        error, (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, TokenRetrievalError, SSOError)
    ):
        return AwsCallError(CREDENTIALS, code, str(error), action)
    if isinstance(error, (BotoConnectionError, HTTPClientError)):
        return AwsCallError(UNREACHABLE, code, str(error), action)
    if isinstance(error, ResponseParserError):
        return AwsCallError(TRANSIENT, code, str(error), action)
    return AwsCallError(OTHER, code, str(error), action)


@contextlib.contextmanager
def aws_call(action: str) -> Iterator[None]:
    """Turn botocore's exceptions inside the block into :class:`AwsCallError`. ``action``: the IAM action called."""
    try:
        yield
    except (ClientError, BotoCoreError, ResponseParserError) as error:
        raise translate(error, action) from error


def survivable(error: AwsCallError) -> bool:
    """Whether a loop may go on after this error: the same call may succeed a little later."""
    return error.kind in (TRANSIENT, UNREACHABLE)
