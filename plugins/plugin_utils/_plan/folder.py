# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Whether a folder could take a report, found out before hours of work depend on it."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path


def folder_problem(folder: str, *, touch: bool) -> str:
    """Why a report could not be written to a folder that may have to be made first; C('') if it could.

    :param touch: try it, and leave nothing behind; otherwise judge by what the file system says
    """
    reason = _obstacle(folder, touch)
    return f"The report could not be written to workshop_report_dir, {json.dumps(folder)}: {reason}." if reason else ""


def _obstacle(folder: str, touch: bool) -> str:
    nearest = Path(folder).expanduser().absolute()
    while not nearest.exists():
        nearest = nearest.parent
    if not nearest.is_dir():
        return f"{nearest} is not a folder"
    if not touch:
        return "" if os.access(nearest, os.W_OK | os.X_OK) else f"{nearest} may not be written to"
    try:
        with tempfile.TemporaryDirectory(dir=nearest, prefix=".workshop-") as trial:
            Path(trial, "trial").write_text("trial\n", encoding="utf-8")
    except OSError as error:
        return f"{nearest}: {error.strerror or error}"
    return ""
