# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for get-pip.py in ansible-test's cache: copy the pip of the main environment, with its bytecode.

It runs in an environment that ansible-test has made; HOME is the folder that ``sanity.py`` keeps in the main one.
"""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

source = Path(sysconfig.get_path("purelib", vars={"base": str(Path.home().parent)}))
for found in (source / "pip", *source.glob("pip-*.dist-info")):
    shutil.copytree(found, Path(sysconfig.get_path("purelib")) / found.name)
