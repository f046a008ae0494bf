"""The server's tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "h0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "blob",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "hash", name=op.f("pk_blob")),
    )
    op.create_table(
        "device",
        sa.Column("id", ID, nullable=False),
        sa.Column("practice_id", ID, nullable=True),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("paired_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("left", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_practice_id"), "device", ["practice_id"], unique=False)
    op.create_index("uq_device_token", "device", ["token_hash"], unique=True)
    op.create_table(
        "epoch",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=False),
        sa.Column("restored_head", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "ordinal", name=op.f("pk_epoch")),
    )
    op.create_table(
        "head",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_head")),
    )
    op.create_table(
        "incarnation",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("lsn", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("lineage", sa.Text(), nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_incarnation")),
    )
    op.create_table(
        "log",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("change_set", ID, nullable=False),
        sa.Column("device_id", ID, nullable=True),
        sa.Column("incarnation", ID, nullable=False),
        sa.Column("operation", ID, nullable=True),
        sa.Column("lsn", sa.BigInteger(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("base_seq", sa.BigInteger(), nullable=False),
        sa.Column("hlc", sa.BigInteger(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("lost", sa.Text(), nullable=True),
        sa.Column("earlier", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("practice_id", "seq", name=op.f("pk_log")),
    )
    op.create_index("ix_log_place", "log", ["practice_id", "incarnation", "lsn"], unique=False)
    op.create_index("ix_log_row", "log", ["practice_id", "entity", "pk", "seq"], unique=False)
    op.create_index("uq_log_operation", "log", ["practice_id", "operation"], unique=True)
    op.create_table(
        "number_lease",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("incarnation", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id", "prefix", "year", "first", name=op.f("pk_number_lease")
        ),
    )
    op.create_table(
        "number_series",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "prefix", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "pairing_code",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("practice_id", ID, nullable=True),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_pairing_code")),
    )
    op.create_table(
        "purged",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ordered_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "entity", "pk", name=op.f("pk_purged")),
    )
    op.create_index(
        op.f("ix_purged_practice_id_seq"), "purged", ["practice_id", "seq"], unique=False
    )
    op.create_table(
        "quarantine",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("incarnation", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("operations", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "digest", name=op.f("pk_quarantine")),
    )
    op.create_table(
        "receipt",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("operation", ID, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "operation", name=op.f("pk_receipt")),
    )
    op.create_table(
        "scope_change",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("gained", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id", "member_id", "version", name=op.f("pk_scope_change")
        ),
    )
    op.create_table(
        "server",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server")),
    )
    op.create_table(
        "surplus",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "entity", "pk", name=op.f("pk_surplus")),
    )
