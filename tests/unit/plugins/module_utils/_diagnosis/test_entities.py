# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time

from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.entities import DEEPEST
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.entities import cause_of
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.entities import slowest
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.entities import trees
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.entities import walk
from ansible_collections.workshop.lifecycle.plugins.module_utils._diagnosis.entities import ways


def document(key, name, parent=None, start=0.0, end=1.0, **more):
    linked = {"parent_id": parent} if parent else {}
    return {"id": key, "name": name, "start_time": start, "end_time": end, **linked, **more}


def thrown(kind, key="e", **more):
    return {"exceptions": [{"id": key, "type": kind, "message": f"of {kind}", **more}]}


def names(roots):
    return [[entity.name for _depth, entity in walk(root)] for root in roots]


def test_a_whole_trace_is_one_tree():
    call = document("2", "DynamoDB", namespace="aws", aws={"operation": "PutItem", "table_name": "t"})
    (root,) = trees([document("3", "api", "9"), document("1", "site", subsegments=[document("9", "api"), call])])
    assert names([root]) == [["site", "api", "api", "DynamoDB"]]
    assert [entity.service for _depth, entity in walk(root)] == ["site", "site", "api", "site"]
    assert [entity.segment for _depth, entity in walk(root)] == [True, False, True, False]
    assert root.children[-1].called_name() == "DynamoDB PutItem t"


def test_parts_whose_parents_are_missing_stand_alone():
    alone = document("4", "work", "1", type="subsegment")
    assert names(trees([document("3", "api", "none"), document("1", "site", start=2.0), alone])) == [
        ["api"], ["site", "work"],
    ]  # fmt: skip
    (root,) = trees([document("1", "site", start=2.0), alone])
    assert root.children[0].service == "site"


def test_circles_are_cut_once():
    circle = [document("1", "a", "3"), document("2", "b", "1"), document("3", "c", "2")]
    assert names(trees(circle)) == [["a", "b", "c"]]
    assert names(trees([document("1", "a", "1")])) == [["a"]]
    assert names(trees([*circle, document("4", "d", "3")])) == [["a", "b", "c", "d"]]


def test_what_goes_too_deep_is_parted():
    chain = [document(f"{number:04}", f"s{number}", f"{number - 1:04}") for number in range(2 * DEEPEST + 50)]
    found = trees(chain)
    assert sum(1 for root in found for _entity in walk(root)) == len(chain)
    assert max(depth for root in found for depth, _entity in walk(root)) < DEEPEST
    nested = document("n", "n")
    for number in range(3 * DEEPEST):
        nested = document(f"n{number}", "n", subsegments=[nested])
    assert trees([nested])


def test_half_written_documents_are_read_as_far_as_they_go():
    odd = [{}, {"id": "1"}, {"id": "2", "start_time": "soon"}, document("3", "api", subsegments=["x", None], http=7,
           aws="?", cause={"exceptions": "none"})]  # fmt: skip
    (root,) = trees(odd)
    assert (root.name, root.children, root.exceptions, root.status) == ("api", [], (), None)
    (root,) = trees([{"id": "1", "start_time": 5, "in_progress": True, "end_time": 9}])
    assert (root.name, root.end, root.seconds) == ("?", None, None)


def test_a_closed_document_takes_the_place_of_the_one_in_progress():
    open_ = {"id": "1", "name": "api", "start_time": 1.0, "in_progress": True}
    closed = document("1", "api", start=1.0, end=3.0, fault=True)
    for order in ([open_, closed], [closed, open_]):
        (root,) = trees(order)
        assert (root.seconds, root.outcome) == (2.0, "fault")


def test_a_cause_may_be_the_id_of_an_exception_elsewhere():
    inner = document("2", "work", cause=thrown("Inner", "e1"), fault=True)
    (root,) = trees([document("1", "api", fault=True, cause="e1", subsegments=[inner])])
    assert root.exceptions[0].type == "Inner"
    (root,) = trees([document("1", "api", fault=True, cause="nowhere")])
    assert root.exceptions == ()


def test_an_exception_leads_to_the_one_that_it_came_from_and_not_around_in_a_circle():
    outer = {"exceptions": [{"id": "a", "type": "Outer", "message": "", "cause": "b"},
                            {"id": "b", "type": "Inner", "message": "", "cause": "a"}]}  # fmt: skip
    (root,) = trees([document("1", "api", fault=True, cause=outer)])
    assert [item.type for item in root.exceptions] == ["Outer", "Inner"]
    assert cause_of(ways([root])[0])[1].type == "Inner"


def test_the_way_goes_to_the_last_of_several_tries():
    tries = [document(f"t{number}", "DynamoDB", start=number, fault=True, namespace="aws", cause=thrown(f"E{number}"))
             for number in range(3)]  # fmt: skip
    roots = trees([document("1", "api", fault=True, subsegments=tries)])
    assert cause_of(ways(roots)[0])[1].type == "E2"


def test_the_way_prefers_what_is_worse_over_what_is_later():
    calls = [document("a", "DynamoDB", start=1.0, fault=True, namespace="aws"),
             document("b", "cache", start=2.0, error=True, namespace="remote", cause=thrown("Miss"))]  # fmt: skip
    (way,) = ways(trees([document("1", "api", fault=True, subsegments=calls)]))
    assert [entity.name for entity in way] == ["api", "DynamoDB"]


def test_what_was_borne_is_a_way_of_its_own_and_what_was_cured_is_none():
    call = document("2", "api", fault=True, namespace="remote")
    borne = [document("1", "site", subsegments=[call]), document("3", "api", "2", fault=True)]
    assert [[entity.name for entity in way] for way in ways(trees(borne))] == [["api"]]
    cured = [document("1", "api", subsegments=[document("2", "DynamoDB", throttle=True, namespace="aws")]),
             document("3", "DynamoDB", "2", throttle=True, inferred=True)]  # fmt: skip
    assert ways(trees(cured)) == []


def test_the_deepest_with_an_exception_is_told_even_if_something_below_failed_too():
    below = document("2", "DynamoDB", fault=True, namespace="aws")
    (way,) = ways(trees([document("1", "api", fault=True, cause=thrown("Own"), subsegments=[below])]))
    assert [entity.name for entity in way] == ["api", "DynamoDB"]
    assert (cause_of(way)[0].name, cause_of(way)[1].type) == ("api", "Own")


def test_clocks_that_differ_are_brought_into_the_call():
    call = document("2", "api", start=1.0, end=3.0)
    inner = document("4", "work", start=501.0, end=501.5)
    skewed = document("3", "api", "2", start=500.0, end=501.0, subsegments=[inner])
    (root,) = trees([document("1", "site", start=0.0, end=4.0, subsegments=[call]), skewed])
    times = {entity.id: entity.start for _depth, entity in walk(root)}
    assert (times["3"], times["4"]) == (1.5, 2.5)


def test_the_slowest_is_what_waits_for_nobody():
    call = document("2", "DynamoDB", start=0.5, end=4.5, namespace="aws")
    roots = trees([document("1", "api", end=5.0, subsegments=[call])])
    assert (slowest(roots).name, roots[0].own_seconds()) == ("DynamoDB", 1.0)
    # What was called at the same time is not counted twice.
    both = [document("2", "a", start=0.0, end=4.0), document("3", "b", start=1.0, end=4.0)]
    assert trees([document("1", "api", end=5.0, subsegments=both)])[0].own_seconds() == 1.0
    assert slowest([]) is None


def test_what_was_asked_for_is_not_shown():
    request = {"request": {"method": "GET", "url": "http://site/list?token=secret"}, "response": {"status": 200}}
    (root,) = trees([document("1", "site", http=request)])
    assert root.title() == "site GET /list" and root.status == 200


def test_what_is_inferred_is_the_call_that_led_to_it():
    call = document("2", "DynamoDB", start=0.5, end=4.5, namespace="aws")
    inferred = document("3", "DynamoDB", "2", start=0.5, end=4.5, inferred=True)
    entity = slowest(trees([document("1", "api", end=5.0, subsegments=[call]), inferred]))
    assert (entity.id, entity.service, entity.own_seconds()) == ("2", "api", 4.0)


def test_what_is_no_url_and_no_time_is_borne():
    odd = document("1", "site", http={"request": {"url": "http://[::1/register"}})
    (root,) = trees([odd, document("2", "nan", start=float("nan")), document("3", "inf", start=float("inf")),
                     document("4", "huge", start=10**400), document("5", "api", "1", end=float("nan"))])  # fmt: skip
    assert names([root]) == [["site", "api"]]
    assert root.path == "" and root.children[0].end is None


def test_a_long_chain_takes_no_long_time():
    chain = [document(f"{number:05}", "s", f"{number - 1:05}") for number in range(3000)]
    began = time.process_time()
    assert sum(1 for root in trees(chain) for _entity in walk(root)) == len(chain)
    assert time.process_time() - began < 10
