"""Documents that are genuine, forged, replayed, another practice's, of unknown or dropped keys."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.kernel.entitlement import Feature, Plan
from app.core.membership.rules.subscription import Status
from app.sync.entitlement.roots import DEVELOPMENT, pinned_roots, trusted
from app.sync.entitlement.verifying import Held, Reason, check
from app.sync.protocol.entitlement import LARGEST_BYTES, grant_claims, key_list_claims, read_grant
from app.sync.protocol.signing import (
    development_root,
    new_signing_key,
    pair,
    read_signing_key,
    sign_grant,
    sign_key_list,
)
from app.sync.wire import Malformed
from tests.support.clock import THE_MOMENT
from tests.sync.entitlement.account import PRACTICE, ROOTS, Account, base64url, grant, part

ACCOUNT = Account()
CLAIMS = grant_claims(grant())


def reason(text: str, held: Held | None = None) -> Reason:
    """Return what becomes of a pair."""
    return check(text, PRACTICE, held, ROOTS).reason


def holding(account: Account, seq: int) -> Held:
    """Return what is held after the grant with ``seq``."""
    held = check(account.says(grant(seq=seq)), PRACTICE, None, ROOTS).held
    assert held is not None
    return held


def test_a_genuine_document_says_all_that_was_granted() -> None:
    said = grant(Plan.STARTER)
    checked = check(ACCOUNT.says(said), PRACTICE, None, ROOTS)
    assert checked.reason is Reason.ACCEPTED
    assert checked.held is not None
    assert checked.held.grant == said
    assert (said.plan, said.active_clients, said.refresh - said.issued) == (
        "STARTER",
        10,
        timedelta(days=1),
    )
    assert said.expires - said.issued == timedelta(days=14)
    assert said.stale - said.issued == timedelta(days=44)


def by_another_key() -> str:
    """Sign with a key that pretends to be the listed one."""
    liar = replace(new_signing_key("x"), kid=ACCOUNT.key.kid)
    return pair(ACCOUNT.keys, sign_grant(grant(), liar))


def with_changed_payload() -> str:
    """Change the plan and keep the signature."""
    keys, document = ACCOUNT.says(grant(Plan.STARTER)).split("~")
    header, _payload, signature = document.split(".")
    return pair(keys, f"{header}.{part(CLAIMS)}.{signature}")


def with_own_root() -> str:
    """List a key of one's own under a root that pretends to be the pinned one."""
    mine = replace(new_signing_key("x"), kid=ACCOUNT.root.kid)
    return pair(sign_key_list(ACCOUNT.listed, mine), sign_grant(grant(), ACCOUNT.key))


def with_another_root() -> str:
    """List the key under a root that is not pinned."""
    mine = new_signing_key("mine")
    return pair(sign_key_list(ACCOUNT.listed, mine), sign_grant(grant(), ACCOUNT.key))


def unsigned() -> str:
    """Say ``alg`` none."""
    header = part({"alg": "none", "typ": "entitlement+jws", "kid": ACCOUNT.key.kid})
    return pair(ACCOUNT.keys, f"{header}.{part(CLAIMS)}.")


def with_the_public_key_as_secret() -> str:
    """Sign with HMAC under the public key, for a checker that lets the document choose."""
    header = part({"alg": "HS256", "typ": "entitlement+jws", "kid": ACCOUNT.key.kid})
    signed = f"{header}.{part(CLAIMS)}"
    secret = ACCOUNT.key.public.x.encode()
    mark = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return pair(ACCOUNT.keys, f"{signed}.{base64url(mark)}")


def keys_as_document() -> str:
    """Pass the signed list of keys for a document."""
    return pair(ACCOUNT.keys, ACCOUNT.keys)


def document_as_keys() -> str:
    """Pass a document for the list of keys."""
    document = sign_grant(grant(), ACCOUNT.key)
    return pair(document, document)


BAD: dict[str, tuple[Callable[[], str], Reason]] = {
    "one byte too large": (lambda: "a" * (LARGEST_BYTES + 1), Reason.TOO_LARGE),
    "nothing": (lambda: "", Reason.NOT_A_DOCUMENT),
    "no pair": (lambda: ACCOUNT.keys, Reason.NOT_A_DOCUMENT),
    "three parts": (lambda: ACCOUNT.says(grant()) + "~x", Reason.NOT_A_DOCUMENT),
    "no base64": (lambda: pair("!.!.!", "!.!.!"), Reason.NOT_A_DOCUMENT),
    "no ascii": (lambda: pair("ä.ä.ä", "ä.ä.ä"), Reason.NOT_A_DOCUMENT),
    "a list as header": (lambda: pair(f"{part([1])}.a.a", "a.a.a"), Reason.NOT_A_DOCUMENT),
    "keys as document": (keys_as_document, Reason.WRONG_TYPE),
    "document as keys": (document_as_keys, Reason.WRONG_TYPE),
    "an ordinary token": (lambda: ACCOUNT.says_raw(CLAIMS, typ="JWT"), Reason.WRONG_TYPE),
    "alg none": (unsigned, Reason.WRONG_ALGORITHM),
    "HS256 with the public key": (with_the_public_key_as_secret, Reason.WRONG_ALGORITHM),
    "the older name EdDSA": (lambda: ACCOUNT.says_raw(CLAIMS, alg="EdDSA"), Reason.WRONG_ALGORITHM),
    "no algorithm": (lambda: ACCOUNT.says_raw(CLAIMS, alg=None), Reason.WRONG_ALGORITHM),
    "a key of its own": (lambda: ACCOUNT.says_raw(CLAIMS, jwk={}), Reason.NOT_A_DOCUMENT),
    "an extension": (lambda: ACCOUNT.says_raw(CLAIMS, crit=["exp"]), Reason.NOT_A_DOCUMENT),
    "a key that is a list": (lambda: ACCOUNT.says_raw(CLAIMS, kid=[]), Reason.NOT_A_DOCUMENT),
    "forged": (by_another_key, Reason.BAD_SIGNATURE),
    "changed": (with_changed_payload, Reason.BAD_SIGNATURE),
    "a forged list": (with_own_root, Reason.BAD_SIGNATURE),
    "an unknown root": (with_another_root, Reason.UNKNOWN_ROOT),
    "an unknown key": (lambda: ACCOUNT.says_raw(CLAIMS, kid="2031-z"), Reason.UNKNOWN_KEY),
    "another issuer": (lambda: ACCOUNT.says_raw({**CLAIMS, "iss": "x"}), Reason.WRONG_ISSUER),
    "another audience": (lambda: ACCOUNT.says_raw({**CLAIMS, "aud": "x"}), Reason.WRONG_AUDIENCE),
    "another practice": (
        lambda: ACCOUNT.says(grant(practice_id=UUID(int=7))), Reason.WRONG_PRACTICE,
    ),
    "no practice": (lambda: ACCOUNT.says_raw({**CLAIMS, "sub": None}), Reason.WRONG_PRACTICE),
    "a negative limit": (
        lambda: ACCOUNT.says_raw({**CLAIMS, "limits": {"active_clients": -1}}),
        Reason.NOT_A_DOCUMENT,
    ),
    "no seq": (lambda: ACCOUNT.says_raw({**CLAIMS, "seq": "7"}), Reason.NOT_A_DOCUMENT),
    "a payload that is a list": (lambda: ACCOUNT.says_raw([CLAIMS]), Reason.NOT_A_DOCUMENT),  # type: ignore[arg-type]
    "over before it began": (
        lambda: ACCOUNT.says_raw({**CLAIMS, "exp": CLAIMS["iat"] - 1}), Reason.WRONG_TIME,
    ),
    "beyond all years": (
        lambda: ACCOUNT.says_raw({**CLAIMS, "exp": 10**17}), Reason.NOT_A_DOCUMENT,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused_and_why(name: str) -> None:
    text, why = BAD[name][0](), BAD[name][1]
    assert reason(text) is why
    # What is held holds on.
    held = holding(ACCOUNT, 5)
    checked = check(text, PRACTICE, held, ROOTS)
    assert checked.held is not None
    assert checked.held.grant == held.grant


def test_a_lower_seq_is_a_replay_and_the_same_one_is_not() -> None:
    held = holding(ACCOUNT, 5)
    assert reason(ACCOUNT.says(grant(seq=4)), held) is Reason.REPLAYED
    assert reason(ACCOUNT.says(grant(seq=5)), held) is Reason.ACCEPTED
    assert reason(ACCOUNT.says(grant(seq=6)), held) is Reason.ACCEPTED


def test_an_old_list_of_keys_brings_no_dropped_key_back() -> None:
    account = Account()
    before, stolen = account.keys, account.key
    held = holding(account, 1)
    account.rotate("2026-b", THE_MOMENT + timedelta(days=1), drop=True)
    renewed = check(account.says(grant(seq=2)), PRACTICE, held, ROOTS).held
    assert renewed is not None
    forged = sign_grant(grant(Plan.GROUP, seq=99), stolen)
    assert reason(pair(account.keys, forged), renewed) is Reason.UNKNOWN_KEY
    # With the list of the day on which the key was still good.
    assert reason(pair(before, forged), renewed) is Reason.UNKNOWN_KEY
    assert reason(pair(before, forged), held) is Reason.ACCEPTED


def test_a_newer_list_is_held_even_when_its_document_is_refused() -> None:
    account = Account()
    held = holding(account, 5)
    account.rotate("2026-b", THE_MOMENT, drop=True)
    checked = check(account.says(grant(seq=4)), PRACTICE, held, ROOTS)
    assert checked.reason is Reason.REPLAYED
    assert checked.held is not None
    assert (checked.held.keys.seq, checked.held.grant) == (2, held.grant)


def test_a_list_that_is_none_is_refused() -> None:
    claims = key_list_claims(ACCOUNT.listed)
    root = Account(key=ACCOUNT.root)
    for said, why in (
        ({**claims, "iss": "x"}, Reason.WRONG_ISSUER),
        ({**claims, "keys": 1}, Reason.NOT_A_DOCUMENT),
        ({**claims, "keys": [claims] * 51}, Reason.NOT_A_DOCUMENT),
    ):
        signed = root.says_raw(said, typ="entitlement-keys+jws").partition("~")[2]
        assert reason(pair(signed, "a.a.a")) is why


def test_a_listed_key_that_is_no_key_verifies_nothing() -> None:
    account = Account()
    noise = replace(account.key.public, x="AAAA")
    account.listed = replace(account.listed, keys=(noise,))
    assert reason(account.says(grant())) is Reason.BAD_SIGNATURE


def test_what_a_later_account_says_beyond_this_version_is_passed_over() -> None:
    said: dict[str, Any] = {
        **CLAIMS,
        "plan": "ENSEMBLE",
        "status": "PAUSED",
        "features": ["PRACTICE_REPORTS", "TELEPATHY", {"name": "X"}],
        "notices": [["SALE", None, 1], ["LAPSED", None, 0]],
        "mood": "sunny",
    }
    found = read_grant(said)
    assert (found.plan, found.status) == ("ENSEMBLE", None)
    assert found.features == {Feature.PRACTICE_REPORTS}
    assert len(found.notices) == 1
    assert reason(ACCOUNT.says_raw(said)) is Reason.ACCEPTED


VALUES = st.integers(-1, 2) | st.text(max_size=3) | st.lists(st.integers(), max_size=4)


@settings(max_examples=50)
@given(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.floats()
    | st.lists(VALUES)
    | st.dictionaries(st.sampled_from(["active_clients", "clinicians"]), VALUES, max_size=2),
    st.sampled_from(sorted(CLAIMS)),
)
def test_no_signed_nonsense_raises_anything_else(value: Any, name: str) -> None:
    try:
        read_grant({**CLAIMS, name: value})
    except Malformed:
        return


@settings(max_examples=60)
@given(st.text(max_size=60), st.integers(0, 2000))
def test_no_text_raises(noise: str, cut: int) -> None:
    whole = ACCOUNT.says(grant())
    assert reason(noise) is not Reason.ACCEPTED
    bent = whole[:cut] + noise + whole[cut + 1 :]
    # Whatever it is, it is judged; the last character of a part may mean the same bytes.
    assert reason(bent) in Reason


def test_the_sources_pin_the_development_root_and_a_release_never_does() -> None:
    root = development_root().public
    assert pinned_roots() == (root,)
    pinned = {DEVELOPMENT: root.x, "2027": "abc"}
    assert [each.kid for each in trusted(pinned, frozen=True)] == ["2027"]
    assert [each.kid for each in trusted(pinned, frozen=False)] == [DEVELOPMENT, "2027"]


def test_a_signing_key_is_read_from_what_the_server_keeps() -> None:
    key = new_signing_key("2027")
    kept: dict[str, str] = {
        name: str(value) for name, value in key.key.as_dict(private=True).items()
    }
    assert read_signing_key("2027", kept).public == key.public
    public = {name: value for name, value in kept.items() if name != "d"}
    for wrong in (public, {"kty": "oct", "k": "AAAA"}, {**kept, "d": "A"}):
        with pytest.raises(ValueError, match="2027 is no"):
            read_signing_key("2027", wrong)


def test_every_status_travels() -> None:
    for status in Status:
        said = replace(grant(), status=status)
        assert read_grant(grant_claims(said)) == said
