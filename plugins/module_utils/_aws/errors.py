# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""AWS call errors, sorted by what a caller can do about them."""

from __future__ import annotations

import contextlib
import re
from typing import Iterator

from . import credentials
from . import denial
from .answers import is_of_parser
from .text import one_line

try:
    from botocore.exceptions import BotoCoreError
    from botocore.exceptions import ClientError
    from botocore.exceptions import ConnectionError as BotoConnectionError
    from botocore.exceptions import HTTPClientError
    from botocore.parsers import ResponseParserError
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore

FORM = (AttributeError, LookupError, TypeError, ValueError)  # what reading an answer of another form raises
LONGEST = 300  # characters of a message that is not AWS's: it may be a whole web page

TRANSIENT = "transient"
UNREACHABLE = "unreachable"
CREDENTIALS = "credentials"
DENIED = "denied"
MISSING = "missing"
PROTECTED = "protected"
WRONG_STATUS = "wrong_status"
EXPORT_IN_USE = "export_in_use"
ROLE = "role"
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
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "RegionDisabledException",
        "RequestExpired",
        "RequestTimeTooSkewed",
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
        "NoSuchBucket",
        "NoSuchEntity",
        "RepositoryNotFoundException",
        "ServiceNotActiveException",
        "ServiceNotFound",
        "ServiceNotFoundException",
    )
)
#: Where the stack's own role is the trouble.
ROLE_REMEDY = (
    "Make that role again, so that CloudFormation may assume it, give another with workshop_role_arn (role_arn of the "
    "module), or have one made for the run with workshop_role_create (temporary_role)."
)
_NOT_HAD = "This account has no such service in this region, or is so new that it is not activated yet."
_REMEDIES = {
    # https://github.com/awslabs/aws-deployment-framework/issues/283
    "OptInRequired": _NOT_HAD,
    # https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1579
    "SubscriptionRequiredException": _NOT_HAD,
}


class AwsCallError(Exception):
    """One AWS call that did not succeed.

    ``kind`` is one of the constants of this file, ``code`` the AWS error code (or the class name of a client side
    error),
    ``action`` the IAM action of the call, such as ``cloudformation:DeleteStack``. ``client_side``: whether it is not
    AWS's answer.
    """

    def __init__(self, kind: str, code: str, message: str, action: str, client_side: bool = False) -> None:
        super().__init__(f"{code}: {message}")
        self.client_side = client_side
        self.kind = kind
        self.code = code
        self.message = message
        self.action = action

    def advice(self) -> str:
        """The error in one line, with what to do about it."""
        said = "failed with" if self.client_side else "answered"
        text = f"{self.action} {said} {self.code}: {self.message}"
        helps = self.remedy()
        return f"{text if text.endswith('.') else text + '.'} {helps}" if helps else text

    def remedy(self) -> str:
        """What to do about it; empty if nothing is known."""
        if self.kind == DENIED:
            return denial.remedy(self.message, self.action)
        if self.kind == CREDENTIALS:
            return credentials.remedy(self.code, self.message)
        if self.kind == ROLE:
            return ROLE_REMEDY
        return _REMEDIES.get(self.code, "")


def kind_of(code: str, message: str, http_status: int = 0) -> str:
    """Sort an AWS error answer. Codes are not enough: CloudFormation says ValidationError for most things."""
    if code in _CREDENTIAL_CODES:
        return CREDENTIALS
    if code in _DENIED_CODES:
        return DENIED
    if code not in _MISSING_CODES and denial.is_denial(message):
        return DENIED
    if http_status == 501:
        return OTHER  # "Not Implemented": no later try changes that
    if code in _TRANSIENT_CODES or http_status >= 500 or re.search(r"(?i)rate exceeded", message):
        return TRANSIENT
    if code in _MISSING_CODES:
        return MISSING
    if code == "ValidationError":
        return _kind_of_validation_error(message)
    return OTHER


def lacks_role(message: str) -> bool:
    """Whether it says that CloudFormation can not have the role with which a stack is deleted.

    https://github.com/aws/aws-cdk/issues/10116
    """
    return "is invalid or cannot be assumed" in message


def _kind_of_validation_error(message: str) -> str:
    # Wordings: https://github.com/aws-amplify/amplify-backend/pull/2366 (status),
    # https://github.com/boto/botocore/issues/2590
    # and https://github.com/ansible/ansible/issues/60606 (export in use).
    lowered = message.lower()
    if lacks_role(message):
        return ROLE
    if "terminationprotection is enabled" in lowered:
        return PROTECTED
    if "cannot be deleted while in status" in lowered:
        return WRONG_STATUS
    if "export" in lowered and "in use by" in lowered:
        return EXPORT_IN_USE
    if "does not exist" in lowered:
        return MISSING
    return OTHER


def translate(error: Exception, action: str) -> AwsCallError:
    """The :class:`AwsCallError` of a botocore exception."""
    if isinstance(error, ClientError):
        return _answered(error, action)
    code, message = type(error).__name__, one_line(str(error))
    if any(base.__name__ in credentials.CLIENT_SIDE for base in type(error).__mro__):
        return AwsCallError(CREDENTIALS, code, message, action, True)
    if isinstance(error, (BotoConnectionError, HTTPClientError)):
        return AwsCallError(UNREACHABLE, code, message, action, True)
    if isinstance(error, ResponseParserError):
        return AwsCallError(TRANSIENT, code, message[:LONGEST], action, True)
    return AwsCallError(OTHER, code, message, action, True)


def _answered(error: ClientError, action: str) -> AwsCallError:
    details = error.response.get("Error", {})
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code = str(details.get("Code") or status or "Unknown")
    words = str(details.get("Message") or "")
    # What came without an error code of AWS is a page of a gateway, or its words.
    message = one_line(re.sub(r"<[^>]*>", " ", words))[:LONGEST] if code.isdigit() else one_line(words)
    message = message or "no word on why came with it"
    kind = kind_of(code, message, status)
    if kind not in (TRANSIENT, UNREACHABLE) and error.operation_name in credentials.MAKING:
        return AwsCallError(CREDENTIALS, code, message, credentials.MAKING[error.operation_name])
    named = denial.denied_action(message) if kind == DENIED else ""
    return AwsCallError(kind, code, message, named or action)


@contextlib.contextmanager
def aws_call(action: str) -> Iterator[None]:
    """Turn botocore's exceptions inside the block into :class:`AwsCallError`. ``action``: the IAM action called.

    An ``EOFError`` is one of them: botocore asks for a profile's MFA code by ``getpass``, which finds no terminal.
    """
    try:
        yield
    except (ClientError, BotoCoreError, ResponseParserError, EOFError) as error:
        raise translate(error, action) from error
    except FORM as error:
        if not is_of_parser(error):
            raise
        raise other_form(error, action) from error


def other_form(error: Exception, action: str) -> AwsCallError:
    """Of an exception over an answer that has another form than one of AWS."""
    message = f"the answer has another form than one of AWS ({type(error).__name__}: {error})"
    return translate(ResponseParserError(message), action)


def is_odd(error: AwsCallError) -> bool:
    """Whether it has no error code of AWS: something else has answered, or cut the connection."""
    return error.code in ("ResponseParserError", "ConnectionClosedError") or error.code.isdigit()


def survivable(error: AwsCallError) -> bool:
    """Whether a loop may go on after this error: the same call may succeed a little later."""
    return error.kind in (TRANSIENT, UNREACHABLE)
