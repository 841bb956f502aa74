# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is wrong with credentials, by error codes and AWS's and botocore's words, and what helps against that."""

from __future__ import annotations

import re

from .denial import is_denial
from .denial import remedy as denied

RENEW = "Renew the AWS credentials and run this again."

# With the query protocol SignatureDoesNotMatch, with JSON InvalidSignatureException:
# https://github.com/aws/aws-cli/issues/6676, https://github.com/m0ngr31/kanzi/issues/270; a clock that is ahead:
# https://github.com/aws/aws-sdk-js/issues/2565
_CLOCK = re.compile(
    r"signature expired|is now earlier than|not yet current|is still later than|RequestTimeTooSkewed|RequestExpired"
)
# The server's time is in the brackets.
_SERVER = re.compile(r"\((\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z [-+] \d+ min")

_SSO = "Log in anew with aws sso login and this profile, and run this again."
_MFA = (
    # https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html
    "This profile asks for an MFA code, and there is no terminal to type it at. Make credentials of it beforehand, with"
    ' eval "$(aws configure export-credentials --profile PROFILE --format env)", and run this with them and without the'
    " profile."
)
_CONFIG = "Mend this profile in the AWS configuration."
_NONE = "Give some: a profile with workshop_profile or AWS_PROFILE, keys in the environment, or a role of this machine."
_KEYS = "The keys are not valid any more, or the region is not enabled for their account: check both."
_SECRET = "The secret access key is not that of this access key id: set both anew."
_LOGIN = "Log in anew with aws login, and run this again."

#: What helps, by AWS's error code.
_ANSWERS = {
    # https://github.com/turbot/steampipe-plugin-aws/issues/75, https://github.com/aws/chalice/issues/1445
    "AuthFailure": _KEYS,
    "InvalidClientTokenId": _KEYS,
    "UnrecognizedClientException": _KEYS,
    "RegionDisabledException": "Enable the region for this account, or name another one.",
    "SignatureDoesNotMatch": _SECRET,
    "InvalidSignatureException": _SECRET,
    # Of SSO's GetRoleCredentials.
    "ForbiddenException": "This SSO profile's role is not assigned any more: ask for it, or name another profile.",
    "UnauthorizedException": _SSO,
}
#: What helps, by the names of exceptions on our side. "aws login" is younger than the oldest botocore that does.
#: https://github.com/boto/botocore/blob/develop/botocore/exceptions.py
CLIENT_SIDE = {
    "SSOError": _SSO,
    "SSOTokenLoadError": _SSO,
    "UnauthorizedSSOTokenError": _SSO,
    "PendingAuthorizationExpiredError": _SSO,
    "TokenRetrievalError": _SSO,
    "LoginError": _LOGIN,
    "LoginAuthorizationCodeError": _LOGIN,
    "LoginRefreshRequired": _LOGIN,
    "LoginTokenLoadError": _LOGIN,
    "LoginInsufficientPermissions": "Allow this user or role to make credentials with aws login.",
    "EOFError": _MFA,
    "RefreshWithMFAUnsupportedError": _MFA,
    "CredentialRetrievalError": "Run what this profile gets its credentials from by hand: it says what is missing.",
    "MetadataRetrievalError": "Run this where the machine or container has a role, or give other credentials.",
    "NoCredentialsError": _NONE,
    "PartialCredentialsError": "Give both, access key id and secret access key, or neither.",
    "ProfileNotFound": "Name one that the AWS configuration has: aws configure list-profiles tells them.",
    "InvalidConfigError": _CONFIG,
    "InfiniteLoopConfigError": _CONFIG,
    "ConfigNotFound": _CONFIG,
    "ConfigParseError": _CONFIG,
    "UnknownCredentialError": _CONFIG,
    "MissingDependencyException": "Install botocore[crt] into the Python that runs the modules.",
}
#: Calls with which botocore makes the credentials of a profile, whatever they are for, and their IAM actions.
MAKING = {
    "AssumeRole": "sts:AssumeRole",
    "AssumeRoleWithWebIdentity": "sts:AssumeRoleWithWebIdentity",
    "GetRoleCredentials": "sso:GetRoleCredentials",
}


def remedy(code: str, message: str) -> str:
    """What helps, in a sentence or two."""
    if _CLOCK.search(f"{code} {message}"):
        return _clock(message)
    if is_denial(message):
        return denied(message)
    return _ANSWERS.get(code) or CLIENT_SIDE.get(code) or RENEW


def _clock(message: str) -> str:
    # botocore neither corrects a clock nor tries again: its retries know none of these codes.
    time = _SERVER.search(message)
    there = " At AWS it was {}-{}-{} {}:{}:{} UTC.".format(*time.groups()) if time else ""
    return f"The clock of this machine is wrong: set it by a time server, and run this again.{there}"
