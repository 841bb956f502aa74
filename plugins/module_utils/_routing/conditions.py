# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Conditions of rules, in a form in which they can be compared and sent. No AWS."""

from __future__ import annotations

import json
from typing import Any
from typing import Iterable
from typing import Mapping
from typing import Sequence

from .types import Condition

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html
CONFIGS = {
    "host-header": "HostHeaderConfig",
    "http-header": "HttpHeaderConfig",
    "http-request-method": "HttpRequestMethodConfig",
    "path-pattern": "PathPatternConfig",
    "query-string": "QueryStringConfig",
    "source-ip": "SourceIpConfig",
}
EVERYTHING: Condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/*"]}}
_ALL_PATHS = ({"*"}, {"/*"})


def canonical(condition: Condition) -> Condition:
    """Without what is said twice: DescribeRules tells the values of some fields beside their own config as well, and
    CreateRule takes only one of these."""
    config_name = CONFIGS[condition["Field"]]
    config = {name: value for name, value in (condition.get(config_name) or {}).items() if value}
    if not config and condition.get("Values"):
        config = {"Values": condition["Values"]}
    rest = {key: value for key, value in condition.items() if value and key not in ("Values", config_name)}
    return {**rest, config_name: {name: _in_order(value) for name, value in config.items()}}


def same(left: Iterable[Condition], right: Iterable[Condition]) -> bool:
    return _keys(left) == _keys(right)


def takes_all_of(first: Sequence[Condition], second: Sequence[Condition]) -> bool:
    """Whether each request that meets the conditions of the second rule is sure to meet those of the first."""
    return all(_is_everything(wide) or any(_covers(wide, narrow) for narrow in second) for wide in first)


def values(conditions: Iterable[Condition]) -> int:
    """How many values they have, of which a rule may have only so many."""
    configs = [config for item in conditions for config in item.values() if isinstance(config, Mapping)]
    return sum(len(value) for config in configs for value in config.values() if isinstance(value, list))


def told(conditions: Iterable[Condition]) -> str:
    """For people, as in ``x-version: new and path-pattern: /shop/*``."""
    return " and ".join(_told(item) for item in conditions)


def _told(condition: Condition) -> str:
    config = canonical(condition)[CONFIGS[condition["Field"]]]
    said = [
        f"{item.get('Key', '')}={item.get('Value', '')}".lstrip("=") if isinstance(item, Mapping) else str(item)
        for value in config.values() if isinstance(value, list) for item in value
    ]  # fmt: skip
    return f"{config.get('HttpHeaderName', condition['Field'])}: {' or '.join(said)}"


def _covers(wide: Condition, narrow: Condition) -> bool:
    """Whether the second one has the same field, and no value that the first one lacks."""
    wide, narrow = _lowered(canonical(wide)), _lowered(canonical(narrow))
    if _without_lists(wide) != _without_lists(narrow):
        return False
    name = CONFIGS[wide["Field"]]
    return all(
        {json.dumps(item, sort_keys=True) for item in value}
        <= {json.dumps(item, sort_keys=True) for item in wide[name].get(kind, [])}
        for kind, value in narrow[name].items() if isinstance(value, list)
    )  # fmt: skip


def _without_lists(condition: Condition) -> dict[str, Any]:
    return {
        key: {name: item for name, item in value.items() if not isinstance(item, list)}
        if isinstance(value, Mapping) else value
        for key, value in condition.items()
    }  # fmt: skip


def _keys(conditions: Iterable[Condition]) -> set[str]:
    return {json.dumps(_lowered(canonical(item)), sort_keys=True) for item in conditions}


def _lowered(condition: Condition) -> Any:
    """Upper and lower case are the same to the load balancer, but in paths and methods.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
    """
    if condition["Field"] in ("path-pattern", "http-request-method"):
        return condition
    return {key: value if key == "Field" else _lower(value) for key, value in condition.items()}


def _lower(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _lower(item) for key, item in value.items()}
    if isinstance(value, list):
        return _in_order([_lower(item) for item in value])
    return value.lower() if isinstance(value, str) else value


def _is_everything(condition: Condition) -> bool:
    config = canonical(condition).get("PathPatternConfig", {})
    return set(config) == {"Values"} and any(paths & set(config["Values"]) for paths in _ALL_PATHS)


def _in_order(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return sorted(value, key=lambda item: json.dumps(item, sort_keys=True))
