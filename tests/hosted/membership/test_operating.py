"""The operator's verbs: plain lines, beside a server that runs, and nothing that must not be."""

from __future__ import annotations

import json
import stat
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from app.core.kernel.acting import Role
from app.core.kernel.clock import SystemClock
from app.core.kernel.phrases import date_words
from app.core.membership.rules.prices import months_after
from app.sync.protocol.entitlement import PublicKey
from app.sync.protocol.signing import development_root, new_signing_key
from hosted import settings
from hosted.__main__ import main
from hosted.clock import MovableClock, clock_of
from hosted.membership.granting import Granting
from hosted.membership.keys import NotListed, Ring, listed_keys, open_ring
from hosted.running import opened
from hosted.settings import Settings
from hosted.store.engine import For
from hosted.sync import epochs
from tests.hosted.membership.conftest import add_account, add_member

PUBLIC = {
    "HOSTED_PUBLIC_URL": "https://account.example",
    "HOSTED_SMTP_URL": "smtp://mail.example",
    "HOSTED_MAIL_FROM": "account@account.example",
}


class Desk:
    """An operator at a server's data folder."""

    def __init__(self, data: Path, said: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self._said = said
        self.practice = ""

    @property
    def settings(self) -> Settings:
        """What the server goes by."""
        return settings.from_environment(self.data)

    def sign_up(self) -> None:
        """Begin a practice with an account."""
        now = clock_of(self.settings).now()
        with opened(self.settings) as database:
            of = For(uuid4(), account=uuid4())
            epoch = epochs.facts(database).epoch
            with database.write(of) as session:
                epochs.begin_practice(session, epoch, now)
            add_account(database, of, now)
            add_member(database, of, Role.OWNER, uuid4(), now)
        assert of.practice_id is not None
        self.practice = of.practice_id.hex

    def run(self, *words: str) -> tuple[int, str]:
        """Give a command; return its exit code and what it said."""
        code = main(["--data-dir", str(self.data), "admin", *words])
        told = self._said.readouterr()
        return code, told.out + told.err

    def plan(self, *words: str) -> dict[str, str]:
        """Give a command on the plan; return its lines."""
        code, told = self.run("plan", "--practice", self.practice, *words)
        assert code == 0, told
        return dict(line.split("  ", 1) for line in told.splitlines())


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """A server of one machine, without practices."""
    for name in ("DATABASE_URL", *PUBLIC):
        monkeypatch.delenv(name, raising=False)
    return Desk(tmp_path / "account", capsys)


def test_the_operator_stands_in_for_the_payment_processor(desk: Desk) -> None:
    desk.sign_up()
    shown = desk.plan()
    assert shown["plan"].startswith("Starter, STARTER until ")
    assert shown["active clients"] == "0 of 10"
    assert shown["clinicians"] == "1 of 1 (1 active, 0 invited, 0 reserved)"
    assert desk.plan("trial")["plan"].startswith("Professional, TRIAL until ")
    code, told = desk.run("plan", "--practice", desk.practice, "set", "group")
    assert (code, told) == (
        1,
        "Group costs $59.00 now, and no card is on file: "
        "ask whoever runs your account to put one on file.\n",
    )
    assert desk.plan("card")["card"] == "yes"
    assert desk.plan("set", "group")["plan"].startswith("Group, PAID until ")
    assert desk.plan("card", "--none")["card"] == "no"
    until = months_after(SystemClock().now(), 1).date()
    paid = desk.plan("paid", "--until", until.isoformat())
    assert paid["paid"].endswith(f" to {date_words(until)}")
    assert [words for line, words in paid.items() if line.startswith("due ")] == [
        "$59.00  Change to Group"
    ]


def test_a_trial_that_cannot_be_begun_changes_and_charges_nothing(desk: Desk) -> None:
    desk.sign_up()

    def refused() -> str:
        before = desk.plan()
        code, told = desk.run("plan", "--practice", desk.practice, "trial")
        assert (code, desk.plan()) == (1, before)
        return told

    desk.plan("card")
    desk.plan("set", "group")
    assert refused() == "A trial begins from Starter, and the plan is Group.\n"
    desk.plan("set", "starter")
    began = date_words(SystemClock().now().date())
    assert desk.plan("trial")["trial"] == f"began {began}"
    once = f"This practice had its trial: it began {began}, and there is one for each practice.\n"
    assert refused() == once
    # With a card on file it would cost a month.
    desk.run("clock", "--ahead", "60d")
    assert desk.plan()["plan"] == "Professional, LAPSED"
    assert refused() == once


def test_a_month_is_paid_that_begins_before_the_next_one_ends(desk: Desk) -> None:
    desk.sign_up()

    def refused(until: date) -> str:
        before = desk.plan()
        code, told = desk.run("plan", "--practice", desk.practice, "paid", "--until", f"{until}")
        assert (code, desk.plan()) == (1, before)
        return told

    today = SystemClock().now().date()
    free = "Starter costs nothing, so nothing of it is paid: change the plan first.\n"
    assert refused(today + timedelta(days=20)) == free
    desk.plan("trial")
    assert refused(today) == (
        f"{date_words(today)} has begun already: say the day on which the paid month ends.\n"
    )
    latest = months_after(SystemClock().now(), 2).date()
    for absurd in (latest + timedelta(days=1), date(2999, 3, 1), date(9999, 12, 31)):
        assert refused(absurd) == (
            f"{date_words(absurd)} is too far ahead: plans are paid by the month, and the latest "
            f"day that can be paid until now is {date_words(latest)}.\n"
        )
    assert refused(date(1, 1, 1)).startswith("Jan 1, 1 has begun already")
    assert desk.plan("paid", "--until", f"{latest}")["plan"].startswith("Professional, PAID until")


def test_time_is_moved_for_the_whole_server_and_back(desk: Desk) -> None:
    desk.sign_up()
    code, told = desk.run("clock", "--ahead", "340d")
    assert code == 0
    assert "340 days, 0:00:00 ahead" in told
    assert desk.plan()["notice"].startswith("Your first year on Starter ends on ")
    assert desk.run("clock", "--ahead", "400d")[0] == 0
    assert desk.plan()["plan"] == "Starter, LAPSED"
    assert desk.run("clock", "--real")[0] == 0
    assert desk.plan()["plan"].startswith("Starter, STARTER")


def test_a_running_server_sees_its_clock_moved(tmp_path: Path) -> None:
    seen, other = (MovableClock(tmp_path / "clock.json") for _ in range(2))
    assert seen.ahead == timedelta(0)
    other.move(timedelta(days=2))
    assert seen.ahead == timedelta(days=2)
    assert seen.now() - SystemClock().now() > timedelta(days=1, hours=23)
    other.move(timedelta(0))
    assert seen.ahead == timedelta(0)


def test_a_public_server_goes_by_the_real_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.run("clock", "--ahead", "40d")
    for name, said in PUBLIC.items():
        monkeypatch.setenv(name, said)
    code, told = desk.run("clock", "--ahead", "40d")
    assert (code, told) == (
        1,
        "A public server goes by the real time: HOSTED_PUBLIC_URL is set.\n",
    )
    assert isinstance(clock_of(desk.settings), SystemClock)


def test_the_operator_need_not_stop_the_server(desk: Desk) -> None:
    desk.sign_up()
    with opened(desk.settings):
        assert desk.plan("trial")["trial"].startswith("began ")


def test_without_an_account_there_is_no_plan(desk: Desk) -> None:
    code, told = desk.run("plan", "--practice", uuid4().hex)
    assert code == 1
    assert told.startswith("This practice has no account")


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "--practice", "x"),
        ("plan", "--practice", "ab" * 16, "set", "diamond"),
        ("plan", "--practice", "ab" * 16, "paid", "--until", "tomorrow"),
        ("clock", "--ahead", "a while"),
    ],
)
def test_what_makes_no_sense_is_refused(desk: Desk, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        desk.run(*words)
    assert ended.value.code == 2


def test_an_id_that_is_none_says_what_one_looks_like(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        desk.run("plan", "--practice", "abc", "show")
    assert "an id is 32 hexadecimal digits: copy it whole" in capsys.readouterr().err


def test_keys_lie_beside_the_database_for_their_owner_alone(desk: Desk) -> None:
    desk.data.mkdir()
    now = SystemClock().now()
    ring = open_ring(desk.settings.keys, now, public=False)
    assert open_ring(desk.settings.keys, now, public=False).listed == ring.listed
    assert stat.S_IMODE(desk.settings.keys.stat().st_mode) == 0o600


def test_a_key_is_added_and_another_dropped(desk: Desk) -> None:
    first = desk.run("keys")[1].split()[0]
    assert desk.run("keys", "new", "--drop", first)[0] == 0
    ring = open_ring(desk.settings.keys, SystemClock().now(), public=False)
    listed = listed_keys(ring.listed)
    assert (listed.seq, [each.kid for each in listed.keys]) == (2, [ring.signing.kid])
    assert ring.signing.kid != first


def test_a_public_servers_keys_are_signed_where_the_root_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, said in PUBLIC.items():
        monkeypatch.setenv(name, said)
    root = new_signing_key("2027")
    (tmp_path / "root.json").write_text(json.dumps(root.key.as_dict(private=True)))
    assert "not listed yet" in desk.run("keys", "new")[1]
    now = SystemClock().now()
    with pytest.raises(NotListed, match="have the list signed"):
        _ = open_ring(desk.settings.keys, now, public=True).signing
    (tmp_path / "list.json").write_text(desk.run("keys", "list")[1])
    code, signed = desk.run(
        "keys", "sign", "--list", str(tmp_path / "list.json"),
        "--root", str(tmp_path / "root.json"), "--kid", "2027",
    )  # fmt: skip
    assert code == 0
    (tmp_path / "signed").write_text(signed)
    assert "  listed" in desk.run("keys", "install", "--list", str(tmp_path / "signed"))[1]
    ring = open_ring(desk.settings.keys, now, public=True)
    assert ring.signing.public in listed_keys(ring.listed).keys
    again = desk.run("keys", "install", "--list", str(tmp_path / "signed"))
    assert again == (1, "That list is older than the one that is installed.\n")


def test_a_server_without_a_list_does_not_start(tmp_path: Path) -> None:
    with (
        pytest.raises(NotListed),
        opened(Settings(tmp_path, str(tmp_path / "x.sqlite"))) as database,
    ):
        Granting(database, SystemClock(), Ring((), ""))


def test_the_development_root_is_the_one_that_programs_pin() -> None:
    pinned = json.loads(Path("resources/account/roots.json").read_text("utf-8"))
    assert development_root().public == PublicKey("development", pinned["development"])
