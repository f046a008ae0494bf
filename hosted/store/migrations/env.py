"""Alembic asks for this file; migrations run through ``hosted.store.migrate`` alone."""

from alembic import context

context.run_migrations()
