# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tasks of an image answer to requests."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

#: The connection is closed instead of answered.
CUT = "cut"
#: The (exception's type, its message), and (service, operation, resource) of the call in which it sits.
Cause = tuple[str, str]
Dependency = tuple[str, str, str]
_PUT = ("DynamoDB", "PutItem", "cuddlykube")
#: What services answer that cannot do their work, and why: https://github.com/cuddlekube/workshop (step 4) for the
#: first one; https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
SCENARIOS: dict[str, dict[str, Any]] = {
    "tls": {
        "status": 400,
        "after": 15.0,
        "cause": ("x509.UnknownAuthorityError", "x509: certificate signed by unknown authority"),
        "dependency": _PUT,
    },
    "throttled": {
        "status": 500,
        "after": 3.0,
        "cause": (
            "ProvisionedThroughputExceededException",
            "The level of configured provisioned throughput for the table was exceeded. Consider increasing your "
            "provisioning level with the UpdateTable API.",
        ),
        "dependency": _PUT,
    },
    "denied": {
        "status": 500,
        "cause": (
            "AccessDeniedException",
            "User: arn:aws:sts::123456789012:assumed-role/task/0123456789abcdef is not authorized to perform: "
            "dynamodb:PutItem on resource: table/cuddlykube because no identity-based policy allows the "
            "dynamodb:PutItem action",
        ),
        "dependency": _PUT,
    },
    "dns": {"status": 502, "after": 5.0, "cause": ("gaierror", "[Errno -2] Name or service not known")},
    "disk": {"status": 500, "cause": ("OSError", "[Errno 28] No space left on device")},
    "slow": {"after": 20.0},
}


@dataclass
class ImageAnswer:
    """``after``: AWS seconds until it answers. ``asked``: how many requests have come so far."""

    pattern: str
    status: int | str
    after: float
    share: float
    body: str
    cause: Cause | None
    dependency: Dependency | None
    asked: int = 0

    def takes(self) -> bool:
        """Whether it answers this request; counts it. Of a tenth of the requests it answers each tenth."""
        before = int(self.asked * self.share + 1e-9)
        self.asked += 1
        return int(self.asked * self.share + 1e-9) > before


class AnswerSwitches:
    """The switches, and the question that requests ask of them."""

    def clear(self) -> None:
        self._answers: list[ImageAnswer] = []
        self._said: list[tuple[str, str]] = []

    def answer(
        self,
        pattern: str,
        status: int | str = 200,
        after: float = 0.1,
        share: float = 1.0,
        body: str = "",
        cause: Cause | None = None,
        dependency: Dependency | None = None,
    ) -> None:
        """What tasks answer whose image matches ``pattern``, such as ``shop/web:2``. What was said last goes first;
        requests that it leaves get what was said before.

        :param status: HTTP status, or ``CUT``
        :param after: AWS seconds until the answer
        :param body: of the answer; unless it is said, JSON with the ``service`` and the ``image`` that answer
        :param share: of the requests, by their count and not by chance: 0.1 is each tenth
        :param cause: the exception that makes it fail: its type and its message
        :param dependency: the call of the task in which that sits, such as ``("DynamoDB", "PutItem", "cuddlykube")``;
            None: in the service itself
        """
        if status != CUT and not (isinstance(status, int) and 100 <= status <= 599):
            raise ValueError(f"{status!r} is neither an HTTP status nor {CUT!r}")
        if not 0 < share <= 1:
            raise ValueError(f"share must be above 0 and at most 1, not {share!r}")
        self._answers.insert(0, ImageAnswer(pattern, status, after, share, body, cause, dependency))

    def answer_as(self, pattern: str, scenario: str, **more: Any) -> None:
        """The same for one of the ``SCENARIOS``; ``more`` goes before what that says."""
        if scenario not in SCENARIOS:
            raise ValueError(f"{scenario!r} is none of {', '.join(SCENARIOS)}")
        self.answer(pattern, **{**SCENARIOS[scenario], **more})

    def say(self, pattern: str, line: str) -> None:
        """What tasks write into their log for each request that they fail, instead of the cause of its answer. Said
        more than once: several lines."""
        self._said.append((pattern, line))

    def said_by(self, image: str) -> list[str]:
        """The lines for a request that this image fails."""
        return [line for pattern, line in self._said if fnmatchcase(image, pattern)]

    def forget_answers(self) -> None:
        """All tasks answer well again."""
        self._answers.clear()
        self._said.clear()

    def take_answer(self, images: list[str]) -> tuple[str, ImageAnswer] | None:
        """Which of these images of a task answers in its own way, and how; None: the task answers well. Counts it."""
        for said in self._answers:
            image = next((image for image in images if fnmatchcase(image, said.pattern)), None)
            if image is not None and said.takes():
                return image, said
        return None
