# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""A deletion that did not happen because other stacks import what the stack exports."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"[A-Za-z][A-Za-z0-9-]*"
# "Export N cannot be deleted as it is in use by A and B", https://github.com/aws/aws-cdk/issues/604, and
# "Cannot delete export N as it is in use by A", https://github.com/aws/aws-cdk/issues/33395
_IN_USE = re.compile(
    r"\bexport (?P<export>\S+) (?:cannot be deleted )?as it is in use by "
    rf"(?P<names>{_NAME}(?:(?:, and |, | and ){_NAME})*)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class InUse:
    """``words``: what AWS said, a sentence; ``export``: the name that it named; ``importers``: stacks that it named."""

    words: str
    export: str
    importers: tuple[str, ...]


def export_in_use(words: str) -> InUse | None:
    """What AWS's words say, if they say that an export is in use."""
    found = _IN_USE.search(words)
    if found is None:
        return None
    names = re.split(r", and |, | and ", found["names"])
    return InUse(words.strip().rstrip(".") + ".", found["export"], tuple(names))
