# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What X-Ray refuses.

https://docs.aws.amazon.com/xray/latest/api/API_GetTraceSummaries.html#API_GetTraceSummaries_Errors
"""

from __future__ import annotations

from moto.core.exceptions import JsonRESTError


class InvalidRequest(JsonRESTError):
    def __init__(self, message: str) -> None:
        super().__init__("InvalidRequestException", message)


class RuleLimitExceeded(JsonRESTError):
    """https://docs.aws.amazon.com/xray/latest/api/API_CreateSamplingRule.html#API_CreateSamplingRule_Errors"""

    def __init__(self, message: str) -> None:
        super().__init__("RuleLimitExceededException", message)


class NotFound(JsonRESTError):
    """https://docs.aws.amazon.com/xray/latest/api/API_StartTraceRetrieval.html#API_StartTraceRetrieval_Errors"""

    code = 404

    def __init__(self, message: str) -> None:
        super().__init__("ResourceNotFoundException", message)


def check_range(start: float, end: float, longest: float) -> None:
    """InvalidRequest unless this is a range of time of at most ``longest`` seconds."""
    if start > end:
        raise InvalidRequest("StartTime must not be later than EndTime")
    if end - start > longest:
        raise InvalidRequest(f"Time range cannot be longer than {longest / 3600:g} hours")
