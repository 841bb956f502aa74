# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of KMS: CloudFormation has them deleted later, after 30 days unless the template says otherwise.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
moto deletes them at once, and cannot read the policy of a template, which is no text.
"""

from __future__ import annotations

import json
from typing import Any

from moto.kms.models import Key, KmsBackend, kms_backends

from ..cloudformation.deletion import Context, Resource, Simple, register
from ..patching import Patches

_DAYS = 30
_moto_create = KmsBackend.create_key


def _create(backend: KmsBackend, policy: Any, *arguments: Any, **options: Any) -> Key:
    text = json.dumps(policy) if isinstance(policy, dict) else policy
    return _moto_create(backend, text, *arguments, **options)


class _Deletion(Simple):
    def poll(self, resource: Resource, context: Context) -> bool:
        backend = kms_backends[resource.account_id][resource.region]
        key = backend.keys.get(resource.physical_id)
        if key is not None and key.key_state != "PendingDeletion":
            days = int(resource.properties.get("PendingWindowInDays", _DAYS))
            backend.schedule_key_deletion(resource.physical_id, days)
        return True


def install(patches: Patches) -> None:
    patches.set(KmsBackend, "create_key", _create)
    register("AWS::KMS::Key", _Deletion("resource.other"))
