# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workshop that is put on the emulator to be torn down: a stand-in of our own, or the original from a clone."""

from __future__ import annotations

from .deployment import Workshop, deploy
from .inventory import whats_left
from .manifest import Manifest, Stack, read_manifest

__all__ = ["Manifest", "Stack", "Workshop", "deploy", "read_manifest", "whats_left"]
