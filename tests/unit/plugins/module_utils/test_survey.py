# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils import _errors as errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._survey import Survey


def survey():
    slept = []
    made = Survey(client=None, sleep=slept.append)
    made.slept = slept
    return made


def raising(*kinds, then="answer"):
    waiting = list(kinds)

    def call():
        if waiting:
            raise errors.AwsCallError(waiting.pop(0), "Code", "message", "ecs:ListTasks")
        return then

    return call


def test_what_is_missing_is_nothing():
    assert survey()._read(raising(errors.MISSING), []) == []


def test_what_is_denied_is_nothing_and_noted_once():
    made = survey()
    for number in range(2):
        assert made._read(raising(errors.DENIED), None) is None
    assert made.denied == [{"action": "ecs:ListTasks", "message": "message"}]


def test_throttling_gets_a_few_more_tries():
    made = survey()
    assert made._read(raising(*[errors.TRANSIENT] * 4), None) == "answer"
    assert made.slept == [1, 2, 3, 4]


@pytest.mark.parametrize("kinds", [[errors.TRANSIENT] * 5, [errors.UNREACHABLE], [errors.CREDENTIALS], [errors.OTHER]])
def test_everything_else_comes_through(kinds):
    with pytest.raises(errors.AwsCallError):
        survey()._read(raising(*kinds), None)
