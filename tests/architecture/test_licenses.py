"""What ships may ship: see 0006-locked-with-hashes.md."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from tests.architecture.test_lock_files import requirements

FITTING = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation"
    r"|MPL|Mozilla|HPND|LGPL|Lesser|ZPL|zlib|Unlicense",
    re.IGNORECASE,
)
REFUSED = re.compile(r"AGPL|Affero|(?<!L)GPL(?!-[23][^ ]* WITH)|SSPL|Commons Clause")
#: What says too little or too much of itself, with what its license file says.
READ_BY_HAND = {
    "pyside6-essentials": "LGPL-3.0-only, by choice among the three it offers",
    "sqlcipher3": "zlib license; SQLCipher inside it is BSD",
    "shiboken6": "LGPL-3.0-only, by choice among the three it offers",
}


def license_of(package: Distribution) -> str:
    """Return everything a package's metadata says of its license."""
    metadata = package.metadata
    said = [*(metadata.get_all("License-Expression") or []), *(metadata.get_all("License") or [])]
    said += [row for row in metadata.get_all("Classifier") or [] if row.startswith("License ::")]
    # Some put the whole text there; its first line names the license.
    return " · ".join(words.strip().splitlines()[0] for words in said if words.strip())


def test_every_shipped_license_fits() -> None:
    unfit = {}
    for line in requirements("requirements.lock"):
        name = line.partition("==")[0]
        try:
            words = READ_BY_HAND.get(name) or license_of(distribution(name))
        except PackageNotFoundError:
            continue  # for another system
        if REFUSED.search(words) or not FITTING.search(words):
            unfit[name] = words
    assert unfit == {}
