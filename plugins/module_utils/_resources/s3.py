# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Buckets of Amazon S3."""

from __future__ import annotations

from datetime import datetime
from datetime import timezone
from typing import Any
from typing import Callable
from typing import Sequence

from .._aws.errors import DENIED
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.looks import Looks
from .blocker import Amount
from .blocker import Blocker
from .blocker import data
from .clearing import Clearing
from .clearing import NotCleared
from .clearing import Work
from .ours import Ours
from .resource import Lookup
from .resource import ResourceType
from .s3_contents import SESSION
from .s3_contents import UPLOADS
from .s3_contents import Entry
from .s3_contents import amounts
from .s3_contents import counted
from .s3_contents import is_directory
from .s3_contents import owned_by
from .s3_contents import page
from .s3_emptying import LIFECYCLE
from .s3_emptying import empty
from .s3_maker import ACTIONS as MAKER_ACTIONS
from .s3_maker import why_not_ours
from .s3_policy import ACTIONS
from .s3_policy import allow_writes

BUCKET = "AWS::S3::Bucket"
DIRECTORY_BUCKET = "AWS::S3Express::DirectoryBucket"
LOST = "all objects, with all their versions"
_LOST_OF_DIRECTORY = "all objects, and unfinished uploads"
#: Pages of 1,000 that are counted before anybody agrees to anything.
PAGES = 10
#: Of so many versions, the newest, it is looked up whether they are locked.
LOCKS = 25
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
_REGIONS = {"": "us-east-1", "EU": "eu-west-1"}
_NO_LOCK = ("ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration", "NoSuchKey", "NoSuchVersion")
_LISTS = ("s3:GetBucketLocation", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions")
_SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html"


def _detect(looks: Looks, ours: Ours, names: Sequence[str]) -> list[tuple[str, Blocker]]:
    """What is in buckets of ours, or that they are no more ours."""
    found = looks.each(lambda name: _holding(looks, ours, name), names)
    return [(name, blocker) for name, blocker in zip(names, found) if blocker]


def _holding(looks: Looks, ours: Ours, name: str) -> Blocker | None:
    client, account = looks.clients("s3"), ours.place.account
    owner = ours.owned_ids(BUCKET, DIRECTORY_BUCKET).get(name)
    try:
        region = looks.tried(lambda: _region(client, account, name))
        if region not in ("", ours.place.region):
            return _blocker(name, owner, _elsewhere(name, region))
        entries, more = looks.tried(lambda: _first(client, account, name))
    except AwsCallError as error:
        if looks.ended(error):
            raise
        if error.kind == DENIED and not is_directory(name) and _of_another(looks, name):
            return _blocker(name, owner, f"The bucket {name} is not one of this account any more.")
        if error.code != "NoSuchBucket":
            looks.note(error, name)
        return None
    uploads = _uploads(looks, account, name)
    if not entries and not (uploads and is_directory(name)):
        return None
    another = "" if is_directory(name) else why_not_ours(looks, ours, name, lambda: _dates(looks).get(name))
    size = sum(entry.size for entry in entries)
    what = amounts({**counted(entries), UPLOADS: uploads}, more) + ([data(size, more)] if size else [])
    locked = another or ("" if is_directory(name) else _locked(looks, account, name, entries))
    if locked:
        return _blocker(name, owner, locked, what)
    reason = f"A bucket cannot be deleted with anything in it, old versions included, and {name} is not empty."
    return _blocker(name, owner, f"{reason} {LIFECYCLE}" if more else reason, what, clear=True)


def _blocker(name: str, owner: str | None, reason: str, what: Sequence[Amount] = (), clear: bool = False) -> Blocker:
    kind = DIRECTORY_BUCKET if is_directory(name) else BUCKET
    # Old versions are removed by no single command.
    simple = clear and not any(item.many in ("old versions", "delete markers") for item in what)
    command = ("s3", "rm", f"s3://{name}", "--recursive") if simple else ()
    return Blocker(
        kind, name, name, reason, command, owner, goes_with_owner=False, amounts=tuple(what),
        clear=kind if clear else "", lost=(_LOST_OF_DIRECTORY if is_directory(name) else LOST) if clear else "",
    )  # fmt: skip


def _region(client: Any, account: str, name: str) -> str:
    """Where a bucket is; empty for a directory bucket, which another region does not know. Raises
    :class:`AwsCallError`."""
    if is_directory(name):
        return ""
    with aws_call("s3:GetBucketLocation"):
        found = client.get_bucket_location(**owned_by(account, name)).get("LocationConstraint") or ""
    return _REGIONS.get(found, found)


def _elsewhere(name: str, region: str) -> str:
    return f"The bucket {name} is in {region}: a stack can not have made it there, so it is another of this name."


def _first(client: Any, account: str, name: str) -> tuple[list[Entry], bool]:
    """What is on the first pages, and whether there is more. Raises :class:`AwsCallError`."""
    entries: list[Entry] = []
    listed = page(client, name, account, {})
    for _number in range(PAGES - 1):
        entries += listed.entries
        if listed.more is None:
            return entries, False
        listed = page(client, name, account, listed.more)
    return [*entries, *listed.entries], listed.more is not None


def _of_another(looks: Looks, name: str) -> bool:
    """Whether it is sure to be no bucket of this account, which S3 says in the same words as that it is denied."""
    buckets = _dates(looks)
    return bool(buckets) and name not in buckets


def _dates(looks: Looks) -> dict[str, datetime | None]:
    """Of all buckets of this account, by their names."""
    rows = looks.once("buckets", lambda: looks.listing("s3:ListAllMyBuckets", "Buckets"))
    return {row["Name"]: row.get("CreationDate") for row in rows}


def _uploads(looks: Looks, account: str, name: str) -> int:
    return len(looks.listing("s3:ListBucketMultipartUploads", "Uploads", name, **owned_by(account, name)))


def _locked(looks: Looks, account: str, name: str, entries: Sequence[Entry]) -> str:
    """Why S3 will not delete some of the newest of these; empty if it will, or if that can not be looked up.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
    """
    client = looks.clients("s3")
    bucket = owned_by(account, name)

    def asked(action: str, call: Callable[..., Any], key: str, arguments: dict[str, str]) -> dict[str, Any]:
        def ask() -> dict[str, Any]:
            with aws_call(action):
                return call(**bucket, **arguments).get(key) or {}

        return looks.at(name, ask, absent=_NO_LOCK) or {}

    configured = asked(
        "s3:GetBucketObjectLockConfiguration", client.get_object_lock_configuration, "ObjectLockConfiguration", {}
    )
    if configured.get("ObjectLockEnabled") != "Enabled":
        return ""
    versions = [entry for entry in entries if entry.kind != "delete markers"]
    for entry in sorted(versions, key=lambda entry: entry.written, reverse=True)[:LOCKS]:
        hold = asked("s3:GetObjectLegalHold", client.get_object_legal_hold, "LegalHold", entry.identifier())
        if hold.get("Status") == "ON":
            return f"S3 deletes no version that is under a legal hold, as {entry.key} in the bucket {name} is."
        kept = asked("s3:GetObjectRetention", client.get_object_retention, "Retention", entry.identifier())
        until = kept.get("RetainUntilDate")
        if until and until > datetime.now(timezone.utc):
            return (
                f"S3 deletes no version that is locked, as {entry.key} in the bucket {name} is until "
                f"{until:%Y-%m-%d %H:%M} UTC, in {kept.get('Mode', '').lower()} mode."
            )
    return ""


def _clear(work: Work, name: str) -> list[Amount]:
    client = work.client("s3")
    try:
        region = work.looks.tried(lambda: _region(client, work.account, name))
    except AwsCallError as error:
        if error.code == "NoSuchBucket":
            return []
        raise
    if region not in ("", client.meta.region_name):
        raise NotCleared(_elsewhere(name, region))
    return empty(work, name)


def _listed(action: str) -> Lookup:
    return Lookup(
        action=action,
        ask=lambda names: {},
        there=lambda answer, names: (row["Name"] for row in answer.get("Buckets") or ()),
        most=1000,
    )


TYPES = (
    ResourceType(
        name=BUCKET,
        command=lambda name: ("s3", "rb", f"s3://{name}", "--force"),
        # What is another account's by now is not in it, which says that ours is gone.
        lookup=_listed("s3:ListAllMyBuckets"),
        arn="s3:bucket",
        arn_id=lambda arn: arn.split(":", 5)[-1],
        clearing=Clearing(
            detect=_detect,
            clear=_clear,
            detects=(
                *_LISTS,
                *MAKER_ACTIONS,
                "s3:GetBucketObjectLockConfiguration",
                "s3:GetObjectLegalHold",
                "s3:GetObjectRetention",
            ),
            clears=(*_LISTS, "s3:AbortMultipartUpload", "s3:DeleteObjectVersion", *ACTIONS),
            lost=LOST,
            source=_SOURCE,
            put_back=allow_writes,
        ),
    ),
    ResourceType(
        name=DIRECTORY_BUCKET,
        command=lambda name: ("s3", "rb", f"s3://{name}", "--force"),
        lookup=_listed("s3express:ListAllMyDirectoryBuckets"),
        arn="s3express:bucket",
        clearing=Clearing(
            detect=_detect,
            clear=_clear,
            # All that is done with objects is allowed by a session:
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security-iam.html
            detects=(SESSION,),
            clears=(SESSION,),
            lost=_LOST_OF_DIRECTORY,
            source=_SOURCE,
        ),
    ),
)
