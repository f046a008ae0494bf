"""Imports into a real practice: done, cancelled, interrupted, undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from app.core.cases import queries as cases
from app.core.exchange import commands, running
from app.core.exchange.queries import history
from app.core.exchange.rules import ImportState, Progress
from app.core.exchange.sheets import read_file
from app.core.kernel.errors import UserError
from app.core.people import commands as people
from app.core.people import queries as clients
from app.core.people.rules import EmailFields, Lifecycle
from app.core.practice.rules.catalogue import CaseKind
from tests.core.exchange.samples import CONTACTS, DEMOGRAPHICS, DETAILS
from tests.support.practice import TestDesk

PAIR = (DETAILS, DEMOGRAPHICS)


def _on(_progress: Progress) -> bool:
    return True


def _stop_after(slices: int) -> Callable[[Progress], bool]:
    left = iter([True] * (slices - 1))
    return lambda _progress: next(left, False)


def _import(desk: TestDesk, *paths: object, heard: Callable[[Progress], bool] = _on) -> UUID:
    planned = running.plan(desk, running.read_files(paths))  # type: ignore[arg-type]
    run_id = running.begin(desk, planned)
    running.run(desk, run_id, planned, heard)
    return run_id


def _counts(desk: TestDesk) -> dict[Lifecycle, int]:
    found = desk.ask(clients.lifecycle_counts)
    return {lifecycle: count for lifecycle, count in found.items() if count}


def test_the_samples_end_as_expected(desk: TestDesk) -> None:
    run_id = _import(desk, *PAIR)

    assert _counts(desk) == {Lifecycle.ACTIVE: 10, Lifecycle.INACTIVE: 43}
    kinds = [case.kind for case in desk.ask(cases.cases)]
    assert kinds.count(CaseKind.COUPLE) == 5
    assert kinds.count(CaseKind.INDIVIDUAL) == 43
    assert len(desk.ask(clients.needing_review)) == 53
    view = desk.ask(history.import_run, run_id)
    assert view.state is ImportState.DONE
    assert view.progress == Progress(53, 53)

    _import(desk, CONTACTS)

    assert _counts(desk) == {
        Lifecycle.ACTIVE: 10,
        Lifecycle.INACTIVE: 44,
        Lifecycle.ARCHIVED: 4,
        Lifecycle.PROSPECT: 3,
    }


def test_the_same_files_again_bring_nobody(desk: TestDesk) -> None:
    _import(desk, *PAIR)
    planned = running.plan(desk, running.read_files(PAIR))

    assert planned.newcomers == ()
    with pytest.raises(UserError, match="There is nobody new in these files"):
        running.begin(desk, planned)


def test_every_slice_tells_how_far_it_is(desk: TestDesk) -> None:
    heard: list[Progress] = []

    def hear(progress: Progress) -> bool:
        heard.append(progress)
        return True

    _import(desk, *PAIR, heard=hear)

    assert [progress.total for progress in heard] == [53] * len(heard)
    assert [progress.done for progress in heard] == sorted({p.done for p in heard})
    assert heard[-1].finished


def test_undo_leaves_nothing(desk: TestDesk) -> None:
    run_id = _import(desk, *PAIR)
    running.take_back(desk, run_id, _on)

    assert _counts(desk) == {}
    assert desk.ask(cases.cases) == []
    assert desk.ask(clients.contacts) == []
    assert desk.ask(history.import_run, run_id).state is ImportState.UNDONE
    with pytest.raises(UserError, match="undone already"):
        running.take_back(desk, run_id, _on)
    _import(desk, *PAIR)
    assert sum(_counts(desk).values()) == 53


def test_undo_keeps_who_was_changed_or_has_something(desk: TestDesk) -> None:
    run_id = _import(desk, *PAIR)
    by_name = {name.display: key for key, name in desk.ask(clients.names).items()}
    desk.do(people.mark_reviewed, by_name["Ana Abara"])
    desk.do(people.set_emails, by_name["Zoë Chen"], (EmailFields("zoe@example.com"),))

    running.take_back(desk, run_id, _on)

    left = sorted(name.display for name in desk.ask(clients.names).values())
    assert left == ["Ana Abara", "Mateo Kim", "Zoë Chen"], "a couple stays together"
    assert [case.title for case in desk.ask(cases.cases)] == ["Kim & Chen", "Ana Abara"]
    kept = desk.ask(history.import_run, run_id).kept
    assert sorted((each.name, each.reason) for each in kept) == [
        ("Ana Abara", "was changed since"),
        ("Mateo Kim", "was changed since"),
        ("Zoë Chen", "was changed since"),
    ]
    record = desk.ask(clients.client, by_name["Ana Abara"])
    assert record.emails
    assert record.insurances


def test_cancel_takes_back_what_was_brought(desk: TestDesk) -> None:
    run_id = _import(desk, *PAIR, heard=_stop_after(2))

    assert 0 < sum(_counts(desk).values()) < 53
    running.take_back(desk, run_id, _on)
    assert _counts(desk) == {}


def test_an_interrupted_import_goes_on_without_its_files(desk: TestDesk) -> None:
    run_id = _import(desk, *PAIR, heard=_stop_after(2))

    unfinished = desk.ask(history.unfinished_import)
    assert unfinished is not None
    assert unfinished.id == run_id
    assert 0 < unfinished.progress.done < 53
    with pytest.raises(UserError, match="Another import is unfinished"):
        _import(desk, CONTACTS)

    running.go_on(desk, run_id, _on)

    assert _counts(desk) == {Lifecycle.ACTIVE: 10, Lifecycle.INACTIVE: 43}
    assert desk.ask(history.unfinished_import) is None
    with pytest.raises(UserError, match="This import is finished"):
        desk.do(commands.import_slice, run_id)


def test_an_import_that_stopped_before_it_began(desk: TestDesk) -> None:
    planned = running.plan(desk, running.read_files(PAIR))
    run_id = running.begin(desk, planned)

    with pytest.raises(UserError, match="stopped before it began"):
        running.go_on(desk, run_id, _on)
    running.take_back(desk, run_id, _on)
    assert desk.ask(history.import_run, run_id).state is ImportState.UNDONE


def test_undo_is_offered_for_thirty_days(desk: TestDesk) -> None:
    run_id = _import(desk, CONTACTS)
    view = desk.ask(history.import_run, run_id)

    desk.clock.set(desk.clock.now() + timedelta(days=31))

    assert not view.can_undo(desk.clock.now())
    with pytest.raises(UserError, match="can be undone for 30 days"):
        running.take_back(desk, run_id, _on)


def test_interrupted_undo_goes_on(desk: TestDesk) -> None:
    run_id = _import(desk, *PAIR)
    running.take_back(desk, run_id, _stop_after(2))
    assert desk.ask(history.import_run, run_id).state is ImportState.UNDOING

    running.take_back(desk, run_id, _on)

    assert _counts(desk) == {}


def test_one_bad_file_stops_the_whole(desk: TestDesk) -> None:
    sheet = read_file(DETAILS)
    assert sheet.rows
    with pytest.raises(UserError, match="There is no file"):
        running.read_files((DETAILS, DETAILS.with_name("none.csv")))
    with pytest.raises(UserError, match="Choose the files"):
        running.read_files(())
    assert desk.ask(history.imports) == []
