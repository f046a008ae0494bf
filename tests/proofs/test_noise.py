"""The noise proof's short form."""

from __future__ import annotations

from random import Random

from tests.proofs.noise import feed


def test_no_file_is_a_surprise() -> None:
    found = feed(1_500, Random("noise"))

    assert found.problems == []
    assert found.read > 100, "some of the damaged files can still be read"
