"""Row-level security on PostgreSQL: a statement that forgets its WHERE still sees one practice.

Forced, so that it holds for the tables' owner too. Foreign keys look past it, which is why every
key leads with the practice.
"""

from __future__ import annotations

from sqlalchemy import Connection, Table

from app.core import mapping
from app.core.store.base import Base
from hosted.store.tables import Device, HostedBase, PairingCode, Server

_PRACTICE = "(SELECT NULLIF(current_setting('app.practice_id', true), '')::uuid)"
_PRESENTED = "(SELECT decode(current_setting('app.token', true), 'hex'))"
_CODE = "(SELECT decode(current_setting('app.code', true), 'hex'))"

#: Who knows a token or a code sees its row before any practice is known.
_DOORS = {
    Device.__tablename__: f"practice_id = {_PRACTICE} OR token_hash = {_PRESENTED}",
    PairingCode.__tablename__: f"practice_id = {_PRACTICE} OR code_hash = {_CODE}",
}
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
        # A table without a practice belongs to the desktop alone: nobody sees it here.
        otherwise = f"practice_id = {_PRACTICE}" if "practice_id" in table.columns else "false"
        seen = _DOORS.get(table.name, otherwise)
        for statement in (
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS one_practice ON {name}",
            f"CREATE POLICY one_practice ON {name} USING ({seen}) WITH CHECK ({seen})",
        ):
            connection.exec_driver_sql(statement)


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
