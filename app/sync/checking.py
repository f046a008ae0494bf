"""Compares the file with the account, entity by entity; mends what differs, and keeps its name."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.sync import repaired, state
from app.sync.deferring import unknown_of
from app.sync.digest import bucket_of, differing, row_hash, sums
from app.sync.file import LocalFile, Slice
from app.sync.forms import Form, forms
from app.sync.guard import Consent
from app.sync.outbox import OpState
from app.sync.protocol.messages import Digest, Digested, SnapshotPart, Wanted
from app.sync.protocol.terms import PULL_ROWS, Refusal, Verb
from app.sync.restating import restate, some_rows
from app.sync.snapshot import cut_rows, write_rows
from app.sync.state import Link
from app.sync.transport import Declined, Transport

ROWS = 400
_START = b"\0" * 16
Hashed = dict[UUID, str]


class Moved(Exception):
    """One side changed while it was compared: compare again later."""


class Checker:
    """Compares one entity at a time; ``repaired`` holds by entity the ids of what differed.

    The file keeps them as well, so that a person is told of what was mended unasked.
    """

    def __init__(self, file: LocalFile, transport: Transport, consent: Consent) -> None:
        self._file = file
        self._transport = transport
        self._consent = consent
        self._left: list[Form] = []
        self._ended = True
        self.repaired: dict[str, list[UUID]] = {}

    def begin(self) -> None:
        """Start from the first entity.

        One that was left off is gone on with: what it mended is part of what this one tells.
        """
        self._left = list(forms())
        if self._ended:
            self.repaired = {}
        self._ended = False

    @property
    def busy(self) -> bool:
        """Whether entities are left to be compared."""
        return bool(self._left)

    def stop(self) -> None:
        """Leave off; begin anew when things are quiet."""
        self._left = []

    def step(self, link: Link, now_ms: int) -> str:
        """Compare the next entity and repair it; return its name.

        Raises ``Moved``, ``Unreachable``, ``Declined`` or ``MuchRemoved``.
        """
        form = self._left[0]
        mine, parked = self._mine(form)
        theirs = self._ask(link, form)
        if theirs is not None:
            if theirs.head != link.cursor_seq or self._file.slice(_unsettled):
                raise Moved
            ids = {bucket_of(pk) for pk in parked}
            buckets = set(differing(sums(mine.items()), theirs.sums)) | ids
            self._mend(link, form, self._apart(link, form, sorted(buckets), mine, parked), now_ms)
        self._left.pop(0)
        if not self._left:
            self._ended = True
            self._agree(link)
        return form.entity

    def _agree(self, link: Link) -> None:
        self._file.slice(
            lambda part: state.change(part.connection, part.link(), agreed_seq=link.cursor_seq)
        )

    def _mine(self, form: Form) -> tuple[Hashed, set[UUID]]:
        """Return the hashes of the file's rows, and the rows with refused work, which differ."""
        hashed: Hashed = {}
        after = _START
        while True:
            rows = self._file.slice(lambda part, at=after: _hash_some(part, form, at))  # type: ignore[misc]
            if not rows:
                break
            hashed.update((UUID(bytes=pk), said) for pk, said in rows)
            after = rows[-1][0]
        parked = self._file.slice(lambda part: _parked(part, form))
        return {pk: said for pk, said in hashed.items() if pk not in parked}, parked

    def _ask(self, link: Link, form: Form, bucket: int | None = None) -> Digested | None:
        try:
            found: Digested = self._transport.ask(
                Verb.DIGEST, Digest(link.epoch, form.entity, form.names, bucket)
            )
        except Declined as refused:
            if refused.code == Refusal.UNKNOWN_ENTITY:
                return None
            raise
        return found

    def _apart(
        self, link: Link, form: Form, buckets: Iterable[int], mine: Hashed, parked: set[UUID]
    ) -> tuple[list[UUID], list[UUID]]:
        """Return the rows that the account holds otherwise, and those that it has not."""
        fetch: list[UUID] = []
        lacking: list[UUID] = []
        for bucket in buckets:
            answer = self._ask(link, form, bucket)
            if answer is None or answer.head != link.cursor_seq:
                raise Moved
            theirs = {pk: said for pk, _, said in answer.rows if pk not in parked}
            here = {pk: said for pk, said in mine.items() if bucket_of(pk) == bucket}
            fetch += [pk for pk, said in theirs.items() if here.get(pk) != said]
            lacking += [pk for pk in here if pk not in theirs]
        return fetch, lacking

    def _mend(
        self, link: Link, form: Form, apart: tuple[list[UUID], list[UUID]], now_ms: int
    ) -> None:
        fetch, lacking = apart
        if fetch or lacking:
            # The two sides do not agree from here on, until a comparison came to its end.
            self._file.slice(lambda part: state.change(part.connection, part.link(), agreed_seq=0))
        for at in range(0, len(fetch), PULL_ROWS):
            some = fetch[at : at + PULL_ROWS]
            part: SnapshotPart = self._transport.ask(
                Verb.ROWS, Wanted(link.epoch, form.entity, tuple(some))
            )
            self._consent.require_for_rows(part.rows)
            # Before they are written: whatever comes between, it is told.
            self._file.slice(lambda part, some=some: self._note(part, form, some, now_ms))  # type: ignore[misc]
            for rows in cut_rows(part.rows):
                write_rows(self._file, rows, anew=True)
            self._consent.used()
        if lacking:
            # Nothing here is removed for being unknown there: it is stated again.
            self._file.slice(lambda part: self._state_again(part, form, lacking, now_ms))

    def _state_again(self, part: Slice, form: Form, ids: list[UUID], now_ms: int) -> None:
        self._note(part, form, ids, now_ms)
        _state_again(part, form, ids, now_ms)

    def _note(self, part: Slice, form: Form, ids: list[UUID], now_ms: int) -> None:
        if not self.repaired:
            repaired.forget(part.connection)
        repaired.note(part.connection, form.entity, ids, now_ms)
        known = self.repaired.setdefault(form.entity, [])
        told = set(known)
        known += [each for each in ids if each not in told]


def _hash_some(part: Slice, form: Form, after: bytes) -> list[tuple[bytes, str]]:
    unknown = unknown_of(part.connection, form.entity)
    return [
        (pk, row_hash(UUID(bytes=pk), {**said, **unknown.get(pk, {})}, form.names))
        for pk, _, said in some_rows(part, form, after, ROWS)
    ]


def _parked(part: Slice, form: Form) -> set[UUID]:
    return {
        UUID(bytes=each.pk)
        for each in part.outbox
        if each.state is OpState.PARKED and each.entity == form.entity
    }


def _unsettled(part: Slice) -> bool:
    return any(each.state is not OpState.PARKED for each in part.outbox)


def _state_again(part: Slice, form: Form, ids: Iterable[UUID], now_ms: int) -> None:
    rows = [
        row
        for pk in ids
        for row in some_rows(part, form, (pk.int - 1).to_bytes(16), 1)
        if row[0] == pk.bytes
    ]
    restate(part, form, rows, now_ms=now_ms, base_seq=0, hlc=None)
