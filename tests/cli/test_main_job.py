"""The main job without a window: from a client list to a superbill."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cli.conftest import Run
from tests.core.exchange.samples import CONTACTS, DEMOGRAPHICS, DETAILS, expected

Ask = Callable[..., Any]


def test_a_session_is_held_documented_paid_and_put_on_a_superbill(
    ask: Ask, run: Run, tmp_path: Path
) -> None:
    ask(
        "client",
        "add",
        "--name",
        "Abara, Ana T.",
        "--birth-date",
        "1984-05-31",
        "--sex",
        "F",
        "--address",
        "9 Elm St, Apt 2, Alder Bay, CA 95999",
        "--email",
        "ana@example.com",
        "--phone",
        "707 555 0100",
        "--insurer",
        "Harbor Mutual",
        "--member-number",
        "W1",
    )
    ask("client", "add", "--name", "Luis Abara")
    case = ask(
        "case",
        "add",
        "--kind",
        "couple",
        "--member",
        "Ana Abara",
        "--member",
        "Luis Abara",
        "--patient",
        "Ana T. Abara",
    )
    assert case["title"] == "Ana & Luis Abara"
    ask("service", "add", "--name", "Couple session", "--code", "0002Z", "--fee", "190")
    ask("diagnosis", "add", "--client", "Ana Abara", "--code", "F41.1", "--from", "2025-10-06")

    booked = ask(
        "appointment",
        "add",
        "--case",
        "Ana & Luis Abara",
        "--start",
        "2025-10-06T09:00",
        "--end",
        "2025-10-06T09:50",
        "--service",
        "0002Z",
    )
    assert booked["starts"] == "2025-10-06T09:00:00-07:00"
    assert ask("appointment", "confirm", booked["id"])["status"] == "CONFIRMED"
    done = ask("appointment", "complete", booked["id"])
    assert (done["status"], done["charged"]) == ("COMPLETED", 190_00)

    note = ask(
        "note", "add", "--appointment", booked["id"], "--subjective", "Tired.", "--plan", "Rest."
    )
    assert note["status"] == "DRAFT"
    signed = ask("note", "sign", note["id"])
    assert (signed["status"], signed["hash"]) == ("SIGNED", note["hash"])
    ask("note", "amend", note["id"], "--text", "Slept better than told.")

    owed = ask("charge", "list", "--client", "Ana Abara")["charges"]
    assert [(each["amount"], each["paid"]) for each in owed] == [(190_00, 0)]
    invoice = ask(
        "invoice", "create", "--case", "Ana & Luis Abara", "--out", tmp_path / "invoice.pdf"
    )
    assert invoice["total"] == 190_00
    assert (tmp_path / "invoice.pdf").read_bytes().startswith(b"%PDF")
    paid = ask(
        "payment",
        "record",
        "--client",
        "Ana Abara",
        "--amount",
        "$200.00",
        "--method",
        "check",
        "--reference",
        "1042",
        "--date",
        "2025-10-06",
        "--invoice",
        invoice["number"],
    )
    assert paid["credit"] == 10_00
    assert ask("invoice", "list")["invoices"][0]["standing"] == "PAID"

    checked = ask("superbill", "check", "--client", "Ana Abara", "--month", "2025-10")
    assert [each["lines"] for each in checked["ready"]] == [1]
    issued = ask(
        "superbill",
        "issue",
        "--client",
        "Ana Abara",
        "--from",
        "2025-10-01",
        "--to",
        "2025-10-31",
        "--out",
        tmp_path / "superbill.pdf",
    )["superbills"][0]
    assert issued["paid"] == 190_00
    assert (tmp_path / "superbill.pdf").read_bytes().startswith(b"%PDF")
    new = ask("superbill", "supersede", issued["number"])
    assert new["supersedes"] == issued["number"]
    listed = ask("superbill", "list")["superbills"]
    assert {each["number"] for each in listed} == {issued["number"], new["number"]}

    assert ask("payment", "reverse", paid["id"], "--reason", "Bounced")["reversed"]
    assert len(ask("payment", "list")["payments"]) == 2
    assert ask("invoice", "void", invoice["number"])["standing"] == "VOID"
    assert ask("verify")["ok"]
    assert ask("audit", "verify")["ok"]
    entries = ask("audit", "show", "--limit", "5")["entries"]
    assert [each["number"] for each in entries] == sorted(
        (each["number"] for each in entries), reverse=True
    )
    assert run("client", "show", "Luis Abara").out.splitlines()[:2] == ["Luis Abara", "Active"]


def test_a_list_is_imported_undone_and_written_out(ask: Ask, run: Run, tmp_path: Path) -> None:
    facts = expected()
    dry = ask("import", "clients", DETAILS, DEMOGRAPHICS, "--dry-run")
    assert (dry["id"], dry["people"]) == (None, facts["people"])
    assert ask("client", "list")["clients"] == []

    plain = run("import", "clients", DETAILS, DEMOGRAPHICS)
    first = plain.out.splitlines()[0].split()
    assert first[0] == "Import", "the id comes first, for whoever has to continue"
    assert len(ask("client", "list", "--status", "active")["clients"]) == 10
    assert len(ask("client", "list", "--status", "inactive")["clients"]) == 43
    other = ask("import", "clients", CONTACTS)
    assert other["by_status"]["INACTIVE"] == 1
    assert (other["by_status"]["ARCHIVED"], other["by_status"]["PROSPECT"]) == (4, 3)

    written = tmp_path / "clients.csv"
    assert ask("export", "clients", "--out", written)["clients"] == 61
    with written.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 61
    again = ask("import", "clients", written, "--dry-run")
    assert again["people"] == 0, "our own list holds nobody new"

    runs = ask("import", "list")["imports"]
    assert [each["state"] for each in runs] == ["DONE", "DONE"]
    assert ask("import", "undo", first[1])["state"] == "UNDONE"
    assert len(ask("client", "list")["clients"]) == 8
    refused = run("import", "continue", first[1])
    assert (refused.code, refused.err) == (
        1,
        "This import is being undone; choose the files again to repeat it.\n",
    )


def test_series_and_lists(ask: Ask) -> None:
    ask("client", "add", "--name", "Noor Haddad")
    ask("service", "add", "--name", "Session", "--fee", "150", "--minutes", "45")
    ask("location", "add", "--name", "Video", "--format", "video")
    assert [each["name"] for each in ask("location", "list")["locations"]] == ["Office", "Video"]
    assert ask("service", "list")["services"][0]["fee"] == 150_00

    booked = ask(
        "appointment",
        "add",
        "--client",
        "Noor Haddad",
        "--start",
        "2025-03-03T09:00",
        "--every",
        "1",
        "--count",
        "3",
        "--service",
        "Session",
        "--location",
        "Video",
        "--client-place",
        "home",
        "--client-state",
        "CA",
    )
    assert booked["minutes"] == 45
    rows = ask(
        "appointment",
        "list",
        "--client",
        "Noor Haddad",
        "--from",
        "2025-03-01",
        "--to",
        "2025-03-31",
    )["appointments"]
    assert [row["starts"] for row in rows] == [
        "2025-03-03T09:00:00-08:00",
        "2025-03-10T09:00:00-07:00",
        "2025-03-17T09:00:00-07:00",
    ]
    missed = ask("appointment", "miss", rows[1]["id"], "--charge", "--fee", "50")
    assert (missed["status"], missed["charged"]) == ("NO_SHOW", 50_00)
    off = ask("appointment", "cancel", rows[2]["id"], "--reason", "Travel")
    assert off["status"] == "CANCELED"
    assert [each["kind"] for each in ask("case", "list")["cases"]] == ["INDIVIDUAL"]
    assert ask("client", "show", "Noor Haddad")["cases"][0]["title"] == "Noor Haddad"
    assert ask("set", "practice.phone", "7075550199")["value"] == "(707) 555-0199"


def test_what_an_insurer_would_refuse_is_said_before(ask: Ask, run: Run) -> None:
    ask("client", "add", "--name", "Noor Haddad")
    ask("service", "add", "--name", "Session", "--code", "0001Z", "--fee", "150")
    booked = ask(
        "appointment",
        "add",
        "--client",
        "Noor Haddad",
        "--start",
        "2025-03-09T02:30",
        "--service",
        "Session",
    )
    assert booked["starts"] == "2025-03-09T03:30:00-07:00"
    assert booked["notice"].startswith("Clocks go forward on ")
    ask("appointment", "complete", booked["id"])
    ask("payment", "record", "--client", "Noor Haddad", "--amount", "150", "--method", "zelle")

    findings = ask("superbill", "check", "--month", "2025-03")["ready"][0]["findings"]
    assert {"birth_date"} <= {each["field"] for each in findings}
    one = run("superbill", "issue", "--client", "Noor Haddad", "--month", "2025-03")
    everybody = run("superbill", "issue", "--month", "2025-03")

    assert (one.code, one.out, one.err.count("\n")) == (1, "", 1)
    assert everybody.code == 1
    assert everybody.err == "1 superbill was not issued; superbill check says why.\n"
    assert ask("superbill", "list")["superbills"] == []
