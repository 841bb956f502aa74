# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Looks at AWS, several at the same time. A look gives a value, or what keeps it from that is noted: a gap."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from typing import Callable
from typing import Collection
from typing import Iterable
from typing import Mapping
from typing import TypeVar

from .errors import CREDENTIALS
from .errors import DENIED
from .errors import MISSING
from .errors import OTHER
from .errors import TRANSIENT
from .errors import UNREACHABLE
from .account import WHO
from .errors import FORM
from .errors import AwsCallError
from .errors import aws_call
from .errors import is_odd
from .errors import other_form

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore

TRIES = 5
AT_ONCE = 8

# A connection that breaks while it is used. Others can not be made, which five times as many tries would not change.
_BROKEN = "ConnectionClosedError"
# Where boto3 calls a service otherwise than IAM does.
_CLIENTS = {
    "aoss": "opensearchserverless",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
    "elasticmapreduce": "emr",
    "s3express": "s3",
    "tag": "resourcegroupstaggingapi",
}
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudcontrolapi.html
_CLIENTS_OF_ACTIONS = {"cloudformation:GetResource": "cloudcontrol"}
# Actions of S3 that IAM calls otherwise than the operations which they allow:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
_OPERATIONS = {
    "s3:DeleteObjectVersion": "DeleteObjects",
    "s3:GetBucketObjectLockConfiguration": "GetObjectLockConfiguration",
    "s3:ListAllMyBuckets": "ListBuckets",
    "s3:ListBucketMultipartUploads": "ListMultipartUploads",
    "s3:ListBucketVersions": "ListObjectVersions",
    "s3express:ListAllMyDirectoryBuckets": "ListDirectoryBuckets",
}

Item = TypeVar("Item")
Result = TypeVar("Result")


def client_of(action: str) -> str:
    """The name in boto3 of the client that calls an IAM action."""
    service = action.partition(":")[0]
    return _CLIENTS_OF_ACTIONS.get(action) or _CLIENTS.get(service, service)


def operation_of(action: str) -> str:
    """The AWS operation that an IAM action allows, which is mostly called the same."""
    return _OPERATIONS.get(action, action.partition(":")[2])


class Looks:
    """A context manager, which ends its threads. ``clients``: makes a boto3 client from the name of its service.

    :meth:`together` is for functions that use :meth:`each`, and those for which :meth:`each` is used must use neither.
    """

    def __init__(self, clients: Callable[[str], Any], sleep: Callable[[float], None] = time.sleep) -> None:
        self.clients = clients
        self._sleep = sleep
        self._gaps: dict[str, tuple[list[AwsCallError], set[str]]] = {}
        self._once: dict[object, Future[Any]] = {}
        self._tired_of: set[str] = set()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="look")

    def __enter__(self) -> Looks:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def pages(self, action: str, **arguments: Any) -> list[Mapping[str, Any]]:
        """All pages of the answer to one call, named by its IAM action. Raises :class:`AwsCallError`."""
        operation = xform_name(operation_of(action))
        client = self._client(action)
        with aws_call(action):
            if client.can_paginate(operation):
                return list(client.get_paginator(operation).paginate(**arguments))
            return [getattr(client, operation)(**arguments)]

    def tried(self, call: Callable[[], Result]) -> Result:
        """The answer of ``call``, which is tried again a few times for errors that may pass by themselves, but only
        once where a service has sent nothing of AWS to all tries before. Raises :class:`AwsCallError`."""
        attempt = 1
        while True:
            try:
                return call()
            except AwsCallError as error:
                if not _passes(error) or self._is_enough(error, attempt):
                    raise
            self._sleep(attempt)
            attempt += 1

    def ended(self, error: AwsCallError) -> bool:
        """Whether it says that the credentials have ended. A service that does not know them, as one that answers for
        a region that is not enabled or a look-alike, says the same: who asks tells which of these it is."""
        if error.kind != CREDENTIALS:
            return False
        if error.client_side or error.action.partition(":")[0] in ("sts", "cloudformation"):
            return True
        try:
            with aws_call(WHO):
                self.clients("sts").get_caller_identity()
        except AwsCallError as told:
            return told.kind == CREDENTIALS
        return False

    def at(
        self, about: str, call: Callable[[], Result], missing: Result | None = None, absent: Collection[str] = ()
    ) -> Result | None:
        """The answer of ``call``; ``missing`` if AWS says that there is no such thing; None for a gap, which is noted.
        ``about``: what is looked at. ``absent``: error codes with which this service says so. Raises
        :class:`AwsCallError` for credentials that have ended."""
        try:
            return self.tried(call)
        except AwsCallError as error:
            if self.ended(error):
                raise
            if error.kind == MISSING or error.code in absent:
                return missing
            self.note(error, about)
        return None

    def needed(self, call: Callable[[], Result]) -> Result | None:
        """The answer of ``call``, without which all else says nothing: None, with a gap, only if it may not be called.
        Raises :class:`AwsCallError` for every other error."""
        try:
            return self.tried(call)
        except AwsCallError as error:
            if error.kind != DENIED:
                raise
            self.note(error)
        return None

    def once(self, key: object, call: Callable[[], Result]) -> Result:
        """The answer of ``call``, which is called for this key only by the first that wants it. It must use neither
        :meth:`each` nor :meth:`together`."""
        with self._lock:
            known = self._once.get(key)
            future = known or self._once.setdefault(key, Future())
        if known is None:
            try:
                future.set_result(call())
            except BaseException as error:  # for all that wait for it
                future.set_exception(error)
        return future.result()

    def listing(
        self, action: str, key: str, about: str = "", absent: Collection[str] = (), **arguments: Any
    ) -> list[Any]:
        """What a call that lists has under ``key``, on all pages. Nothing, with a gap, if it can not be listed."""

        def items() -> list[Any]:
            return [item for page in self.pages(action, **arguments) for item in page.get(key) or ()]

        return self.at(about, items, absent=absent) or []

    def read(self, action: str, function: Callable[[], list[Any]]) -> list[Any]:
        """What ``function`` makes of answers to a call, named by its IAM action; nothing, with a gap, where these have
        another form than AWS's: a look-alike may leave out what AWS never does."""
        try:
            return function()
        except FORM as error:
            self.note(other_form(error, action))
            return []

    def note(self, error: AwsCallError, about: str = "") -> None:
        """Note a gap."""
        with self._lock:
            errors, subjects = self._gaps.setdefault(error.action, ([], set()))
            errors.append(error)
            subjects.update([about] if about else [])

    def gaps(self) -> list[dict[str, Any]]:
        """What could not be looked at, sorted by ``action``, with one of the messages."""
        with self._lock:
            return [
                {
                    "action": action,
                    "message": min(_words(error) for error in errors),
                    "denied": all(error.kind == DENIED for error in errors),
                    "about": sorted(subjects),
                }
                for action, (errors, subjects) in sorted(self._gaps.items())
            ]

    def _client(self, action: str) -> Any:
        """The client that makes a call. Raises :class:`AwsCallError`, of this call."""
        try:
            return self.clients(client_of(action))
        except AwsCallError as error:
            raise AwsCallError(error.kind, error.code, error.message, action, True) from error

    def _is_enough(self, error: AwsCallError, attempt: int) -> bool:
        service = error.action.partition(":")[0]
        with self._lock:
            if attempt >= TRIES and is_odd(error):
                self._tired_of.add(service)
            return attempt >= TRIES or (is_odd(error) and service in self._tired_of)

    def each(self, function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """``function`` of every item, a few at the same time, in the order of the items."""
        futures = [self._pool.submit(function, item) for item in items]
        return [future.result() for future in futures]

    def together(self, functions: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
        """The results of all functions, called at the same time. Raises what the first of them raised."""
        with ThreadPoolExecutor(len(functions) or 1, thread_name_prefix="survey") as pool:
            futures = {name: pool.submit(function) for name, function in functions.items()}
            return {name: future.result() for name, future in futures.items()}


def _passes(error: AwsCallError) -> bool:
    return error.kind == TRANSIENT or (error.kind == UNREACHABLE and error.code == _BROKEN)


def _words(error: AwsCallError) -> str:
    """What an error says, and what helps where that is neither a permission nor other credentials."""
    helps = error.remedy() if error.kind == OTHER else ""
    return f"{error.message.rstrip('.')}. {helps}" if helps else error.message
