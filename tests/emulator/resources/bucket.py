# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::S3::Bucket: a bucket with anything in it does not go, nor does CloudFormation try again.

F5Networks/f5-aws-cloudformation#52 and aws/aws-cdk#21776 have the words; old versions count:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
"""

from __future__ import annotations

from moto.s3.models import s3_backends
from moto.utilities.utils import get_partition

from ..cloudformation.deletion import Context, Refused, Resource, register
from ..world import world


class _Deletion:
    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("s3.bucket", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        backend = s3_backends[resource.account_id][get_partition(resource.region)]
        bucket = backend.buckets.get(resource.physical_id)
        if bucket is None:
            return True
        if bucket.keys:
            raise Refused("BucketNotEmpty", "The bucket you tried to delete is not empty", service="S3", status=409)
        backend.delete_bucket(bucket.name)
        return True


def install() -> None:
    register("AWS::S3::Bucket", _Deletion())
