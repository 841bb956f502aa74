# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloud Control: one call that looks any type of resource up. moto has nothing of it.

https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_GetResource.html
"""

from __future__ import annotations

from .answers import SIGNING_NAME, answer

__all__ = ["SIGNING_NAME", "answer"]
