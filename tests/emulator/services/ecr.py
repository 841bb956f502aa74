# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon ECR: images that lists of images refer to, archived ones, and what somebody pushes while others delete.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageFailure.html
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImagesFilter.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.models import Repository
from moto.ecr.responses import ECRResponse

from ..patching import Patches
from ..world import world

#: Images in one call: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
MOST = 100
_MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"

_moto_describe = ECRResponse.describe_images


def _lists(repository: Repository, digest: str) -> list[str]:
    """Digests of the lists of images that refer to one."""
    return [
        image.image_digest
        for image in repository.images
        if any(row.get("digest") == digest for row in json.loads(image.image_manifest).get("manifests", ()))
    ]


def _delete(response: ECRResponse) -> ActionResult:
    """As far as nothing refers to them, one after another."""
    name, image_ids = response._get_param("repositoryName"), response._get_param("imageIds") or []
    backend = response.ecr_backend
    if len(image_ids) > MOST:
        raise InvalidParameterException(f"Member must have length less than or equal to {MOST}")
    done: dict[str, Any] = {"imageIds": [], "failures": []}
    for image_id in image_ids:
        repository = backend.repositories.get(name)
        lists = _lists(repository, image_id.get("imageDigest", "")) if repository else []
        if lists:
            reason = f"Requested image referenced by manifest list: [{', '.join(lists)}]"
            code = "ImageReferencedByManifestList"
            done["failures"].append({"imageId": image_id, "failureCode": code, "failureReason": reason})
            continue
        for key, rows in backend.batch_delete_image(name, None, [image_id]).items():
            done[key] += rows
    tag = world.faults.take_late_image(name)
    if tag is not None:
        layers = [{"size": 1, "digest": f"sha256:{tag}"}]
        backend.put_image(name, json.dumps({"schemaVersion": 2, "mediaType": _MEDIA_TYPE, "layers": layers}), tag)
    return ActionResult(done)


def _describe(response: ECRResponse) -> ActionResult:
    """Only those that are active, if nothing is said."""
    status = (response._get_param("filter") or {}).get("imageStatus", "ACTIVE")
    answer = _moto_describe(response)
    answer.result["imageDetails"] = [
        image for image in answer.result["imageDetails"] if _status(image) == status or response._get_param("imageIds")
    ]
    return answer


def _status(image: Any) -> str:
    return "ARCHIVED" if image.get_image_digest() in world.faults.archived_images else "ACTIVE"


def _describe_rules(_response: ECRResponse) -> ActionResult:
    """https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribePullThroughCacheRules.html"""
    rules = world.faults.pulled_through.items()
    rows = [{"ecrRepositoryPrefix": prefix, "upstreamRegistryUrl": url} for prefix, url in rules]
    return ActionResult({"pullThroughCacheRules": rows})


def install(patches: Patches) -> None:
    patches.set(ECRResponse, "batch_delete_image", _delete)
    patches.set(ECRResponse, "describe_images", _describe)
    patches.set(ECRResponse, "describe_pull_through_cache_rules", _describe_rules)
