# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an older botocore does not know is said with the version that does, before anything is asked for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.workshop.lifecycle.plugins.module_utils._deployment.run import DeploymentRun

LIST, STOP = "list_service_deployments", "stop_service_deployment"
ALL = ("failure", "alarm", "interrupt")


def problem(knows: tuple[str, ...], strategies: tuple[str, ...] = (), **given: Any) -> str:
    """``knows``: operations of the client. ``strategies``: those in its model, which has no threshold."""
    members = {"strategy": SimpleNamespace(enum=strategies)} if strategies else {}
    shapes = {"DeploymentCircuitBreaker": {"enable": None}, "DeploymentConfiguration": members}
    model = SimpleNamespace(shape_for=lambda name: SimpleNamespace(members=shapes[name]))
    client = SimpleNamespace(meta=SimpleNamespace(service_model=model), **dict.fromkeys(knows))
    options = {"cluster": "shop", "service": "web", "state": "present", "rollback_on": ALL, "wait_until": "end"}
    nothing = dict.fromkeys(("circuit_breaker", "strategy", "probes", "probe_for", "progress_file"))
    run = DeploymentRun({**options, **nothing, **given}, lambda _service: client, False)
    told = run.run()
    assert run.result() == {"changed": False}
    return told


BREAKER = {"enable": True, "threshold": 2, "threshold_type": "count"}
WITH_TWO = ("ROLLING", "BLUE_GREEN")


@pytest.mark.parametrize(
    ("knows", "strategies", "given", "version"),
    [
        ((), (), {"rollback_on": ()}, "1.35.52"),
        ((LIST,), (), {}, "1.38.9"),
        ((LIST,), (), {"rollback_on": ("alarm",), "state": "rolled_back"}, "1.38.9"),
        ((LIST,), (), {"rollback_on": ("alarm",), "strategy": "rolling"}, "1.39.5"),
        ((LIST, STOP), (), {"strategy": "blue_green"}, "1.39.5"),
        ((LIST, STOP), WITH_TWO, {"strategy": "canary"}, "1.40.61"),
        ((LIST, STOP), (), {"strategy": "linear"}, "1.40.61"),
        ((LIST, STOP), WITH_TWO, {"strategy": "blue_green", "circuit_breaker": BREAKER}, "1.43.37"),
    ],
)
def test_the_version_of_botocore_that_is_needed(
    knows: tuple[str, ...], strategies: tuple[str, ...], given: dict[str, Any], version: str
) -> None:
    assert problem(knows, strategies, **given).startswith(f"botocore {version} or newer is needed for ")
