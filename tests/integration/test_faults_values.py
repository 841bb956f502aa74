# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that are wrong: each is refused with a message of its own, before AWS is asked for anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.emulator import Emulator
from tests.workshop.playbooks import TEARDOWN, play

#: A host each: what its user sets, and words of the message.
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "empty": ({"workshop_name": ""}, 'workshop_name is ""'),
    "blank": ({"workshop_name": " "}, 'workshop_name is " "'),
    "range": ({"workshop_name": "[a-z]*"}, 'workshop_name is "[a-z]*"'),
    "space": ({"workshop_name": "cuddle kube"}, 'workshop_name is "cuddle kube", which is not the name of one'),
    "glob": ({"workshop_name": "cuddle*"}, 'workshop_name is "cuddle*"'),
    "long": ({"workshop_name": "k" * 200}, "100 characters at most"),
    "unicode": ({"workshop_name": "k\u00fcche"}, "which is not the name of one workshop"),
    "dots": ({"workshop_name": ".."}, 'workshop_name is ".."'),
    "line": ({"workshop_name": "cuddlekube\n"}, 'workshop_name is "cuddlekube\\n"'),
    "hyphen": ({"workshop_name": "cuddlekube-"}, 'workshop_name is "cuddlekube-"'),
    "api": ({"workshop_apis": ["feed-api", "*", ""]}, 'workshop_apis "*", workshop_apis ""'),
    "xray": ({"workshop_xray_group": "a b"}, 'workshop_xray_group "a b"'),
    "rule": ({"workshop_xray_sampling_rules": ["x?"]}, 'workshop_xray_sampling_rules "x?"'),
    "octal": ({"workshop_account_id": 0o12345670123}, "1402433619; it takes 12 digits. Quote them"),
    "path": ({"workshop_ssm_path": "/"}, "would match more than this workshop"),
    "kind": ({"workshop_leftovers": ["logs"]}, "must be one or more of: log_group"),
    "words": ({"workshop_wait_timeout": "half an hour"}, "cannot be converted to an int"),
    "negative": ({"workshop_wait_timeout": -1}, "workshop_wait_timeout is -1"),
    "zero": ({"workshop_poll_interval": 0}, "workshop_poll_interval 0; each takes a number of seconds above 0"),
    "settle": ({"leftovers_settle": "soon"}, "leftovers_settle is soon; it takes a whole number of seconds"),
    "account": ({"workshop_acount_id": "1"}, "no variable workshop_acount_id. Did you mean workshop_account_id?"),
    "role": ({"alb_stack": []}, "There is no variable alb_stack. Did you mean alb_stacks?"),
    "notify": ({"workshop_notify_tasks": "nowhere.yml"}, "nowhere.yml\", and there is no such file"),
    "other": ({"workshop_confirm": "blue"}, 'workshop_confirm is "blue", but the workshop is "cuddlekube"'),
}  # fmt: skip


def test_each_is_refused_by_name_and_nothing_is_asked_of_aws(aws: Emulator, tmp_path: Path) -> None:
    hosts = {}
    for host, (variables, _words) in WRONG.items():
        hosts[host] = {"workshop_confirm": variables.get("workshop_name", "cuddlekube"), "vpc_id": "mine"} | variables
    inventory = tmp_path / "inventory.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
    as_data = {"ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"}

    played = play(TEARDOWN, aws.environment | as_data, tmp_path, "-i", str(inventory), workshop_hosts="all")

    assert played.code != 0
    assert aws.calls.total == 0
    output = json.loads(played.output[played.output.index("{") :])
    messages: dict[str, list[str]] = {host: [] for host in WRONG}
    for task in output["plays"][0]["tasks"]:
        for host, result in task["hosts"].items():
            if result.get("failed"):
                messages[host].append(result["msg"])
    for host, (_variables, words) in WRONG.items():
        assert len(messages[host]) == 1, (host, messages[host])
        assert words in messages[host][0], host
        assert "Traceback" not in messages[host][0]
