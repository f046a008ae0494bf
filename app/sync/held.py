"""Which files and papers the rows of this practice speak of, and where their bytes lie.

The row travels first: only a file whose row the account has confirmed goes up, and whose row has
come is asked for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from uuid import UUID

from app.core.kernel.changes import Changes
from app.core.kernel.errors import NotOurFile
from app.core.store.ports import StoredFile
from app.core.vault.attached import PIECE, AttachedFiles, opened_piece, pieces_of, sealed_piece
from app.core.vault.papers import PAPERS, PaperTable
from app.sync.file import Slice
from app.sync.protocol.papers import paper_address, paper_key

_CONFIRMED = {False: "row_seq > 0", True: "row_seq >= 0"}
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Load:
    """Bytes that a row speaks of.

    ``name`` is the address of an attached file, the SHA-256 of a paper; ``size`` of ``file`` is
    0 for a paper that is not here, its number of pieces is the account's to say.
    """

    name: str
    record: UUID
    area: str
    file: StoredFile
    is_paper: bool
    in_account: bool
    here: bool

    @property
    def changes(self) -> Changes:
        """What open screens show anew when the bytes have come."""
        return Changes(frozenset({self.area}), frozenset({self.record}))


def attached(part: Slice, epoch: str, *, unconfirmed: bool = False) -> list[Load]:
    """Return every attached file that is not removed, newest first; ``here`` is still open.

    With ``unconfirmed`` also those whose row is still on its way.
    """
    found = part.connection.execute(
        "SELECT a.address, a.id, a.key, a.size, f.name IS NOT NULL FROM attachment a "
        "LEFT JOIN file_in_account f ON f.name = a.address AND f.epoch = ? "
        f"WHERE a.practice_id = ? AND a.deleted_at IS NULL AND {_CONFIRMED[unconfirmed]} "
        "ORDER BY a.added_at DESC",
        (epoch, part.session.practice_id.bytes),
    )
    return [
        Load(
            name=address,
            record=UUID(bytes=record),
            area="clinical",
            file=StoredFile(address, key, size),
            is_paper=False,
            in_account=bool(known),
            here=False,
        )
        for address, record, key, size, known in found
        if _DIGEST.fullmatch(address) and len(key) == 32
    ]


def papers(part: Slice, epoch: str, *, unconfirmed: bool = False) -> list[Load]:
    """Return the papers that are not both here and in the account; see ``attached``."""
    loads: list[Load] = []
    for table in PAPERS:
        found = part.connection.execute(
            "SELECT r.paper_hash, r.id, f.name IS NOT NULL, "
            "(SELECT length(content) FROM paper_bytes p WHERE p.digest = r.paper_hash) "
            f"FROM {table} r "
            "LEFT JOIN file_in_account f ON f.name = r.paper_hash AND f.epoch = ? "
            f"WHERE r.practice_id = ? AND r.deleted_at IS NULL AND {_CONFIRMED[unconfirmed]} "
            "AND (f.name IS NULL OR NOT EXISTS "
            "(SELECT 1 FROM paper_bytes p WHERE p.digest = r.paper_hash)) "
            "ORDER BY r.issued_at DESC",
            (epoch, part.session.practice_id.bytes),
        )
        loads += [
            Load(
                name=digest,
                record=UUID(bytes=record),
                area="billing",
                file=StoredFile(paper_address(digest), paper_key(digest), size or 0),
                is_paper=True,
                in_account=bool(known),
                here=size is not None,
            )
            for digest, record, known, size in found
            if _DIGEST.fullmatch(digest)
        ]
    return loads


def known_names(part: Slice) -> set[str]:
    """Return the addresses of all attached files, removed ones included: they can be undone."""
    found = part.connection.execute(
        "SELECT DISTINCT address FROM attachment WHERE practice_id = ?",
        (part.session.practice_id.bytes,),
    )
    return {address for (address,) in found}


def any_unconfirmed(part: Slice) -> bool:
    """Return whether a row that speaks of bytes is still on its way to the account."""
    return any(
        part.connection.execute(
            f"SELECT 1 FROM {table} WHERE practice_id = ? AND row_seq = 0 LIMIT 1",
            (part.session.practice_id.bytes,),
        ).fetchone()
        for table in ("attachment", *PAPERS)
    )


def keep_known(part: Slice, load: Load, epoch: str) -> None:
    """Remember that the account holds the bytes of ``load``."""
    part.connection.execute(
        "INSERT OR REPLACE INTO file_in_account (name, epoch) VALUES (?, ?)", (load.name, epoch)
    )


def forget_known(part: Slice, names: Iterable[str]) -> None:
    """Forget what the account held of files that were purged."""
    part.connection.executemany(
        "DELETE FROM file_in_account WHERE name = ?", [(name,) for name in names]
    )


def forget_doubted(part: Slice, addresses: AbstractSet[str]) -> bool:
    """Forget that the account holds these; return whether it was known to hold any."""
    known = part.connection.execute("SELECT name FROM file_in_account").fetchall()
    # A paper is known by its own hash, and lies there under another name.
    lost = [name for (name,) in known if not addresses.isdisjoint((name, paper_address(name)))]
    forget_known(part, lost)
    return bool(lost)


class Pieces:
    """The encrypted pieces of loads as they lie on this computer.

    Pieces of a paper on its way wait in a folder of their own until it is whole.
    """

    def __init__(self, files: AttachedFiles) -> None:
        self._files = files
        self._coming = AttachedFiles(files.folder.parent, "papers-coming")

    def placed(self, load: Load) -> Load:
        """Return ``load`` with ``here`` as the folder says."""
        if load.is_paper:
            return load
        return replace(load, here=self._files.has(load.file.address, load.file.size))

    def missing(self, load: Load, count: int) -> list[int]:
        """Return the places of the pieces that have not come yet."""
        return self._of(load).missing(load.file.address, count)

    def sealed(self, load: Load, place: int) -> bytes:
        """Return an encrypted piece of a file that is here."""
        return self._files.sealed(load.file.address, place)

    def sealed_of_paper(self, load: Load, place: int, part: Slice) -> bytes:
        """Return a piece of a paper that is here, encrypted for its way."""
        content = PaperTable(part.session).get(load.name)
        piece = content[place * PIECE : (place + 1) * PIECE]
        return sealed_piece(load.file, place, pieces_of(len(content)), piece)

    def take(self, load: Load, place: int, count: int, sealed: bytes) -> None:
        """Keep a piece that came; raises ``NotOurFile`` for any other bytes than the file's."""
        opened_piece(load.file, place, count, sealed)
        self._of(load).keep_piece(load.file.address, place, sealed)

    def whole(self, load: Load, count: int) -> bytes:
        """Return the content of a paper that came, and prove that of a file, which stays encrypted.

        Raises ``NotOurFile`` when the pieces together are not what the row names; then none stays.
        """
        try:
            return self._paper(load, count) if load.is_paper else self._proved(load)
        except NotOurFile:
            self.forget(load)
            raise

    def _paper(self, load: Load, count: int) -> bytes:
        address = load.file.address
        content = b"".join(
            opened_piece(load.file, place, count, self._coming.sealed(address, place))
            for place in range(count)
        )
        if hashlib.sha256(content).hexdigest() != load.name:
            raise NotOurFile("The pieces of a paper are not what its row names.")
        return content

    def _proved(self, load: Load) -> bytes:
        for _piece in self._files.read(load.file):
            pass
        return b""

    def forget(self, load: Load) -> None:
        """Let go of the pieces of ``load``."""
        self._of(load).forget(load.file.address)

    def purge(self, addresses: Iterable[str]) -> None:
        """Let go of files whose rows were purged."""
        for address in addresses:
            self._files.forget(address)

    def _of(self, load: Load) -> AttachedFiles:
        return self._coming if load.is_paper else self._files
