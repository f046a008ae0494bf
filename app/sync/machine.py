"""What this computer runs, in the words that its owner knows it by."""

from __future__ import annotations

import functools
import platform


@functools.cache
def system_here() -> str:
    """Return name and version of the system: ``Windows 11``, ``macOS 15.1``, ``Ubuntu 24.04``.

    Where the system does not say its version, its name stands alone.
    """
    name = platform.system()
    if name == "Darwin":
        return f"macOS {platform.mac_ver()[0]}".strip()
    if name == "Windows":
        return f"Windows {platform.release()}".strip()
    try:
        said = platform.freedesktop_os_release()
    except OSError:
        return name
    version = said.get("VERSION_ID", "")
    return f"{said.get('NAME', name)} {version}".strip()
