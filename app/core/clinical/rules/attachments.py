"""Files attached to a client or a note: their size, their names, their kinds."""

from __future__ import annotations

import mimetypes
import unicodedata

from app.core.kernel.errors import UserError
from app.core.kernel.text import clean_line

#: The largest file, in bytes (product: *Clinical record*).
LARGEST = 50 * 1024 * 1024
_NAME_LENGTH = 200
_UNKNOWN = "application/octet-stream"


def check_name(name: str) -> str:
    """Return a file's name as kept: one line, without folders and invisible characters.

    Raises ``UserError`` (field ``file``) for a name in which nothing is left.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    cleaned = clean_line(visible[-_NAME_LENGTH:], field="file").strip(". ")
    if not cleaned:
        raise UserError("This file has no name: give it one, then attach it.", field="file")
    return cleaned


def check_size(size: int) -> int:
    """Return the size in bytes; raises ``UserError`` for an empty file or one over 50 MB."""
    if size == 0:
        raise UserError("This file is empty: choose another one.", field="file")
    if size > LARGEST:
        raise UserError(
            f"This file has {size_words(size)}; up to {size_words(LARGEST)} can be attached.",
            field="file",
        )
    return size


def media_type(name: str) -> str:
    """Return the media type that a file's ending stands for."""
    return mimetypes.guess_type(name)[0] or _UNKNOWN


def size_words(size: int) -> str:
    """Return a size as people say it: ``820 KB``, ``4.2 MB``."""
    if size < 1024:
        return f"{size} bytes"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0") + " MB"
