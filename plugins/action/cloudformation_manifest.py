# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._progress.action import ProgressActionBase


class ActionModule(ProgressActionBase):
    """Runs the module cloudformation_manifest and prints its progress."""
