"""Alembic asks for this file; migrations run through ``app.core.vault.migrate`` alone."""

from alembic import context

context.run_migrations()
