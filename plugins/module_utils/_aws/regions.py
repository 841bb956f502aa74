# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Which regions there are, as far as botocore knows."""

from __future__ import annotations

import difflib
import re

try:
    import botocore
    import botocore.session
except ImportError:
    pass  # AnsibleAWSModule reports a missing botocore


def region_problem(region: str) -> str:
    """What is wrong with the name of a region; empty if nothing is. botocore would try to reach it again and again."""
    # Not from endpoints.json, which takes longer to load than most calls.
    partitions = botocore.session.get_session().get_component("data_loader").load_data("partitions")["partitions"]
    # "aws-global" and its like are in the list as well, but not of the form of a region's name.
    known = {name for item in partitions for name in item["regions"] if re.match(item["regionRegex"], name)}
    if region in known:
        return ""
    close = difflib.get_close_matches(region, sorted(known), n=3)
    hint = f"Did you mean {' or '.join(close)}?" if close else "Give the name of an AWS region, such as eu-central-1."
    return f"There is no region {region!r} that botocore {botocore.__version__} knows. {hint}"
