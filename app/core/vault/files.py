"""The file system's side of the vault: whole writes, and its errors in the person's words."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core.kernel.errors import DiskFull, FolderNotWritable, MachineError

DATABASE = "practice.db"
KEYS = "practice.keys"
LOCK = "practice.lock"

_FULL = {errno.ENOSPC, errno.EDQUOT}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def said_plainly(folder: Path) -> Iterator[None]:
    """Turn an ``OSError`` about ``folder`` into a sentence that says what to do."""
    try:
        yield
    except OSError as error:
        raise plain_error(error, folder) from error


def plain_error(error: OSError, folder: Path) -> MachineError:
    """Return the sentence for an ``OSError`` about ``folder``."""
    if error.errno in _FULL:
        return DiskFull("The disk is full: free some space, then try again. Nothing was lost.")
    if error.errno in _REFUSED:
        return FolderNotWritable(f"The folder {folder} cannot be written: choose another folder.")
    return MachineError(f"The folder {folder} cannot be used ({error.strerror}); choose another.")


def write_whole(path: Path, content: bytes) -> None:
    """Write ``path`` so that after a crash it holds the old or the new content, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` outlast a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
