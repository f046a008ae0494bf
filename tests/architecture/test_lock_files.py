"""The lock files hold what they promise; see 0006-locked-with-hashes.md."""

from __future__ import annotations

import re

import pytest

from tests.architecture.sources import ROOT

LOCKS = ("requirements.lock", "requirements-hosted.lock", "requirements-dev.lock")


def requirements(lock: str) -> list[str]:
    """Return a lock file's requirements, each as one line with its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pinned(lock: str) -> set[tuple[str, ...]]:
    """Return version and hashes of each requirement; for which systems it is may differ."""
    return {(line.split(" ")[0], *re.findall(r"--hash=\S+", line)) for line in requirements(lock)}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_one_version_with_hashes(lock: str) -> None:
    for line in requirements(lock):
        assert re.match(r"[a-z0-9-]+==\S+ ", line), line
        assert "--hash=sha256:" in line, line


def test_the_house_is_built_with_what_is_shipped() -> None:
    built_with = pinned("requirements-dev.lock")
    assert pinned("requirements.lock") <= built_with
    assert pinned("requirements-hosted.lock") <= built_with


def test_no_lock_file_says_where_packages_come_from() -> None:
    for lock in LOCKS:
        assert "://" not in (ROOT / lock).read_text(encoding="utf-8")
