# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""boto3 clients that answer what a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError


def refusal(code: str, message: str = "no", status: int = 400) -> ClientError:
    """An error answer of AWS, to be raised."""
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "X")


class FakeAws:
    """Makes clients. ``answers``: by service and method, as in ``ecs.list_tasks``: an answer, an exception that is
    raised, or a function of the arguments that returns either. ``calls``: what was asked for, with its arguments."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, service: str) -> FakeClient:
        return FakeClient(self, service)

    def asked(self, name: str) -> list[dict[str, Any]]:
        """The arguments of each call of this name."""
        return [arguments for called, arguments in self.calls if called == name]

    def answer(self, name: str, arguments: dict[str, Any]) -> Any:
        self.calls.append((name, arguments))
        answer = self.answers[name]
        if callable(answer):
            answer = answer(**arguments)
        if isinstance(answer, Exception):
            raise answer
        return answer


class FakeClient:
    """A client of one service; everything fits on one page."""

    def __init__(self, aws: FakeAws, service: str) -> None:
        self._aws = aws
        self._service = service

    def can_paginate(self, operation: str) -> bool:
        return True

    def get_paginator(self, operation: str) -> _Pages:
        return _Pages(getattr(self, operation))

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        return lambda **arguments: self._aws.answer(f"{self._service}.{operation}", arguments)


class _Pages:
    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def paginate(self, **arguments: Any) -> Iterator[Any]:
        yield self._call(**arguments)
