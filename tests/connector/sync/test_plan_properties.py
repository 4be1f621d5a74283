"""Whatever the board shows: the plan brings it to what is wanted in one step, and then rests."""

from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from connector.models import Operation
from connector.sync import plan
from connector.sync.choose import batches
from connector.sync.deliver import BATCH_SIZE, Wanted
from mappings.problems import Problem
from mappings.render import Rendered

COLUMNS = ("text", "numbers", "status", "date", "key")
cells = st.one_of(
    st.none(), st.text(max_size=5), st.integers(-9, 9), st.builds(lambda d: {"date": d}, st.text())
)
names = st.text(min_size=1, max_size=8)
many_cells = st.dictionaries(st.sampled_from(COLUMNS), cells)


@st.composite
def rendered(draw: Any) -> Rendered:
    """What a record should look like; some columns may be lost, and then they have no cell."""
    lost = draw(st.sets(st.sampled_from(COLUMNS)))
    shown = {column: cell for column, cell in draw(many_cells).items() if column not in lost}
    parked = tuple(Problem("column_missing", "gone", "add it", column_id=c) for c in sorted(lost))
    return Rendered(draw(names), shown, parked=parked)


boards = st.builds(
    plan.Shown, item_id=st.sampled_from([None, "1"]), name=names | st.just(""), cells=many_cells
)


def carry_out(shown: plan.Shown, decision: plan.Decision) -> plan.Shown:
    """What is known of the board once a decision has been carried out."""
    match decision:
        case plan.Create(name=name, cells=written):
            return plan.Shown("1", name, written)
        case plan.Update(wanted_name=name, wanted_cells=wanted):
            return plan.Shown(shown.item_id, name, wanted)
        case plan.Unchanged(name=name, cells=wanted):
            return plan.Shown(shown.item_id, name, wanted)
    return shown


@given(rendered(), boards)
def test_one_step_brings_the_board_there_and_a_second_finds_nothing_to_do(
    wanted: Rendered, shown: plan.Shown
) -> None:
    after = carry_out(shown, plan.decide(wanted, shown))
    again = plan.decide(wanted, after)

    assert isinstance(again, plan.Unchanged)
    assert after.name == wanted.name
    assert {c: after.cells.get(c) for c in wanted.cells} == wanted.cells


@given(rendered(), boards.filter(lambda shown: shown.item_id and shown.name))
def test_only_what_differs_is_written(wanted: Rendered, shown: plan.Shown) -> None:
    decision = plan.decide(wanted, shown)
    different = {c: cell for c, cell in wanted.cells.items() if cell != shown.cells.get(c)}

    if isinstance(decision, plan.Update):
        assert decision.cells == different
        assert decision.name == (None if wanted.name == shown.name else wanted.name)
    else:
        assert (different, wanted.name) == ({}, shown.name)


@given(rendered(), boards.filter(lambda shown: shown.item_id))
def test_what_a_lost_column_showed_last_is_remembered_for_its_return(
    wanted: Rendered, shown: plan.Shown
) -> None:
    after = carry_out(shown, plan.decide(wanted, shown))
    lost = {problem.column_id for problem in wanted.parked}

    assert {c: after.cells.get(c) for c in lost} == {c: shown.cells.get(c) for c in lost}


@given(rendered(), boards, st.sampled_from(["leave", "archive", "mark"]))
def test_what_is_left_out_is_never_written(
    wanted: Rendered, shown: plan.Shown, on_leave: str
) -> None:
    decision = plan.decide(wanted, shown, excluded="too old", on_leave=on_leave)

    assert isinstance(decision, plan.Excluded | plan.Archive)
    assert isinstance(decision, plan.Archive) == bool(shown.item_id and on_leave == "archive")


@given(rendered(), boards)
def test_a_record_with_a_problem_changes_nothing(wanted: Rendered, shown: plan.Shown) -> None:
    bad = Rendered(wanted.name, wanted.cells, (Problem("value_refused", "bad", "mend"),))

    assert isinstance(plan.decide(bad, shown), plan.Invalid)


links = st.tuples(
    st.sampled_from([Operation.CREATE, Operation.UPDATE, Operation.ARCHIVE]), st.integers(0, 7)
)


@given(st.lists(links, max_size=120))
def test_batches_hold_each_link_once_with_its_like_and_shrink_with_its_attempts(
    drawn: list[tuple[Operation, int]],
) -> None:
    wanted = [
        Wanted(cast(Any, SimpleNamespace(attempts=attempts)), plan.Create("x", {}), operation)
        for operation, attempts in drawn
    ]
    groups = list(batches(wanted))

    assert sorted(map(id, [one for group in groups for one in group])) == sorted(map(id, wanted))
    for group in groups:
        assert len({one.operation for one in group}) == 1
        assert len(group) <= max(BATCH_SIZE >> min(one.link.attempts for one in group), 1)
