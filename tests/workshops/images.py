# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images on the emulator, pushed as Docker pushes them."""

from __future__ import annotations

import json
from typing import Any

_IMAGE = "application/vnd.docker.distribution.manifest.v2+json"
LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def push(ecr: Any, repository: str, number: int, tag: str | None = None) -> str:
    """An image with a layer of its own; its digest."""
    digest = f"sha256:{number:064x}"
    layers = [{"mediaType": "x", "size": 1, "digest": digest}]
    config = {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 1000, "digest": digest}
    manifest = {"schemaVersion": 2, "mediaType": _IMAGE, "config": config, "layers": layers}
    return _put(ecr, repository, manifest, digest, tag)


def push_list(ecr: Any, repository: str, number: int, *digests: str, kind: str = LIST, tag: str | None = None) -> str:
    """A list of images, or of such lists; its digest."""
    manifest = {"schemaVersion": 2, "mediaType": kind, "manifests": [{"digest": digest} for digest in digests]}
    return _put(ecr, repository, manifest, f"sha256:{number:064x}", tag)


def _put(ecr: Any, repository: str, manifest: dict[str, Any], digest: str, tag: str | None) -> str:
    more = {"imageTag": tag} if tag else {}
    ecr.put_image(repositoryName=repository, imageManifest=json.dumps(manifest), imageDigest=digest, **more)
    return digest
