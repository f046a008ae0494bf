"""The two kinds of expected errors; everything else is a bug of ours."""

from __future__ import annotations


class UserError(Exception):
    """What the person can mend.

    ``sentence`` is one plain sentence that says what to do. ``field`` names the form field
    (and the command-line option) that it is about, e.g. ``"birth_date"``. ``record`` names the
    record where that field stands when it is not the one at hand, as ``(kind, id as text)``.
    """

    def __init__(
        self,
        sentence: str,
        *,
        field: str | None = None,
        record: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.record = record


class NotAllowed(UserError):
    """The member's role does not grant this act."""


class PlanRefuses(UserError):
    """The practice's plan, as its signed document says, does not allow this act now."""


class NotFound(UserError):
    """No record of that id or name is visible to this member."""


class NotHereYet(NotFound):
    """The record is here, its content is still to come from another computer."""


class ChangedSince(UserError):
    """The record changed after the person saw it, so that the act would overwrite something."""


class NotWhole(UserError):
    """This computer and its account do not hold the same yet; the act may be done all the same."""


class MachineError(Exception):
    """What the machine lacks: a disk with room, the right key, a file nobody else holds.

    ``sentence`` is one plain sentence for the person.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class WrongPassphrase(MachineError):
    """Neither the passphrase nor the recovery key opens this file."""


class FileInUse(MachineError):
    """Another copy of the program holds the file."""


class NotOurFile(MachineError):
    """The file is not a practice file, or is damaged."""


class NewerFile(MachineError):
    """The file was written by a newer version of the program."""


class DiskFull(MachineError):
    """There is no room left to write."""


class FolderNotWritable(MachineError):
    """The folder cannot be written."""
