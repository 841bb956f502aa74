# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who denies and what is wrong with credentials, in AWS's and botocore's own words, and what helps."""

from __future__ import annotations

import getpass
import io
from types import SimpleNamespace

import pytest
from botocore import exceptions
from botocore.exceptions import ClientError

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import credentials
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients

USER = "User: arn:aws:sts::123456789012:assumed-role/teacher/anna"
DENIED = f"{USER} is not authorized to perform: logs:DeleteLogGroup on resource: arn:aws:logs:eu-west-1:1:log-group:x"
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied-authorization-id.html
LINK = (
    ": arn:aws:organizations::1:policy/o-1/service_control_policy/p-1. Go to https://us-east-1.console.aws.amazon.com"
    "/iam/home?region=us-east-1#/authorization-details/a1b2c3 for more."
)


def answered(code, message, operation="DeleteLogGroup", action="logs:DeleteLogGroup"):
    return errors.translate(ClientError({"Error": {"Code": code, "Message": message}}, operation), action)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
WHO = [
    ("with an explicit deny in a service control policy", "service control policy of the organization"),
    ("because no service control policy allows the logs:DeleteLogGroup action", "service control policy of the"),
    ("with an explicit deny transitively through a service control policy in a VPC endpoint policy", "organization"),
    ("with an explicit deny in a resource control policy", "resource control policy of the organization"),
    ("with an explicit deny in a permissions boundary", "permissions boundary"),
    ("because no permissions boundary allows the logs:DeleteLogGroup action", "permissions boundary"),
    ("with an explicit deny in a session policy", "session policy"),
    ("with an explicit deny in a sessions policy", "session policy"),
    ("with an explicit deny in a session(s) policy", "session policy"),
    ("because no session policy allows the logs:DeleteLogGroup action", "session policy"),
    ("with an explicit deny in a VPC endpoint policy", "policy of the VPC endpoint"),
    ("because no VPC endpoint policy allows the logs:DeleteLogGroup action", "policy of the VPC endpoint"),
    ("with an explicit deny in a resource-based policy", "policy of the resource itself"),
    ("because no resource-based policy allows the logs:DeleteLogGroup action", "policy of the resource itself"),
    ("with an explicit deny in the role trust policy", "trust policy of the role"),
    ("with an explicit deny in an identity-based policy", "take that statement away"),
    ("with an explicit deny", "Some policy denies it explicitly"),
]


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "SomeNewCode"])
@pytest.mark.parametrize(("words", "help_"), WHO)
def test_who_denies_is_told_and_no_other_policy_is_asked_for(code, words, help_):
    error = answered(code, f"{DENIED} {words}")
    assert error.kind == errors.DENIED
    assert help_ in error.remedy() and "Allow the IAM action" not in error.advice()


@pytest.mark.parametrize(
    "words", ["", " because no identity-based policy allows the logs:DeleteLogGroup action", " as you can see"]
)
def test_what_nobody_allows_is_to_be_allowed(words):
    assert answered("AccessDenied", DENIED + words).remedy() == "Allow the IAM action logs:DeleteLogGroup."


def test_the_policy_and_the_id_of_the_denial_stay_in_the_message():
    said = answered("AccessDenied", f"{DENIED} with an explicit deny in a service control policy{LINK}").advice()
    assert "service_control_policy/p-1" in said and "authorization-details/a1b2c3 for more. A service" in said


EARLIER = (
    "Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z (20220127T015928Z - 15 min.)",
    "Signature not yet current: 20220127T021427Z is still later than 20220127T020428Z (20220127T015928Z + 15 min.)",
)


@pytest.mark.parametrize("code", ["SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure"])
@pytest.mark.parametrize("message", EARLIER)
def test_a_wrong_clock_is_told_with_the_time_at_aws(code, message):
    error = answered(code, message)
    assert error.kind == errors.CREDENTIALS
    assert "The clock of this machine is wrong" in error.remedy()
    assert error.remedy().endswith("At AWS it was 2022-01-27 01:59:28 UTC.") and "Renew" not in error.advice()


@pytest.mark.parametrize(
    ("code", "message", "help_"),
    [
        ("RequestExpired", "Request has expired.", "The clock of this machine is wrong"),
        ("SignatureDoesNotMatch", "The request signature we calculated does not match", "secret access key is not"),
        ("InvalidSignatureException", "The request signature we calculated does not", "secret access key is not"),
        ("AuthFailure", "AWS was not able to validate the provided access credentials", "region is not enabled"),
        ("UnrecognizedClientException", "The security token included in the request is invalid", "not enabled"),
        ("InvalidClientTokenId", "The security token included in the request is invalid.", "not enabled"),
        ("RegionDisabledException", "STS is not activated in this region", "Enable the region"),
        ("ExpiredToken", "The security token included in the request is expired", "Renew the AWS credentials"),
        ("ExpiredTokenException", "The security token included in the request is expired", "Renew the AWS credentials"),
    ],
)
def test_what_is_wrong_with_credentials_is_told(code, message, help_):
    error = answered(code, message)
    assert error.kind == errors.CREDENTIALS and help_ in error.remedy()


@pytest.mark.parametrize(
    ("operation", "code", "message", "help_"),
    [
        ("GetRoleCredentials", "ForbiddenException", "No access", "SSO profile's role is not assigned any more"),
        ("AssumeRole", "AccessDenied", f"{USER} is not authorized to perform: sts:AssumeRole on resource: r",
         "Allow the IAM action sts:AssumeRole"),
        ("AssumeRole", "ValidationError", "Role does not exist", "Renew the AWS credentials"),
        ("AssumeRoleWithWebIdentity", "ExpiredTokenException", "Token expired", "Renew the AWS credentials"),
    ],
)  # fmt: skip
def test_credentials_that_cannot_be_made_are_no_gap_of_the_call_they_were_for(operation, code, message, help_):
    error = answered(code, message, operation, "xray:GetGroups")
    assert error.kind == errors.CREDENTIALS and help_ in error.remedy()
    assert error.action.endswith(f":{operation}")


CLIENT_SIDE = [
    (exceptions.NoCredentialsError(), "workshop_profile or AWS_PROFILE"),
    (exceptions.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"), "or neither"),
    (exceptions.ProfileNotFound(profile="ws"), "aws configure list-profiles"),
    (exceptions.CredentialRetrievalError(provider="custom-process", error_msg="exit 1"), "by hand"),
    (exceptions.SSOTokenLoadError(error_msg="Token for x does not exist"), "aws sso login"),
    (exceptions.UnauthorizedSSOTokenError(), "aws sso login"),
    (exceptions.TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed"), "aws sso login"),
    (exceptions.RefreshWithMFAUnsupportedError(), "aws configure export-credentials"),
    (EOFError(), "there is no terminal to type it at"),
    (exceptions.InvalidConfigError(error_msg="source_profile x not found"), "Mend this profile"),
    (exceptions.ConfigParseError(path="/x"), "Mend this profile"),
    (exceptions.InfiniteLoopConfigError(source_profile="a", visited_profiles=["a"]), "Mend this profile"),
    (exceptions.MissingDependencyException(msg="aws login needs crt"), "botocore[crt]"),
]


@pytest.mark.parametrize(("error", "help_"), CLIENT_SIDE)
def test_credentials_that_are_not_even_sent(error, help_):
    with pytest.raises(errors.AwsCallError) as caught, errors.aws_call("sts:GetCallerIdentity"):
        raise error
    assert caught.value.kind == errors.CREDENTIALS
    assert help_ in caught.value.advice() and "answered" not in caught.value.advice()


def test_every_exception_that_is_named_exists_or_is_of_aws_login():
    known = {*vars(exceptions), "EOFError"}
    named = {name for name in credentials.CLIENT_SIDE if not name.startswith("Login")}
    assert named - {"PendingAuthorizationExpiredError"} <= known


@pytest.mark.filterwarnings("ignore::getpass.GetPassWarning")
def test_an_mfa_profile_without_a_terminal(tmp_path, monkeypatch):
    """botocore as it is, without a terminal: getpass finds the end of the input."""
    config = tmp_path / "config"
    config.write_text(
        "[profile mfa]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = base\n"
        "mfa_serial = arn:aws:iam::123456789012:mfa/anna\nregion = eu-central-1\n"
        "[profile base]\naws_access_key_id = a\naws_secret_access_key = b\n"
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setattr(getpass, "os", SimpleNamespace(open=_no_terminal, O_RDWR=0, O_NOCTTY=0))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    clients = Clients("eu-central-1", "http://127.0.0.1:9", {"profile_name": "mfa"})
    with pytest.raises(errors.AwsCallError) as caught, errors.aws_call("sts:GetCallerIdentity"):
        clients("sts").get_caller_identity()
    assert caught.value.kind == errors.CREDENTIALS and "MFA code" in caught.value.advice()


def _no_terminal(*arguments):
    raise OSError("no such device")


def test_a_role_of_the_stack_that_is_gone():
    error = answered(
        "ValidationError", "Role arn:aws:iam::1:role/cfn is invalid or cannot be assumed", "DeleteStack",
        "cloudformation:DeleteStack",
    )  # fmt: skip
    assert error.kind == errors.ROLE and "workshop_role_arn" in error.advice()


@pytest.mark.parametrize("code", ["OptInRequired", "SubscriptionRequiredException"])
def test_a_service_that_the_account_has_not(code):
    error = answered(code, "The AWS Access Key Id needs a subscription for the service", "GetGroups", "xray:GetGroups")
    assert error.kind == errors.OTHER and "This account has no such service" in error.advice()


def test_what_nothing_is_known_about_has_no_advice():
    error = answered("InvalidParameterException", "bad")
    assert error.remedy() == "" and error.advice() == "logs:DeleteLogGroup answered InvalidParameterException: bad"
