# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs modules of this collection inside this process: many calls for the price of one ansible-playbook."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.testing import patch_module_args


def call(module: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """What a module returns. AWS's variables are those of this process. An exception of the module comes through."""
    main = importlib.import_module(f"ansible_collections.workshop.lifecycle.plugins.modules.{module}").main
    output = io.StringIO()
    with patch_module_args(dict(options)), contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
        main()
    return {"failed": False, **json.loads(output.getvalue())}
