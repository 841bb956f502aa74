# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::EC2::FlowLog: moto creates it but cannot delete it."""

from __future__ import annotations

from moto.ec2 import ec2_backends

from ..cloudformation.deletion import Context, Resource, register
from ..world import world


class _Deletion:
    def begin(self, resource: Resource, context: Context) -> float | None:
        return world.durations.draw("ec2.flow_log", resource.label)

    def poll(self, resource: Resource, context: Context) -> bool:
        backend = ec2_backends[resource.account_id][resource.region]
        if resource.physical_id in backend.flow_logs:
            backend.delete_flow_logs([resource.physical_id])
        return True


def install() -> None:
    register("AWS::EC2::FlowLog", _Deletion())
