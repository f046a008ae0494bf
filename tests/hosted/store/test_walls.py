"""On PostgreSQL a statement that forgot its WHERE still sees one practice, or nothing at all."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import Table, select
from sqlalchemy.exc import ProgrammingError

from app.core.kernel.acting import Role
from hosted.account.commands.means import Means
from hosted.account.rules.lasting import Purpose
from hosted.account.rules.passkeys import passkey_hash
from hosted.account.rules.secrets import address_hash, hashed
from hosted.account.tables import (
    Acceptance,
    Account,
    Authorization,
    Login,
    MailLink,
    Membership,
    Passkey,
    RecoveryCode,
    RefreshToken,
    WebSession,
)
from hosted.pairing import Devices
from hosted.private_postgres import PrivatePostgres
from hosted.store import rls
from hosted.store.engine import Database, For, open_database
from hosted.store.migrate import upgrade
from hosted.store.tables import HostedBase
from hosted.sync.book import PostgresBook
from hosted.team.tables import Invitation, ReservedSeats
from tests.hosted.account.conftest import CHEAP
from tests.hosted.worlds import CLIENT, Computer, Server
from tests.support.clock import THE_MOMENT, StillClock

MINE, THEIRS = "Ana", "Bruno"
PERSONAL: list[Table] = [
    table
    for table in HostedBase.metadata.sorted_tables
    if table.name in {
        "login", "account", "membership", "acceptance", "recovery_code", "web_session",
        "mail_link", "authorization", "refresh_token", "invitation", "reserved_seats", "passkey",
    }
]  # fmt: skip


@pytest.fixture
def strangers(walled: Database) -> tuple[Computer, Computer]:
    """Two computers of two practices, each with something in every kind of table."""
    server = Server(walled)
    made = []
    for name in (MINE, THEIRS):
        practice = server.practice()
        computer = server.computer(practice, name)
        pk = computer.add("client", {**CLIENT, "legal_given": name})
        computer.add("tea_cup", {"owner": name})
        computer.change("client", pk, chosen_name="\0")
        Devices(walled, StillClock()).new_code(practice, computer.caller.member_id)
        made.append(computer)
    return made[0], made[1]


def test_every_table_forces_row_level_security(walled: Database) -> None:
    with walled.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class "
            "WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        ).all()
    unguarded = {name for name, forced in found if not forced}
    assert unguarded == {"server", "alembic_version", "alembic_version_hosted"}
    assert len(found) > 50


def test_no_table_shows_another_practice(
    walled: Database, strangers: tuple[Computer, Computer]
) -> None:
    seen: dict[str, int] = {}
    for computer in strangers:
        practice_id = computer.caller.practice_id
        with walled.read(For(practice_id)) as session:
            for table in rls.isolated_tables():
                rows = session.execute(table.select()).all()
                assert {row.practice_id for row in rows} <= {practice_id}, table.name
                seen[table.name] = seen.get(table.name, 0) + len(rows)
    with walled.read(For()) as session:
        assert all(not session.execute(table.select()).all() for table in rls.isolated_tables())
    filled = {"client", "inbox_item", "log", "receipt", "surplus", "device", "pairing_code", "head"}
    assert all(seen[name] >= 2 for name in filled)


#: What stands in a column that may not be empty, by PostgreSQL's type; keys are all different.
_SOME = {
    "uuid": "gen_random_uuid()",
    "bytea": "uuid_send(gen_random_uuid())",
    "text": "gen_random_uuid()::text",
    "character varying": "substr(md5(random()::text), 1, 8)",
    "boolean": "false",
    "date": "current_date",
    "timestamp with time zone": "now()",
    "timestamp without time zone": "now()",
}
_NUMBER = "1"


def plant(postgres: PrivatePostgres, walled: Database, practices: tuple[UUID, UUID]) -> set[str]:
    """Put a row of each practice into every table that has one, past all rules; return those."""
    found: dict[str, dict[str, str]] = {}
    with postgres._administration(str(walled.engine.url.database)) as connection:
        connection.execute("SET session_replication_role = replica")
        columns = connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public' AND (is_nullable = 'NO' OR column_name = 'practice_id')"
        ).fetchall()
        for table, column, kind in columns:
            found.setdefault(table, {})[column] = _SOME.get(kind, _NUMBER)
        planted = {table for table, some in found.items() if "practice_id" in some}
        for table in planted:
            some = {name: SQL(each) for name, each in found[table].items()}
            some["practice_id"] = SQL("%s")
            statement = SQL("INSERT INTO {} ({}) VALUES ({})").format(
                Identifier(table),
                SQL(", ").join(Identifier(name) for name in some),
                SQL(", ").join(some.values()),
            )
            for practice in practices:
                connection.execute(statement, (practice,))
    return planted


def test_no_row_of_any_table_is_seen_or_changed_by_another_practice(
    walled: Database, postgres: PrivatePostgres
) -> None:
    practices = (uuid4(), uuid4())
    planted = plant(postgres, walled, practices)
    walls = [table for table in rls.isolated_tables() if "practice_id" in table.columns]
    assert planted == {table.name for table in walls}
    assert {"named_file", "blob", "blob_chunk", "sent_chunk", "scope_change"} <= planted
    for whom, seen in [(For(each), [each]) for each in practices] + [(For(), [])]:
        with walled.write(whom) as session:
            for table in walls:
                practice = table.c.practice_id
                assert session.scalars(select(practice)).all() == seen, table.name
                changed = session.connection().execute(table.update().values(practice_id=practice))
                assert changed.rowcount == len(seen), table.name


def test_a_pull_and_a_snapshot_without_their_where_leak_nothing(
    strangers: tuple[Computer, Computer], monkeypatch: pytest.MonkeyPatch
) -> None:
    _mine, theirs = strangers
    theirs.cursor = ""
    removed: list[str] = []

    def without(self: PostgresBook, statement: str, *values: object) -> object:
        if "WHERE practice_id = ?" in statement:
            removed.append(statement)
            place = statement[: statement.index("WHERE practice_id = ?")].count("?")
            statement = statement.replace("WHERE practice_id = ?", "WHERE true", 1)
            values = values[:place] + values[place + 1 :]
        return real(self, statement, *values)

    real = PostgresBook.run
    # The exchange's own statements, each with its condition on the practice taken out.
    monkeypatch.setattr(PostgresBook, "run", without)
    found = [entry.columns.get("legal_given") for entry in theirs.pull()]
    rows = [row.columns for row in theirs.snapshot()]
    assert removed
    assert MINE not in str(found) + str(rows)
    assert THEIRS in str(rows)


def test_nobody_writes_into_another_practice(
    walled: Database, strangers: tuple[Computer, Computer]
) -> None:
    mine, theirs = strangers
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        walled.write(For(mine.caller.practice_id)) as session,
    ):
        session.connection().exec_driver_sql(
            "INSERT INTO purged (practice_id, entity, pk, seq, at, ordered_by, reason) "
            "VALUES (%s, 'client', %s, 1, now(), 'x', 'x')",
            (theirs.caller.practice_id, uuid4()),
        )
    with walled.write(For(mine.caller.practice_id)) as session:
        changed = session.connection().exec_driver_sql("UPDATE client SET legal_given = 'x'")
        assert changed.rowcount == 1
        assert session.connection().exec_driver_sql("DELETE FROM log").rowcount > 0
    assert theirs.snapshot()[0].columns["legal_given"] == THEIRS


def test_the_setting_does_not_outlive_its_transaction(
    walled: Database, strangers: tuple[Computer, Computer]
) -> None:
    mine, _theirs = strangers
    for _ in range(20):
        with walled.read(For(mine.caller.practice_id)) as session:
            seen = session.connection().exec_driver_sql("SELECT count(*) FROM client")
            assert seen.scalar_one() == 1
        with walled.engine.connect() as connection:
            seen = connection.exec_driver_sql("SELECT count(*) FROM client")
            assert seen.scalar_one() == 0


def test_a_connection_that_the_database_ended_is_replaced(
    walled: Database, strangers: tuple[Computer, Computer]
) -> None:
    mine, _theirs = strangers
    whom = For(mine.caller.practice_id)
    seen = "SELECT pg_backend_pid(), (SELECT count(*) FROM client)"
    with walled.read(whom) as session:
        was, _ = session.connection().exec_driver_sql(seen).one()
    with psycopg.connect(
        walled.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", (was,))
    with walled.read(whom) as session:
        now, count = session.connection().exec_driver_sql(seen).one()
    assert (now != was, count) == (True, 1)


def test_a_token_or_a_code_opens_its_own_row_alone(walled: Database) -> None:
    devices = Devices(walled, StillClock())
    first, second = devices.new_code(), devices.new_code()
    paired = devices.pair(first, "Office", "test")
    assert devices.by_token(paired.token) is not None
    assert devices.by_token("pr_other") is None
    assert devices.pair(second, "Laptop", "test").device_id != paired.device_id


def test_a_role_that_is_not_bound_is_refused(postgres: PrivatePostgres, walled: Database) -> None:
    other = open_database(postgres.url(str(walled.engine.url.database)))
    with postgres._administration() as connection:
        connection.execute("ALTER ROLE practicerunner BYPASSRLS")
    try:
        with pytest.raises(rls.UnsafeRole, match="NOBYPASSRLS"):
            upgrade(other, THE_MOMENT)
    finally:
        other.close()
        with postgres._administration() as connection:
            connection.execute("ALTER ROLE practicerunner NOBYPASSRLS")


def test_people_see_their_own_rows_alone(walled: Database) -> None:
    means = Means(walled, StillClock(), hashing=CHEAP)
    people = []
    for number in (1, 2):
        login, account = UUID(int=number), UUID(int=10 + number)
        now = means.now()
        with walled.write(For(login=login, account=account)) as session:
            session.add_all(_everything_of(login, account, now))
        people.append((login, account))
    for login, account in people:
        for whom in (For(login=login), For(account=account), For(login=login, account=account)):
            with walled.read(whom) as session:
                for table in PERSONAL:
                    for row in session.execute(table.select()).mappings():
                        mine = {login, account}
                        assert {row.get("login_id"), row.get("account_id"), row.get("id")} & mine
    address, token = address_hash("1@example.com"), hashed("1")
    with walled.read(For(token=address)) as session:
        assert session.scalars(select(Login.id)).all() == [UUID(int=1)]
        assert not session.execute(WebSession.__table__.select()).all()
    with walled.read(For(token=token)) as session:
        for table in PERSONAL:
            rows = session.execute(table.select()).all()
            assert len(rows) == (1 if "token_hash" in table.c or "code_hash" in table.c else 0) - (
                table.name == "recovery_code"
            ), table.name
    with walled.write(For(login=UUID(int=1))) as session:
        session.add(RecoveryCode(login_id=UUID(int=2), code_hash=b"planted", salt=b""))
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.flush()
        session.rollback()


def _login_of(login: UUID, number: str, now: datetime) -> Login:
    return Login(
        id=login,
        address=f"{number}@example.com",
        address_hash=address_hash(f"{number}@example.com"),
        name=number,
        password="",
        password_at=now,
        made_at=now,
    )


def _passkey_of(login: UUID, number: str, now: datetime) -> Passkey:
    return Passkey(
        id=login,
        credential_hash=passkey_hash(number.encode()),
        credential_id=b"",
        login_id=login,
        name="",
        public_key=b"",
        sign_count=0,
        made_at=now,
    )


def _everything_of(login: UUID, account: UUID, now: datetime) -> list[HostedBase]:
    number = str(login.int)
    when = {"made_at": now, "ends_at": now}
    key = hashed(number)
    return [
        _login_of(login, number, now),
        Account(id=account, name=number, zone="UTC", made_at=now),
        Membership(account_id=account, login_id=login, role=Role.OWNER, made_at=now),
        Acceptance(
            account_id=account, login_id=login, text_hash=key, text="", name="", accepted_at=now
        ),
        RecoveryCode(login_id=login, code_hash=key, salt=b""),
        WebSession(id=login, token_hash=key, login_id=login, browser="", made_at=now, seen_at=now),
        _passkey_of(login, number, now),
        MailLink(token_hash=key, login_id=login, purpose=Purpose.RESET, **when),
        Authorization(
            code_hash=key,
            login_id=login,
            account_id=account,
            challenge="",
            redirect="",
            device_name="",
            program="",
            ends_at=now,
        ),
        RefreshToken(token_hash=key, login_id=login, device_id=login, **when),
        Invitation(
            id=account,
            account_id=account,
            address="",
            address_hash=key,
            name=number,
            role=Role.ADMIN,
            token_hash=key,
            sent_at=now,
            ends_at=now,
        ),
        ReservedSeats(account_id=account, role=Role.ADMIN, count=1),
    ]
