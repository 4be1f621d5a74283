"""Calls that come together: one look-up and one statement for all, and each judged by itself."""

import threading
import time
from typing import Any

import pytest
from django.db import DatabaseError, connection

from connector.models import Hint
from connector.sync import hints
from connector.webhooks import taking
from connector.webhooks.calls import KEPT, NOT_KEPT, Call
from connector.webhooks.clerk import Clerk
from tenants.models import VismaConnection
from tests.connector.webhooks.conftest import visma_headers

pytestmark = pytest.mark.django_db
BODY = b'{"id": "205501"}'


def call(visma: VismaConnection, *, path: str = "", **said: str) -> Call:
    named = visma_headers(visma, BODY) | {n.replace("_", "-"): v for n, v in said.items()}
    return Call("visma", path or visma.webhook_path, named, BODY)


def answers(calls: list[Call]) -> list[int]:
    return [each.answer.status for each in calls]


def test_each_of_many_calls_gets_its_own_answer(visma: VismaConnection) -> None:
    twice = {"x_vwd_notification_id": "n-1"}
    calls = [
        call(visma),
        call(visma, x_vwd_signature_v1="forged"),
        call(visma, path="nobody's"),
        call(visma, x_vwd_tenant_id="another company"),
        call(visma, **twice),
        call(visma, **twice),
        Call("monday", "nobody's", {}, b"{}"),
    ]
    taking.take(calls)

    assert answers(calls) == [204, 401, 404, 204, 204, 204, 404]
    assert Hint.objects.count() == 2


def test_many_calls_cost_as_many_statements_as_one(
    visma: VismaConnection, django_assert_num_queries: Any
) -> None:
    taking.take([call(visma)])  # a worker is told once
    with django_assert_num_queries(3):
        taking.take([call(visma) for _ in range(50)])


def test_a_call_that_cannot_be_stored_keeps_no_other_from_it(
    visma: VismaConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = hints.store

    def picky(rows: list[dict[str, Any]]) -> set[hints.Whose]:
        if any(row["dedupe_id"] == "bad" for row in rows):
            raise DatabaseError("not this one")
        return store(rows)

    monkeypatch.setattr(hints, "store", picky)
    calls = [call(visma), call(visma, x_vwd_notification_id="bad"), call(visma)]
    taking.take(calls)

    assert (answers(calls), Hint.objects.count()) == ([204, 503, 204], 2)


def test_a_connection_that_was_removed_has_no_address_any_more(visma: VismaConnection) -> None:
    late = call(visma)
    visma.delete()
    taking.take([late])

    assert answers([late]) == [404]


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no server to lose")
@pytest.mark.django_db(transaction=True)
def test_a_connection_to_the_database_that_broke_costs_no_call(visma: VismaConnection) -> None:
    connection.connection.close()
    one = call(visma)
    taking.take([one])

    assert (answers([one]), Hint.objects.count()) == ([204], 1)


class Gate:
    """Takes calls when it is let."""

    def __init__(self) -> None:
        self.groups: list[list[Call]] = []
        self.began = threading.Semaphore(0)
        self.may = threading.Semaphore(0)

    def take(self, calls: list[Call]) -> None:
        self.groups.append(calls)
        self.began.release()
        self.may.acquire()
        if calls[0].path == "broken":
            raise ZeroDivisionError
        for each in calls:
            each.answer = KEPT


def put(clerk: Clerk, *paths: str) -> list[tuple[Call, threading.Thread]]:
    calls = [Call("visma", path, {}, b"") for path in paths]
    threads = [threading.Thread(target=clerk.put, args=(each,)) for each in calls]
    for thread in threads:
        thread.start()
    return list(zip(calls, threads, strict=True))


def test_nobody_is_answered_before_the_call_is_taken() -> None:
    gate = Gate()
    clerk = Clerk(gate.take)
    ((first, thread),) = put(clerk, "a")
    gate.began.acquire()
    before = (first.answer, first.answered.is_set())
    gate.may.release()
    thread.join()

    assert (before, first.answer) == ((NOT_KEPT, False), KEPT)


def test_what_comes_while_others_are_taken_is_taken_together() -> None:
    gate = Gate()
    clerk = Clerk(gate.take)
    sent = put(clerk, "a")
    gate.began.acquire()
    sent += put(clerk, "b", "c", "d")
    while clerk._waiting.qsize() < 3:
        time.sleep(0.001)
    gate.may.release(2)
    for _, thread in sent:
        thread.join()

    assert [sorted(each.path for each in group) for group in gate.groups] == [
        ["a"],
        ["b", "c", "d"],
    ]


def test_a_group_that_fails_is_not_kept_and_the_next_one_is() -> None:
    gate = Gate()
    clerk = Clerk(gate.take)
    gate.may.release(2)
    ((broken, thread),) = put(clerk, "broken")
    thread.join()
    ((next_one, thread),) = put(clerk, "a")
    thread.join()

    assert (broken.answer, next_one.answer) == (NOT_KEPT, KEPT)
