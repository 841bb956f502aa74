# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep a developer's own account and Ansible configuration, and the CI that runs them, out of every test."""

from __future__ import annotations

import os

FOREIGN = ("AWS_", "ANSIBLE_", "BOTO_", "GITHUB_", "GITLAB_")
# pytest-ansible reads this one, and ansible-test sets it.
KEPT = ("ANSIBLE_COLLECTIONS_PATH",)

CI = ("CI", "TF_BUILD")

for name in [name for name in os.environ if name.startswith(FOREIGN) and name not in KEPT or name in CI]:
    del os.environ[name]
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
