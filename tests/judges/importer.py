# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the tarball as it would be published, let the importer of Ansible Galaxy look at it, and Ansible read it.

ansible-lint is left to the judge of that name, which runs it over more files and with more rules than the importer.
What only the tarball can lack, a file that a playbook or a role in it names, Ansible itself finds missing.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from tests.judges.child import Verdict, run
from tests.judges.export import exported
from tests.judges.venv import CHECKOUT

BUILD = CHECKOUT / "build"
IMPORTER = {
    "GALAXY_IMPORTER_CHECK_REQUIRED_TAGS": "true",
    "GALAXY_IMPORTER_REQUIRE_V1_OR_GREATER": "true",
    "GALAXY_IMPORTER_RUN_ANSIBLE_LINT": "false",
}


def build() -> Verdict:
    """Put the tarball into ``build/``, in place of an older one."""
    BUILD.mkdir(exist_ok=True)
    for stale in BUILD.glob("workshop-lifecycle-*.tar.gz"):
        stale.unlink()
    with exported() as collection:
        code, _lines = run(["ansible-galaxy", "collection", "build", "--output-path", str(BUILD)], cwd=collection)
    made = sorted(path.name for path in BUILD.glob("workshop-lifecycle-*.tar.gz"))
    return Verdict(not code and len(made) == 1, f"build/{made[0]}" if made else f"exit code {code}")


def check() -> Verdict:
    """Build, import, read. Whatever the importer warns of counts as failed."""
    built = build()
    if not built.passed:
        return built
    tarball = CHECKOUT / built.text
    with tempfile.TemporaryDirectory(prefix="workshop-lifecycle-") as scratch:
        # The importer writes its result to the working directory.
        settings = IMPORTER | {"GALAXY_IMPORTER_ANSIBLE_LOCAL_TMP": str(Path(scratch) / "tmp")}
        code, lines = run(["python", "-m", "galaxy_importer.main", str(tarball)], cwd=Path(scratch), extra=settings)
        if not code:
            shutil.move(Path(scratch) / "importer_result.json", BUILD / "importer_result.json")
    complaints = [line for line in lines if line.startswith(("WARNING", "ERROR", "CRITICAL"))]
    if code or complaints:
        return Verdict(False, f"{len(complaints)} complaints, exit code {code}")
    if code := _read(tarball):
        return Verdict(False, f"{built.text} imports, but Ansible cannot read it: exit code {code}")
    return Verdict(True, f"{built.text} imports without a warning")


def _read(tarball: Path) -> int:
    """The exit code of a syntax check of the playbooks and all roles in the tarball."""
    with tempfile.TemporaryDirectory(prefix="workshop-lifecycle-") as scratch:
        collection = Path(scratch).resolve() / "ansible_collections" / "workshop" / "lifecycle"
        shutil.unpack_archive(tarball, collection)
        roles = sorted(f"workshop.lifecycle.{path.name}" for path in (collection / "roles").iterdir())
        every = Path(scratch) / "roles.json"
        every.write_text(json.dumps([{"hosts": "localhost", "roles": roles}]), encoding="utf-8")
        playbooks = sorted(map(str, (collection / "playbooks").glob("*.yml")))
        path = {"ANSIBLE_COLLECTIONS_PATH": str(collection.parents[2])}
        return run(["ansible-playbook", "--syntax-check", str(every), *playbooks], cwd=Path(scratch), extra=path)[0]
