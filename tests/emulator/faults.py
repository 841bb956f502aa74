# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that can be switched on. All are off at the start and after ``clear()``."""

from __future__ import annotations

from collections.abc import Callable

from .switches.answers import AnswerSwitches
from .switches.calls import CallSwitches
from .switches.images import ImageSwitches
from .switches.services import ServiceSwitches
from .switches.stacks import EXPORT_IN_USE, StackSwitches

__all__ = ["EXPORT_IN_USE", "Faults"]


class Faults(ServiceSwitches, ImageSwitches, AnswerSwitches, StackSwitches, CallSwitches):
    """Every switch of the emulator."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.clear()

    def clear(self) -> None:
        """Everything off."""
        ServiceSwitches.clear(self)
        ImageSwitches.clear(self)
        AnswerSwitches.clear(self)
        StackSwitches.clear(self)
        CallSwitches.clear(self)
