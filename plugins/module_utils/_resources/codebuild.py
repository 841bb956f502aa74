# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Resources of AWS CodeBuild."""

from __future__ import annotations

from .resource import Lookup
from .resource import ResourceType
from .resource import by

TYPES = (
    ResourceType(
        name="AWS::CodeBuild::Project",
        command=by("codebuild delete-project --name"),
        lookup=Lookup(
            action="codebuild:BatchGetProjects",
            ask=lambda ids: {"names": list(ids)},
            there=lambda answer, ids: (item["name"] for item in answer["projects"]),
            most=100,  # https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetProjects.html
        ),
        arn="codebuild:project",
    ),
)
