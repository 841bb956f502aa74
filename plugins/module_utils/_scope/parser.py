# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Templates as somebody has written them, in YAML with its abbreviations."""

from __future__ import annotations

from typing import Any
from typing import Mapping

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
_SHORT = ("Ref", "Condition")


class Parser:
    """``yaml``: the module of PyYAML; None where Python has it not."""

    def __init__(self, yaml: Any) -> None:
        self._yaml = yaml

    def __call__(self, text: str) -> Mapping[str, Any]:
        """A template as a mapping, every function by its full name. All else is text: there are no dates in it. Raises
        ValueError."""
        if self._yaml is None:
            raise ValueError("it is written in YAML, and this Python has no PyYAML")
        try:
            found = self._yaml.load(text, Loader=self._loader())
        except self._yaml.YAMLError as error:
            raise ValueError(" ".join(str(error).split())) from error
        if not isinstance(found, dict):
            raise ValueError("it is no mapping")
        return found

    def _loader(self) -> Any:
        # The one in C takes a tenth of the time.
        class Loader(getattr(self._yaml, "CBaseLoader", self._yaml.BaseLoader)):
            """Knows what YAML abbreviates."""

        Loader.add_multi_constructor("!", self._function)
        return Loader

    def _function(self, loader: Any, suffix: str, node: Any) -> dict[str, Any]:
        if isinstance(node, self._yaml.ScalarNode):
            argument = loader.construct_scalar(node)
        elif isinstance(node, self._yaml.SequenceNode):
            argument = loader.construct_sequence(node, deep=True)
        else:
            argument = loader.construct_mapping(node, deep=True)
        return {suffix if suffix in _SHORT else f"Fn::{suffix}": argument}
