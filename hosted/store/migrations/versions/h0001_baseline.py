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
        "acceptance",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("text_hash", sa.LargeBinary(), nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "text_hash", "login_id", name=op.f("pk_acceptance")),
    )
    op.create_table(
        "account",
        sa.Column("id", ID, nullable=False),
        sa.Column("practice_id", ID, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_index("uq_account_practice", "account", ["practice_id"], unique=True)
    op.create_table(
        "authorization",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("redirect", sa.Text(), nullable=False),
        sa.Column("device_name", sa.Text(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("device_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_authorization")),
    )
    op.create_table(
        "blob",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "hash", name=op.f("pk_blob")),
    )
    op.create_table(
        "blob_chunk",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("chunk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "hash", "chunk", name=op.f("pk_blob_chunk")),
    )
    op.create_table(
        "device",
        sa.Column("id", ID, nullable=False),
        sa.Column("practice_id", ID, nullable=True),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("token_ends", MOMENT, nullable=True),
        sa.Column("login_id", ID, nullable=True),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("paired_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("disconnected_at", MOMENT, nullable=True),
        sa.Column("asked_as", ID, nullable=True),
        sa.Column("left", sa.LargeBinary(), nullable=True),
        sa.Column("greeted_as", ID, nullable=True),
        sa.Column("waiting", sa.BigInteger(), nullable=False),
        sa.Column("waiting_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_login_id"), "device", ["login_id"], unique=False)
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
        "invitation",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("from_reserve", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("login_id", ID, nullable=True),
        sa.Column("member_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_account_id"), "invitation", ["account_id"], unique=False)
    op.create_index("uq_invitation_token", "invitation", ["token_hash"], unique=True)
    op.create_table(
        "issued_grant",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("active_clients", sa.Integer(), nullable=False),
        sa.Column("look_again", MOMENT, nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_issued_grant")),
    )
    op.create_table(
        "job",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", ID, nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_due", "job", ["done_at", "due_at"], unique=False)
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
        "login",
        sa.Column("id", ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("password_at", MOMENT, nullable=False),
        sa.Column("totp", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("totp_next", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login")),
    )
    op.create_index("uq_login_address", "login", ["address_hash"], unique=True)
    op.create_table(
        "mail_link",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_mail_link")),
    )
    op.create_index(op.f("ix_mail_link_login_id"), "mail_link", ["login_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "login_id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_login_id"), "membership", ["login_id"], unique=False)
    op.create_table(
        "named_file",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("claimed_by", ID, nullable=True),
        sa.PrimaryKeyConstraint("practice_id", "entity", "pk", name=op.f("pk_named_file")),
    )
    op.create_index(
        op.f("ix_named_file_practice_id_address"),
        "named_file",
        ["practice_id", "address"],
        unique=False,
    )
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
        "passkey",
        sa.Column("id", ID, nullable=False),
        sa.Column("credential_hash", sa.LargeBinary(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
    )
    op.create_index(op.f("ix_passkey_login_id"), "passkey", ["login_id"], unique=False)
    op.create_index("uq_passkey_credential", "passkey", ["credential_hash"], unique=True)
    op.create_table(
        "passkey_challenge",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("ceremony", sa.String(40), nullable=False),
        sa.Column("session_id", ID, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_passkey_challenge")),
    )
    op.create_table(
        "plan_charge",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_charge")),
    )
    op.create_index(
        op.f("ix_plan_charge_account_id_at"), "plan_charge", ["account_id", "at"], unique=False
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
        "recovery_code",
        sa.Column("login_id", ID, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("login_id", "code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "refresh_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_refresh_token")),
    )
    op.create_index(
        op.f("ix_refresh_token_device_id"), "refresh_token", ["device_id"], unique=False
    )
    op.create_table(
        "reserved_seats",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "role", name=op.f("pk_reserved_seats")),
    )
    op.create_table(
        "scope_change",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", ID, nullable=True),
        sa.Column("gained", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id", "member_id", "version", name=op.f("pk_scope_change")
        ),
    )
    op.create_table(
        "sent_chunk",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("chunk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "practice_id", "hash", "member_id", "chunk", name=op.f("pk_sent_chunk")
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
        "sign_up",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("practice_name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("agreement_hash", sa.LargeBinary(), nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_up")),
    )
    op.create_table(
        "spent_number",
        sa.Column("practice_id", ID, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("pk", ID, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "entity", "pk", name=op.f("pk_spent_number")),
    )
    op.create_index(
        op.f("ix_spent_number_practice_id_number"),
        "spent_number",
        ["practice_id", "number"],
        unique=False,
    )
    op.create_table(
        "subscription",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("plan", sa.String(40), nullable=False),
        sa.Column("trial_began", MOMENT, nullable=True),
        sa.Column("card", sa.Boolean(), nullable=False),
        sa.Column("paid_begins", MOMENT, nullable=True),
        sa.Column("paid_ends", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_subscription")),
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
    op.create_table(
        "web_session",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("proved_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_login_id"), "web_session", ["login_id"], unique=False)
    op.create_index("uq_web_session_token", "web_session", ["token_hash"], unique=True)
    op.execute("DROP INDEX ix_appointment_practice_id_case_id_status_starts")
    op.execute("DROP INDEX ix_appointment_practice_id_original_start")
    op.execute("DROP INDEX ix_appointment_practice_id_series_id")
    op.execute("DROP INDEX ix_appointment_practice_id_status_starts")
