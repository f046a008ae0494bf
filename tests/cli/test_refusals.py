"""Bad input: one clear sentence, exit 1, and nothing half done. Wrong usage: exit 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.secrets import PASSPHRASE as VARIABLE
from tests.cli.conftest import Run

BOOK = ("appointment", "add", "--client", "Ana Abara", "--start")


REFUSED = [
    (
        ("client", "show", "Nobody"),
        "There is no client Nobody; list them to see names and ids.",
    ),
    (("client", "add", "--name", " , "), "Type at least a first or a last name."),
    (
        ("client", "add", "--name", "Bo Li", "--birth-date", "2001-02-31"),
        "There is no date 2001-02-31; type it like 2026-11-19.",
    ),
    (
        ("client", "add", "--name", "Bo Li", "--birth-date", "2999-01-01"),
        "The date of birth lies in the future.",
    ),
    (
        ("client", "add", "--name", "Bo Li", "--address", "somewhere"),
        "The address somewhere lacks a part; type it like 214 Alder St, Portland, OR 97201.",
    ),
    (
        ("case", "add", "--kind", "couple", "--member", "Ana Abara"),
        "A couple is exactly two people: choose both.",
    ),
    (
        (*BOOK, "2026-02-31T09:00"),
        "There is no time 2026-02-31T09:00; type it like 2026-11-19T09:00.",
    ),
    (
        (*BOOK, "2026-12-01T09:00", "--end", "2026-12-01T08:00"),
        "The session ends before it starts: choose a later end.",
    ),
    (
        (*BOOK, "2026-12-01T09:00", "--end", "2026-12-01T09:50", "--minutes", "90"),
        "Say --end or --minutes, not both.",
    ),
    (
        (*BOOK, "2026-12-01"),
        "There is no time 2026-12-01; type it like 2026-11-19T09:00.",
    ),
    (
        (*BOOK, "2026-12-01T09:00", "--count", "3"),
        "Say --every 1 or --every 2 with --count or --until.",
    ),
    (
        ("payment", "record", "--client", "Ana Abara", "--amount", "many", "--method", "cash"),
        "Type an amount in dollars and cents, like 165.00.",
    ),
    (("appointment", "complete", "7"), "7 is no id; list the records to see theirs."),
    (("superbill", "issue", "--client", "Ana Abara"), "Say --month, or --from and --to."),
    (("import", "undo", "7"), "There is no import 7; list them to see names and ids."),
    (("import", "clients", "no.csv"), "There is no file no.csv."),
]


def test_each_is_refused_with_one_sentence(run: Run) -> None:
    run("client", "add", "--name", "Ana Abara")
    run("service", "add", "--name", "Session", "--fee", "150")
    before = run("audit", "show", "--json").out

    for words, sentence in REFUSED:
        answer = run(*words)
        assert (answer.code, answer.out, answer.err) == (1, "", f"{sentence}\n"), words

    assert run("audit", "show", "--json").out == before, "nothing is half done"


def test_an_unknown_setting_names_those_there_are(run: Run) -> None:
    answer = run("set", "color", "blue")

    assert answer.code == 1
    assert answer.err.startswith("There is no setting color; there are practice.name, ")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(range(256)) * 9,
        b'Name,Email\n"Ana,a@b.co\n',
        b"Name\n" + b"Ana\n" * 100_000,
        b"Date of Service,Client,Charge\nx,x,x\n",
        "Nom,Adresse\nÉa,x\n".encode("latin-1"),
    ],
)
def test_a_bad_list_imports_nobody(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)

    answer = run("import", "clients", path)

    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert "list.csv" in answer.err
    assert run("import", "list", "--json").out == '{\n  "imports": []\n}\n'


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1", "utf-16"])
def test_other_encodings_are_read(run: Run, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.csv"
    extra = "".join(f",c{n}" for n in range(195))
    path.write_bytes(f"Name,Email,Email{extra}\nZoë Chen,z@example.com,\n".encode(encoding))

    assert run("import", "clients", path).code == 0
    assert "Zoë Chen" in run("client", "list").out


def test_the_wrong_passphrase(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "wrong horse battery")
    answer = run("client", "list")

    assert answer.code == 1
    assert answer.out == ""
    assert answer.err.count("\n") == 1


def test_no_passphrase_and_no_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)

    assert run("client", "list").err == (
        "Set PRACTICERUNNER_PASSPHRASE, or run this on a terminal to type the passphrase.\n"
    )


@pytest.mark.parametrize("length", [0, 700])
def test_a_file_that_is_not_whole(run: Run, practice_folder: Path, length: int) -> None:
    database = practice_folder / "practice.db"
    database.write_bytes(database.read_bytes()[:length])
    answer = run("client", "list")

    assert answer.code == 1
    assert answer.err.count("\n") == 1


def test_a_folder_without_a_practice(anywhere: Run, tmp_path: Path) -> None:
    answer = anywhere("--data-dir", tmp_path / "empty", "client", "list")

    assert answer.code == 1
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("client",),
        ("client", "add"),
        ("client", "add", "--nam", "Abbreviated"),
        ("service", "add", "--name", "x", "--kind", "tango"),
        ("init", "--name", "x"),
    ],
)
def test_wrong_usage(anywhere: Run, words: tuple[str, ...]) -> None:
    answer = anywhere(*words)

    assert answer.code == 2
    assert answer.err.startswith("usage: practicerunner-cli")


def test_common_options_stand_before_or_after(anywhere: Run, practice_folder: Path) -> None:
    before = anywhere("--json", "--data-dir", practice_folder, "location", "list")
    after = anywhere("location", "list", "--data-dir", practice_folder, "--json")

    assert before.code == after.code == 0
    assert before.data == after.data


def test_two_of_one_name_are_named_by_id(run: Run) -> None:
    for _ in range(2):
        run("client", "add", "--name", "Ana Abara")
    refused = run("client", "show", "Ana Abara")
    first = run("client", "list", "--json").data["clients"][0]["id"]

    assert refused.err == "2 records are called Ana Abara; name the client by its id.\n"
    assert run("client", "show", first).code == 0


def test_the_plan_refuses_the_eleventh_active_client(run: Run, tmp_path: Path) -> None:
    people = "".join(f"Person{n},Test,Active\n" for n in range(10))
    path = tmp_path / "ten.csv"
    path.write_text(f"First Name,Last Name,Status\n{people}")
    assert run("import", "clients", path).code == 0

    answer = run("client", "add", "--name", "Bo Li")

    assert answer.code == 1
    assert "10 active clients" in answer.err
    assert run("client", "add", "--name", "Bo Li", "--status", "prospect").code == 0


def test_a_paper_without_a_place_is_not_issued(run: Run, tmp_path: Path) -> None:
    lost = tmp_path / "no such folder" / "paper.pdf"

    for words in (("superbill", "issue", "--month", "2026-10"), ("invoice", "create")):
        for out in (lost, tmp_path):
            answer = run(*words, "--out", out)
            assert answer.code == 1
            assert answer.err == f"{out} cannot be written; choose another folder.\n"


def test_the_end_of_a_session_counts_through_a_clock_change(run: Run) -> None:
    run("client", "add", "--name", "Ana Abara")
    run("service", "add", "--name", "Session", "--fee", "150")

    booked = run(
        *BOOK, "2026-03-08T01:30", "--end", "2026-03-08T03:20", "--service", "Session", "--json"
    )

    assert booked.data["minutes"] == 50
    assert booked.data["ends"] == "2026-03-08T03:20:00-07:00"


def test_all_of_time_can_be_listed(run: Run) -> None:
    run("client", "add", "--name", "Ana Abara")
    run("service", "add", "--name", "Session", "--fee", "150")
    run(*BOOK, "2026-12-01T09:00", "--service", "Session")
    always = ("appointment", "list", "--from", "0001-01-01", "--to", "9999-12-31")

    assert run(*always).out.count("\n") == 1
    assert run(*always, "--client", "Ana Abara").out.count("\n") == 1
    assert run(*always, "--case", "Ana Abara").out.count("\n") == 1


@pytest.mark.parametrize("place", [0.3, 0.5, 0.7, 0.9])
def test_a_damaged_page_is_said(run: Run, practice_folder: Path, place: float) -> None:
    database = practice_folder / "practice.db"
    content = bytearray(database.read_bytes())
    content[int(place * len(content))] ^= 1
    database.write_bytes(content)

    assert run("client", "list").err.count("\n") <= 1
    answer = run("verify")

    assert answer.code == 1
    assert "damaged: restore a backup." in answer.out + answer.err
    assert answer.err.count("\n") == 1
