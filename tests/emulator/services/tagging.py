# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Resource Groups Tagging API: what it finds, what it refuses, and what it still shows after the end.

https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.resource_tagging import TaggedResource, iter_taggable_backends, make_tag_matcher, match_resource_type
from moto.ecr.models import ecr_backends
from moto.resourcegroupstaggingapi import urls as tagging_urls
from moto.resourcegroupstaggingapi.exceptions import ResourceGroupsTaggingAPIError
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend, resourcegroupstaggingapi_backends

from ..world import world
from .pages import InvalidToken, page
from .swap import Swaps

#: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagFilter.html
_VALUES = 20
#: "1 validation error detected: …" as quoted in prometheus/cloudwatch_exporter#440.
_TOO_MANY = (
    "1 validation error detected: Value '{}' at 'tagFilters.{}.member.values' failed to satisfy constraint: "
    f"Member must have length less than or equal to {_VALUES}"
)

#: "GetResources operations aren't supported at this time and return an empty response for this service":
#: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
_UNKNOWN = ("arn:aws:autoscaling:", "arn:aws:iam:")


class InvalidParameter(ResourceGroupsTaggingAPIError):
    def __init__(self, message: str) -> None:
        super().__init__("InvalidParameterException", message)


class Tagging(ResourceGroupsTaggingAPIBackend):
    """moto's, with the limits of AWS, and with resources that are gone but not forgotten yet.

    GetResources returns "tagged or previously tagged" resources; deleted ones were seen for twenty minutes and more
    (aws/aws-cli#4173, boto/boto3#3341, boto/boto3#1704, aws/aws-sdk#676). IAM roles and Auto Scaling groups are never
    returned.
    """

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        #: ARN -> what was seen with tags at some time
        self.known: dict[str, TaggedResource] = {}
        #: ARN -> until when a deleted one is still shown, in AWS seconds
        self.forgotten_at: dict[str, float] = {}
        #: App Mesh, which moto cannot tag
        self.extra: dict[str, TaggedResource] = {}

    @property
    def _url_module(self) -> Any:
        return tagging_urls

    def get_resources(
        self,
        pagination_token: str | None = None,
        resources_per_page: int = 50,
        tags_per_page: int = 100,
        tag_filters: list[dict[str, Any]] | None = None,
        resource_type_filters: list[str] | None = None,
        resource_arn_list: list[str] | None = None,
    ) -> tuple[str | None, list[TaggedResource]]:
        """One page, ordered by ARN."""
        _check(tag_filters or [], resource_arn_list, bool(tag_filters or resource_type_filters or pagination_token))
        fits = make_tag_matcher(tag_filters)
        found = [
            item
            for item in self._shown()
            if fits(item.tags)
            and match_resource_type(item.resource_type, resource_type_filters)
            and (not resource_arn_list or item.arn in resource_arn_list)
        ]
        try:
            shown, token = page(found, pagination_token, resources_per_page, lambda item: item.arn)
        except InvalidToken as error:
            raise ResourceGroupsTaggingAPIError("PaginationTokenExpiredException", "Token does not exist") from error
        return token, shown

    def _shown(self) -> Iterator[TaggedResource]:
        live = {item.arn: item for item in self._live() if item.tags or item.extra.get("include_untagged")}
        self.known.update(live)
        for arn in live:
            self.forgotten_at.pop(arn, None)
        yield from live.values()
        for arn in [arn for arn in self.known if arn not in live]:
            if self.gone(arn) > world.clock.now():
                yield self.known[arn]
            else:
                del self.known[arn], self.forgotten_at[arn]

    def _live(self) -> Iterator[TaggedResource]:
        for backend in iter_taggable_backends(self.account_id, self.region_name):
            yield from (item for item in backend.iter_tagged_resources() if not item.arn.startswith(_UNKNOWN))
        yield from self.extra.values()
        yield from self._repositories()

    def _repositories(self) -> Iterator[TaggedResource]:
        """Those of ECR, which moto leaves out of this API.

        https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
        """
        backend = ecr_backends[self.account_id][self.region_name]
        for repository in backend.repositories.values():
            tags = backend.tagger.get_tag_dict_for_resource(repository.arn)
            yield TaggedResource(repository.arn, tags, "ecr:repository")

    def gone(self, arn: str) -> float:
        """The resource does not exist any more; until when it is still shown."""
        if arn not in self.forgotten_at:
            lag = world.faults.tagging_lag_seconds
            seconds = world.durations.draw("tagging.forget", self._label(arn)) if lag is None else lag
            self.forgotten_at[arn] = world.clock.now() + seconds
        return self.forgotten_at[arn]

    def _label(self, arn: str) -> str:
        tags = self.known[arn].tags if arn in self.known else {}
        return "/".join(tags.get(f"aws:cloudformation:{part}", "") for part in ("stack-name", "logical-id"))

    def remember(self, arn: str, tags: dict[str, str]) -> None:
        """A resource was tagged at its creation."""
        service, _region, _account, rest = arn.split(":", 5)[2:]
        kind = f"{service}:{rest.replace(':', '/').split('/')[0]}"
        self.forgotten_at.pop(arn, None)
        self.known[arn] = TaggedResource(arn, dict(tags), kind)
        if service == "appmesh":
            self.extra[arn] = TaggedResource(arn, dict(tags), f"appmesh:{rest.split('/')[-2]}")


def _check(tag_filters: list[dict[str, Any]], arns: list[str] | None, filtered: bool) -> None:
    if arns and filtered:
        raise InvalidParameter("ResourceARNList cannot be given together with filters or a PaginationToken.")
    if len(tag_filters) > 50:
        raise InvalidParameter("TagFilters must have 50 members at most.")
    for number, wanted in enumerate(tag_filters, 1):
        values = wanted.get("Values") or []
        if not wanted.get("Key"):
            raise InvalidParameter("A TagFilter needs a Key.")
        if len(values) > _VALUES:
            raise InvalidParameter(_TOO_MANY.format(f"[{', '.join(values)}]", number))


def backend_of(account_id: str, region: str) -> Tagging:
    """The API of an account and region."""
    return resourcegroupstaggingapi_backends[account_id][region]  # type: ignore[return-value]


def install(swaps: Swaps) -> None:
    """Have moto use our backend."""
    swaps.use(resourcegroupstaggingapi_backends, Tagging)
