# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``ansible-test sanity``, every test, without a container and without touching the home folder."""

from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from ansible_test._internal.python_requirements import get_venv_packages

from tests.judges.child import Verdict, run
from tests.judges.export import exported

HOME = Path(sys.prefix) / "sanity"
VERSION = "{}.{}".format(*sys.version_info)


def prepare_home() -> None:
    """Give ansible-test a home of its own, kept in the virtual environment.

    It makes a small environment for each test and downloads a script to put pip into it. A script of that name is
    put where it keeps its downloads, taking pip from this environment, so that the package index is all it needs.
    It passes few variables on to pip: what pip is told here is written into a file there.
    """
    pip = get_venv_packages(SimpleNamespace(version=VERSION))["pip"]
    cache = HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(__file__).with_name("get_pip.py"), cache / f"get_pip_{pip.replace('.', '_')}.py")
    settings = configparser.RawConfigParser()
    settings.read_dict({"global": {"quiet": "1"}})
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for scope, key, value in re.findall(r"^(\S+)\.([\w-]+)=('.*'|\".*\")$", listed, flags=re.MULTILINE):
        settings.read_dict({scope.replace(":env:", "global"): {key: ast.literal_eval(value)}})
    config = HOME / ".config" / "pip" / "pip.conf"
    config.parent.mkdir(parents=True, exist_ok=True)
    with config.open("w", encoding="utf-8") as file:
        settings.write(file)


def check() -> Verdict:
    """Run all sanity tests on this Python; a test that is skipped for want of something counts as failed."""
    prepare_home()
    with exported() as collection:
        command = ["ansible-test", "sanity", "--color", "no", "--truncate", "0", "--python", VERSION]
        code, lines = run(command, cwd=collection, extra={"HOME": str(HOME)})
    ran = [match[1] for line in lines if (match := re.match(r'Running sanity test "([^"]+)"', line))]
    skipped = [line for line in lines if "Skipping sanity test" in line or "Skipping tests disabled" in line]
    if code or skipped or not ran:
        return Verdict(False, "; ".join(skipped) or f"exit code {code}")
    return Verdict(True, f"{len(ran)} sanity tests, none skipped")
