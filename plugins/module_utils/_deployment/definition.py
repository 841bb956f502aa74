# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Task definitions: a new revision made from one that is there, and what differs between two. No AWS."""

from __future__ import annotations

import copy
import json
import re
from typing import Any
from typing import Container
from typing import Iterable
from typing import Mapping
from typing import Sequence

HIDDEN = "(hidden)"
HIDDEN_CHANGE = "(hidden, changed)"

_SECRET_NAME = re.compile(
    r"secret|passw|passphrase|pwd|token|credential|auth|dsn|private|signature|cookie|salt|conn(ection)?_?str|key$"
    r"|key_?id$",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN|://[^/\s:@]*:[^/\s@]+@|\beyJ[\w-]{8,}\.|\bgh[pousr]_\w{20,}"
    r"|(?i:(passw(or)?d|passphrase|secret|token|api_?-?key|credentials?)[\w-]*\"?\s*[=:,])|(?<=[?&])[\w-]*(?i:sig)\w*="
    r"|^(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{20,}$"
)


def request_of(
    description: Mapping[str, Any], tags: Sequence[Mapping[str, str]], taken: Container[str]
) -> dict[str, Any]:
    """What RegisterTaskDefinition is to be given for the same again. ``taken``: names of what it takes; the others are
    AWS's own, and so are tags such as those of a stack, which the new revision is not of."""
    given = {name: value for name, value in description.items() if name in taken and value is not None}
    request = copy.deepcopy(given)
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
    own = [dict(tag) for tag in tags if not tag["key"].lower().startswith("aws:")]
    if own:
        request["tags"] = own
    return request


def changed(
    request: Mapping[str, Any], images: Mapping[str, Any], environment: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """A copy with other images and environment variables, each by the name of its container; a variable that is None is
    taken away. Raises ValueError, with what to tell the user, for what is not in the task definition, or no text."""
    made = copy.deepcopy(dict(request))
    containers = {item["name"]: item for item in made.get("containerDefinitions", [])}
    for option, given in (("images", images), ("environment", environment)):
        unknown = sorted(set(given) - set(containers))
        if unknown:
            raise ValueError(
                f"{option} has {', '.join(unknown)}, and the task definition {made.get('family', '')} only the "
                f"containers {', '.join(sorted(containers))}."
            )
    for name, image in images.items():
        if not isinstance(image, str) or not image.strip():
            raise ValueError(f"images.{name} must be the name of an image, not {image!r}.")
        containers[name]["image"] = image
    for name, variables in environment.items():
        if not isinstance(variables, Mapping):
            raise ValueError(f"environment.{name} must be a dictionary of variables.")
        containers[name]["environment"] = _variables(name, containers[name], variables)
    return made


def _variables(container: str, definition: Mapping[str, Any], given: Mapping[str, Any]) -> list[dict[str, str]]:
    values = {item["name"]: item.get("value", "") for item in definition.get("environment", [])}
    secrets = {item["name"] for item in definition.get("secrets", [])}
    for variable, value in given.items():
        if variable in secrets:
            raise ValueError(f"{variable} of the container {container} is among its secrets, and so no variable.")
        if value is None:
            values.pop(variable, None)
        elif isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise ValueError(f"environment.{container}.{variable} must be text or a number. Quote it, if it is text.")
        else:
            values[variable] = str(value)
    return [{"name": variable, "value": value} for variable, value in values.items()]


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two requests make task definitions that do the same."""
    return _flat(one) == _flat(other)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, str]:
    """The lines that differ, before and after. No value that is or looks like a secret is in them."""
    old, new = _flat(before), _flat(after)
    lines: tuple[list[str], list[str]] = ([], [])
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) == new.get(path):
            continue
        hidden = any(is_secret(path, values[path]) for values in (old, new) if path in values)
        if path in old:
            lines[0].append(f"{'.'.join(path)}: {HIDDEN if hidden else old[path]}\n")
        if path in new:
            shown = (HIDDEN_CHANGE if path in old else HIDDEN) if hidden else new[path]
            lines[1].append(f"{'.'.join(path)}: {shown}\n")
    return "".join(lines[0]), "".join(lines[1])


def is_secret(path: Sequence[str], value: str) -> bool:
    """Whether a value is a secret, or looks like one. An image never does."""
    if path[-1] == "image":
        return False
    return "secrets" in path or bool(_SECRET_NAME.search(path[-1]) or _SECRET_VALUE.search(value))


def without_secrets(environment: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The option environment as it may be shown."""
    if environment is None:
        return None
    return {
        container: {
            name: HIDDEN if value is not None and is_secret(("environment", str(name)), str(value)) else value
            for name, value in variables.items()
        }
        if isinstance(variables, Mapping)
        else HIDDEN
        for container, variables in environment.items()
    }


# Lists whose items have a name, or a key.
_NAMED = {"containerDefinitions": "name", "environment": "name", "secrets": "name", "volumes": "name", "tags": "key"}


def _flat(request: Mapping[str, Any]) -> dict[tuple[str, ...], str]:
    return dict(_leaves((), request))


def _leaves(path: tuple[str, ...], value: Any) -> Iterable[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _leaves((*path, str(name)), item)
        return
    key = _NAMED.get(path[-1]) if path and isinstance(value, (list, tuple)) else None
    if key:
        for item in value:
            rest = {name: part for name, part in item.items() if name != key}
            only = list(rest.values()) if set(rest) <= {"value", "valueFrom"} else []
            whole = only[0] if len(only) == 1 else rest
            yield from _leaves((*path, str(item.get(key))), whole)
        return
    if value is None or value == [] or value == {}:
        return
    yield path, value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
