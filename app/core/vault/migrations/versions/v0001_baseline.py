"""The vault's tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "v0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "deferred",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "entity", "pk", name=op.f("pk_deferred")),
    )
    op.create_index("ix_deferred_entity_pk", "deferred", ["entity", "pk"], unique=False)
    op.create_table(
        "file_in_account",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_file_in_account")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "form_draft",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_draft")),
    )
    op.create_table(
        "incarnation",
        sa.Column("id", ID, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incarnation")),
    )
    op.create_table(
        "number_block",
        sa.Column("incarnation", ID, nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "incarnation", "prefix", "year", "next", "tag", name=op.f("pk_number_block")
        ),
    )
    op.create_table(
        "number_series",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.Column("begun", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", "tag", name=op.f("pk_number_series")),
    )
    op.create_table(
        "occupant",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_occupant")),
    )
    op.create_table(
        "outbox",
        sa.Column("lsn", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("op_id", ID, nullable=False),
        sa.Column("change_set_id", ID, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("base_seq", sa.Integer(), nullable=False),
        sa.Column("hlc", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("earlier", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("lsn", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "paper_bytes",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_paper_bytes")),
    )
    op.create_table(
        "repaired",
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("entity", "pk", name=op.f("pk_repaired")),
    )
    op.create_table(
        "search_row",
        sa.Column("rowid_", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", ID, nullable=False),
        sa.Column("body", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("rowid_", name=op.f("pk_search_row")),
    )
    op.create_index("ix_search_row_entity_pk", "search_row", ["entity", "pk"], unique=False)
    op.create_table(
        "search_waiting",
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.PrimaryKeyConstraint("entity", "pk", name=op.f("pk_search_waiting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shadow",
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "pk", name=op.f("pk_shadow")),
    )
    op.create_table(
        "signed_plan",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_signed_plan")),
    )
    op.create_table(
        "sync_link",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("device_name", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("cursor_seq", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("scope_version", sa.Integer(), nullable=False),
        sa.Column("agreed_seq", sa.Integer(), nullable=False),
        sa.Column("clock_offset_ms", sa.Integer(), nullable=False),
        sa.Column("last_upload", MOMENT, nullable=True),
        sa.Column("last_download", MOMENT, nullable=True),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.Column("parted_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_sync_link")),
    )
    op.create_table(
        "undo",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("job", ID, nullable=True),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undo")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_undo_job", "undo", ["job"], unique=False, sqlite_where=sa.text("job IS NOT NULL")
    )
    op.execute(
        "CREATE VIRTUAL TABLE search_names USING fts5(words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')"
    )
    op.execute(
        "CREATE VIRTUAL TABLE search_bodies USING fts5(words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')"
    )
