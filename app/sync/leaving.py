"""A computer that was taken off the account hands over what only it has, before its copy goes.

Source: sync design, account: one route takes its unsent work, for the owner, and gives nothing
back. The same work is known again: whatever cuts this off, it begins anew at the next start.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.core.vault.attached import AttachedFiles, pieces_of
from app.sync import held, lives
from app.sync.engine import Engine
from app.sync.file import SideDoor, Slice
from app.sync.held import Load, Pieces
from app.sync.protocol.messages import FilePiece, Push
from app.sync.protocol.terms import Verb
from app.sync.transport import Transport


def hand_over(engine: Engine, side: SideDoor, files: AttachedFiles, transport: Transport) -> int:
    """Hand over files, papers and changes, the changes last; return how many change sets.

    Nothing may be written here after it. Raises ``Unreachable`` or ``Declined``.
    """
    epoch, life = side.slice(lambda part: (part.link().epoch, lives.present(part.connection).id))
    for piece in pieces_only_here(side, files):
        transport.ask(Verb.QUARANTINE, Push(epoch, life, (), more=True, pieces=(piece,)))
    return engine.hand_over()


def pieces_only_here(side: SideDoor, files: AttachedFiles) -> Iterator[FilePiece]:
    """Yield the encrypted pieces of what is here and not known to be in the account."""
    pieces = Pieces(files)
    for load in map(pieces.placed, side.slice(_loads)):
        if load.in_account or not load.here:
            continue
        count = pieces_of(load.file.size)
        for place in range(count):
            yield FilePiece(load.file.address, place, count, _sealed(side, pieces, load, place))


def _sealed(side: SideDoor, pieces: Pieces, load: Load, place: int) -> bytes:
    if not load.is_paper:
        return pieces.sealed(load, place)
    return side.slice(lambda part: pieces.sealed_of_paper(load, place, part))


def _loads(part: Slice) -> list[Load]:
    epoch = part.link().epoch
    files = held.attached(part, epoch, unconfirmed=True)
    return [*files, *held.papers(part, epoch, unconfirmed=True)]
