# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS's schemas say of a resource type: how it is identified, and whether it can be read at all.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html (primaryIdentifier, handlers).
cfn-lint, which comes with moto, brings the schemas of all regions along.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Schema:
    """identifier: names of the properties; read: the actions that reading needs, None if it cannot be read."""

    identifier: tuple[str, ...]
    read: tuple[str, ...] | None


@functools.lru_cache
def _index(region: str) -> dict[str, str]:
    path = files("cfnlint.data.schemas").joinpath("providers", f"{region}.json")
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


@functools.lru_cache
def schema_of(type_name: str, region: str) -> Schema | None:
    """The schema of a type in a region; None if there is no such type."""
    key = _index(region).get(type_name)
    if key is None:
        return None
    path = files("cfnlint.data.schemas").joinpath("resources", f"{key}.json")
    schema = json.loads(path.read_text(encoding="utf-8"))
    read = schema.get("handlers", {}).get("read")
    return Schema(
        tuple(pointer.rpartition("/")[2] for pointer in schema.get("primaryIdentifier", ())),
        None if read is None else tuple(read.get("permissions", ())),
    )
