# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Tags of X-Ray groups and sampling rules."""

from __future__ import annotations

from typing import Any
from typing import Mapping


def tags_of(client: Any, arn: str) -> dict[str, str]:
    """All tags of a group or rule. ClientError where it is gone."""
    pages = client.get_paginator("list_tags_for_resource").paginate(ResourceARN=arn)
    return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}


def tags_after(now: Mapping[str, str], wanted: Mapping[str, str], purge: bool) -> dict[str, str]:
    """What they are to be. Those of AWS itself, aws:…, can not be changed.

    https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html#tag-conventions
    """
    return {**{key: value for key, value in now.items() if not purge or key.startswith("aws:")}, **wanted}


def as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def change_tags(client: Any, arn: str, now: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Call as little as it takes."""
    added = {key: value for key, value in after.items() if now.get(key) != value}
    removed = sorted(set(now) - set(after))
    if removed:
        client.untag_resource(ResourceARN=arn, TagKeys=removed)
    if added:
        client.tag_resource(ResourceARN=arn, Tags=as_list(added))
