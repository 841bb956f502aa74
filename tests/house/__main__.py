# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw the picture, write what is made from the rows, and name what runs back; exit code 1 when something does."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.docs.clearing import write
from tests.house.arrows import arrows, circle, parts, running_back
from tests.house.picture import draw

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs/img/architecture.svg"

if __name__ == "__main__":
    found = arrows(ROOT)
    write()
    PICTURE.write_text(draw(parts(ROOT), found), encoding="utf-8")
    wrong = [f"runs back: {arrow}" for arrow in running_back(found)]
    if in_circle := circle(found):
        wrong.append(f"circle: {' <- '.join(map(str, in_circle))}")
    print("\n".join(wrong) or "Every arrow runs one way.")
    sys.exit(bool(wrong))
