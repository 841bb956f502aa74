# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Whether resources are there, asked of their own services, or of Cloud Control."""

from __future__ import annotations

from typing import Iterable

from .._aws.batches import batches
from .._aws.errors import DENIED
from .._aws.errors import FORM
from .._aws.errors import AwsCallError
from .._aws.errors import other_form
from .._aws.looks import Looks
from . import general
from .registry import TYPES
from .registry import inside
from .resource import Lookup
from .resource import Resource


def can_be_looked_up(resource: Resource) -> bool:
    """Whether its type is known here, and its id says enough."""
    row = TYPES.get(resource.type)
    return row is not None and row.lookup.fits(resource.physical_id)


class Lookups:
    """Remembers which services AWS has ended.

    ``reasons``: why a resource was not looked up, of each for which that is no gap. ``ends``: the day on which AWS
    deletes one that counts as gone already.
    """

    def __init__(self, looks: Looks) -> None:
        self._looks = looks
        self._ended: set[str] = set()
        self.reasons: dict[Resource, str] = {}
        self.ends: dict[Resource, str] = {}

    def there(self, resources: Iterable[Resource]) -> dict[Resource, bool | None]:
        """For each resource: True, False, or None for one that could not be looked up. That is a gap, except for what
        has one of the ``reasons``."""
        wanted = list(dict.fromkeys(resources))
        around = {item: inside(item) for item in wanted}
        outer = self._answers(item for item in around.values() if item)
        lost = {item for item, place in around.items() if place and outer[place] is False}
        inner = self._answers(item for item in wanted if item not in lost and item not in outer)
        return {item: False if item in lost else {**inner, **outer}[item] for item in wanted}

    def _answers(self, resources: Iterable[Resource]) -> dict[Resource, bool | None]:
        wanted = list(dict.fromkeys(resources))
        answers: dict[Resource, bool | None] = dict.fromkeys(wanted)
        asked = _alike(item for item in wanted if can_be_looked_up(item))
        for answer in self._looks.each(self._look_up, asked):
            answers.update(answer)
        others = [item for item in wanted if not can_be_looked_up(item)]
        answers.update(zip(others, self._looks.each(self._look_up_generally, others)))
        return answers

    def _look_up_generally(self, item: Resource) -> bool | None:
        unasked = general.NO_LOOK if item.type in TYPES else general.reason_not_to_ask(item.type)
        if unasked or not item.physical_id:
            return self._unseen(item, unasked or general.NO_LOOK)
        try:
            self._looks.tried(
                lambda: self._looks.pages(general.ACTION, TypeName=item.type, Identifier=item.physical_id)
            )
        except AwsCallError as error:
            if self._looks.ended(error):
                raise
            if error.code == general.ABSENT and error.kind != DENIED:
                known = general.is_identified(item.type, item.physical_id)
                return False if known else self._unseen(item, general.UNCERTAIN)
            # The read handler calls the type's own service with the caller's permissions, which are the user's to give:
            # https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/security.html
            if error.code in general.UNREADABLE or (error.kind == DENIED and general.is_of_handler(error)):
                return self._unseen(item, f"Cloud Control cannot read it: {error.message.rstrip('.')}")
            self._looks.note(error, f"{item.type} {item.physical_id}")
            return None
        return True

    def _unseen(self, item: Resource, reason: str) -> None:
        self.reasons[item] = reason

    def _look_up(self, batch: list[Resource]) -> dict[Resource, bool | None]:
        lookup = TYPES[batch[0].type].lookup
        if lookup.action.partition(":")[0] in self._ended:
            return self._ended_for(batch)
        ids = [item.physical_id for item in batch]
        try:
            found = self._ask(lookup, batch) if lookup.ended else self._looks.tried(lambda: self._ask(lookup, batch))
        except AwsCallError as error:
            if self._looks.ended(error):
                raise
            if lookup.says_absent(error):
                return dict.fromkeys(batch, False)
            if lookup.ended:
                self._ended.add(lookup.action.partition(":")[0])
                return self._ended_for(batch)
            self._looks.note(error, ids[0])
            return dict.fromkeys(batch)
        return {item: item.physical_id in found for item in batch}

    def _ended_for(self, batch: list[Resource]) -> dict[Resource, bool | None]:
        return {item: self._unseen(item, general.NO_LOOK) for item in batch}

    def _ask(self, lookup: Lookup, batch: list[Resource]) -> set[str]:
        ids = [item.physical_id for item in batch]
        pages = self._looks.pages(lookup.action, **lookup.ask(ids))
        try:
            self.ends.update({batch[0]: day for page in pages if (day := lookup.ends(page))})
            return {found for page in pages for found in lookup.there(page, ids)}
        except FORM as error:
            raise other_form(error, lookup.action) from error


def _alike(resources: Iterable[Resource]) -> list[list[Resource]]:
    """What goes into one call each."""
    alike: dict[tuple[str, str], list[Resource]] = {}
    for item in resources:
        alike.setdefault((item.type, TYPES[item.type].lookup.alike(item.physical_id)), []).append(item)
    return [
        some for (name, _key), group in alike.items() for some in batches(group, TYPES[name].lookup.most)
    ]
