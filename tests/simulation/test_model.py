"""The design of sync, proved on its pure model: invariants hold, and every seeded bug is found."""

from __future__ import annotations

import os

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.entities import INBOX, NOTE
from tests.simulation.model.acts import run
from tests.simulation.model.simulator import simulate
from tests.simulation.model.world import World
from tests.simulation.runs import first_failure, run_seeds, shorten
from tests.simulation.scenario import HOSTED, RESTORES, Member, Scenario, Step, scenario

#: So many in every run of the suite; source: sync design, proof.
SEEDS = int(os.environ.get("SIMULATED_SEEDS", "5000"))
#: So many that the cores share them to the end.
BATCHES = 20
#: Of the profile in which much is restored, and in how many batches.
RESTORED_SEEDS, RESTORED_BATCHES = 600, 3
#: Where a rare bug is known to show, so that the search is short; it goes on from 0 otherwise.
NEAR = {
    "base_of_the_row": 1575,
    "base_stays_behind_own_echo": 359,
    "beaten_rivals_return": 101255,
    "decided_unseen": 712,
    "earlier_life_unknown": 168992,
    "forks_by_largest_counter": 855,
    "in_doubt_beats_restated": 291026,
    "purge_forgotten_by_restore": 2748,
    "purged_numbers_forgotten": 90553,
    "questions_about_questions": 166165,
    "restated_over_a_restatement": 720147,
    "restated_under_one_version": 599750,
    "restated_values_unknown": 359,
    "restates_what_never_changed": 229,
    "set_aside_unreplaced": 720041,
}
#: Seeds that once broke, by what they showed.
MENDED = {
    "a file differs from what it calls synced": (720041,),
    "a delete over an edit that its writer had not seen": (720147,),
    "a replaced value is back": (291026, 430055, 439304),
    "a replaced value is back with another column of another epoch": (599750, 5000955),
    "what had lost to late work is no replaced value": (905189,),
    "what late work had replaced was not cleared": (6000183,),
    "who saw a held session cancels it, also when that was written over": (937206,),
}
#: Too rare for a search.
BY_HAND = {
    *("form_stays_behind", "lease_again_after_restore", "purge_takes_unsent_papers"),
    *("restatement_taken_for_seen", "restates_what_is_shared", "stated_questions_fall"),
}
OWNER, MEMBER, OLD = Member(0, 2), Member(1, 2), Member(0, 1)
WITHOUT_COPIES = {"restore the backup", "roll the machine back", "copy the file", *HOSTED}


def told(members: tuple[Member, ...], *steps: tuple[str, int]) -> Scenario:
    """Return a scenario told by hand: what happens, and at which computer; always the first row."""
    return Scenario(0, members, tuple(Step(act, who, 0, 1) for act, who in steps))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_invariant_holds(batch: int) -> None:
    seeds = range(batch * SEEDS // BATCHES, (batch + 1) * SEEDS // BATCHES)
    *_, tally = run_seeds(simulate, seeds)
    assert tally.seeds == len(seeds)
    assert [str(each) for each in tally.failures] == []


@pytest.mark.parametrize("batch", range(RESTORED_BATCHES))
def test_every_invariant_holds_where_much_is_restored(batch: int) -> None:
    size = RESTORED_SEEDS // RESTORED_BATCHES
    seeds = range(batch * size, (batch + 1) * size)
    *_, tally = run_seeds(simulate, seeds, profile=RESTORES)
    assert [str(each) for each in tally.failures] == []


@pytest.mark.parametrize("shown", MENDED)
def test_what_once_broke_ends_whole(shown: str) -> None:
    assert [simulate(scenario(seed)).violation for seed in MENDED[shown]] == [None] * len(
        MENDED[shown]
    )


@pytest.mark.parametrize("bug", [bug for bug in BUGS if bug not in BY_HAND])
def test_a_seeded_bug_is_found(bug: str) -> None:
    near = NEAR.get(bug, 0)
    found = first_failure(simulate, range(near, near + 200), bug)
    assert found or first_failure(simulate, range(6_000), bug), BUGS[bug]


def test_numbers_leased_before_a_restore_are_not_leased_again() -> None:
    steps = (
        *(("back up the server", 0), ("lose the mark", 0), ("sync", 0), ("issue an invoice", 0)),
        *(("restore the server", 0), ("lose the mark", 1), ("sync", 1)),
    )
    begun = told((OWNER, OWNER), *steps)
    whole = Scenario(0, begun.members, (*begun.steps, Step("issue an invoice", 1, 1, 1)))
    assert simulate(whole).violation is None
    found = simulate(whole, "lease_again_after_restore").violation
    assert found is not None
    assert found.invariant == "numbers_are_unique"


_BACKED_UP, _ROLLED_BACK = ("back up", 1, 0), ("roll the machine back", 1, 0)
_OF_THE_CASE, _OF_ANOTHER = ("issue an invoice", 1, 0), ("issue an invoice", 1, 1)
_SENT_OFF, _PURGED = ("push", 1, 0), ("purge", 0, 0)
#: A number is given again; one of its two papers belongs to a case that is purged.
NUMBERS_OF_THE_PURGED = {
    "the first": (_BACKED_UP, _OF_THE_CASE, _SENT_OFF, _PURGED, _ROLLED_BACK, _OF_ANOTHER),
    "the second": (_BACKED_UP, _OF_ANOTHER, _SENT_OFF, _PURGED, _ROLLED_BACK, _OF_THE_CASE),
    "the second, when it was told": (
        *(_BACKED_UP, _OF_ANOTHER, _SENT_OFF, _ROLLED_BACK, _OF_THE_CASE, ("sync", 1, 0)),
        _PURGED,
    ),
    "the first, by a server restored since": (
        *(("back up the server", 0, 0), _BACKED_UP, _OF_THE_CASE, _SENT_OFF, _PURGED),
        *(("restore the server", 0, 0), _ROLLED_BACK, _OF_ANOTHER),
    ),
}


@pytest.mark.parametrize("name", NUMBERS_OF_THE_PURGED)
def test_the_number_of_a_purged_paper_was_given_all_the_same(name: str) -> None:
    steps = tuple(Step(act, who, pick, 0) for act, who, pick in NUMBERS_OF_THE_PURGED[name])
    whole = Scenario(0, (OWNER, OWNER), steps)
    assert simulate(whole).violation is None
    found = simulate(whole, "purged_numbers_forgotten").violation
    assert found is not None
    assert found.invariant == "numbers_are_unique"


def test_a_purge_does_not_take_a_paper_of_which_nobody_has_heard() -> None:
    acts = (_BACKED_UP, _OF_ANOTHER, _SENT_OFF, _PURGED, _ROLLED_BACK, _OF_THE_CASE, ("pull", 1, 0))
    steps = tuple(Step(act, who, pick, 0) for act, who, pick in acts)
    whole = Scenario(0, (OWNER, OWNER), steps)
    assert simulate(whole).violation is None
    found = simulate(whole, "purge_takes_unsent_papers").violation
    assert found is not None
    assert found.invariant == "numbers_are_unique"


ENDS_WHOLE = {
    "a restored backup": told(
        (OWNER, OWNER),
        *(("back up", 0), ("type", 0), ("issue an invoice", 0), ("sync", 0), ("type", 1)),
        *(("restore the backup", 0), ("issue an invoice", 0), ("type", 0)),
    ),
    "a cloned file": told(
        (OWNER,),
        *(("type", 0), ("copy the file", 0), ("type", 0), ("type", 1), ("issue an invoice", 0)),
        *(("issue an invoice", 1), ("sync", 1), ("sync", 0)),
    ),
    "a clock a day behind": told(
        (OWNER, OWNER),
        *(("set the clock", 1), ("change a field", 1), ("change a field", 0), ("sync", 0)),
        *(("type", 1), ("type", 0), ("sync", 1)),
    ),
    "an old client": told(
        (OWNER, OLD),
        *(("change pronouns", 0), ("sync", 0), ("sync", 1), ("change a field", 1), ("sync", 1)),
        *(("upgrade", 1), ("change pronouns", 1)),
    ),
    "a server restored from its backup": told(
        (OWNER, OWNER, MEMBER),
        *(("back up the server", 0), ("type", 0), ("hold a session", 0), ("sync", 0), ("sync", 1)),
        *(("sign", 1), ("sync", 1), ("restore the server", 0), ("type", 2), ("sync", 2)),
    ),
}


@pytest.mark.parametrize("name", ENDS_WHOLE)
def test_it_ends_whole(name: str) -> None:
    assert simulate(ENDS_WHOLE[name]).violation is None


def test_one_computer_is_never_asked() -> None:
    """A device never conflicts with itself, even when it takes itself for another life."""
    for seed in range(150):
        drawn = scenario(seed)
        steps = tuple(each for each in drawn.steps if each.act not in WITHOUT_COPIES)
        alone = Scenario(seed, (OWNER,), steps)
        world = World(alone)
        run(world, alone.steps)
        asked = [row.columns for key, row in world.server.stored.rows.items() if key[0] == INBOX]
        assert asked == [], seed


#: With a clock set forward, of whose first change the answer was lost.
_SENT = (("set the clock", 0), ("change an address", 1), ("push, answer lost", 1))
_LOST = ("lose the mark", 1)
EARLIER_LIFE = {
    "the mark is lost once": (*_SENT, ("change an address", 1), _LOST),
    "it is lost twice": (*_SENT, _LOST, ("push", 1), ("change an address", 1), _LOST),
    "the server forgets it": (
        *(*_SENT, ("back up the server", 1), _LOST, ("push", 1), ("change an address", 1)),
        ("restore the server", 1),
    ),
}


@pytest.mark.parametrize("name", EARLIER_LIFE)
def test_a_file_that_lost_its_mark_knows_what_had_arrived(name: str) -> None:
    steps = tuple(Step(act, 0, 0, variant) for act, variant in EARLIER_LIFE[name])
    whole = Scenario(0, (OWNER, OWNER), steps)
    assert simulate(whole).violation is None
    found = simulate(whole, "earlier_life_unknown").violation
    assert found is not None
    assert found.invariant == "seen_values_are_beaten"


def test_a_signature_has_not_seen_what_is_stated_again_below_the_words_signed() -> None:
    whole = told(
        (OWNER, OWNER),
        *(("back up the server", 0), ("type", 1), ("sync", 1), ("type", 0), ("pull", 0)),
        *(("restore the server", 0), ("pull, killed between slices", 0), ("sign", 0)),
    )
    assert simulate(whole).violation is None
    found = simulate(whole, "restatement_taken_for_seen").violation
    assert found is not None
    assert found.invariant == "nothing_typed_lost"


#: With a clock set forward, of whose change the answer is lost; another sees it and replaces it.
_LOST_ANSWER = (
    *(("back up the server", 0), ("set the clock", 1), ("change an address", 1)),
    *(("push, answer lost", 1), ("pull", 0)),
)
_RESTORED = ("restore the server", 0)
IN_DOUBT = {
    "replaced before the restore": (("change an address", 0), ("push", 0), ("pull", 0), _RESTORED),
    "replaced after it": (_RESTORED, ("change an address", 0)),
}


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("name", IN_DOUBT)
def test_what_was_sent_without_an_answer_does_not_come_back(name: str, first: int) -> None:
    steps = (*_LOST_ANSWER, *IN_DOUBT[name], ("sync", first))
    whole = Scenario(0, (OWNER, OWNER), tuple(Step(act, who, 0, 0) for act, who in steps))
    assert simulate(whole).violation is None
    found = simulate(whole, "in_doubt_beats_restated").violation
    assert found is not None
    assert found.invariant == "seen_values_are_beaten"


#: Two restores, of which the second undoes the first; the row that holds the old value is younger.
_ADDRESSED = (("change an address", 0), ("sync", 0), ("sync", 1))
TWICE_RESTORED = {
    "replaced after the first": (
        *(("back up the server", 0), *_ADDRESSED, ("set the clock", 1), ("change a risk flag", 1)),
        *(("sync", 1), _RESTORED, ("change an address", 0), ("sync", 0), _RESTORED),
    ),
    "only stated after it": (
        *(("back up the server", 0), *_ADDRESSED, ("change an address", 1), ("sync", 1)),
        *(_RESTORED, ("change a risk flag", 0), ("sync", 0), _RESTORED),
    ),
}


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("name", TWICE_RESTORED)
def test_of_two_ended_epochs_each_column_has_its_own_version(name: str, first: int) -> None:
    steps = (*TWICE_RESTORED[name], ("sync", first))
    whole = Scenario(0, (OWNER, OWNER), tuple(Step(act, who, 0, 0) for act, who in steps))
    assert simulate(whole).violation is None
    found = simulate(whole, "restated_under_one_version").violation
    assert found is not None
    assert found.invariant == "seen_values_are_beaten"


@pytest.mark.parametrize("first", [0, 2])
def test_a_question_stated_again_over_one_made_anew_keeps_the_words_of_both(first: int) -> None:
    """A file that went back before its later words makes the question of its branch anew."""
    whole = told(
        (OWNER, OWNER, OWNER),
        *(("back up the server", 0), ("type", 0), ("push", 0), ("type", 1), ("back up", 1)),
        *(("type", 1), ("sync", 1), ("sync", 2), _RESTORED, ("roll the machine back", 1)),
        ("sync", first),
    )
    assert simulate(whole).violation is None
    found = simulate(whole, "stated_questions_fall").violation
    assert found is not None
    assert found.invariant == "nothing_typed_lost"


def test_an_open_form_goes_on_from_the_echo_of_what_it_shows() -> None:
    """What is stated again after a restore is then known to have been seen in it."""
    steps = (
        *(("open a form", 0), ("back up the server", 0), ("set the clock", 0)),
        *(("change an address", 0), ("sync", 0), ("sync", 0), _RESTORED, ("save the form", 1)),
    )
    acts = tuple(Step(step[0], 0, 0, step[1]) for step in steps)
    whole = Scenario(0, (OWNER, OWNER), acts)
    assert simulate(whole).violation is None
    found = simulate(whole, "form_stays_behind").violation
    assert found is not None
    assert found.invariant == "seen_values_are_beaten"


def test_what_a_later_backup_holds_is_not_stated_to_it_again() -> None:
    """A file that came over the first of two backups states to the second what that one lacked."""
    acts = (
        *(("change an address", 0, 0), ("back up the server", 0, 0), ("change a risk flag", 1, 0)),
        *(("sync", 1, 0), ("sync", 0, 0), ("back up the server", 0, 0)),
        *(("restore the server", 0, 0), ("pull, killed before applying", 1, 0)),
        ("restore the server", 0, 1),
    )
    steps = tuple(Step(act, who, pick, 1) for act, who, pick in acts)
    whole = Scenario(0, (OWNER, OWNER), steps)
    assert simulate(whole).violation is None
    found = simulate(whole, "restates_what_is_shared").violation
    assert found is not None
    assert found.invariant == "seen_values_are_beaten"


def test_what_came_since_a_statement_leaves_its_question_open() -> None:
    """It says nothing of a state that the statement before it said already."""
    drawn = scenario(47524, RESTORES)
    assert simulate(drawn).violation is None


@pytest.mark.parametrize(("bug", "questions"), [("", 0), ("earlier_life_unknown", 1)])
def test_nor_is_it_asked_about_its_own_change(bug: str, questions: int) -> None:
    """A delete does not go on from the echo of another column: its lives must be known later."""
    acts = ("change an address", "push, answer lost", "lose the mark", "push", "delete", "pull")
    steps = tuple(Step(act, 0, 0, 0) for act in (*acts, "lose the mark"))
    world = World(Scenario(0, (OWNER,), steps), bug)
    run(world, steps)
    asked = [key for key in world.server.stored.rows if key[0] == INBOX]
    assert len(asked) == questions


def test_two_drafts_both_stay_and_a_person_is_asked_once() -> None:
    drawn = told((OWNER, OWNER), ("type", 0), ("type", 1), ("type", 1), ("sync", 0), ("sync", 1))
    world = World(drawn)
    run(world, drawn.steps)
    rows = world.server.stored.rows
    asked = [row.columns for key, row in rows.items() if key[0] == INBOX]
    assert len(asked) == 1
    assert asked[0]["theirs"] == rows[NOTE, "nc1"].columns["text"]


def test_a_failure_is_made_short() -> None:
    bug = "last_writer_wins_notes"
    found = first_failure(simulate, range(200), bug)
    assert found is not None
    whole = scenario(found.seed)
    short = shorten(simulate, whole, bug, found.violation.invariant)
    assert len(short.steps) < len(whole.steps) / 2
    assert simulate(short, bug).violation is not None
    assert simulate(short, bug, True).trace
