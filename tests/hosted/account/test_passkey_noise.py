"""Answers that no passkey gave, and answers that were damaged on the way: refused, no error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hosted.account.rules.passkeys import NotAPasskey, read_added, read_used
from tests.support.authenticator import Authenticator, bytes_of, text_of


def _both(said: str) -> None:
    """Read and check in both ways: nothing but a refusal, or a key that was really given."""
    for read, more in ((read_added, ()), (read_used, (ASKED_KEY.cose(), 0))):
        try:
            found = read(said)
            found.checked(found.challenge, ORIGIN, *more)
        except NotAPasskey:
            continue


BYTES = st.binary(max_size=200).map(text_of)
LEAVES = st.one_of(BYTES, st.text(max_size=20), st.integers(), st.none(), st.lists(st.integers()))
ORIGIN = "http://localhost:1"
THING, ASKED = Authenticator(), {"challenge": text_of(bytes(32)), "rp": {"id": "localhost"}}
MADE = THING.create({**ASKED, "user": {"id": text_of(bytes(16))}}, ORIGIN)
ASKED_KEY = THING.keys[0]
USED = THING.get(ASKED, ORIGIN)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
        ),
        LEAVES,
    ),
    LEAVES,
)
def test_no_noise_breaks_what_reads_answers(response: dict[str, Any], name: Any) -> None:
    _both(json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response}))


def _damaged(said: dict[str, Any], name: str, at: int, cut: int, put: bytes) -> bool:
    before = bytes_of(said["response"][name])
    after = bytearray(before)
    at %= len(after)
    after[at : at + cut] = put
    said["response"][name] = text_of(bytes(after))
    return bytes(after) != before


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(0, 1000), st.integers(0, 3), st.binary(max_size=3))
def test_no_damaged_answer_breaks_anything_and_none_is_taken_for_a_signature(
    data: st.DataObject, at: int, cut: int, put: bytes
) -> None:
    made, used = json.loads(MADE), json.loads(USED)
    _damaged(made, data.draw(st.sampled_from(sorted(made["response"]))), at, cut, put)
    _both(json.dumps(made))
    signed = ("authenticatorData", "clientDataJSON", "signature")
    if _damaged(used, data.draw(st.sampled_from(signed)), at, cut, put):
        with pytest.raises(NotAPasskey):
            read_used(json.dumps(used)).checked(bytes(32), ORIGIN, ASKED_KEY.cose(), 0)


def test_what_was_not_damaged_is_taken() -> None:
    assert read_added(MADE).checked(bytes(32), ORIGIN).id == ASKED_KEY.id
    assert read_used(USED).checked(bytes(32), ORIGIN, ASKED_KEY.cose(), 0) == 1


def test_a_point_beside_its_curve_is_no_key() -> None:
    said = json.loads(MADE)
    raw = bytes_of(said["response"]["attestationObject"])
    said["response"]["attestationObject"] = text_of(raw[:-1] + bytes([raw[-1] ^ 1]))
    with pytest.raises(NotAPasskey):
        read_added(json.dumps(said)).checked(bytes(32), ORIGIN)
