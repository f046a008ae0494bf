"""Several writers and readers at once: nothing is missed, nothing is taken twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from app.sync.protocol.messages import Lease, Push, Pushed
from app.sync.protocol.terms import Verb
from hosted.store.engine import Database, For
from hosted.sync.book import Book, open_book
from hosted.sync.policy import Policy
from tests.hosted.worlds import APPOINTMENT, CLIENT, Computer, Server

TURNS, WRITERS = 12, 4


def together(*acts: Callable[[], None]) -> None:
    """Run acts at once, each in a thread of its own; the first failure is raised."""
    failed: list[BaseException] = []
    begin = threading.Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        try:
            begin.wait()
            act()
        except BaseException as error:  # noqa: BLE001 - it is raised below, where the test sees it
            failed.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def patiently(computer: Computer, verb: Verb, message: Any) -> Any:
    """Ask until the server is not busy."""
    while True:
        answer = computer.ask(verb, message)
        if getattr(answer, "code", "") != "busy":
            return answer


def test_a_reader_misses_nothing_of_what_several_writers_push(stored: Database) -> None:
    server = Server(stored)
    practice = server.practice()
    writers = [server.computer(practice, f"W{n}") for n in range(WRITERS)]
    reader = server.computer(practice, "Reader")
    shared = writers[0].add("client", CLIENT)
    done = threading.Event()
    left = [WRITERS]

    def write(computer: Computer) -> Callable[[], None]:
        def act() -> None:
            for turn in range(TURNS):
                work = (
                    computer.write("client", uuid4(), CLIENT, new=True),
                    computer.write("client", shared, {"notes": f"{turn}"}),
                )
                pushed = patiently(
                    computer, Verb.PUSH, Push(computer.epoch, computer.incarnation, work)
                )
                assert isinstance(pushed, Pushed), pushed
            left[0] -= 1
            if not left[0]:
                done.set()

        return act

    seen: list[int] = []

    def read() -> None:
        while not done.is_set():
            seen.extend(entry.seq for entry in reader.pull(7))
        seen.extend(entry.seq for entry in reader.pull(7))

    together(read, *(write(computer) for computer in writers))
    assert seen == list(range(1, 2 * TURNS * WRITERS + 2))


def test_one_batch_sent_twice_at_once_is_taken_once(stored: Database) -> None:
    server = Server(stored)
    practice = server.practice()
    office, laptop = server.computer(practice), server.computer(practice)
    for _turn in range(TURNS):
        work = tuple(office.write("client", uuid4(), CLIENT, new=True) for _ in range(5))
        answers: list[Pushed] = []

        def send(work: Any = work, answers: list[Pushed] = answers) -> None:
            said = Push(office.epoch, office.incarnation, work)
            answers.append(patiently(office, Verb.PUSH, said))

        together(send, send)
        firsts = [{answer.verdict for answer in pushed.answers} for pushed in answers]
        assert sorted(map(sorted, firsts)) == [["applied"], ["duplicate"]]
        assert {a.seq for a in answers[0].answers} == {a.seq for a in answers[1].answers}
    assert len(laptop.pull()) == TURNS * 5


def test_a_push_that_a_deadlock_ends_is_taken_all_the_same(walled: Database) -> None:
    """The database ends the one that waited first: the push, for the log's head."""
    at_head = threading.Event()
    attempts: list[int] = []

    class Told(Policy):
        def reserve(self, book: Book, count: int) -> int:
            attempts.append(count)
            at_head.set()
            return super().reserve(book, count)

    server = Server(walled, Told())
    practice = server.practice()
    office, laptop = server.computer(practice, "Office"), server.computer(practice, "Laptop")
    client = office.add("client", CLIENT)
    laptop.pull()
    attempts.clear()
    at_head.clear()
    head_is_held = threading.Event()

    def crosses() -> None:
        with walled.write(For(practice)) as session:
            book = open_book(session, practice)
            book.run("UPDATE head SET head = head WHERE practice_id = ?", practice)
            head_is_held.set()
            at_head.wait()
            while not _waits_for_a_lock(walled):
                pass
            book.run(
                "UPDATE client SET row_seq = row_seq WHERE practice_id = ? AND id = ?",
                practice,
                client,
            )

    def pushes() -> None:
        head_is_held.wait()
        answers = office.push(office.write("client", client, {"notes": "kept"}))
        assert [each.verdict for each in answers] == ["applied"]

    together(crosses, pushes)
    assert attempts == [1, 1]
    assert [entry.columns for entry in laptop.pull()] == [{"notes": "kept"}]


def _waits_for_a_lock(database: Database) -> bool:
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND datname = current_database()"
        )
        return bool(found.scalar_one())


def test_two_computers_that_make_one_row_at_once_end_with_one(stored: Database) -> None:
    server = Server(stored)
    practice = server.practice()
    pair = [server.computer(practice, name) for name in ("Office", "Laptop")]
    case = pair[0].add("care_case", {"kind": "INDIVIDUAL"})
    made: list[UUID] = []
    for _turn in range(TURNS):
        pk = uuid4()
        made.append(pk)

        def send(computer: Computer, pk: UUID = pk) -> Callable[[], None]:
            said = {**APPOINTMENT, "case_id": case.hex, "memo": computer.caller.name}
            work = (computer.write("appointment", pk, said, new=True),)

            def act() -> None:
                said = Push(computer.epoch, computer.incarnation, work)
                pushed = patiently(computer, Verb.PUSH, said)
                assert pushed.answers[0].verdict in {"applied", "merged"}

            return act

        together(*(send(computer) for computer in pair))
    for computer in pair:
        computer.pull()
    assert all(pair[0].row("appointment", pk) == pair[1].row("appointment", pk) for pk in made)


def test_no_number_is_leased_twice_at_once(stored: Database) -> None:
    server = Server(stored)
    practice = server.practice()
    computers = [server.computer(practice, f"C{n}") for n in range(WRITERS)]
    given: list[int] = []

    def lease(computer: Computer) -> Callable[[], None]:
        def act() -> None:
            for _turn in range(TURNS):
                said = Lease(computer.incarnation, "INV", 2026, 5)
                leased = patiently(computer, Verb.LEASE, said)
                given.extend(range(leased.first, leased.last + 1))

        return act

    together(*(lease(computer) for computer in computers))
    assert sorted(given) == list(range(1, 5 * TURNS * WRITERS + 1))
