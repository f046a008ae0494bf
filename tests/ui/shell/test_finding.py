"""What the palette finds, without a window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from app.core.tasks.queries import search
from app.core.tasks.queries.naming import Hit
from app.core.tasks.queries.search import UNREAD
from app.ui.areas import furnished
from app.ui.shell.finding import DO, PAPERS, PEOPLE, RECENT, Finding
from app.ui.shell.palette import bold_part, fold_find
from tests.support.design_day import DesignDay
from tests.support.practice import TestDesk
from tests.support.pumping import Pump
from tests.support.screens import bare_context


class _Bridge:
    deliver = None
    later = None


@pytest.fixture
def found(desk: TestDesk, thursday: DesignDay) -> Iterator[tuple[Finding, Any, Pump]]:
    pump, house = Pump(), furnished()
    context, heard = bare_context(desk, _Bridge(), house=house)  # type: ignore[arg-type]
    finding = Finding(desk, pump, search, house.actions)
    finding.begin(context, "today")
    yield finding, heard, pump
    finding.close()


def _type(finding: Finding, pump: Pump, text: str) -> None:
    finding.type(text)
    pump.until(lambda: not finding.busy)


def test_an_empty_box_offers_what_this_screen_can_do(found: Any) -> None:
    finding, heard, _pump = found
    assert {line.group for line in finding.lines} == {DO}
    assert "Mark attended" in {line.title for line in finding.lines}
    finding.lines[0].open()
    assert heard.actions == ["today.book"]


def test_a_name_finds_people_and_what_to_do_with_them(found: Any) -> None:
    finding, heard, pump = found
    _type(finding, pump, "hadd")
    first = finding.lines[0]
    assert (first.group, first.title) == (PEOPLE, "Noor Haddad")
    first.open()
    assert heard.visited[-1].area == "people"
    assert first.second is not None
    first.second()
    assert (heard.visited[-1].area, heard.visited[-1].part) == ("scheduling", "new")
    finding.type("")
    assert finding.lines[0].group == RECENT


def test_commands_alone_after_a_greater_sign(found: Any) -> None:
    finding, _heard, _pump = found
    finding.type("> attend")
    assert {line.title for line in finding.lines} == {"Mark attended"}


def test_notes_that_are_still_being_indexed_are_a_line_of_words(found: Any) -> None:
    finding, heard, pump = found
    said = Hit(UNREAD, UUID(int=0), "Some notes cannot be found yet", "3 texts")
    finding._search = lambda *_: [said]
    _type(finding, pump, "zzzzz")
    (line,) = finding.lines
    assert (line.group, line.title, line.detail) == (PAPERS, said.title, said.detail)
    line.open()
    assert not heard.visited
    finding.type("")
    assert RECENT not in {line.group for line in finding.lines}


def test_nothing_found_is_an_empty_list(found: Any) -> None:
    finding, _heard, pump = found
    _type(finding, pump, "zzzzz")
    assert finding.lines == ()


@pytest.mark.parametrize(
    ("title", "typed", "at"),
    [
        ("Daniel & Ruth Okonkwo-Bell", "okon", (14, 18)),
        ("Zoë Nuñez", "nun", (4, 7)),
        ("Ada Lowry", "owr", None),
        ("Ada Lowry", "", None),
    ],
)
def test_what_was_typed_is_marked_in_the_title(
    title: str, typed: str, at: tuple[int, int] | None
) -> None:
    assert fold_find(title, typed) == at


def test_a_name_in_right_to_left_script_is_written_in_one_piece() -> None:
    assert bold_part("محمد علي", "علي") is None, "its parts would stand in the wrong order"
    assert bold_part("Ana Ruiz", "ru") == (4, 6)
