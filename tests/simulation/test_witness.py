"""What the witness calls a loss: nothing that a person would call right, and every real loss."""

from __future__ import annotations

import pytest

from tests.simulation.entities import INVOICE, NOTE, Key
from tests.simulation.history import Held, History
from tests.simulation.invariants import (
    Question,
    Quiet,
    Row,
    ServerView,
    note_purge,
    nothing_typed_lost,
    numbers_are_unique,
)
from tests.simulation.model.acts import run
from tests.simulation.model.simulator import simulate as simulate_model
from tests.simulation.model.world import World
from tests.simulation.real.simulator import simulate as simulate_real
from tests.simulation.runs import Simulator
from tests.simulation.scenario import Member, Scenario, Step

Did = tuple[str, int, int]
"""An act, at which of two computers, and which row or case it picks."""
SIMULATORS = {"model": simulate_model, "real": simulate_real}
OWNER = Member(0, 2)
#: A purge that happens, and a change that leaves the member no case.
_EVEN = {"purge", "change assignments"}
PLACE = ((NOTE, "n"), "text")
FIRST, SECOND = (INVOICE, "i1"), (INVOICE, "i2")
BOTH: Held = {(key, "number", "INV-1") for key in (FIRST, SECOND)}


def told(*steps: Did, other: Member = OWNER) -> Scenario:
    """Return a scenario told by hand. Seed 1: whole pages on the real engine, and no digests."""
    acts = (Step(act, who, pick, 0 if act in _EVEN else 1) for act, who, pick in steps)
    return Scenario(1, (OWNER, other), tuple(acts))


_TYPED = (("type", 1, 1), ("sync", 1, 0))
#: A paper for each of two cases can be given the same number.
_READY = (("charge", 1, 0), ("charge", 1, 1), ("sync", 1, 0), ("back up", 1, 0))
_GIVEN, _AGAIN = ("issue an invoice", 1, 0), ("issue an invoice", 1, 1)
_SENT, _ROLLED_BACK = ("sync", 1, 0), ("roll the machine back", 1, 0)
ENDS_WHOLE = {
    "later words are nowhere but on their way": told(
        *(("back up the server", 0, 0), ("back up", 1, 0), *_TYPED, ("sync", 0, 0), *_TYPED),
        *(("restore the backup", 1, 0), ("pull, answer late", 0, 0), ("restore the server", 0, 0)),
    ),
    "the second paper goes with its file": told(
        *(*_READY, _GIVEN, _SENT, _ROLLED_BACK, _AGAIN), ("restore the backup", 1, 0)
    ),
    "the first goes with a push that comes too late": told(
        *(*_READY, _GIVEN, ("push, delivered late", 1, 0), _ROLLED_BACK, _AGAIN, _SENT)
    ),
    "the first goes with the server": told(
        *(*_READY[:3], ("back up the server", 0, 0), _READY[3], _GIVEN, _SENT, _ROLLED_BACK),
        *(("restore the server", 0, 0), _AGAIN),
    ),
    "both are purged, the second before it is sent": told(
        *(*_READY, _GIVEN, _SENT, ("purge", 0, 0), _ROLLED_BACK, _AGAIN, ("purge", 0, 1))
    ),
    "both are purged while a person is asked": told(
        *(*_READY, _GIVEN, _SENT, _ROLLED_BACK, _AGAIN, _SENT, ("purge", 0, 0), ("purge", 0, 1))
    ),
}


@pytest.mark.parametrize("simulator", SIMULATORS)
@pytest.mark.parametrize("story", ENDS_WHOLE)
def test_it_is_no_loss(story: str, simulator: str) -> None:
    simulate: Simulator = SIMULATORS[simulator]
    assert simulate(ENDS_WHOLE[story], "", False).violation is None


_OFF_THE_CASE = ("change assignments", 0, 0)
#: On the real engine the owner's computer says again whose case it is, and all ends otherwise.
OF_A_MEMBER = {
    "an open note goes on from late words that a restore took": told(
        *(("back up the server", 0, 0), *_TYPED, ("sync", 0, 0), _OFF_THE_CASE, *_TYPED),
        *(("restore the server", 0, 0), ("sync", 1, 0), ("type", 1, 1)),
        other=Member(1, 2),
    ),
    "what only the member has goes out of sight just after a restore": told(
        *(("back up the server", 0, 0), *_TYPED, ("leave the note", 1, 0), _OFF_THE_CASE),
        *(("pull, answer late", 1, 0), ("restore the server", 0, 0)),
        other=Member(1, 2),
    ),
    "the echo of late work is on its way just before a restore": told(
        *(("change a field", 1, 0), _OFF_THE_CASE, ("back up the server", 0, 0)),
        *(("push, answer late", 1, 0), ("pull", 1, 0), ("pull, answer late", 1, 0)),
        ("restore the server", 0, 0),
        other=Member(1, 2),
    ),
}


@pytest.mark.parametrize("story", OF_A_MEMBER)
def test_it_is_no_loss_of_a_member(story: str) -> None:
    assert simulate_model(OF_A_MEMBER[story]).violation is None


def _quiet(history: History, rows: dict[Key, Row], *asked: Question) -> Quiet:
    return Quiet(history, ServerView(rows, list(asked)), [])


@pytest.mark.parametrize(("stands", "lost"), [("third", 0), ("another", 1)])
def test_who_goes_on_from_lost_words_goes_on_from_those_before_them(stands: str, lost: int) -> None:
    history = History()
    key, group = PLACE
    history.wrote(key, group, "c", "first", None)
    history.wrote(key, group, "c", "second", "first")
    history.lose({(key, group, "first"), (key, group, "second")}, {(key, group, "first")})
    history.wrote(key, group, "c", "third", "second")
    history.wrote(key, group, "c", "another", None)
    quiet = _quiet(
        history,
        {key: Row("c", {"text": stands})},
        Question(key, group, "another", "third", is_open=stands == "third"),
    )
    missed = [said for said in nothing_typed_lost(quiet) if "first" in said]
    assert len(missed) == lost


def test_words_that_were_on_their_way_are_asked_for_again() -> None:
    history = History()
    key, group = PLACE
    history.wrote(key, group, "c", "words", None)
    history.lose({(key, group, "words")}, set())
    assert [*nothing_typed_lost(_quiet(history, {}))] == []
    history.find_again({(key, group, "words")})
    assert [*nothing_typed_lost(_quiet(history, {}))] == [f"{key} {group} words is nowhere"]
    late = ENDS_WHOLE["later words are nowhere but on their way"]
    world = World(late)
    run(world, late.steps)
    places = world.history.places.values()
    assert [each.value for known in places for each in known.values() if each.lost] == []


def _twice(*, rolled_back: bool) -> History:
    history = History(machine_rolled_back=rolled_back)
    history.numbers["INV-1"] += [FIRST, SECOND]
    return history


@pytest.mark.parametrize(
    ("rolled_back", "purged", "twice"),
    [(True, 0, True), (True, 1, True), (True, 2, False), (False, 2, True)],
)
def test_a_number_is_not_told_only_where_no_paper_is_left(
    rolled_back: bool, purged: int, twice: bool
) -> None:
    history = _twice(rolled_back=rolled_back)
    rows = {key: Row(key[1], {"number": "INV-1"}) for key in (FIRST, SECOND)}
    for key in (FIRST, SECOND)[:purged]:
        note_purge(history, ServerView(rows), key[1])
        del rows[key]
    assert bool([*numbers_are_unique(_quiet(history, rows))]) is twice


@pytest.mark.parametrize(("rolled_back", "twice"), [(True, False), (False, True)])
def test_a_number_goes_with_what_alone_knew_it_only_after_a_machine_went_back(
    rolled_back: bool, twice: bool
) -> None:
    history = _twice(rolled_back=rolled_back)
    history.lose(BOTH, {(FIRST, "number", "INV-1")})
    assert bool([*numbers_are_unique(_quiet(history, {}))]) is twice


def test_a_number_that_the_server_kept_out_is_not_forgotten() -> None:
    history = _twice(rolled_back=True)
    history.keep_out(SECOND, {"number": "INV-1"})
    history.lose(BOTH, {(FIRST, "number", "INV-1")})
    assert [*numbers_are_unique(_quiet(history, {}))] == ["INV-1 stands on 2 papers"]
