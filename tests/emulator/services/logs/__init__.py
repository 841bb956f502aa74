# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch Logs: groups that come back, patterns that filter, queries that find."""

from __future__ import annotations

from .backend import install, writer_ends, writer_starts

__all__ = ["install", "writer_ends", "writer_starts"]
