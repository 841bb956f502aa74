# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of single API calls, in the error format of each protocol and with the codes of each service."""

from __future__ import annotations

import functools
import json
import random
import uuid
from xml.sax.saxutils import escape

import botocore.session

from .actions import Action
from .answers import Answer
from .faults import Faults
from .odd_answers import CUT, odd_answer
from .world import world

#: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html,
#: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html and the error shapes of each service.
_THROTTLED = {
    "ec2": ("RequestLimitExceeded", 503, "Request limit exceeded."),
    "s3": ("SlowDown", 503, "Please reduce your request rate."),
    "tagging": ("ThrottledException", 429, "Rate exceeded"),
    "xray": ("ThrottledException", 429, "Rate exceeded"),
    "appmesh": ("TooManyRequestsException", 429, "Rate exceeded"),
}
_SERVER_ERRORS = {
    "ec2": ("InternalError", 500, "An internal error has occurred"),
    "ecs": ("ServerException", 500, "Service Unavailable. Please try again later."),
    "s3": ("InternalError", 500, "We encountered an internal error. Please try again."),
}
USER_ARN = "arn:aws:iam::123456789012:user/emulator"


@functools.lru_cache
def _regions() -> frozenset[str]:
    session = botocore.session.get_session()
    return frozenset(
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("ec2", partition)
    )


def error_answer(action: Action, code: str, status: int, message: str) -> Answer:
    """An error in the protocol of ``action``."""
    request_id = str(uuid.uuid4())
    xml = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if action.protocol == "query":
        sender = "Sender" if status < 500 else "Receiver"
        text = (
            f"<ErrorResponse><Error><Type>{sender}</Type>{xml}</Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
    elif action.protocol == "ec2":
        text = f"<Response><Errors><Error>{xml}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
    elif action.protocol == "rest-xml":
        text = f"<Error>{xml}<RequestId>{request_id}</RequestId></Error>"
    else:
        text = json.dumps({"__type": code, "message": message})
    kind = "application/x-amz-json-1.1" if text.startswith("{") else "text/xml"
    headers = [("Content-Type", kind), ("x-amzn-RequestId", request_id), ("x-amzn-ErrorType", code)]
    return Answer(f"{status} Error", headers, text.encode(), code)


class CallFaults:
    """Decides, call by call, what goes wrong."""

    def __init__(self, faults: Faults, seed: int | None) -> None:
        self._faults = faults
        self._random = random.Random(seed or 0)

    def refusal(self, action: Action) -> Answer | None:
        """The error that this call is answered with instead of being carried out, or None."""
        faults = self._faults
        json_like = action.protocol in ("json", "rest-json")
        odd = faults.take_odd_answer(action.name)
        if odd is not None:
            return error_answer(action, odd.code, odd.status, odd.message) if odd.code else odd_answer(odd.kind)
        refused_region = self._region_refused(action)
        if refused_region is not None:
            return refused_region
        if faults.calls_until_expiry is not None:
            if faults.calls_until_expiry <= 0:
                return self._expired(action, json_like)
            faults.calls_until_expiry -= faults.expires_by in ("", action.name)
        if faults.app_mesh_calls == "denied" and action.service == "appmesh":
            return error_answer(action, "ForbiddenException", 403, "AWS App Mesh has been discontinued.")
        if not action.each and faults.denies(action.name, action.caller):
            return self._denied(action, json_like)
        fraction, actions = faults.throttled
        by_chance = fraction and (actions is None or action.name in actions) and self._random.random() < fraction
        if by_chance or (faults.rates is not None and not faults.rates.take(action.region, action.name)):
            default = ("ThrottlingException" if json_like else "Throttling", 400, "Rate exceeded")
            return error_answer(action, *_THROTTLED.get(action.service, default))
        if faults.server_error_fraction and self._random.random() < faults.server_error_fraction:
            default = ("InternalFailure", 500, "The request processing has failed because of an unknown error.")
            return error_answer(action, *_SERVER_ERRORS.get(action.service, default))
        return None

    def cuts(self) -> bool:
        """Whether the connection is closed instead of answered, after the call was carried out."""
        return self._hits(self._faults.cut_fraction)

    def cuts_before(self, action: Action) -> bool:
        """Whether the connection is closed before the call is carried out."""
        if self._faults.app_mesh_calls == "unreachable" and action.service == "appmesh":
            return True
        if self._faults.odd_kind(action.name) == CUT:
            return self._faults.take_odd_answer(action.name) is not None
        return self._hits(self._faults.cut_before_fraction)

    def delay(self) -> float:
        """Real seconds for which this answer is held back."""
        seconds, fraction = self._faults.delay
        return seconds if seconds and self._hits(fraction) else 0.0

    def _hits(self, fraction: float) -> bool:
        return bool(fraction) and (fraction >= 1 or self._random.random() < fraction)

    def _region_refused(self, action: Action) -> Answer | None:
        """What signatures for a region that does not exist, or that the account has not opted in to, are answered with.

        On AWS the endpoint of an unknown region has no address at all; a signature for it sent elsewhere is refused:
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
        """
        json_like = action.protocol in ("json", "rest-json")
        if action.region not in ("", world.region, "us-east-1") and action.region not in _regions():
            code = "InvalidSignatureException" if json_like else "SignatureDoesNotMatch"
            message = f"Credential should be scoped to a valid region, not '{action.region}'."
            return error_answer(action, code, 400 if action.protocol == "json" else 403, message)
        if action.region in self._faults.disabled_regions:
            # https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
            code = {"ec2": "AuthFailure"}.get(action.protocol, "InvalidClientTokenId")
            code = "UnrecognizedClientException" if json_like else code
            message = "The security token included in the request is invalid."
            return error_answer(action, code, 400 if action.protocol == "json" else 403, message)
        return None

    @staticmethod
    def _expired(action: Action, json_like: bool) -> Answer:
        if action.protocol == "ec2":
            return error_answer(action, "RequestExpired", 400, "Request has expired.")
        code = "ExpiredTokenException" if json_like else "ExpiredToken"
        status = 400 if action.protocol == "json" else 403
        return error_answer(action, code, status, "The security token included in the request is expired")

    @staticmethod
    def _denied(action: Action, json_like: bool) -> Answer:
        if action.protocol == "ec2":
            return error_answer(
                action, "UnauthorizedOperation", 403, "You are not authorized to perform this operation."
            )
        code = "AccessDeniedException" if json_like else "AccessDenied"
        status = 400 if action.protocol == "json" else 403
        message = (
            f"User: {USER_ARN} is not authorized to perform: {action.name} "
            "because no identity-based policy allows the action"
        )
        return error_answer(action, code, status, message)
