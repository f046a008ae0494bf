"""A private PostgreSQL for one machine, from the system's packages: for trying out and for tests.

It listens on a loopback port of its own, keeps its data in the folder it is given, and runs as an
ordinary user, since PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

ROLE = "practicerunner"
_PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt")
_ORDINARY = ("postgres", "nobody")


class NoPostgres(Exception):
    """PostgreSQL is not installed here, or does not start; the text says what to do."""


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs; raises ``NoPostgres``."""
    found = [path.parent for place in _PLACES for path in Path(place).glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: _version(folder.parent.name))
    beside = shutil.which("initdb")
    if beside is None:
        raise NoPostgres("PostgreSQL is not installed: apt-get install postgresql, then try again.")
    return Path(beside).parent


def _version(name: str) -> int:
    digits = "".join(each for each in name if each.isdigit())
    return int(digits or 0)


class PrivatePostgres:
    """A cluster in a folder; started and stopped with the process that asked for it."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder
        self._durable = durable
        self._programs = binaries()
        self._user = _ordinary_user()
        self._port = _free_port()

    def url(self, database: str) -> str:
        """Return what ``DATABASE_URL`` is for this database."""
        word = (self._folder / "password").read_text("utf-8")
        return f"postgresql://{ROLE}:{word}@127.0.0.1:{self._port}/{database}"

    def start(self) -> None:
        """Make the cluster if it is new, start it, and make the role; raises ``NoPostgres``."""
        data = self._folder / "cluster"
        if not (data / "PG_VERSION").exists():
            self._make(data)
        settings = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        if not self._durable:
            settings += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        log = str(data / "server.log")
        self._run("pg_ctl", "-D", str(data), "-w", "-l", log, "-o", settings, "start")

    def stop(self) -> None:
        """Stop the cluster, letting nothing linger."""
        self._run("pg_ctl", "-D", str(self._folder / "cluster"), "-m", "fast", "-w", "stop")

    def create(self, database: str, template: str = "template1") -> None:
        """Make a database that belongs to the ordinary role, if it is not there yet."""
        with self._administration() as connection:
            known = "SELECT 1 FROM pg_roles WHERE rolname = %s"
            if connection.execute(known, (ROLE,)).fetchone() is None:
                word = (self._folder / "password").read_text("utf-8")
                connection.execute(
                    f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{word}'"
                )
            there = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(there, (database,)).fetchone() is None:
                connection.execute(
                    f'CREATE DATABASE "{database}" OWNER {ROLE} TEMPLATE "{template}"'
                )

    def drop(self, database: str) -> None:
        """Remove a database with everything in it."""
        with self._administration() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    @contextmanager
    def _administration(self, database: str = "postgres") -> Iterator[psycopg.Connection[Any]]:
        word = (self._folder / "password").read_text("utf-8")
        where = f"host=127.0.0.1 port={self._port} user=owner password={word} dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            yield connection

    def _make(self, data: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        word = self._folder / "password"
        word.touch(mode=0o600)
        word.write_text(secrets.token_hex(16), "utf-8")
        if self._user is not None:
            for path in (self._folder, word):
                shutil.chown(path, self._user)
        self._run(
            "initdb", "-D", str(data), "-U", "owner", "-A", "scram-sha-256",
            f"--pwfile={word}", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        # Its server outlives this call and must not hold on to our pipes.
        with (self._folder / "last-run.log").open("w+b") as said:
            done = subprocess.run(
                [str(self._programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=self._folder,
                user=self._user,
                group=pwd.getpwnam(self._user).pw_gid if self._user else None,
                extra_groups=[] if self._user else None,
                check=False,
            )
            if done.returncode:
                said.seek(0)
                words = said.read().decode("utf-8", "replace").strip()
                raise NoPostgres(f"PostgreSQL could not be started: {words[-300:]}")


def _ordinary_user() -> str | None:
    """Return whom PostgreSQL runs as: ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _ORDINARY if name in known)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
