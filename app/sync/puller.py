"""Brings the server's log into the file: page by page, slice by slice, the cursor last."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.sync import lives, papers, state
from app.sync.ahead import Ahead
from app.sync.applying import Incoming
from app.sync.deferring import SOON, take_out
from app.sync.file import LocalFile, Slice
from app.sync.forms import form_of, forms
from app.sync.guard import Consent
from app.sync.papers import PapersFirst
from app.sync.protocol.messages import Page, Pull
from app.sync.protocol.records import Entry
from app.sync.protocol.terms import Verb
from app.sync.state import COVERED, Link
from app.sync.transport import Transport, Trouble, Unreachable

#: Rows that are found by words cost about as much as two others.
SLICE_COST, FOUND_COST = 450, 2
_NOBODY = UUID(int=0)


@dataclass(slots=True)
class _Fetched:
    """A page on its way into the file."""

    page: Page
    slices: deque[Sequence[Entry]] = field(default_factory=deque)


class Puller:
    """Asks for pages and writes them down."""

    def __init__(
        self, file: LocalFile, transport: Transport, ahead: Ahead, consent: Consent
    ) -> None:
        self._file = file
        self._transport = transport
        self._ahead = ahead
        self._consent = consent
        self._fetched: _Fetched | None = None
        self.head = 0
        self.uploaded: datetime | None = None
        """When the last upload was, to be stored with the page that brings its echo."""

    @property
    def busy(self) -> bool:
        """Whether a page is only partly in the file."""
        return self._fetched is not None

    def forget(self) -> None:
        """Drop a page that is not yet in the file; it is asked for again."""
        self._fetched = None

    def fetch(self, link: Link) -> Page:
        """Ask for the page after the cursor.

        Raises ``Unreachable``, ``Declined``, or ``MuchRemoved`` before any of it is applied.
        """
        covers = self._covers(link)
        page = self._ahead.take(
            link.cursor, lambda: self._ask(link.epoch, link.told_cursor, covers)
        )
        check(page, link)
        self.head = max(self.head, page.head)
        self._consent.require_for_page(page)
        self._fetched = _Fetched(page, deque(cut(page.entries)))
        if page.seq < page.head and page.cursor != link.cursor:
            self._ahead.prepare(page.cursor, lambda: self._ask(link.epoch, page.cursor, covers))
        return page

    def apply(self, now: datetime) -> int:
        """Write the next slice down; with the last one also the cursor. Return its rows.

        Raises ``PapersFirst``; the page is dropped and asked for again.
        """
        fetched = self._fetched
        if fetched is None:
            return 0
        entries = fetched.slices.popleft() if fetched.slices else ()
        last = not fetched.slices
        try:
            self._write(fetched.page, entries, now, last=last)
        except BaseException:
            self.forget()
            raise
        if last:
            self._fetched = None
            self._consent.used()
        return len(entries)

    def _ask(self, epoch: str, cursor: str, covers: tuple[UUID, ...] | None = None) -> Page:
        page: Page = self._transport.ask(Verb.PULL, Pull(epoch, cursor, covers=covers))
        return page

    def _covers(self, link: Link) -> tuple[UUID, ...] | None:
        """Return the cases in the file, where its scope version says nothing any more."""
        if link.scope_version != COVERED:
            return None
        return self._file.slice(
            lambda part: tuple(
                UUID(bytes=pk)
                for (pk,) in part.connection.execute(
                    "SELECT id FROM care_case WHERE practice_id = ?",
                    (part.session.practice_id.bytes,),
                )
            )
        )

    def _write(self, page: Page, entries: Sequence[Entry], now: datetime, *, last: bool) -> None:
        def run(part: Slice, *, careful: bool) -> None:
            if last and page.purged and papers.are_unsent(part.outbox):
                raise PapersFirst
            lives.recognize(part.connection, part.outbox, entries)
            coming = [_incoming(entry) for entry in entries]
            part.told(part.applier().apply(coming, careful=careful))
            if last:
                self._end(part, page, now)

        try:
            self._file.slice(lambda part: run(part, careful=False))
        except IntegrityError:
            # A parent is not there: what hangs on it waits, all else goes in.
            self._file.slice(lambda part: run(part, careful=True))

    def _end(self, part: Slice, page: Page, now: datetime) -> None:
        if page.gone:
            part.told(part.remover().hide(page.gone))
        if page.purged:
            part.told(part.remover().purge(page.purged))
        if part.deferrals.soon:
            try_again(part)
        passed = [each for each in part.outbox.acked() if 0 < each.echo_seq <= page.seq]
        if passed:
            part.told(part.applier().settle(passed))
        self._advance(part, page, now)

    def _advance(self, part: Slice, page: Page, now: datetime) -> None:
        """Store the cursor, in the transaction of the page's last slice."""
        link = part.link()
        state.change(
            part.connection,
            link,
            cursor=page.cursor,
            cursor_seq=page.seq,
            last_download=now,
            last_upload=self.uploaded or link.last_upload,
        )


def check(page: Page, link: Link) -> None:
    """Raise ``Unreachable`` for a page that cannot follow the cursor of ``link``."""
    seqs = [entry.seq for entry in page.entries]
    in_order = all(first <= second for first, second in pairwise(seqs))
    within = not seqs or (link.cursor_seq < seqs[0] and seqs[-1] <= page.seq)
    if not page.cursor or page.seq < link.cursor_seq or page.head < page.seq:
        raise Unreachable(Trouble.BROKEN, "the page does not follow the cursor")
    if not in_order or not within:
        raise Unreachable(Trouble.BROKEN, "the entries of the page are not in order")


def cut(entries: Sequence[Entry]) -> list[Sequence[Entry]]:
    """Cut a page into slices of bounded cost; a change set is never cut."""
    slices: list[Sequence[Entry]] = []
    begun = cost = 0
    for at, entry in enumerate(entries):
        if at > begun and cost >= SLICE_COST and entry.change_set != entries[at - 1].change_set:
            slices.append(entries[begun:at])
            begun, cost = at, 0
        cost += cost_of(entry.entity)
    if begun < len(entries):
        slices.append(entries[begun:])
    return slices


def cost_of(entity: str) -> int:
    """Return what writing one row costs, in rows that no words find."""
    form = form_of(entity)
    return FOUND_COST if form is not None and form.kind.__search__ is not None else 1


def try_again(part: Slice, reasons: Iterable[str] = SOON) -> None:
    """Take in what was kept aside, as far as it is understood now."""
    again = take_out(part.connection, reasons, [form.entity for form in forms()])
    part.deferrals.load(part.connection)
    coming = [
        Incoming(e.seq, e.entity, UUID(bytes=e.pk), e.columns, makes=e.reason != "row")
        for e in again
    ]
    part.told(part.applier().apply(coming, anew=True, careful=True))


def _incoming(entry: Entry) -> Incoming:
    operation = b"" if entry.operation == _NOBODY else entry.operation.bytes
    return Incoming(entry.version, entry.entity, entry.pk, entry.columns, operation, entry.is_new)
