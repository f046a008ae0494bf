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
    (("client", "add", "--name", " , "), "--name: Type at least a first or a last name."),
    (
        ("client", "add", "--name", "Bo Li", "--birth-date", "2001-02-31"),
        "--birth-date: There is no date 2001-02-31; type it like 2026-11-19.",
    ),
    (
        ("client", "add", "--name", "Bo Li", "--birth-date", "2999-01-01"),
        "--birth-date: The date of birth lies in the future.",
    ),
    (
        ("client", "add", "--name", "Bo Li", "--address", "somewhere"),
        "--address: The address somewhere lacks a part; "
        "type it like 214 Alder St, Portland, OR 97201.",
    ),
    (
        ("case", "add", "--kind", "couple", "--member", "Ana Abara"),
        "--member: A couple is exactly two people: choose both.",
    ),
    (
        (*BOOK, "2026-02-31T09:00"),
        "--start: There is no time 2026-02-31T09:00; type it like 2026-11-19T09:00.",
    ),
    (
        (*BOOK, "2026-12-01T09:00", "--end", "2026-12-01T08:00"),
        "--end: The session ends before it starts: choose a later end.",
    ),
    (
        (*BOOK, "2026-12-01T09:00", "--end", "2026-12-01T09:50", "--minutes", "90"),
        "Say --end or --minutes, not both.",
    ),
    (
        (*BOOK, "2026-12-01"),
        "--start: There is no time 2026-12-01; type it like 2026-11-19T09:00.",
    ),
    (
        (*BOOK, "2026-12-01T09:00", "--count", "3"),
        "Say --every 1 or --every 2 with --count or --until.",
    ),
    (
        ("payment", "record", "--client", "Ana Abara", "--amount", "many", "--method", "cash"),
        "--amount: Type an amount in dollars and cents, like 165.00.",
    ),
    (("appointment", "complete", "7"), "7 is no id; list the records to see theirs."),
    (("superbill", "issue", "--client", "Ana Abara"), "Say --month, or --from and --to."),
    (("import", "undo", "7"), "There is no import 7; list them to see names and ids."),
    (("import", "clients", "no.csv"), "There is no file no.csv."),
    (
        ("import", "clients", "x" * 300),
        f"{'x' * 300} cannot be read (File name too long); choose another file.",
    ),
    (("import", "clients", ""), "Name a file or folder; nothing is written here."),
    (
        ("service", "add", "--name", "x", "--minutes", "0"),
        "--minutes: 0 is no whole number above 0.",
    ),
    (
        ("service", "add", "--name", "x", "--minutes", "9999999"),
        "--minutes: 9999999 is more than 999,999.",
    ),
    (
        ("charge", "list", "--from", "2026-02-02", "--to", "2026-02-01"),
        "--to: The last day lies before the first.",
    ),
    (
        ("payment", "list", "--from", "2026-02-02", "--to", "2026-02-01"),
        "--to: The last day lies before the first.",
    ),
    (
        ("superbill", "list", "--from", "2026-02-02", "--to", "2026-02-01"),
        "--to: The last day lies before the first.",
    ),
    (("superbill", "issue", "--month", "2026-02"), "There is nothing to put on a superbill."),
    (("client", "add", "--name", "\u200b\ufeff"), "--name: Type at least a first or a last name."),
    (
        ("client", "show", "two\nlines"),
        "There is no client two lines; list them to see names and ids.",
    ),
    (
        ("export", "clients", "--out", "x" * 300),
        f"--out: {'x' * 300} cannot be written; choose another folder.",
    ),
    (("backup", "--to", ""), "--to: Name a file or folder; nothing is written here."),
    (
        (*BOOK, "2026-12-01T09:00", "--service", "Nothing"),
        "--service: There is no service Nothing; list them to see names and ids.",
    ),
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
        (*BOOK, "2026-12-01T09:00", "--every", "3", "--count", "2"),
        ("appointment", "list", "--json=yes"),
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
            assert answer.err == f"--out: {out} cannot be written; choose another folder.\n"


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


#: Every option of one line, and the words that make the rest of its command right.
LINES = {
    ("client", "add"): (
        ("--name", "--pronouns", "--email", "--phone", "--address", "--insurer", "--member-number"),
        ("--name", "Bo Li", "--insurer", "Harbor"),
    ),
    ("case", "add"): (("--name",), ("--kind", "workshop", "--member", "Ana Abara")),
    ("service", "add"): (("--name", "--code", "--modifier"), ("--name", "x")),
    ("location", "add"): (("--name", "--place-of-service"), ("--name", "x")),
    ("diagnosis", "add"): (
        ("--code", "--description"),
        ("--client", "Ana Abara", "--code", "F41.1", "--from", "2025-01-01"),
    ),
    ("payment", "record"): (
        ("--reference",),
        ("--client", "Ana Abara", "--amount", "1", "--method", "cash"),
    ),
    ("appointment", "add"): (
        ("--client-state",),
        ("--client", "Ana Abara", "--start", "2026-12-01T09:00", "--service", "Session"),
    ),
}
WORDS = tuple((*words, option) for words, (options, _) in LINES.items() for option in options)


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_what_is_too_long_names_its_option(run: Run, words: tuple[str, str, str]) -> None:
    run("client", "add", "--name", "Ana Abara")
    run("service", "add", "--name", "Session", "--fee", "150")
    *command, option = words
    long = "x" * 3000 if option != "--address" else f"{'x' * 3000}, Portland, OR 97201"
    rest = LINES[words[0], words[1]][1]

    answer = run(*command, *rest, option, long)

    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(f"{option}: ")
    assert answer.err.count("\n") == 1


def test_init_names_the_option(anywhere: Run, tmp_path: Path) -> None:
    wrong = {
        "--name": "x" * 300,
        "--owner": "Dana " + "x" * 300,
        "--npi": "1234567890",
        "--ein": "1",
        "--license": "84117",
        "--address": "nowhere",
        "--phone": "x" * 300,
        "--zone": "Mars/Phobos",
    }
    for option, text in wrong.items():
        words = ("init", "--name", "Alder", "--owner", "Dana Whitfield", option, text)
        answer = anywhere("--data-dir", tmp_path / "new", *words)

        assert answer.code == 1
        assert answer.err.startswith(f"{option}: "), answer.err
    assert anywhere("--data-dir", "", "client", "list").err.startswith("--data-dir: Name a file")


def test_a_name_is_found_however_its_accents_were_composed(run: Run) -> None:
    run("client", "add", "--name", "Siobh\u00e1n O'Brien")
    run("client", "add", "--name", "\u738b\u5c0f\u660e")
    run("client", "add", "--name", "\u0645\u062d\u0645\u062f \u0639\u0644\u064a")

    assert run("client", "show", "Siobha\u0301n  O'Brien").code == 0
    assert run("client", "show", "\u738b\u5c0f\u660e").code == 0
    assert run("client", "show", "\u0645\u062d\u0645\u062f \u0639\u0644\u064a").code == 0


def test_a_name_is_found_whichever_apostrophe_is_typed(run: Run) -> None:
    run("client", "add", "--name", "D'Arcy O'Neill")
    assert run("client", "show", "D’Arcy O’Neill").code == 0
    run("client", "add", "--name", "D’Arcy O’Neill")
    assert "Active" in run("client", "show", "D’Arcy O’Neill").out, "as it is typed, it is one"


def test_money_for_nothing_open_is_told_as_credit(run: Run) -> None:
    run("client", "add", "--name", "Ana Abara")
    pay = ("payment", "record", "--client", "Ana Abara", "--method", "cash", "--amount", "5")
    assert run(*pay).out == "Recorded $5.00: nothing was open, so all of it is credit.\n"


def test_choices_are_read_however_they_are_typed(run: Run) -> None:
    assert run("location", "add", "--name", "A", "--format", "In-Person").code == 0
    assert run("client", "add", "--name", "Bo Li", "--sex", "f", "--status", "PROSPECT").code == 0


def test_what_has_no_name_is_listed_with_its_id(run: Run) -> None:
    run("client", "add", "--name", "Ana Abara")
    run("service", "add", "--name", "Session", "--fee", "150")
    run(*BOOK, "2025-12-01T09:00", "--service", "Session")
    session = run("appointment", "list", "--from", "2025-12-01", "--json").data["appointments"][0]
    run("appointment", "complete", session["id"])
    run("payment", "record", "--client", "Ana Abara", "--amount", "20", "--method", "cash")

    for kind in ("client", "case", "service", "location", "charge", "payment"):
        row = run(kind, "list", "--json").data[f"{kind}s"][0]
        assert run(kind, "list").out.startswith(f"{row['id']}  "), kind


def test_columns_stand_under_each_other_in_every_script(run: Run) -> None:
    for name in ("Ana Abara", "\u738b\u5c0f\u660e"):
        run("client", "add", "--name", name)

    lines = run("client", "list").out.splitlines()

    # A terminal gives each Chinese character two columns.
    assert len(lines[0]) == len(lines[1]) + 3


def test_a_list_from_a_day_far_ahead_or_back(run: Run) -> None:
    run("client", "add", "--name", "Ana Abara")
    run("service", "add", "--name", "Session", "--fee", "150")
    run(*BOOK, "2031-12-01T09:00", "--service", "Session")

    assert run("appointment", "list", "--from", "2031-11-30").out.count("\n") == 1
    assert run("appointment", "list", "--from", "9999-12-31").code == 0
    assert run("appointment", "list", "--to", "0001-01-01").code == 0


def test_an_invoice_prints_every_letter_or_is_refused(run: Run, tmp_path: Path) -> None:
    run("service", "add", "--name", "Session", "--fee", "150")
    names = {
        "\u738b\u5c0f\u660e": 1,
        "\u0645\u062d\u0645\u062f \u0639\u0644\u064a": 0,
        "\u05e9\u05e8\u05d4 \u05db\u05d4\u05df": 0,
    }
    for number, (name, code) in enumerate(names.items()):
        run("client", "add", "--name", name)
        booked = run(
            *("appointment", "add", "--client", name, "--service", "Session", "--json"),
            *("--start", f"2025-12-0{number + 1}T09:00"),
        ).data
        run("appointment", "complete", booked["id"])
        answer = run("invoice", "create", "--case", name, "--out", tmp_path / f"{number}.pdf")
        assert answer.code == code, answer.err
        if code:
            sentence = "cannot be printed: write the name to bill in Latin letters.\n"
            assert answer.err == f"{name} {sentence}"

    assert not (tmp_path / "0.pdf").exists()
    numbers = [each["number"] for each in run("invoice", "list", "--json").data["invoices"]]
    assert sorted(number[-4:] for number in numbers) == ["0001", "0002"]
