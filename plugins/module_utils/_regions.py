# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which regions there are, as far as botocore knows."""

from __future__ import annotations

import difflib

try:
    import botocore
    import botocore.session
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore


def region_problem(region: str) -> str:
    """What is wrong with the name of a region; empty if nothing is. botocore would try to reach it again and again."""
    session = botocore.session.get_session()
    known = {
        name
        for partition in session.get_available_partitions()
        for name in session.get_available_regions("cloudformation", partition)
    }
    if region in known:
        return ""
    close = difflib.get_close_matches(region, sorted(known), n=3)
    hint = f"Did you mean {' or '.join(close)}?" if close else "Give the name of an AWS region, such as eu-central-1."
    return f"There is no region {region!r} that botocore {botocore.__version__} knows. {hint}"
