"""monday's limits: what refuses, in which words, when it ends, and what the headers tell."""

import re
import threading
import time

import pytest

from connector.sandbox import world
from connector.sandbox.monday.quotas import TIERS
from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Caller, create_batch

ME = "{me{id}}"


def left(headers: dict[str, str], policy: str) -> int:
    found = re.search(rf'"{policy}";r=(\d+)', headers["RateLimit"])
    assert found
    return int(found[1])


def test_every_answer_tells_the_quotas_and_what_is_left(monday: Caller) -> None:
    first = monday.ask(ME)
    second = monday.ask(ME)

    assert '"minuteRate";q=2500;w=60' in first.headers["RateLimit-Policy"]
    assert '"concurrency";q=100;qu="concurrent-requests"' in first.headers["RateLimit-Policy"]
    assert left(first.headers, "minuteRate") - left(second.headers, "minuteRate") == 1


def test_the_headers_tell_the_budget_of_the_kind_of_call(server: SandboxServer) -> None:
    app = Caller(server, world.MONDAY_APP_TOKEN)
    app.create()

    read, write = app.ask(ME), app.create()

    assert left(read.headers, "complexityMinute") > 4_999_000
    assert left(write.headers, "complexityMinute") < 4_990_000


def test_a_call_counts_itself_among_those_in_flight(monday: Caller) -> None:
    assert left(monday.ask(ME).headers, "concurrency") == 99


def test_requests_beyond_the_minute_are_refused_until_it_is_over(
    server: SandboxServer, monday: Caller
) -> None:
    server.monday.limits.set(minute=2)
    monday.ask(ME)
    monday.ask(ME)

    refused = monday.ask(ME)
    server.clock.advance(61)
    after = monday.ask(ME)

    assert (refused.status, refused.error) == (429, "MINUTE_RATE_LIMIT_EXCEEDED")
    hint = refused.errors[0]["extensions"]["retry_in_seconds"]
    assert 0 < hint <= 60
    assert refused.headers["Retry-After"] == str(hint)
    assert after.errors == []


def test_the_daily_limit_ends_at_midnight_utc(server: SandboxServer, monday: Caller) -> None:
    server.monday.limits.set(daily=1)
    monday.ask(ME)

    refused = monday.ask(ME)
    server.clock.advance(refused.errors[0]["extensions"]["retry_in_seconds"])
    after = monday.ask(ME)

    assert (refused.status, refused.error) == (429, "DAILY_LIMIT_EXCEEDED")
    assert after.errors == []


def test_refused_calls_and_lone_complexity_queries_weigh_a_tenth_of_a_daily_call(
    server: SandboxServer, monday: Caller
) -> None:
    monday.ask("{complexity{before}}")
    server.monday.limits.set(minute=1)

    monday.ask(ME)

    assert server.monday.limits.calls_today == pytest.approx(0.2)


def test_a_batch_costs_ten_thousand_points_an_item(monday: Caller) -> None:
    names = {f"n{i}": f"Invoice {i}" for i in range(25)}
    before = monday.ask("{complexity{before}}").data["complexity"]["before"]

    monday.ask(create_batch(25), {"b": monday.board().id, **names})

    after = monday.ask("{complexity{before}}").data["complexity"]["before"]
    assert 250_000 <= before - after < 250_100


def test_complexity_before_query_and_after_add_up(monday: Caller) -> None:
    cost = monday.ask("{complexity{before query after reset_in_x_seconds} me{id}}").data[
        "complexity"
    ]

    assert cost["before"] - cost["query"] == cost["after"]
    assert 0 < cost["reset_in_x_seconds"] <= 60


def test_an_exhausted_complexity_budget_executes_nothing(
    server: SandboxServer, monday: Caller
) -> None:
    server.monday.limits.set(personal_complexity=15_000)
    monday.made("Fits")

    refused = monday.create("Too much")
    server.clock.advance(61)
    after = monday.create("Fits again")

    assert (refused.status, refused.error) == (429, "COMPLEXITY_BUDGET_EXHAUSTED")
    assert after.errors == []
    assert [item.name for item in monday.board().items.values()] == ["Fits", "Fits again"]


def test_a_single_query_has_a_ceiling_of_its_own(monday: Caller) -> None:
    deep = "{boards(limit:500){items_page(limit:500){items{id name state updated_at created_at "
    deep += "column_values{id text type value ... on StatusValue{label index} "
    deep += "... on NumbersValue{number} ... on DateValue{date} ... on LinkValue{url} "
    deep += "... on EmailValue{email} ... on PhoneValue{phone} ... on HourValue{hour minute} "
    deep += (
        "... on CheckboxValue{checked} ... on RatingValue{rating} ... on TimelineValue{from}}}}}}"
    )

    assert monday.ask(deep).error == "ComplexityException"


def test_forty_boards_a_minute_is_a_limit_beside_the_others(
    server: SandboxServer, monday: Caller
) -> None:
    fields = " ".join(
        f'b{i}:create_board(board_name:"B{i}",board_kind:public,empty:true){{id}}'
        for i in range(40)
    )
    one = 'mutation{create_board(board_name:"One more",board_kind:public,empty:true){id}}'
    monday.ask(f"mutation{{{fields}}}")

    refused = monday.ask(one)
    items = monday.create()

    assert refused.status == 429
    assert refused.errors[0]["message"] == "Call limit exceeded for CreateBoard"
    assert items.errors == []


def test_more_requests_at_once_than_allowed_are_refused(
    server: SandboxServer, monday: Caller
) -> None:
    server.monday.limits.set(concurrency=1)
    slow = {"action": "delay", "seconds": 1, "when": "running"}
    server.faults.add({"match": {"operation": "me", "nth": 1}, "do": [slow]})
    first = threading.Thread(target=Caller(server).ask, args=(ME,))
    first.start()
    while not server.monday.limits.in_flight:
        time.sleep(0.01)

    refused = monday.ask(ME)
    first.join()
    after = monday.ask(ME)

    assert (refused.status, refused.error) == (429, "MAX_CONCURRENCY_EXCEEDED")
    assert refused.headers["Retry-After"] == "15"
    assert after.errors == []


@pytest.mark.parametrize(("tier", "quotas"), TIERS.items())
def test_each_tier_has_its_quotas(
    server: SandboxServer, monday: Caller, tier: str, quotas: object
) -> None:
    server.monday.limits.use_tier(tier)

    answer = monday.ask("{account{tier}}")

    assert answer.data["account"]["tier"] == tier
    assert f'"minuteRate";q={TIERS[tier].minute};w=60' in answer.headers["RateLimit-Policy"]


def test_without_limits_nothing_is_refused_and_nothing_is_announced(
    server: SandboxServer, monday: Caller
) -> None:
    server.monday.limits.set(minute=0, daily=0, concurrency=0, personal_complexity=0)
    server.monday.limits.enabled = False

    answer = monday.create()

    assert answer.errors == []
    assert "RateLimit" not in answer.headers
