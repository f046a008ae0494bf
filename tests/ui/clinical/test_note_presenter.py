"""The note editor's behaviour without a window."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from app.core.clinical.commands.notes import discard_empty_draft
from app.core.clinical.queries.notes import draft_of_session, note
from app.core.clinical.rules.notes import NoteFormat, NoteStatus
from app.core.kernel.changes import Outcome
from app.core.kernel.errors import NotFound
from app.core.vault.desk import PEOPLE
from app.ui.clinical.note_presenter import Keeping, NotePresenter
from tests.support.practice import TestDesk
from tests.support.pumping import Pump
from tests.ui.clinical.scene import MONDAY, Walter

TYPED = {"subjective": "Slept well.", "plan": ""}


class Desktop:
    """A presenter on Thursday's session, its deliveries, and what it asked of the shell."""

    def __init__(self, desk: TestDesk, walter: Walter) -> None:
        self.desk, self.walter = desk, walter
        self.pump = Pump()
        self.undoable: list[Outcome[object]] = []
        self.went_back = 0
        self.presenter = NotePresenter(
            desk, self.pump, did=self.undoable.append, gone=self.count_back
        )

    def count_back(self) -> None:
        self.went_back += 1

    def begun(self) -> NotePresenter:
        self.presenter.open_for_session(self.walter.thursday_id)
        self.pump.until(lambda: self.presenter.beside is not None)
        return self.presenter

    def written(self) -> None:
        """Wait until the writer has done what was queued before."""
        self.desk.do(discard_empty_draft, uuid4())

    def kept(self) -> dict[str, str]:
        self.written()
        note_id = self.desk.ask(draft_of_session, self.walter.thursday_id)
        assert note_id is not None
        return dict(self.desk.ask(note, note_id).sections)

    def until_kept(self) -> None:
        self.pump.until(lambda: self.presenter.keeping is Keeping.KEPT)


@pytest.fixture
def desktop(desk: TestDesk, walter: Walter) -> Iterator[Desktop]:
    made = Desktop(desk, walter)
    yield made
    made.presenter.close()


def test_a_session_opens_its_draft_with_the_last_note_beside(desktop: Desktop) -> None:
    presenter = desktop.begun()
    assert presenter.editable
    assert presenter.sections[0].title == "Subjective"
    assert presenter.beside is not None
    assert presenter.beside.id == desktop.walter.monday_note
    assert not presenter.can_step(1)
    assert not presenter.can_step(-1)


def test_sync_leaves_the_text_alone_while_the_note_is_open(desktop: Desktop) -> None:
    presenter = desktop.begun()
    assert presenter.note is not None
    assert desktop.desk.holds(presenter.note.id)
    presenter.close()
    desktop.written()
    assert not desktop.desk.holds(presenter.note.id)


def test_a_note_that_was_left_is_open_no_more(desktop: Desktop) -> None:
    presenter = desktop.begun()
    assert presenter.note is not None
    note_id = presenter.note.id
    presenter.leave(TYPED)
    desktop.written()
    assert not desktop.desk.holds(note_id)
    presenter.open(note_id)
    presenter.leave(TYPED)
    presenter.open(note_id)
    desktop.written()
    assert desktop.desk.holds(note_id)


@pytest.mark.parametrize("way", ["left", "closed"])
def test_what_was_typed_is_written_before_sync_may_bring_other_words(
    desktop: Desktop, way: str
) -> None:
    presenter = desktop.begun()
    assert presenter.note is not None
    note_id = presenter.note.id
    goes_on = threading.Event()
    desktop.desk.on_writer(goes_on.wait, PEOPLE)
    presenter.typed()
    presenter.leave(TYPED)
    if way == "closed":
        presenter.close()
    seen = desktop.desk.on_writer(lambda: desktop.desk.holds(note_id), PEOPLE)
    assert desktop.desk.holds(note_id)
    goes_on.set()
    assert not seen.result()
    assert desktop.kept() == {"subjective": "Slept well."}


def test_what_is_typed_is_kept_and_said(desktop: Desktop) -> None:
    presenter = desktop.begun()
    presenter.typed()
    assert presenter.keeping is Keeping.TYPED
    presenter.keep(TYPED)
    desktop.until_kept()
    assert desktop.kept() == {"subjective": "Slept well."}


def test_kept_is_not_said_while_something_newer_was_typed(desktop: Desktop) -> None:
    presenter = desktop.begun()
    presenter.keep(TYPED)
    presenter.typed()
    desktop.written()
    desktop.pump.drain()
    assert presenter.keeping is Keeping.TYPED
    presenter.keep({"subjective": "Slept well. Dreamed."})
    desktop.until_kept()
    assert desktop.kept() == {"subjective": "Slept well. Dreamed."}


def test_reading_again_leaves_what_is_typed(desktop: Desktop) -> None:
    presenter = desktop.begun()
    presenter.keep(TYPED)
    desktop.until_kept()
    presenter.typed()
    presenter.refresh()
    desktop.desk.ask(draft_of_session, uuid4())
    desktop.pump.drain()
    assert presenter.keeping is Keeping.TYPED
    assert presenter.texts == TYPED


def test_another_format_keeps_what_was_typed(desktop: Desktop) -> None:
    presenter = desktop.begun()
    presenter.change_format(NoteFormat.DAP, TYPED)
    assert [s.title for s in presenter.sections] == ["Subjective", "Data", "Assessment", "Plan"]
    desktop.until_kept()
    presenter.change_format(NoteFormat.SOAP, TYPED)
    desktop.until_kept()
    assert desktop.kept() == {"subjective": "Slept well."}


def test_the_last_plan_comes_forward_once(desktop: Desktop) -> None:
    presenter = desktop.begun()
    assert presenter.bring_forward("plan", {"plan": ""}) == MONDAY["plan"]
    assert presenter.bring_forward("plan", {"plan": MONDAY["plan"]}) == MONDAY["plan"]


def test_signing_signs_what_is_on_screen(desktop: Desktop) -> None:
    presenter = desktop.begun()
    presenter.typed()
    presenter.sign(TYPED)
    presenter.sign(TYPED)  # a second click while the first is under way
    desktop.pump.until(lambda: presenter.is_signed)
    assert not presenter.signing
    assert not presenter.editable
    assert presenter.note is not None
    assert dict(presenter.note.sections) == {"subjective": "Slept well."}
    assert [section.key for section in presenter.sections] == ["subjective"]


def test_an_empty_note_says_what_to_do_and_stays(desktop: Desktop) -> None:
    presenter = desktop.begun()
    presenter.sign({"plan": "  "})
    desktop.pump.until(lambda: presenter.refusal is not None)
    assert presenter.refusal is not None
    assert presenter.refusal.sentence == "Write the note before you sign it."
    assert presenter.editable
    assert not presenter.signing
    presenter.keep(TYPED)
    desktop.until_kept()
    assert presenter.refusal is None


def test_an_amendment_is_kept_and_then_added(desktop: Desktop) -> None:
    presenter = desktop.presenter
    presenter.open(desktop.walter.monday_note)
    desktop.pump.until(lambda: presenter.note is not None)
    presenter.keep_amendment("It was Mon")
    desktop.pump.until(lambda: presenter.note is not None and presenter.note.amendment_draft != "")
    added: list[bool] = []
    presenter.amend("", lambda: added.append(True))
    desktop.pump.until(lambda: presenter.refusal is not None)
    assert added == []
    presenter.amend("It was Monday.", lambda: added.append(True))
    presenter.amend("It was Monday.", lambda: added.append(True))
    desktop.pump.until(lambda: presenter.note is not None and bool(presenter.note.amendments))
    assert added == [True]
    assert presenter.refusal is None


def test_leaving_keeps_what_was_typed(desktop: Desktop) -> None:
    presenter = desktop.begun()
    presenter.typed()
    presenter.leave({"subjective": "Half a sent"})
    presenter.close()
    assert desktop.kept() == {"subjective": "Half a sent"}


def test_leaving_an_untouched_note_leaves_nothing_behind(desktop: Desktop) -> None:
    presenter = desktop.begun()
    presenter.leave({"subjective": "", "plan": " "})
    presenter.close()
    desktop.written()
    assert desktop.desk.ask(draft_of_session, desktop.walter.thursday_id) is None


def test_a_discarded_draft_can_be_undone(desktop: Desktop) -> None:
    presenter = desktop.begun()
    presenter.keep(TYPED)
    desktop.until_kept()
    presenter.discard()
    desktop.pump.until(lambda: desktop.went_back == 1)
    assert desktop.undoable[-1].undo is not None


def test_a_note_that_is_gone_says_so(desktop: Desktop) -> None:
    presenter = desktop.presenter
    presenter.open(uuid4())
    desktop.pump.until(lambda: presenter.problem is not None)
    assert isinstance(presenter.problem, NotFound)


def test_a_note_of_a_case_without_a_session(desktop: Desktop) -> None:
    presenter = desktop.presenter
    presenter.open_new(desktop.walter.case_id, desktop.desk.clock.now().date())
    desktop.pump.until(lambda: presenter.beside is not None)
    assert presenter.note is not None
    assert presenter.note.kind.label == "Contact note"


def test_older_notes_can_be_leafed_through(desktop: Desktop) -> None:
    first = desktop.begun()
    first.sign({"plan": "Later."})
    desktop.pump.until(lambda: first.is_signed)
    first.close()
    presenter = desktop.presenter = NotePresenter(desktop.desk, desktop.pump)
    presenter.open_for_session(desktop.walter.thursday_id)
    desktop.pump.until(lambda: presenter.beside is not None)
    assert presenter.can_step(1)
    shown: list[UUID] = [head.id for head in presenter.older]
    presenter.step(1)
    desktop.pump.until(lambda: presenter.beside is not None and presenter.beside.id == shown[1])
    assert presenter.beside_position == 1
    assert not presenter.can_step(1)
    assert presenter.beside is not None
    assert presenter.beside.status is NoteStatus.SIGNED
