"""The whole of a hosted database in memory as bytes: a backup of it, or a pattern to begin from."""

from __future__ import annotations

from typing import Any

from hosted.store.engine import Database, database_in_memory


def image_of(database: Database) -> bytes:
    """Return everything that a database in memory holds."""
    content: bytes = driver_of(database).serialize()
    return content


def put_image(database: Database, image: bytes) -> None:
    """Let a database in memory hold what ``image`` holds, and nothing else."""
    driver = driver_of(database)
    driver.deserialize(image)
    driver.execute("PRAGMA foreign_keys = ON")


def database_from(image: bytes) -> Database:
    """Return a database in memory that holds what ``image`` holds."""
    database = database_in_memory()
    put_image(database, image)
    return database


def driver_of(database: Database) -> Any:
    """Return the driver's one connection of a database in memory."""
    raw = database.engine.raw_connection()
    try:
        return raw.driver_connection
    finally:
        raw.close()
