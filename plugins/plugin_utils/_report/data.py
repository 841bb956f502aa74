# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: may change at any time.
"""Puts a report together: what was done to a workshop, what is left of it, and the verdict."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Mapping
from typing import Sequence

from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report import leftovers as things
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.blockers import blockers
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.cleared import cleared
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.order import order_rows
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.resources import MayStay
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.resources import resources
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import group_rows
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import is_left
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import phase_rows
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import stacks
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.stacks import was_there
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.tasks import tasks
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import left
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import summary
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.verdict import verdict
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import iso
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import moment
from ansible_collections.workshop.lifecycle.plugins.plugin_utils._report.words import plain

SCHEMA_VERSION = "2.0"
# "Trace and service graph retention in days: 30", which cannot be changed:
# https://docs.aws.amazon.com/general/latest/gr/xray.html
XRAY_URL = "https://docs.aws.amazon.com/general/latest/gr/xray.html"
KMS_URL = "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html"
XRAY_RETENTION = timedelta(days=30)
# "you could experience several minutes' delay": a flow log's log group is made anew by what arrives late.
# https://docs.aws.amazon.com/vpc/latest/userguide/working-with-flow-logs.html
LATE_LOGS_URL = "https://docs.aws.amazon.com/vpc/latest/userguide/working-with-flow-logs.html"
LOG_GROUP = "AWS::Logs::LogGroup"
_LISTS_STACKS = ("cloudformation:DescribeStacks", "cloudformation:ListStacks")


def check(survey: Mapping[str, Any]) -> None:
    """Raises ValueError for a last look that went well, and looked at no stack: nothing follows from it."""
    looked = survey.get("stacks") or survey.get("seen", "") is not None or _gaps(survey)
    if not looked:
        raise ValueError("survey has not looked at any stack: give workshop_info the stacks of the groups.")


def build(given: Mapping[str, Any], finished: datetime) -> dict[str, Any]:
    """The report, as docs/report.schema.json describes it.

    :param given: the options of the module workshop_report, with what was C(gathered) from its steps
    :param finished: when the operation ended
    """
    given = plain(given)
    survey = given["survey"]
    gaps = _gaps(survey)
    started = min(moment(given["started"]) or finished, finished)
    caller = survey.get("caller") or {}
    region = survey.get("region") or ""
    found = {stack["name"]: stack for stack in survey.get("stacks") or []}
    blind = "stacks" not in survey or any(gap["action"] in _LISTS_STACKS for gap in gaps)
    stack_rows = stacks(given["groups"], given["stacks"], found, blind, given.get("planned"))
    group_list = group_rows(given["groups"], stack_rows, given["failed"])
    may_stay = MayStay(given["may_stay"], given["retain_on_failure"], given["groups"])
    became = resources(survey, stack_rows, found, may_stay, region)
    seen = True if any(was_there(row) and row["outcome"] != "unknown" for row in stack_rows) else survey.get("seen")
    steps = {
        step: reason for step, reason in given["failed"].items() if step not in {row["group"] for row in group_list}
    }
    report: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "operation": given["operation"],
        "workshop": given["workshop"],
        "account": caller.get("account"),
        "account_alias": caller.get("account_alias"),
        "region": region,
        "caller": caller.get("arn"),
        "started": iso(started),
        "finished": iso(finished),
        "seconds": round((finished - started).total_seconds(), 1),
        "verdict": "",
        "summary": "",
        "part": _part(given.get("part"), survey, blind),
        "variables": given.get("variables") or {},
        "seen": seen,
        "may_be_absent": given["may_be_absent"],
        "near_names": survey.get("near_names") or [],
        "left": [],
        "gaps": gaps,
        "phases": phase_rows(group_list),
        "groups": group_list,
        "failed_steps": [{"step": step, "reason": reason} for step, reason in steps.items()],
        "stacks": stack_rows,
        "order": order_rows(
            given["stacks"],
            [row["name"] for row in stack_rows if was_there(row)],
            (given.get("order") or {}).get("edges") or [],
        ),
        "tasks": tasks(given["tasks"], survey.get("tasks") or []),
        "leftovers": things.leftovers(given["leftovers"], survey.get("leftovers") or [], given["remove"], region),
        **became,
        "tagged_resources": things.tagged(
            survey.get("tagged_resources") or [],
            [*became["left_behind"], *became["retained"], *became["not_looked_up"]],
        ),
        "blockers": blockers(
            [*(survey.get("blockers") or []), *_blockers(given["stacks"])],
            {row["name"] for row in stack_rows if is_left(row)},
        ),
        "cleared": cleared(given["stacks"]),
        "temporary_role": _role(given.get("temporary_role")),
        "other_stacks": survey.get("other_stacks") or [],
        "may_come_back": things.may_come_back(
            given["leftovers"], _log_groups(survey, given["stacks"]), survey.get("leftovers") or [], LATE_LOGS_URL
        ),
        "survives": [*(_traces(finished) if seen else ()), *_ending(survey)],
    }
    report["left"] = left(report)
    report["verdict"] = verdict(report)
    report["summary"] = summary(report)
    return report


def _part(part: Mapping[str, Any] | None, survey: Mapping[str, Any], blind: bool) -> dict[str, Any] | None:
    """What was meant and what is kept of the workshop; None if the whole was meant."""
    if not part or part["whole"]:
        return None
    there = survey.get("kept_stacks") or []
    return {
        "only": part["only"],
        "keep": part["keep"],
        "kept": [
            {
                "name": row["name"],
                "group": row["group"],
                "there": None if blind else row["name"] in there,
                "reason": row["reason"],
            }
            for row in part["kept"]
        ],
    }


def _blockers(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What kept stacks from being asked for."""
    return [{**blocker, "stack_name": row["name"]} for row in rows for blocker in row.get("blockers") or []]


def _role(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The role that was made for stacks whose own was gone; None if none was."""
    if not row:
        return None
    texts = {key: str(row.get(key) or "") for key in ("name", "arn", "reason")}
    lists = {key: [str(item) for item in row.get(key) or []] for key in ("policies", "stacks")}
    return {**texts, **lists, "removed": bool(row.get("removed"))}


def _traces(finished: datetime) -> list[dict[str, Any]]:
    return [
        {
            "kind": "xray_traces",
            "name": "X-Ray traces",
            "expires": (finished + XRAY_RETENTION).date().isoformat(),
            "reason": "X-Ray keeps traces for 30 days, and nobody can delete them",
            "source": XRAY_URL,
        }
    ]


def _ending(survey: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What AWS deletes by itself, and nobody any sooner."""
    return [
        {
            "kind": "kms_key",
            "name": f"KMS key {row['physical_id']} of {row['stack_name']}",
            "expires": row["ends"],
            "reason": "AWS deletes it on that day, and it costs nothing until then",
            "source": KMS_URL,
        }
        for row in survey.get("ending") or []
    ]


def _log_groups(survey: Mapping[str, Any], stack_rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Those that went with their stacks. AWS delivers flow logs late, and puts their log group back then."""
    gone = {row.get("stack_id") for row in stack_rows if row.get("outcome") == "gone"}
    resources = [row for entry in survey.get("inventory") or [] if entry["stack_id"] in gone
                 for row in entry["resources"] or []]  # fmt: skip
    return [row["physical_id"] for row in resources if row["type"] == LOG_GROUP and row["physical_id"]]


def _gaps(survey: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What could not be looked at. A last look that failed as a whole is one too."""
    gaps = [
        {
            "action": str(gap.get("action") or ""),
            "message": str(gap.get("message") or ""),
            "denied": gap.get("denied") is not False,
        }
        for gap in survey.get("gaps") or []
    ]
    message = ""
    if survey.get("failed") or "stacks" not in survey:
        message = str(survey.get("msg") or "there was no last look")
    elif survey.get("verified") is False:
        message = "the last look was made without verify, so what deleted stacks left behind was not looked for"
    return gaps + ([{"action": "workshop_info", "message": message, "denied": False}] if message else [])
