# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Empties the same bucket with versions by the row of this collection and by the aws command line, on the emulator.

The emulator answers at once and one call at a time, so that what is compared is the number of calls and the work of
each tool. It runs on the same machine, and takes its share of it.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import shlex
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from moto.s3.models import FakeDeleteMarker, s3_backends

from tests.emulator import Emulator
from tests.emulator.world import ACCOUNT_ID
from tests.judges.venv import CHECKOUT
from tests.workshop.playbooks import environment

from .tools import BUILD, tools

NAME = "shop-dev-assets"
SIZE = 1024
#: Of a hundred things in it. Each old version and each delete marker is of an object of its own.
OLD, MARKERS = 30, 10
OURS = "workshop.lifecycle"
AWS = "aws s3 rb --force, and a loop"


@dataclass
class Emptied:
    """``things``: versions and delete markers in all. ``seconds`` and ``cpu``, of the tool alone, as measured here.
    ``left``: things after it."""

    tool: str
    things: int
    seconds: float
    cpu: float
    calls: int
    left: int


def fill(emulator: Emulator, things: int) -> None:
    """A bucket with versions, and so many things in it. Not by calls: that would take longer than all else."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": emulator.region})
    s3.put_bucket_versioning(Bucket=NAME, VersioningConfiguration={"Status": "Enabled"})
    backend = s3_backends[ACCOUNT_ID]["aws"]
    pattern = backend.put_object(NAME, "pattern", b"x" * SIZE)
    keys = backend.buckets[NAME].keys
    dict.clear(keys)

    def version(key: str) -> object:
        found = copy.copy(pattern)
        found.name, found._version_id = key, str(uuid.uuid4())
        return found

    old, markers = things * OLD // 100, things * MARKERS // 100
    for number in range(things - old - markers):
        key = f"photos/{number:07}.jpg"
        versions = [version(key)]
        if number < old:
            versions.append(version(key))
        elif number < old + markers:
            versions.append(FakeDeleteMarker(versions[0]))
        dict.__setitem__(keys, key, versions)


def left(emulator: Emulator) -> int:
    """How many things are in it; none if it is gone."""
    bucket = s3_backends[ACCOUNT_ID]["aws"].buckets.get(NAME)
    return sum(len(bucket.keys.getlist(key)) for key in bucket.keys) if bucket else 0


def by_aws(folder: Path, scratch: Path) -> list[str]:
    """``rb --force``, which knows no versions, then all that is left in a loop."""
    aws = shlex.quote(str(folder / "aws"))
    query = shlex.quote("{Objects: [Versions, DeleteMarkers][].{Key: Key, VersionId: VersionId}, Quiet: `true`}")
    listing = f"{aws} s3api list-object-versions --bucket {NAME} --no-paginate --query {query} --output json"
    lines = [
        f"{aws} s3 rb s3://{NAME} --force > /dev/null",
        f"while {listing} > batch.json && grep -q VersionId batch.json; do",
        f"  {aws} s3api delete-objects --bucket {NAME} --delete file://batch.json > /dev/null || exit 1",
        "done",
        f"{aws} s3 rb s3://{NAME}",
    ]
    script = scratch / "empty.sh"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ["sh", str(script)]


def by_ours() -> list[str]:
    """The row alone, as the modules call it."""
    return [sys.executable, "-m", "tests.benchmarks.bucket", "--empty"]


def measured(tool: str, things: int) -> Emptied:
    """Let a tool empty a bucket of its own."""
    from .watched import watched  # needs psutil, which those that test this lack

    folder = tools() if tool == AWS else Path()
    with Emulator() as emulator, tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        fill(emulator, things)
        emulator.calls.clear()
        place = Path(scratch)
        command = by_aws(folder, place) if tool == AWS else by_ours()
        own = {} if tool == AWS else {"PYTHONPATH": str(CHECKOUT)}
        log = place / "output.log"
        cost = watched(command, environment(emulator.environment, place) | own, place, log)
        remaining = left(emulator)
        if remaining:
            print(log.read_text(encoding="utf-8")[-2000:], file=sys.stderr)
        calls = emulator.calls.total
        return Emptied(tool, things, round(cost.seconds, 1), round(cost.cpu, 1), calls, remaining)


def empty() -> None:
    """What a child process does for ``by_ours``."""
    from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.clients import Clients
    from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.looks import Looks
    from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.clearing import Work
    from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.ours import Ours
    from ansible_collections.workshop.lifecycle.plugins.module_utils._resources.registry import TYPES

    clients = Clients(os.environ["AWS_REGION"], os.environ["AWS_ENDPOINT_URL"], {})
    with Looks(clients) as looks:
        work = Work(looks, "", ACCOUNT_ID, lambda amounts: None, lambda: False, time.sleep, Ours())
        print(*map(str, TYPES["AWS::S3::Bucket"].clearing.clear(work, NAME)), sep=", ")


def table(found: Sequence[Emptied]) -> str:
    """For a README."""
    lines = ["| | things | seconds | CPU seconds | calls | left |", "|---|---:|---:|---:|---:|---:|"]
    lines += [
        f"| {row.tool} | {row.things:,} | {row.seconds:,} | {row.cpu:,} | {row.calls:,} | {row.left:,} |"
        for row in found
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.bucket", description=__doc__)
    parser.add_argument("--things", type=int, default=100_000, help="versions and delete markers (default: 100000)")
    parser.add_argument(
        "--shared", type=int, default=10_000, help="so many for both tools, since aws makes a call for each object"
    )
    parser.add_argument("--empty", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.empty:
        empty()
        return 0
    found = [measured(OURS, options.shared), measured(AWS, options.shared), measured(OURS, options.things)]
    BUILD.mkdir(parents=True, exist_ok=True)
    (BUILD / "bucket.json").write_text(json.dumps([asdict(row) for row in found], indent=1) + "\n", "utf-8")
    print(table(found))
    return 1 if any(row.left for row in found) else 0


if __name__ == "__main__":
    sys.exit(main())
