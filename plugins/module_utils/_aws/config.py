# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""How boto3 clients are set up, whatever the service."""

from __future__ import annotations

# botocore's standard mode knows what every service calls throttling, ECS's ThrottlingException too:
# https://docs.aws.amazon.com/boto3/latest/guide/retries.html
# Its tries are few, since the loops that call go on with their next look.
CLIENT_CONFIG = {"retries": {"mode": "standard", "max_attempts": 4}, "connect_timeout": 10, "read_timeout": 60}
