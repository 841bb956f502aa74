# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.text import one_line


def test_one_line_without_control_characters():
    assert one_line(" a\x1b[31m\r\n b\x9b\u202e\tc ü <b>") == "a[31m b c ü <b>"
