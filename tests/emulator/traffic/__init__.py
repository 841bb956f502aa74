# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests of users: from a load balancer's listener through the tasks that handle them, and what is seen of it."""

from __future__ import annotations

from .records import Hop, Request, Traffic

__all__ = ["Hop", "Request", "Traffic"]
