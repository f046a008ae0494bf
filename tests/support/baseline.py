"""Write the first migration of the three lineages anew from the tables.

Until the first release there is one baseline revision per lineage: ``python3 dev.py schema``.
After it, a change of the tables is a migration of its own.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

from app.core.store.base import Base, of_the_program_alone
from app.core.store.columns import Cents, Id, Json, Moment, WallTime, Word
from app.core.vault.migrate import SHARED, VAULT
from app.core.vault.tables import FULL_TEXT, VaultBase
from hosted import mapping
from hosted.store.tables import HostedBase

ROOT = Path(__file__).resolve().parents[2]

_TYPES = {Id: "ID", Moment: "MOMENT", Cents: "sa.BigInteger()", Json: "sa.Text()"}

_HEAD = '''"""{title}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
'''


def render_type(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Name a column type by what it is in the database, not by our class."""
    if kind != "type":
        return False
    if type(thing) in _TYPES:
        return _TYPES[type(thing)]
    if isinstance(thing, WallTime):
        return "sa.String(16)"
    if isinstance(thing, Word):
        return "sa.String(40)"
    return False


def baseline(metadata: sa.MetaData, revision: str, title: str, more: tuple[str, ...] = ()) -> str:
    """Return the source of a migration that makes all of ``metadata`` in an empty database."""
    with sa.create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"render_item": render_type, "target_metadata": metadata}
        )
        script = produce_migrations(context, metadata)
        assert script.upgrade_ops is not None
        body = render_python_code(script.upgrade_ops, render_item=render_type)
    lines = [line for line in body.splitlines() if not line.lstrip().startswith("# ###")]
    text = indent(dedent("\n".join(lines)).strip("\n"), "    ")
    text += "".join(f"\n    op.execute({statement!r})" for statement in more)
    return _HEAD.format(title=title, revision=revision) + text.rstrip() + "\n"


def main() -> None:
    """Write the three baselines."""
    mapping.complete()
    store = ROOT / "app/core/store/migrations/versions/0001_baseline.py"
    vault = ROOT / "app/core/vault/migrations/versions/v0001_baseline.py"
    store.write_text(baseline(Base.metadata, SHARED.head, "The tables of the first release."))
    vault.write_text(
        baseline(
            VaultBase.metadata, VAULT.head, "The vault's tables of the first release.", FULL_TEXT
        )
    )
    hosted = ROOT / "hosted/store/migrations/versions/h0001_baseline.py"
    without = tuple(f"DROP INDEX {index.name}" for index in of_the_program_alone(Base.metadata))
    hosted.write_text(
        baseline(HostedBase.metadata, "h0001", "The server's tables of the first release.", without)
    )


if __name__ == "__main__":
    main()
