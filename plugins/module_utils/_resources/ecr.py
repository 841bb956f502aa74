# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Repositories of Amazon ECR, and of its public gallery."""

from __future__ import annotations

from collections import Counter
from typing import Any
from typing import Mapping
from typing import Sequence

from .._aws.batches import batches
from .._aws.errors import OTHER
from .._aws.errors import AwsCallError
from .._aws.errors import aws_call
from .._aws.looks import Looks
from . import templates
from .blocker import Amount
from .blocker import Blocker
from .blocker import data
from .clearing import Clearing
from .clearing import NotCleared
from .clearing import Work
from .ours import Ours
from .resource import ResourceType
from .resource import one

REPOSITORY = "AWS::ECR::Repository"
PUBLIC = "AWS::ECR::PublicRepository"
#: Images in one call: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
MOST = 100
#: Of deleting all there is: lists of images can be in lists, and more can be pushed meanwhile.
ROUNDS = 5
LOST = "all images, with all their tags"
_GONE = "RepositoryNotFoundException"
# Only active images are shown if nothing is said, and others hold a repository as well:
# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImagesFilter.html
_ALSO = ("ARCHIVED", "ACTIVATING")
_WORDS = {"images": "image", "untagged images": "untagged image"}

Image = Mapping[str, Any]


class _Registry:
    """Of private repositories or of public ones. ``service``: the prefix of its IAM actions. ``type``:
    CloudFormation's."""

    def __init__(self, service: str, type_name: str) -> None:
        self.service = service
        self.type = type_name
        self.private = type_name == REPOSITORY

    def detect(self, looks: Looks, ours: Ours, names: Sequence[str]) -> list[tuple[str, Blocker]]:
        """Images in repositories of ours."""
        found = looks.each(lambda name: self._holding(looks, ours, name), names)
        return [(name, blocker) for name, blocker in zip(names, found) if blocker]

    def clear(self, work: Work, name: str) -> list[Amount]:
        """Delete all images, those first that others can not go before."""
        deleted: Counter[str] = Counter()
        for _round in range(ROUNDS):
            images = self._there(work, name)
            if not images:
                return _amounts(deleted)
            for batch in batches(images, MOST):
                if work.stopped():
                    return _amounts(deleted)
                left = self._delete(work, name, batch)
                deleted.update(_kind(image) for image in batch if image["imageDigest"] not in left)
                work.told(_amounts(deleted))
        images = self._there(work, name)
        if images:
            newest = max(images, key=lambda image: str(image.get("imagePushedAt", "")))
            raise NotCleared(
                f"After {ROUNDS} rounds of deleting all images there are still some in {name}, the newest pushed at "
                f"{newest.get('imagePushedAt')}: {', '.join(newest.get('imageTags') or [newest['imageDigest']])}. Stop "
                "what pushes, or pulls through it, and run this again."
            )
        return _amounts(deleted)

    def remove(self, name: str) -> tuple[str, ...]:
        """Words of the command that removes one with all that is in it."""
        return (self.service, "delete-repository", "--force", "--repository-name", name)

    def _holding(self, looks: Looks, ours: Ours, name: str) -> Blocker | None:
        images: list[Image] = looks.at(name, lambda: self._images(looks, name), []) or []
        empties = templates.says(looks, self.type, name, "EmptyOnDelete") if images and self.private else False
        if not images or empties:
            return None
        size = sum(image.get("imageSizeInBytes") or 0 for image in images)
        stays, lost = self._copies(looks, name)
        reason = f"A repository cannot be deleted with images in it, and {name} has some."
        return Blocker(
            self.type,
            name,
            name,
            " ".join([reason, *self._pulled(looks, name), *stays]),
            self.remove(name),
            ours.owned_ids(self.type).get(name),
            # A template that may not be read may say that they go with it.
            certain=empties is not None,
            goes_with_owner=False,
            amounts=(*_amounts(Counter(map(_kind, images))), *([data(size)] if size else [])),
            clear=self.type,
            lost=lost,
        )

    def _images(self, looks: Looks, name: str) -> list[Image]:
        """All of them, lists of images first. Raises :class:`AwsCallError`."""
        action = f"{self.service}:DescribeImages"
        known = looks.clients(self.service).meta.service_model.operation_model("DescribeImages").input_shape.members
        statuses = _ALSO if "filter" in known and "imageStatus" in known["filter"].members else ()
        pages = looks.pages(action, repositoryName=name)
        for status in statuses:
            pages += looks.pages(action, repositoryName=name, filter={"imageStatus": status})
        found = {image["imageDigest"]: image for page in pages for image in page.get("imageDetails") or ()}
        return sorted(found.values(), key=_order)

    def _there(self, work: Work, name: str) -> list[Image]:
        try:
            return work.looks.tried(lambda: self._images(work.looks, name))
        except AwsCallError as error:
            if error.code == _GONE:
                return []
            raise

    def _delete(self, work: Work, name: str, images: Sequence[Image]) -> set[str]:
        """Digests of those that are not deleted yet, since others refer to them. Raises :class:`AwsCallError`."""
        action = f"{self.service}:BatchDeleteImage"
        ids = [{"imageDigest": image["imageDigest"]} for image in images]

        def delete() -> Mapping[str, Any]:
            with aws_call(action):
                return work.client(self.service).batch_delete_image(repositoryName=name, imageIds=ids)

        left = set()
        for row in work.looks.tried(delete).get("failures") or ():
            code, digest = row.get("failureCode"), row.get("imageId", {}).get("imageDigest", "")
            if code == "ImageReferencedByManifestList":
                left.add(digest)
            elif code != "ImageNotFound":
                words = f"{row.get('failureReason')} ({digest} in the repository {name})"
                raise AwsCallError(OTHER, str(code), words, action)
        return left

    def _pulled(self, looks: Looks, name: str) -> list[str]:
        """What fills it anew whenever somebody pulls, in words.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
        """
        if not self.private:
            return []
        action = "ecr:DescribePullThroughCacheRules"
        rules = looks.once("pull through", lambda: looks.listing(action, "pullThroughCacheRules"))
        return [
            f"A pull through cache of {rule.get('upstreamRegistryUrl')} fills it anew when somebody pulls."
            for rule in rules
            if name.startswith(f"{rule['ecrRepositoryPrefix']}/") or rule["ecrRepositoryPrefix"] == "ROOT"
        ]

    def _copies(self, looks: Looks, name: str) -> tuple[list[str], str]:
        """What becomes of the copies that replication has made: those that stay, and what is lost, in words.

        https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ReplicationRule.html
        """
        if not self.private:
            return [], LOST
        action = "ecr:DescribeRegistry"
        told = looks.once("registry", lambda: looks.at("", lambda: looks.pages(action), [])) or []
        places: dict[bool, list[str]] = {True: [], False: []}
        for rule in (rule for page in told for rule in page.get("replicationConfiguration", {}).get("rules", ())):
            prefixes = [row.get("filter", "") for row in rule.get("repositoryFilters") or ()]
            if not prefixes or name.startswith(tuple(prefixes)):
                deletes = bool(rule.get("deleteReplication", {}).get("enabled"))
                places[deletes] += [f"{item['registryId']} in {item['region']}" for item in rule["destinations"]]
        stay = ", ".join(sorted(set(places[False])))
        go = ", ".join(sorted(set(places[True])))
        words = [f"What replication has copied to {stay} stays there."] if stay else []
        return words, f"{LOST}; replication deletes them in {go} as well" if go else LOST


def _order(image: Image) -> tuple[bool, bool, str]:
    """What refers to others comes before these: lists of images, then signatures and the like."""
    kind = str(image.get("imageManifestMediaType", ""))
    return not kind.endswith(("manifest.list.v2+json", "image.index.v1+json")), not image.get(
        "subjectManifestDigest"
    ), image["imageDigest"]


def _kind(image: Image) -> str:
    return "images" if image.get("imageTags") else "untagged images"


def _amounts(counts: Mapping[str, int]) -> list[Amount]:
    return [Amount(counts[kind], word, kind) for kind, word in _WORDS.items() if counts.get(kind)]


def _row(service: str, type_name: str, more: Sequence[str], source: str, arn: str = "") -> ResourceType:
    registry = _Registry(service, type_name)
    images = f"{service}:DescribeImages"
    return ResourceType(
        name=type_name,
        command=registry.remove,
        lookup=one(f"{service}:DescribeRepositories", "repositoryNames", _GONE, many=True),
        arn=arn,
        arn_id=lambda arn: arn.partition("repository/")[2],
        clearing=Clearing(
            detect=registry.detect,
            clear=registry.clear,
            detects=(images, *more),
            clears=(images, f"{service}:BatchDeleteImage"),
            lost=LOST,
            source=source,
        ),
    )


TYPES = (
    _row(
        "ecr",
        REPOSITORY,
        ("ecr:DescribePullThroughCacheRules", "ecr:DescribeRegistry", *templates.ACTIONS),
        "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html",
        "ecr:repository",
    ),
    _row(
        "ecr-public",
        PUBLIC,
        (),
        "https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_DeleteRepository.html",
    ),
)
