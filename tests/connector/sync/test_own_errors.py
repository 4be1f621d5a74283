"""An error of ml-connector itself is shown, holds up as little as it can, and loses nothing."""

from typing import Any

import pytest

from connector.models import BoardLane, RecordLink
from connector.sync.settlement import Settlement
from mappings.render import Renderer
from tests.connector.sync.conftest import Eyes, TakeIn, Work, pass_time, states


def break_one_record(monkeypatch: pytest.MonkeyPatch) -> None:
    render = Renderer.__call__

    def fail_at_the_second(self: Renderer, payload: Any, key: str) -> Any:
        if key.endswith("200002"):
            raise ZeroDivisionError
        return render(self, payload, key)

    monkeypatch.setattr(Renderer, "__call__", fail_at_the_second)


def test_a_record_that_cannot_be_planned_fails_alone(
    take_in: TakeIn, work: Work, board: Eyes, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_one_record(monkeypatch)
    take_in(1, 2, 3)
    work()

    assert states() == {"delivered": 2, "failed": 1}
    assert RecordLink.objects.get(state="failed").failure_code == "internal_error"


def test_an_error_in_settling_is_shown_on_the_board_and_mended_by_a_new_version(
    take_in: TakeIn, work: Work, board: Eyes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise ZeroDivisionError

    take_in(1)
    with monkeypatch.context() as broken:
        broken.setattr(Settlement, "apply", fail)
        work()
    shown = BoardLane.objects.get()
    pass_time(minutes=2)
    work()

    assert "ZeroDivisionError" in shown.paused_reason
    assert (states(), len(board.items)) == ({"delivered": 1}, 1)
    assert BoardLane.objects.get().paused_code == ""
