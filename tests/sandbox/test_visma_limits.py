"""The hourly window of one client on one company."""

from tests.sandbox.visma_caller import VismaCaller


def test_every_answer_says_where_the_caller_stands(visma: VismaCaller) -> None:
    first, second = visma.get("/v1/supplier").headers, visma.get("/v1/nothing/x/y").headers

    assert first["X-RateLimit-Policy"] == "4-fixed-window"
    assert int(first["X-RateLimit-Remaining"]) == int(first["X-RateLimit-Limit"]) - 1
    assert 0 < int(first["X-RateLimit-Reset"]) <= 3600
    assert "X-RateLimit-Limit" not in second


def test_the_call_above_the_limit_is_429_until_the_window_ends(visma: VismaCaller) -> None:
    visma.sandbox.quirks.calls_per_hour = 2
    statuses = [visma.get("/v1/supplier").status for _ in range(2)]
    refused = visma.get("/v1/supplier")
    visma.sandbox.clock.advance(int(refused.headers["Retry-After"]))

    assert (statuses, refused.status) == ([200, 200], 429)
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    visma.sign_in()
    assert visma.get("/v1/supplier").status == 200


def test_a_refused_call_does_nothing_and_counts_nothing(visma: VismaCaller) -> None:
    visma.sandbox.quirks.calls_per_hour = 0
    refused = [visma.get("/v1/supplier").status for _ in range(3)]
    visma.sandbox.quirks.calls_per_hour = 1

    assert (refused, visma.get("/v1/supplier").status) == ([429] * 3, 200)
