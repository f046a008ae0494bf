"""A question that is stated again meets the same one, made anew since: no words of either fall.

Record 0022, rule 34, on both databases. A branch's question has one id, whatever its words
are: a file that was set back gives rise to it a second time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.sync.protocol.records import Operation
from tests.hosted.sync.scenes import Scene, draft
from tests.hosted.sync.test_restating import begin_anew
from tests.hosted.sync.test_restored import row, stated
from tests.hosted.worlds import Server


class Asked:
    """The laptop's words wait in a question; the office states that one again with later words."""

    def __init__(self, server: Server, scene: Scene) -> None:
        self.scene = scene
        self.note = scene.note()
        seen = scene.laptop.seqs["note", self.note]
        scene.office.change("note", self.note, **draft("office"))
        self.early = scene.laptop.write("note", self.note, draft("early"), base=seen)
        scene.laptop.push(self.early)
        scene.agree()
        (self.key,) = [key for key in scene.office.rows if key[0] == "inbox_item"]
        self.item = row(scene.office, *self.key)
        self.ended = begin_anew(server, scene.office, scene.laptop)
        self._seen = seen

    def types_on(self, words: str) -> None:
        """Let the laptop write on, without having seen the question."""
        laptop = self.scene.laptop
        laptop.push(laptop.write("note", self.note, draft(words, 3), base=self._seen))

    def states(
        self,
        words: str,
        decided: dict[str, Any] | None = None,
        *,
        seq: int = 90_000,
        later: bool = False,
    ) -> None:
        """Let the office state the question as it had it before the restore."""
        columns = {**self.item, "other": draft(words, 2), **(decided or {})}
        statement = stated(self.scene.office, *self.key, (self.ended, seq), columns)
        self.scene.office.push(_later(statement) if later else statement)

    @property
    def words(self) -> dict[str, str]:
        """What was set aside, and what has become of each."""
        kept = {(each.entity, each.pk): each.columns for each in self.scene.office.snapshot()}
        items = [columns for (entity, _), columns in kept.items() if entity == "inbox_item"]
        said = [(each["other"]["sections"]["plan"], each["state"]) for each in items]
        assert len(said) == len(dict(said))
        assert {each["record_id"] for each in items} == {self.note.hex}
        assert {each["case_id"] for each in items} == {self.scene.case.hex}
        return dict(said)


def _later(operation: Operation) -> Operation:
    return replace(operation, hlc=operation.hlc + (2 * 3_600_000 << 16))


@pytest.fixture
def asked(server: Server, scene: Scene) -> Asked:
    """A question of before a restore."""
    return Asked(server, scene)


@pytest.mark.parametrize("later", [True, False])
def test_words_of_both_are_asked_about(asked: Asked, later: bool) -> None:
    asked.types_on("since")
    asked.states("before", later=later)
    assert asked.words == {"since": "OPEN", "before": "OPEN"}


def test_words_that_come_to_what_was_stated_do_not_replace_it(asked: Asked) -> None:
    """The file that gives rise to the question again was set back, and knows of no other words."""
    asked.states("before", later=True)
    asked.types_on("since")
    assert asked.words == {"since": "OPEN", "before": "OPEN"}


def test_what_was_decided_about_stays_decided(asked: Asked) -> None:
    decided = {"state": "KEPT", "decided_at": "2026-11-19T19:00:00+00:00"}
    asked.types_on("since")
    asked.states("before", decided)
    assert asked.words == {"since": "OPEN", "before": "KEPT"}


def test_stated_by_two_the_words_are_asked_about_once(asked: Asked) -> None:
    asked.types_on("since")
    asked.states("before")
    asked.states("before", seq=90_001)
    assert asked.words == {"since": "OPEN", "before": "OPEN"}


def test_a_branch_goes_on_over_its_own_words_as_ever(asked: Asked) -> None:
    asked.types_on("since")
    asked.types_on("and on")
    assert asked.words == {"and on": "OPEN"}


def test_words_that_the_record_holds_are_not_asked_about(asked: Asked) -> None:
    asked.types_on("since")
    asked.states("office")
    assert asked.words == {"since": "OPEN"}
