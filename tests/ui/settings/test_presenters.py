"""Settings without a window: what is read, what is changed, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID

import pytest

from app import bootstrap
from app.core.kernel.errors import UserError
from app.core.practice.queries import locations, office_hours, practice, services
from app.core.practice.rules.catalogue import ServiceFields
from app.core.practice.rules.organization import Hours
from app.core.practice.rules.places import LocationFields, SessionFormat
from app.core.practice.rules.settings import Page
from app.core.team.queries import LicenseView
from app.core.team.rules import LicenseFields
from app.ui.settings.backup_presenter import BackupPresenter, is_stale, kept_words, size_words
from app.ui.settings.catalogue_presenter import locations_presenter, services_presenter
from app.ui.settings.form_presenter import FormPresenter
from app.ui.settings.hours_panel import HoursPresenter
from app.ui.settings.identifiers_presenter import LicensesPresenter, days_words
from app.ui.settings.numbers_panel import NumbersPresenter
from app.ui.shell.context import ScreenContext
from app.ui.shell.registry import House
from tests.support.practice import TestDesk
from tests.support.pumping import Pump


class Room:
    """A context without a window: what is done in it and offered to be undone."""

    def __init__(self, desk: TestDesk) -> None:
        self.pump = Pump()
        self.undoable: list[str] = []
        self.context = ScreenContext(
            desk=desk,
            house=House(),
            deliver=self.pump,
            go=lambda _place: None,
            back=lambda: None,
            say=lambda _sentence: None,
            offer_undo=lambda words, _change_set: self.undoable.append(words),
            run_action=lambda _action: None,
        )


@pytest.fixture
def room(desk: TestDesk) -> Room:
    """A context without a window."""
    return Room(desk)


class TestForm:
    """The pages made from the table of settings."""

    @pytest.fixture
    def form(self, room: Room) -> Iterator[FormPresenter]:
        """The practice's page, read."""
        form = FormPresenter(room.context, Page.PRACTICE)
        form.refresh()
        room.pump.until(lambda: bool(form.values))
        yield form
        form.close()

    def test_it_shows_its_own_settings_alone(self, form: FormPresenter) -> None:
        assert {spec.page for spec, _value in form.values.values()} == {Page.PRACTICE}
        assert form.values["practice.name"][1] == "Alder Street Therapy"

    def test_a_change_is_kept_and_can_be_undone(
        self, form: FormPresenter, room: Room, desk: TestDesk
    ) -> None:
        form.change("practice.phone", "707 555 0199")
        room.pump.until(lambda: form.values["practice.phone"][1] == "(707) 555-0199")
        assert desk.ask(practice).fields.phone == "(707) 555-0199"
        assert room.undoable == ["Change setting"]

    def test_leaving_a_field_as_it_was_changes_nothing(
        self, form: FormPresenter, room: Room
    ) -> None:
        form.change("practice.name", "Alder Street Therapy")
        room.pump.drain()
        assert room.undoable == []

    def test_what_cannot_be_is_said_until_it_is_mended(
        self, form: FormPresenter, room: Room
    ) -> None:
        form.change("practice.zip", "9599")
        room.pump.until(lambda: "practice.zip" in form.problems)
        assert "5 digits" in form.problems["practice.zip"].sentence
        form.change("practice.zip", "95999")
        room.pump.until(lambda: not form.problems)


class TestLists:
    """Services and locations."""

    def test_a_service_is_added_changed_and_retired(self, room: Room, desk: TestDesk) -> None:
        presenter = services_presenter(room.context)
        presenter.refresh()
        presenter.edit("new")
        presenter.save(ServiceFields("Individual session", "0001Z"))
        room.pump.until(lambda: bool(presenter.rows) and presenter.editing is None)
        (row,) = presenter.rows or []
        presenter.edit(row.id)
        assert presenter.edited == row
        presenter.save(ServiceFields("Session", "0001Z", 55))
        room.pump.until(lambda: [each.minutes for each in presenter.rows or []] == [55])
        presenter.edit(row.id)
        presenter.retire(True)
        room.pump.until(lambda: [each.retired for each in presenter.rows or []] == [True])
        assert desk.ask(services) == []
        presenter.close()

    def test_a_refusal_keeps_the_editor_open(self, room: Room) -> None:
        presenter = locations_presenter(room.context)
        presenter.edit("new")
        presenter.save(LocationFields(""))
        room.pump.until(lambda: presenter.problem is not None)
        assert isinstance(presenter.problem, UserError)
        assert (presenter.problem.field, presenter.editing) == ("name", "new")
        presenter.close()

    def test_a_location_is_added(self, room: Room, desk: TestDesk) -> None:
        presenter = locations_presenter(room.context)
        presenter.edit("new")
        presenter.save(LocationFields("Video", SessionFormat.VIDEO))
        room.pump.until(lambda: presenter.editing is None)
        assert [each.name for each in desk.ask(locations)] == ["Office", "Video"]
        presenter.close()


class TestLicenses:
    """The licenses of the member who is signed in."""

    def test_they_are_added_changed_and_removed(self, room: Room) -> None:
        presenter = LicensesPresenter(room.context)
        presenter.refresh()
        room.pump.until(lambda: presenter.rows is not None)
        presenter.edit("new")
        presenter.save(LicenseFields("T 2231", "OR", "LMFT", date(2026, 1, 1)))
        room.pump.until(lambda: len(presenter.rows or []) == 2 and presenter.editing is None)
        row = next(each for each in presenter.rows or [] if each.state == "OR")
        presenter.edit(row.id)
        presenter.remove()
        room.pump.until(lambda: len(presenter.rows or []) == 1)
        presenter.close()

    def test_one_that_ends_before_it_begins_is_refused(self, room: Room) -> None:
        presenter = LicensesPresenter(room.context)
        presenter.edit("new")
        presenter.save(LicenseFields("1", "CA", "LMFT", date(2027, 1, 1), date(2026, 1, 1)))
        room.pump.until(lambda: presenter.problem is not None)
        assert presenter.editing == "new"
        presenter.close()

    @pytest.mark.parametrize(
        ("begins", "ends", "words"),
        [
            (None, date(2027, 8, 31), "until 08/31/2027"),
            (date(2026, 1, 5), None, "since 01/05/2026"),
            (None, None, "no dates"),
        ],
    )
    def test_their_days_in_words(self, begins: date | None, ends: date | None, words: str) -> None:
        assert days_words(LicenseView(UUID(int=1), "LMFT", "1", "CA", begins, ends)) == words


class TestHours:
    """The week."""

    def test_the_week_is_replaced(self, room: Room, desk: TestDesk) -> None:
        presenter = HoursPresenter(room.context)
        presenter.refresh()
        room.pump.until(lambda: presenter.hours is not None)
        presenter.save((Hours(0, time(8), time(18)),))
        room.pump.until(lambda: len(presenter.hours or ()) == 1)
        assert desk.ask(office_hours) == [Hours(0, time(8), time(18))]
        presenter.close()

    def test_hours_that_cannot_be_are_refused(self, room: Room) -> None:
        presenter = HoursPresenter(room.context)
        with pytest.raises(UserError, match="closes before"):
            presenter.save((Hours(0, time(18), time(8)),))
        presenter.close()


class TestNumbers:
    """Where a series begins."""

    def test_it_is_set_until_it_is_in_use(self, room: Room, desk: TestDesk) -> None:
        presenter = NumbersPresenter(room.context)
        presenter.begin("INV", "208")
        room.pump.until(lambda: "INV" in presenter.said)
        assert presenter.said["INV"] == "The next one is number 208."
        presenter.close()

    @pytest.mark.parametrize("typed", ["", "many", "0"])
    def test_what_is_no_number_is_said(self, room: Room, typed: str) -> None:
        presenter = NumbersPresenter(room.context)
        presenter.begin("SB", typed)
        room.pump.until(lambda: "SB" in presenter.problems)
        presenter.close()


class TestBackup:
    """The page of backups, on a real file."""

    def test_a_backup_is_made_where_it_was_chosen(
        self, practice: bootstrap.OpenPractice, tmp_path: Path
    ) -> None:
        pump = Pump()
        presenter = BackupPresenter(practice, pump)
        presenter.refresh()
        assert presenter.state is not None
        assert not presenter.state.chosen
        presenter.choose(tmp_path / "stick")
        presenter.make()
        assert presenter.busy
        pump.until(lambda: not presenter.busy)
        assert [each.path.parent for each in presenter.files] == [tmp_path / "stick"]
        presenter.close()

    def test_a_folder_that_refuses_is_said(
        self, practice: bootstrap.OpenPractice, tmp_path: Path
    ) -> None:
        (tmp_path / "stick").write_text("a file", encoding="utf-8")
        presenter = BackupPresenter(practice, Pump())
        presenter.choose(tmp_path / "stick")
        assert presenter.problem is not None

    @pytest.mark.parametrize(
        ("size", "words"),
        [(1, "1 KB"), (700_000, "684 KB"), (412 * 1024**2, "412 MB"), (3 * 1024**3, "3.0 GB")],
    )
    def test_sizes_in_words(self, size: int, words: str) -> None:
        assert size_words(size) == words

    def test_old_backups_are_stale(self) -> None:
        made = datetime(2026, 11, 15, 20, tzinfo=UTC)
        assert not is_stale(made, date(2026, 11, 18))
        assert is_stale(made, date(2026, 11, 19))
        assert is_stale(None, date(2026, 11, 19))

    def test_how_many_in_words(self) -> None:
        assert kept_words(1).startswith("1 backup there")
        assert kept_words(12).startswith("12 backups there")
