"""The exchange: every verb answered, whatever carries the words.

HTTP is a thin skin over it, and simulations call it directly. Clock, database and policy are
handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core.kernel.clock import Clock, unix_ms
from app.sync import wire
from app.sync.protocol import messages
from app.sync.protocol.messages import (
    Digest,
    Hello,
    Lease,
    Leased,
    Page,
    Pull,
    Push,
    Pushed,
    Snapshot,
    SnapshotPart,
    Wanted,
    Welcome,
)
from app.sync.protocol.terms import OLDEST, PULL_ROWS, VERSION, Refusal, Upgrade, Verb
from app.sync.wire import Malformed
from hosted.store.engine import Database, For, HostedSession
from hosted.store.said import to_text
from hosted.store.tables import Device, Incarnation
from hosted.sync import (
    cursor,
    digest,
    epochs,
    lease,
    lives,
    log,
    pull,
    purging,
    quarantine,
    records,
)
from hosted.sync.book import Book, open_book
from hosted.sync.callers import Caller, Entitled
from hosted.sync.cursor import Cursor, Forged
from hosted.sync.merge import Refused
from hosted.sync.policy import Policy
from hosted.sync.push import Busy, Pusher, is_passing
from hosted.sync.register import Register
from hosted.sync.scope import gone, version_of, view_of
from hosted.sync.sender import Sender
from hosted.sync.snapshot import Place, Snapshots

#: What a client asks with, by verb.
QUESTIONS: dict[Verb, Any] = {
    Verb.HELLO: Hello,
    Verb.PUSH: Push,
    Verb.PULL: Pull,
    Verb.SNAPSHOT: Snapshot,
    Verb.DIGEST: Digest,
    Verb.ROWS: Wanted,
    Verb.LEASE: Lease,
    Verb.QUARANTINE: Push,
}


class Exchange:
    """Answers one server's devices; without ``entitled`` there are no plans."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        policy: Policy | None = None,
        register: Register | None = None,
        *,
        entitled: Entitled | None = None,
        version: int = VERSION,
        oldest: int = OLDEST,
    ) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy or Policy()
        self._register = register or Register()
        self._entitled = entitled
        self._version = version
        self._oldest = oldest
        self._heard: list[Callable[[UUID, int], None]] = []
        self._facts = epochs.facts(database)
        self._verbs: dict[Verb, Callable[[Caller, Any], Any]] = {
            Verb.HELLO: self._hello,
            Verb.PUSH: self._push,
            Verb.PULL: self._pull,
            Verb.SNAPSHOT: self._snapshot,
            Verb.DIGEST: self._digest,
            Verb.ROWS: self._rows,
            Verb.LEASE: self._lease,
            Verb.QUARANTINE: self._quarantine,
        }

    def on_push(self, heard: Callable[[UUID, int], None]) -> None:
        """Tell ``heard`` of every change of a log: the practice, and where it stands now."""
        self._heard.append(heard)

    def wrote(self, practice_id: UUID, head: int) -> None:
        """Tell, as of a push, that a practice's log stands at ``head`` now."""
        for heard in self._heard:
            heard(practice_id, head)

    def handle(self, caller: Caller, verb: Verb, message: Any) -> Any:
        """Answer a message with a message; a refusal is ``messages.Refused``."""
        answer = self._answer(caller, verb, message)
        return answer.read() if isinstance(answer, Spliced) else answer

    def answer(self, caller: Caller, verb: Verb, body: bytes) -> tuple[bytes, str]:
        """Answer JSON with JSON; also return the code of a refusal, or nothing."""
        try:
            message = QUESTIONS[verb].read(wire.read(body))
        except Malformed as error:
            answer: Any = messages.Refused(Refusal.MALFORMED, str(error))
        else:
            answer = self._answer(caller, verb, message)
        code = answer.code if isinstance(answer, messages.Refused) else ""
        written = answer.body if isinstance(answer, Spliced) else wire.write(answer.to_json())
        return written, code

    def _answer(self, caller: Caller, verb: Verb, message: Any) -> Any:
        if caller.revoked and verb is not Verb.QUARANTINE:
            return messages.Refused(Refusal.REVOKED)
        try:
            return self._verbs[verb](caller, message)
        except Refused as reason:
            return messages.Refused(reason.code.value, reason.detail)
        except Malformed as error:
            return messages.Refused(Refusal.MALFORMED.value, str(error))
        except Busy:
            return messages.Refused(Refusal.BUSY.value)
        except Exception as error:
            if not is_passing(error):
                raise
            return messages.Refused(Refusal.BUSY.value)

    # Hello

    def _hello(self, caller: Caller, said: Hello) -> Welcome:
        if self._is_ahead(caller, said):
            # The device was given a place that our log does not have: our data were set back.
            epochs.begin_anew(self._database, self._clock.now())
            self._facts = epochs.facts(self._database)
        now = self._clock.now()
        with self._database.write(_for(caller)) as session:
            if epochs.enter(session, self._facts.epoch, now, self._register):
                purging.purge_again(session, self._register.purges(caller.practice_id), now)
            stands = epochs.here(session)
            renew = self._meet_incarnation(session, caller, said)
            session.execute(
                Device.__table__.update()  # type: ignore[attr-defined]
                .where(Device.id == caller.device_id)
                .values(
                    seen_at=now,
                    program=said.program[:100],
                    system=said.system[:100],
                    greeted_as=said.incarnation,
                    waiting=said.waiting,
                    waiting_to=said.lsn,
                )
            )
            parted = epochs.ancestry(session).common(said.epoch) if said.epoch else None
            version = version_of(open_book(session, caller.practice_id), caller.member_id)
            plan = self._entitled.kept_for(session, caller.practice_id) if self._entitled else ""
        if self._entitled is not None and plan is None:
            plan = self._entitled.pair_for(caller.practice_id)
        return Welcome(
            version=min(self._version, said.version),
            now_ms=unix_ms(now),
            epoch=stands.epoch,
            restored_head=stands.head if parted is None else parted,
            head=stands.head,
            scope_version=version,
            upgrade=self._upgrade(said),
            renew=renew,
            device=caller.name,
            entitlement=plan or "",
        )

    def _upgrade(self, said: Hello) -> Upgrade:
        """Return whether a program of an older version than this account's is still served."""
        if said.version < self._oldest:
            return Upgrade.REQUIRED
        return Upgrade.RECOMMENDED if said.version < self._version else Upgrade.NONE

    def _is_ahead(self, caller: Caller, said: Hello) -> bool:
        if not said.cursor or said.epoch != self._facts.epoch:
            return False
        try:
            place = cursor.read(said.cursor, self._facts.secret)
        except Forged:
            return False
        with self._database.read(_for(caller)) as session:
            stands = epochs.standing(session)
        return (
            stands is not None
            and place.practice_id == caller.practice_id
            and place.epoch == stands.epoch == self._facts.epoch
            and place.seq > stands.head
        )

    def _meet_incarnation(self, session: HostedSession, caller: Caller, said: Hello) -> bool:
        """Note which life of the file calls; return whether it must begin another."""
        key = (caller.practice_id, said.incarnation)
        known = session.get(Incarnation, key, with_for_update=True)
        twin = session.execute(
            select(Incarnation.id).where(
                Incarnation.practice_id == caller.practice_id,
                Incarnation.tag == said.tag,
                Incarnation.id != said.incarnation,
            )
        ).first()
        if twin is not None:
            return True
        lineage = lives.joined("{}" if known is None else known.lineage, said.lineage)
        if known is None:
            session.add(
                Incarnation(
                    lineage=lineage,
                    practice_id=caller.practice_id,
                    id=said.incarnation,
                    device_id=caller.device_id,
                    tag=said.tag,
                    # What an earlier life of the file had queued may have come from that life.
                    lsn=said.lsn,
                    first_seen=self._clock.now(),
                )
            )
            return False
        if known.device_id != caller.device_id or said.lsn < known.lsn:
            return True
        if said.confirmed is not None and known.accepted > said.confirmed:
            book = open_book(session, caller.practice_id)
            if log.accepted_after(book, said.incarnation, said.confirmed) - set(said.held):
                # It neither knows that this arrived nor holds it to send it again.
                return True
        known.tag, known.lineage = said.tag, lineage
        return False

    # Push

    def _push(self, caller: Caller, said: Push) -> Pushed:
        if said.epoch != self._facts.epoch:
            # Before the practice has entered this epoch, its log would still take it.
            raise Refused(Refusal.EPOCH)
        sender = Sender(caller.device_id, caller.member_id, caller.name, said.incarnation)
        now = self._clock.now()
        pusher = Pusher(
            self._database,
            caller.practice_id,
            sender,
            self._policy,
            now,
            adjusts=self._adjusts_roles,
        )
        pushed = pusher.push(said)
        self.wrote(caller.practice_id, pushed.head)
        return pushed

    def _quarantine(self, caller: Caller, said: Push) -> Pushed:
        with self._database.write(_for(caller)) as session:
            device = session.get_one(Device, caller.device_id, with_for_update=True)
            reason = Refusal.REVOKED if caller.revoked else Refusal.UPGRADE_REQUIRED
            if caller.revoked and device.left and not quarantine.is_kept(session, said):
                raise Refused(Refusal.REVOKED)
            if caller.revoked and not said.more and said.epoch not in ("", self._facts.epoch):
                # Our data were set back: what it once sent may be nowhere but in its copy.
                raise Refused(Refusal.EPOCH)
            quarantine.keep(session, caller.device_id, said, reason, self._clock.now())
            if caller.revoked and not said.more:
                device.left = quarantine.digest_of(said)
        return Pushed((), 0)

    # Pull and snapshot

    def _pull(self, caller: Caller, said: Pull) -> Spliced:
        with self._database.read(_for(caller)) as session:
            book = open_book(session, caller.practice_id)
            head = self._require_epoch(book, said.epoch)
            after, known = self._place(session, caller, said.cursor)
            if said.covers is not None:
                # Its scope version is one of an earlier epoch, and is given out again.
                known = -1
            view = view_of(book, caller.member_id)

            def visible(lines: pull.Lines) -> pull.Lines:
                return view.lines(book, caller.device_id, lines)

            entries = pull.page(book, after, head, min(said.rows, PULL_ROWS), visible)
            left = gone(book, caller.member_id, view, known, said.covers)
            purged = []
            if after < entries.seq:
                purged = records.purged_between(book, after, entries.seq)
        return Spliced(
            Page,
            "entries",
            entries.texts,
            {
                "cursor": self._cursor(caller, entries.seq, view.version),
                "seq": entries.seq,
                "head": entries.head,
                "scope_version": view.version,
                "gone": [[entity, pk.hex] for entity, pk in left],
                "purged": [[entity, pk.hex] for entity, pk in purged],
            },
        )

    def _snapshot(self, caller: Caller, said: Snapshot) -> Spliced:
        with self._database.read(_for(caller)) as session:
            book = open_book(session, caller.practice_id)
            self._require_epoch(book, said.epoch)
            view = view_of(book, caller.member_id)
            snapshots = Snapshots(book, view)
            if said.after:
                place = self._unsealed(caller, said.after)
            else:
                place = snapshots.begin(self._clock.now().date())
            part = snapshots.part(place, min(said.rows, PULL_ROWS))
        return Spliced(
            SnapshotPart,
            "rows",
            part.texts,
            {
                "after": self._sealed(caller, part.after) if part.after else "",
                "cursor": self._cursor(caller, place.seq, place.version),
                "seq": place.seq,
                "done": part.place.done,
                "total": part.place.total,
                "useful": part.useful,
                "scope_version": place.version,
            },
        )

    def _rows(self, caller: Caller, said: Wanted) -> Spliced:
        with self._database.read(_for(caller)) as session:
            book = open_book(session, caller.practice_id)
            head = self._require_epoch(book, said.epoch)
            view = view_of(book, caller.member_id)
            texts = Snapshots(book, view).named(said.entity, said.ids)
        return Spliced(
            SnapshotPart,
            "rows",
            texts,
            {
                "after": "",
                "cursor": self._cursor(caller, head, view.version),
                "seq": head,
                "done": len(texts),
                "total": len(texts),
                "useful": True,
                "scope_version": view.version,
            },
        )

    def _digest(self, caller: Caller, said: Digest) -> messages.Digested:
        with self._database.read(_for(caller)) as session:
            book = open_book(session, caller.practice_id)
            self._require_epoch(book, said.epoch)
            return digest.digested(book, said, view_of(book, caller.member_id))

    def _lease(self, caller: Caller, said: Lease) -> Leased:
        for _attempt in range(3):
            # Two devices may begin the same series at once; the second finds it begun.
            with suppress(IntegrityError), self._database.write(_for(caller)) as session:
                book = open_book(session, caller.practice_id)
                return lease.lease(session, book, said, self._policy, self._clock.now())
        raise Busy

    # Where a device stands

    def _adjusts_roles(self, practice_id: UUID) -> bool:
        return self._entitled is not None and self._entitled.adjusts_roles(practice_id)

    def _require_epoch(self, book: Book, epoch: str) -> int:
        """Return where the log stands; raises ``Refused`` unless it is in that epoch."""
        stands = log.standing(book)
        if stands is None or not stands[1] == epoch == self._facts.epoch:
            raise Refused(Refusal.EPOCH)
        return stands[0]

    def _place(self, session: HostedSession, caller: Caller, text: str) -> tuple[int, int]:
        """Return the place in our log up to which the device has all, and its scope version."""
        if not text:
            return 0, 0
        try:
            place = cursor.read(text, self._facts.secret)
        except Forged:
            raise Refused(Refusal.BAD_CURSOR) from None
        if place.practice_id != caller.practice_id:
            raise Refused(Refusal.BAD_CURSOR)
        if place.epoch == self._facts.epoch:
            return place.seq, place.scope_version
        parted = epochs.ancestry(session).common(place.epoch)
        seq = place.seq if parted is None else min(place.seq, parted)
        return seq, place.scope_version

    def _cursor(self, caller: Caller, seq: int, version: int) -> str:
        place = Cursor(caller.practice_id, seq, version, self._facts.epoch)
        return cursor.write(place, self._facts.secret)

    def _sealed(self, caller: Caller, place: Place) -> str:
        text = f"{caller.practice_id.hex}{place.to_text()}"
        return cursor.seal(text.encode(), self._facts.secret)

    def _unsealed(self, caller: Caller, text: str) -> Place:
        try:
            said = cursor.unseal(text, self._facts.secret).decode()
        except (Forged, UnicodeDecodeError):
            raise Refused(Refusal.BAD_CURSOR) from None
        if not said.startswith(caller.practice_id.hex):
            raise Refused(Refusal.BAD_CURSOR)
        return Place.read(said[32:])


class Spliced:
    """An answer whose many parts are JSON text already."""

    def __init__(self, kind: Any, name: str, texts: list[str], rest: dict[str, Any]) -> None:
        self._kind = kind
        listed = ",".join(texts)
        self.body = f'{{"{name}":[{listed}],{to_text(rest)[1:]}'.encode()

    def read(self) -> Any:
        """Return it as a message."""
        return self._kind.read(wire.read(self.body))


def _for(caller: Caller) -> For:
    return For(caller.practice_id)
