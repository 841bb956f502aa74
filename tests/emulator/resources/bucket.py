# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::S3::Bucket: a bucket with anything in it does not go, nor does CloudFormation try again.

F5Networks/f5-aws-cloudformation#52 and aws/aws-cdk#21776 have the words, and gruntwork-io/cloud-nuke#369 those of one
with versions; old ones count:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
"""

from __future__ import annotations

from typing import Any

from moto.s3.models import FakeBucket, s3_backends
from moto.utilities.utils import get_partition

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..patching import Patches
from ..world import world


_moto_create = FakeBucket.create_from_cloudformation_json.__func__


def _create(cls: type, resource_name: str, cloudformation_json: Any, *place: Any, **more: Any) -> FakeBucket:
    """With what moto leaves out of the template: versions and locks.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
    """
    bucket = _moto_create(cls, resource_name, cloudformation_json, *place, **more)
    properties = cloudformation_json.get("Properties", {})
    bucket.versioning_status = properties.get("VersioningConfiguration", {}).get("Status")
    if properties.get("ObjectLockEnabled"):
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
        bucket.object_lock_enabled, bucket.versioning_status = True, "Enabled"
    return bucket


class _Deletion:
    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("s3.bucket", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        backend = s3_backends[resource.account_id][get_partition(resource.region)]
        bucket = backend.buckets.get(resource.physical_id)
        if bucket is None:
            return True
        if bucket.keys:
            words = "The bucket you tried to delete is not empty"
            if bucket.versioning_status:
                words += ". You must delete all versions in the bucket."
            raise Refused("BucketNotEmpty", words, service="S3", status=409)
        backend.delete_bucket(bucket.name)
        return True


def install(patches: Patches) -> None:
    patches.set(FakeBucket, "create_from_cloudformation_json", classmethod(_create))
    register("AWS::S3::Bucket", _Deletion())
