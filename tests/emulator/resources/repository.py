# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::ECR::Repository: with images in it it goes only if its template says so.

brentley/appmeshworkshop#31 and pulumi/pulumi-aws-native#1270 have the words.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
"""

from __future__ import annotations

from moto.ecr.exceptions import RepositoryNotEmptyException
from moto.ecr.models import ecr_backends

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..world import world


class _Deletion:
    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("resource.other", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        backend = ecr_backends[resource.account_id][resource.region]
        if resource.physical_id not in backend.repositories:
            return True
        force = str(resource.properties.get("EmptyOnDelete")).lower() == "true"
        try:
            backend.delete_repository(resource.physical_id, force=force)
        except RepositoryNotEmptyException as error:
            raise Refused(error.code, error.message, service="Ecr") from error
        return True


def install() -> None:
    register("AWS::ECR::Repository", _Deletion())
