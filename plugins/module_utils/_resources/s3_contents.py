# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""What is in a bucket, page by page, and in which words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from typing import Iterable
from typing import Mapping

from .._aws.errors import aws_call
from .blocker import Amount
from .s3_policy import whose

#: The IAM action of all that is done in a directory bucket.
SESSION = "s3express:CreateSession"
OBJECTS = "objects"
_WORDS = {
    OBJECTS: "object",
    "old versions": "old version",
    "delete markers": "delete marker",
    "unfinished uploads": "unfinished upload",
}
UPLOADS = "unfinished uploads"
# Everything in a directory bucket has one version, and none of these is known there:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-differences.html
_DIRECTORY = "--x-s3"


@dataclass(frozen=True)
class Entry:
    """A version of an object, or a delete marker. ``version``: its id; empty in a directory bucket. ``kind``: what
    several of them are called. ``written``: when, as text."""

    key: str
    version: str
    kind: str
    size: int
    written: str

    def identifier(self) -> dict[str, str]:
        """As AWS wants it."""
        return {"Key": self.key, **({"VersionId": self.version} if self.version else {})}


@dataclass(frozen=True)
class Page:
    """``more``: arguments for the next one; None after the last."""

    entries: tuple[Entry, ...]
    more: Mapping[str, str] | None


def is_directory(name: str) -> bool:
    """Whether a bucket of this name is a directory bucket.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-bucket-naming-rules.html
    """
    return name.endswith(_DIRECTORY)


def owned_by(account: str, name: str) -> dict[str, str]:
    """The bucket and its owner as arguments. A directory bucket cannot be another account's, and refuses to be asked.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
    """
    return {"Bucket": name, **({} if is_directory(name) else whose(account))}


def page(client: Any, name: str, account: str, place: Mapping[str, str]) -> Page:
    """Up to 1,000 entries from some place on. Raises :class:`AwsCallError`."""
    arguments = {**owned_by(account, name), **place}
    if is_directory(name):
        with aws_call(SESSION):
            answer = client.list_objects_v2(**arguments)
        following = {"ContinuationToken": answer.get("NextContinuationToken", "")}
    else:
        with aws_call("s3:ListBucketVersions"):
            answer = client.list_object_versions(**arguments)
        following = {
            "KeyMarker": answer.get("NextKeyMarker", ""),
            "VersionIdMarker": answer.get("NextVersionIdMarker", ""),
        }
    return Page(tuple(_entries(answer)), following if answer.get("IsTruncated") else None)


def _entries(answer: Mapping[str, Any]) -> Iterable[Entry]:
    for row in answer.get("Contents") or ():
        yield Entry(row["Key"], "", OBJECTS, row.get("Size", 0), str(row.get("LastModified", "")))
    for row in answer.get("Versions") or ():
        kind = OBJECTS if row.get("IsLatest") else "old versions"
        yield Entry(row["Key"], row["VersionId"], kind, row.get("Size", 0), str(row.get("LastModified", "")))
    for row in answer.get("DeleteMarkers") or ():
        yield Entry(row["Key"], row["VersionId"], "delete markers", 0, str(row.get("LastModified", "")))


def amounts(counts: Mapping[str, int], at_least: bool = False) -> list[Amount]:
    """How much it is, by kind; what there is nothing of is left out."""
    return [Amount(counts[kind], one, kind, at_least) for kind, one in _WORDS.items() if counts.get(kind)]


def counted(entries: Iterable[Entry]) -> Counter[str]:
    """How many of each kind."""
    return Counter(entry.kind for entry in entries)
