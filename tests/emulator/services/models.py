# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all our CloudFormation resource types have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.common_models import CloudFormationModel


class StackResource(CloudFormationModel):
    """A stack's resource: its physical id and attributes; its state is in the service's backend.

    moto finds resource types among the *direct* subclasses of its CloudFormationModel, which is why types also name
    ``StackResource.base`` as base. Of two classes for one type it takes the one defined last.
    """

    base: ClassVar[type[CloudFormationModel]] = CloudFormationModel

    def __init__(self, physical_resource_id: str, attributes: dict[str, str]) -> None:
        self._physical_id = physical_resource_id
        self.attributes = attributes

    @property
    def physical_resource_id(self) -> str:
        return self._physical_id

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @staticmethod
    def cloudformation_type() -> str:
        return "Emulator::Base::Resource"

    def get_cfn_attribute(self, attribute_name: str) -> Any:
        if attribute_name not in self.attributes:
            raise UnformattedGetAttTemplateException()
        return self.attributes[attribute_name]
