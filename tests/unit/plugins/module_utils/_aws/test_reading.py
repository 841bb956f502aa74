# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading

import pytest

from ansible_collections.workshop.lifecycle.plugins.module_utils._aws import errors as errors
from ansible_collections.workshop.lifecycle.plugins.module_utils._aws.reading import Reading


@pytest.fixture
def slept():
    return []


@pytest.fixture
def reading(slept):
    with Reading(slept.append) as made:
        yield made


def raising(*kinds, then="answer", code="Code", message="message"):
    waiting = list(kinds)

    def call():
        if waiting:
            raise errors.AwsCallError(waiting.pop(0), code, message, "ecs:ListTasks")
        return then

    return call


def test_what_is_missing_is_nothing(reading):
    assert reading.read(raising(errors.MISSING), []) == []
    assert reading.denied() == []


def test_what_is_denied_is_nothing_and_noted_once(reading):
    for message in ("on task/b", "on task/a", "on task/b"):
        assert reading.read(raising(errors.DENIED, message=message), None) is None
    assert reading.denied() == [{"action": "ecs:ListTasks", "message": "on task/a"}]


def test_throttling_gets_a_few_more_tries(reading, slept):
    assert reading.read(raising(*[errors.TRANSIENT] * 4), None) == "answer"
    assert slept == [1, 2, 3, 4]


def test_a_connection_that_breaks_gets_them_too(reading):
    assert reading.read(raising(errors.UNREACHABLE, code="ConnectionClosedError"), None) == "answer"


@pytest.mark.parametrize("kinds", [[errors.TRANSIENT] * 5, [errors.UNREACHABLE], [errors.CREDENTIALS], [errors.OTHER]])
def test_everything_else_comes_through(reading, kinds):
    with pytest.raises(errors.AwsCallError):
        reading.read(raising(*kinds, code="EndpointConnectionError"), None)


def test_several_at_the_same_time_in_the_order_given(reading):
    both = threading.Barrier(2)

    def meet(number):
        both.wait(5)
        return number

    assert reading.each(meet, [2, 1]) == [2, 1]
    assert reading.together({"a": lambda: meet("x"), "b": lambda: meet("y")}) == {"a": "x", "b": "y"}


def test_an_error_in_one_of_them_comes_through(reading):
    functions = {"a": lambda: 1, "b": raising(errors.CREDENTIALS)}
    with pytest.raises(errors.AwsCallError):
        reading.together(functions)
    assert reading.together({}) == {}


def test_no_thread_stays():
    before = set(threading.enumerate())
    with Reading() as reading:
        reading.each(abs, range(3))
        reading.together({"a": threading.get_ident})
    assert not set(threading.enumerate()) - before
