# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Six stand-in workshops, one for each way in which stacks refer to each other, and how to put one on the emulator."""

from __future__ import annotations

from .deployment import Deployed, deploy
from .manifest import NAMES, Edge, Manifest, Stack, creation_order, read_manifest

__all__ = ["NAMES", "Deployed", "Edge", "Manifest", "Stack", "creation_order", "deploy", "read_manifest"]
