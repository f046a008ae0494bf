"""Passkeys (Web Authentication Level 3): what a browser is asked, and what of it is believed.

Whoever uses one has unlocked it with a finger, a face or a PIN, which is asked for every time: it
stands for both factors. Keys answer to the name of this site alone, so that no other page can lead
a person to give one away. Who made the thing that keeps a key is not asked (no attestation).
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialCreationOptions,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRequestOptions,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.sync import wire
from app.sync.wire import Malformed

#: How long a browser may wait for the finger.
CHALLENGE_LASTS = timedelta(minutes=5)
#: More than anybody has; the page lists all of them.
MOST = 20
_NAME = "PracticeRunner"
_ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
#: What browsers send when nobody asks who made a key; other forms hold certificates to be read.
_FORMATS = (AttestationFormat.NONE, AttestationFormat.PACKED)
_LONGEST_ID, _LONGEST_KEY = 1023, 1024
#: What reading a stranger's bytes may raise, besides the library's own.
_UNREADABLE = (
    WebAuthnException,
    Malformed,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
)


class Ceremony(StrEnum):
    """What a challenge was made for; it serves for nothing else."""

    ADD = "ADD"
    SIGN_IN = "SIGN_IN"
    PROVE = "PROVE"


class NotAPasskey(Exception):
    """An answer that no passkey of this site has given to this challenge."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A key that a browser has made: by what it is found, and by what its answers are checked."""

    id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Added:
    """A browser's answer to the question for a new passkey, read and not yet believed."""

    challenge: bytes
    _said: RegistrationCredential

    def checked(self, challenge: bytes, site: str) -> NewPasskey:
        """Return the key if it was made for ``challenge`` at ``site``; raises ``NotAPasskey``."""
        try:
            form = parse_attestation_object(self._said.response.attestation_object).fmt
            if form not in _FORMATS:
                raise NotAPasskey
            made = webauthn.verify_registration_response(
                credential=self._said,
                expected_challenge=challenge,
                expected_rp_id=party_of(site) or "",
                expected_origin=site,
                require_user_verification=True,
                supported_pub_key_algs=_ALGORITHMS,
            )
            public_key = made.credential_public_key
            if len(public_key) > _LONGEST_KEY or not _is_id(made.credential_id):
                raise NotAPasskey
            # Now, not at the first sign-in: a point beside its curve is no key.
            decoded_public_key_to_cryptography(decode_credential_public_key(public_key))
        except _UNREADABLE:
            raise NotAPasskey from None
        return NewPasskey(made.credential_id, public_key, made.sign_count)


@dataclass(frozen=True, slots=True)
class Used:
    """An answer that is said to come from a passkey, read and not yet believed."""

    id: bytes
    challenge: bytes
    whose: bytes | None
    _said: AuthenticationCredential

    def checked(self, challenge: bytes, site: str, public_key: bytes, sign_count: int) -> int:
        """Return how often the key says it was used; raises ``NotAPasskey``.

        A count that did not grow means that two things hold the same key.
        """
        try:
            return webauthn.verify_authentication_response(
                credential=self._said,
                expected_challenge=challenge,
                expected_rp_id=party_of(site) or "",
                expected_origin=site,
                credential_public_key=public_key,
                credential_current_sign_count=sign_count,
                require_user_verification=True,
            ).new_sign_count
        except _UNREADABLE:
            raise NotAPasskey from None


def party_of(site: str) -> str | None:
    """Return the name that keys of a site answer to; ``None`` where browsers make none.

    A number is no name: on one's own machine it takes ``localhost``.
    """
    name = urlsplit(site).hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name or None
    return None


def passkey_hash(credential_id: bytes) -> bytes:
    """Return the hash by which a passkey is found; no token and no address has the same."""
    return hashlib.sha256(b"passkey\0" + credential_id).digest()


def challenge_hash(challenge: bytes) -> bytes:
    """Return the hash by which a challenge is found."""
    return hashlib.sha256(b"challenge\0" + challenge).digest()


def ask_to_add(
    party: str, challenge: bytes, login_id: UUID, address: str, known: tuple[bytes, ...]
) -> dict[str, Any]:
    """Return what a browser is asked when it is to make a passkey, as JSON.

    ``known`` are those that the person has: nothing holds two of one account.
    """
    return _json(
        webauthn.generate_registration_options(
            rp_id=party,
            rp_name=_NAME,
            user_id=login_id.bytes,
            user_name=address,
            challenge=challenge,
            timeout=_milliseconds(),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
            supported_pub_key_algs=_ALGORITHMS,
        )
    )


def ask_for_one(party: str, challenge: bytes, known: tuple[bytes, ...]) -> dict[str, Any]:
    """Return what a browser is asked when it is to use a passkey, as JSON.

    Without ``known`` it offers whichever it keeps for this site.
    """
    return _json(
        webauthn.generate_authentication_options(
            rp_id=party,
            challenge=challenge,
            timeout=_milliseconds(),
            allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def read_added(said: str) -> Added:
    """Return a browser's answer to ``ask_to_add``; raises ``NotAPasskey``."""
    try:
        credential = parse_registration_credential_json(wire.read(said.encode()))
        challenge = _challenge(credential.response.client_data_json)
    except _UNREADABLE:
        raise NotAPasskey from None
    return Added(challenge, credential)


def read_used(said: str) -> Used:
    """Return a browser's answer to ``ask_for_one``; raises ``NotAPasskey``."""
    try:
        credential = parse_authentication_credential_json(wire.read(said.encode()))
        challenge = _challenge(credential.response.client_data_json)
    except _UNREADABLE:
        raise NotAPasskey from None
    if not _is_id(credential.raw_id):
        raise NotAPasskey
    return Used(credential.raw_id, challenge, credential.response.user_handle, credential)


def _challenge(client_data: bytes) -> bytes:
    said = parse_client_data_json(client_data)
    if said.cross_origin:
        # From a frame in another page; none may hold ours.
        raise NotAPasskey
    return said.challenge


def _is_id(credential_id: bytes) -> bool:
    # Web Authentication, 4 (Credential ID): 16 bytes or more, at most 1023.
    return 16 <= len(credential_id) <= _LONGEST_ID


def _json(
    options: PublicKeyCredentialCreationOptions | PublicKeyCredentialRequestOptions,
) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return made


def _milliseconds() -> int:
    return int(CHALLENGE_LASTS.total_seconds() * 1000)
