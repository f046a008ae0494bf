"""The short form of ``dev.py prove --sign-in``: strangers stay outside, the owner does not."""

from __future__ import annotations

import random

from tests.proofs.sign_in import flood


def test_strangers_by_the_hundred_stay_outside_and_the_owner_does_not() -> None:
    found = flood(300, random.Random(4))
    assert found.problems == []
    assert found.hashes_of_strangers == 10 * found.windows
    assert found.owner_tried > 2
    # Most are answered without a hash being made.
    assert found.answers[429] > found.hashes
