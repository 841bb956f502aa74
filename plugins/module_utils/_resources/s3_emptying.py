# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Empties buckets, by 1,000 versions a call, and goes on where it was ended before."""

from __future__ import annotations

import re
from collections import Counter
from collections import deque
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from typing import Mapping
from typing import Sequence

from .._aws.errors import TRANSIENT
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.errors import kind_of
from .blocker import Amount
from .clearing import NotCleared
from .clearing import Work
from .s3_contents import SESSION
from .s3_contents import UPLOADS
from .s3_contents import Entry
from .s3_contents import Page
from .s3_contents import amounts
from .s3_contents import counted
from .s3_contents import is_directory
from .s3_contents import owned_by
from .s3_contents import page
from .s3_policy import allow_writes
from .s3_policy import deny_writes

#: So much is deleted in one go. What has more is emptied better, and for nothing, by S3 itself.
MOST = 1_000_000
LIFECYCLE = (
    "A lifecycle rule that expires all objects and versions empties it within days without a call: "
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/empty-bucket.html"
)
ROUNDS = 3
#: Seconds for a bucket's policy to be known everywhere. AWS documents none; what still comes in costs a round.
POLICY_TAKES = 5.0
# S3 takes 3,500 writes a second and prefix, and asks for less by SlowDown, which is tried again:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
AT_ONCE = 4
_GONE = frozenset(("NoSuchKey", "NoSuchVersion", "NoSuchUpload"))
# XML has none of these, so that DeleteObjects can not name them:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Who writes objects of such names:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
_WRITERS = (
    (re.compile(r"AWSLogs/\d{12}/([\w-]+)/"), "the log delivery of {}"),
    (re.compile(r"\b(E[A-Z0-9]{7,})\.\d{4}-\d\d-\d\d-\d\d\.[0-9a-f]+\.gz$"), "the CloudFront distribution {}"),
    (re.compile(r"\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9A-F]{16}$"), "S3, with an access log"),
)

Refusal = Mapping[str, Any]


def empty(work: Work, name: str) -> list[Amount]:
    """Delete all that is in a bucket, and tell how much that was. If objects are written meanwhile, writing is denied
    by the bucket's policy, and they are deleted in another round; the policy is as before if that does not succeed.
    Raises :class:`AwsCallError` or :class:`NotCleared`."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="emptying") as pool:
        emptying = _Emptying(work, name, pool)
        done = False
        try:
            done = emptying.run()
        finally:
            if not done:
                emptying.allow_writes()
        return amounts(emptying.deleted)


class _Emptying:
    """Of one bucket. ``deleted``: how much, by kind."""

    def __init__(self, work: Work, name: str, pool: ThreadPoolExecutor) -> None:
        self.deleted: Counter[str] = Counter()
        self._work = work
        self._name = name
        self._pool = pool
        self._client = work.client("s3")
        self._later: set[Entry] = set()  # what S3 has not deleted, but would a little later
        self._denied = False
        self._not_denied = ""

    def run(self) -> bool:
        """Whether it is empty; if not, it was to stop."""
        try:
            self._abort_uploads()
            for number in range(ROUNDS + 1):
                listed = self._page({})
                if not listed.entries:
                    return True
                if number == ROUNDS:
                    raise NotCleared(self._still_there(listed.entries))
                if number and not self._later.issuperset(listed.entries):
                    self._deny_writes()
                self._later.clear()
                self._delete_from(listed)
                if self._work.stopped():
                    return False
        except AwsCallError as error:
            if error.code != "NoSuchBucket":
                raise
        return True

    def allow_writes(self) -> None:
        """As before. What keeps it from that is a gap, and hides no other error."""
        if not self._denied:
            return
        try:
            allow_writes(self._work, self._name)
        except AwsCallError as error:
            self._work.looks.note(error, self._name)

    def _deny_writes(self) -> None:
        """At most once. What keeps it from that is told if objects are written on and on."""
        if self._denied or self._not_denied or is_directory(self._name):
            return
        try:
            deny_writes(self._work, self._name)
        except AwsCallError as error:
            self._not_denied = f" That could not be denied by its policy: {error.advice()}"
            return
        self._denied = True
        self._work.sleep(POLICY_TAKES)

    def _page(self, place: Mapping[str, str]) -> Page:
        return self._work.looks.tried(lambda: page(self._client, self._name, self._work.account, place))

    def _delete_from(self, listed: Page) -> None:
        """From one page on to the last, listing while what was listed is deleted."""
        deleting: deque[tuple[Page, Future[list[Refusal]]]] = deque()
        begun = 0
        while True:
            deleting.append((listed, self._pool.submit(self._delete, listed.entries)))
            begun += len(listed.entries)
            if listed.more is None or self._work.stopped() or begun >= MOST:
                break
            if len(deleting) > AT_ONCE:
                self._took(*deleting.popleft())
            listed = self._page(listed.more)
        for pair in deleting:
            self._took(*pair)
        if listed.more is not None and begun >= MOST:
            raise NotCleared(
                f"The bucket {self._name} has more than the {begun:,} objects and versions that this run has deleted. "
                f"Run it again. {LIFECYCLE}"
            )

    def _took(self, listed: Page, deleting: Future[list[Refusal]]) -> None:
        """Wait for a deletion, and count it. Raises for what no other try would delete."""
        refused = {(row.get("Key"), row.get("VersionId")): row for row in deleting.result()}
        refusals = {
            entry: refused.get((entry.key, entry.version or None)) or refused.get((entry.key, None))
            for entry in (listed.entries if refused else ())
        }
        left = {entry: row for entry, row in refusals.items() if row}
        self.deleted.update(counted(entry for entry in listed.entries if entry not in left))
        self._work.told(amounts(self.deleted))
        final = {entry: row for entry, row in left.items() if _kind(row) != TRANSIENT}
        if final:
            raise self._error(final)
        self._later.update(left)

    def _delete(self, entries: Sequence[Entry]) -> list[Refusal]:
        """What S3 has not deleted of up to 1,000. Raises :class:`AwsCallError`."""
        alone = [entry for entry in entries if _NOT_IN_XML.search(entry.key)]
        together = [entry.identifier() for entry in entries if entry not in alone]
        refusals: list[Refusal] = []

        def delete() -> Any:
            with aws_call(self._action()):
                # https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
                what = {"Objects": together, "Quiet": True}
                return self._client.delete_objects(**self._bucket(), Delete=what)

        if together:
            refusals += self._work.looks.tried(delete).get("Errors") or ()
        for entry in alone:
            self._work.looks.tried(lambda entry=entry: self._delete_alone(entry))
        return [row for row in refusals if row.get("Code") not in _GONE]

    def _delete_alone(self, entry: Entry) -> None:
        with aws_call(self._action()):
            self._client.delete_object(**self._bucket(), **entry.identifier())

    def _abort_uploads(self) -> None:
        """What is uploaded in parts and not complete: it may become an object while others are deleted."""
        action = "s3:ListBucketMultipartUploads"
        uploads = self._work.looks.tried(lambda: self._work.looks.pages(action, **self._bucket()))
        rows = [row for listed in uploads for row in listed.get("Uploads") or ()]
        for aborted in self._pool.map(self._abort, rows):
            self.deleted[UPLOADS] += aborted
        if rows:
            self._work.told(amounts(self.deleted))

    def _abort(self, row: Mapping[str, Any]) -> bool:
        """Whether it was, and not told to stop before."""
        if self._work.stopped():
            return False
        upload = {"Key": row["Key"], "UploadId": row["UploadId"]}

        def abort() -> None:
            with aws_call("s3:AbortMultipartUpload"):
                self._client.abort_multipart_upload(**self._bucket(), **upload)

        try:
            self._work.looks.tried(abort)
        except AwsCallError as error:
            if error.code not in _GONE:
                raise
        return True

    def _bucket(self) -> dict[str, str]:
        return owned_by(self._work.account, self._name)

    def _action(self) -> str:
        return SESSION if is_directory(self._name) else "s3:DeleteObjectVersion"

    def _error(self, final: Mapping[Entry, Refusal]) -> Exception:
        """What to raise for what S3 has refused to delete."""
        entry, row = next(iter(final.items()))
        others = f" and {len(final) - 1:,} others" if len(final) > 1 else ""
        said = str(row.get("Message") or row.get("Code"))
        where = f"{entry.key}{others} in the bucket {self._name}"
        # https://github.com/versity/versitygw/issues/1330 has AWS's words.
        if re.search(r"object lock|\bmfa\b|multi-?factor", said, re.IGNORECASE):
            return NotCleared(f"S3 does not delete {where}: {said}")
        return AwsCallError(_kind(row), str(row.get("Code")), f"{said.rstrip('.')} ({where})", self._action())

    def _still_there(self, entries: Sequence[Entry]) -> str:
        """In words, what is written again and again, and by whom as far as its name shows that."""
        newest = max(entries, key=lambda entry: entry.written)
        if self._later.issuperset(entries):
            return f"S3 goes on asking to delete {newest.key} in the bucket {self._name} later. Run this again."
        found = ((pattern.search(newest.key), words) for pattern, words in _WRITERS)
        writers = [words.format(*match.groups()) for match, words in found if match]
        by = f" by {writers[0]}" if writers else ""
        return (
            f"Objects are written to the bucket {self._name} again and again{by}, the last at {newest.written}: "
            f"{newest.key}. Stop what writes there, and run this again.{self._not_denied}"
        )


def _kind(row: Refusal) -> str:
    return kind_of(str(row.get("Code")), str(row.get("Message")))
