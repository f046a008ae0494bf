"""Row-level security on PostgreSQL: a statement that forgets its WHERE still sees one practice.

Forced, so that it holds for the tables' owner too. Foreign keys look past it, which is why every
key leads with the practice.
"""

from __future__ import annotations

from sqlalchemy import Connection, Table

from app.core.store.base import Base
from hosted import mapping
from hosted.store.tables import HostedBase, Server

#: What a transaction says of whom it is for (``engine.For``), as the database reads it.
_SAID = {
    "practice": "(SELECT NULLIF(current_setting('app.practice_id', true), '')::uuid)",
    "token": "(SELECT decode(current_setting('app.token', true), 'hex'))",
    "code": "(SELECT decode(current_setting('app.code', true), 'hex'))",
    "login": "(SELECT NULLIF(current_setting('app.login', true), '')::uuid)",
    "account": "(SELECT NULLIF(current_setting('app.account', true), '')::uuid)",
}
_SERVER = "(SELECT current_setting('app.server', true) = 'on')"
#: What ended a month ago the server forgets, and sees of people for nothing else.
_LONG_ENDED = f"({_SERVER} AND {{column}} < now() - interval '30 days')"
#: Holds nothing of any practice.
OPEN = frozenset({Server.__tablename__})


class UnsafeRole(Exception):
    """The database's role is one that row-level security does not bind."""


def isolated_tables() -> list[Table]:
    """Return every table that row-level security guards."""
    mapping.complete()
    tables = [*Base.metadata.tables.values(), *HostedBase.metadata.tables.values()]
    return [table for table in tables if table.name not in OPEN]


def isolate(connection: Connection) -> None:
    """Enable and force row-level security on every table, and state its policy anew."""
    for table in isolated_tables():
        name = connection.dialect.identifier_preparer.quote(table.name)
        seen, written = _conditions(table)
        for statement in (
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS one_practice ON {name}",
            f"CREATE POLICY one_practice ON {name} USING ({seen}) WITH CHECK ({written})",
        ):
            connection.exec_driver_sql(statement)


def _conditions(table: Table) -> tuple[str, str]:
    """Return what must hold for a row to be seen, and for one to be written."""
    ours = {each.local_table: each.class_ for each in HostedBase.registry.mappers}.get(table)
    doors = ours.__doors__ if ours is not None else HostedBase.__doors__
    seen = [
        _condition(column, said)
        for column, said in doors
        # A table without a practice belongs to the desktop alone: nobody sees it here.
        if said == "server" or column in table.columns
    ]
    condition = " OR ".join(seen) or "false"
    return condition, "true" if ours is not None and ours.__left_by_anybody__ else condition


def _condition(column: str, said: str) -> str:
    if said == "server":
        return _SERVER
    if said == "long ended":
        return _LONG_ENDED.format(column=column)
    return f"{column} = {_SAID[said]}"


def require_bound_role(connection: Connection) -> None:
    """Raise ``UnsafeRole`` when the role of this connection passes row-level security by."""
    free = connection.exec_driver_sql(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).scalar_one()
    if free:
        raise UnsafeRole(
            "The role in DATABASE_URL passes row-level security by. Make one of its own with "
            "CREATE ROLE practicerunner LOGIN NOSUPERUSER NOBYPASSRLS, let it own the database, "
            "and name it in DATABASE_URL."
        )
