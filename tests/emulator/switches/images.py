# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of container images: what happens to every task that runs one."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

#: The image cannot be pulled; an essential container exits, because it is out of memory, or of disk space, too; the
#: health check fails; it takes its time until it listens, or listens on another port for ever.
IMAGE_FAULTS = ("pull", "exit", "memory", "disk", "unhealthy", "slow", "port")
EXITS = ("exit", "memory", "disk")
#: What is written by a container before it ends; one that is killed writes nothing.
_LINES = {
    "exit": "fatal: cannot go on",
    "disk": "fatal: write /var/lib/app/data: no space left on device",
}
#: AWS seconds that a task has to last to pass its health check before it fails.
_GRACE = 30.0


@dataclass(frozen=True)
class ImageFault:
    """``how``: one of ``IMAGE_FAULTS``. ``after``: AWS seconds for which the task runs before. ``line``: what its
    container writes then, before it exits."""

    pattern: str
    how: str
    after: float
    line: str = ""

    @property
    def seems_well(self) -> bool:
        """Whether the task passes its health check at first."""
        return self.how in (*EXITS, "unhealthy") and self.after > _GRACE

    def listens(self, seconds: float) -> bool:
        """Whether a task that has run for so long takes connections."""
        return self.how != "port" and (self.how != "slow" or seconds >= self.after)


class ImageSwitches:
    """The switches, and the question that tasks ask of them."""

    def clear(self) -> None:
        self._images: list[ImageFault] = []

    def break_image(self, pattern: str, how: str, after: float = 10.0, line: str = "") -> None:
        """Tasks that run an image such as ``shop/web:2``, or ``shop/web:*``, fail after so many AWS seconds; above 30
        they seem to be well until then. A ``slow`` one listens from then on. ``line``: what a container writes into its
        log before it exits. ValueError for a fault that is none of ``IMAGE_FAULTS``."""
        if how not in IMAGE_FAULTS:
            raise ValueError(f"{how!r} is none of {', '.join(IMAGE_FAULTS)}")
        self._images.append(ImageFault(pattern, how, after, line or _LINES.get(how, "")))

    def mend_images(self) -> None:
        """All images are well again. Tasks that run already go on as they would have."""
        self._images.clear()

    def image_fault(self, image: str) -> ImageFault | None:
        """What is wrong with this image."""
        return next((fault for fault in self._images if fnmatchcase(image, fault.pattern)), None)
