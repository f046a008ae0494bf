"""How the server merges one operation into one row: the merge rules of the page, pure.

What is contested is decided by history (who had seen what); stamps only break ties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.simulation.entities import (
    APPEND_ONLY,
    CANCELED,
    CLINICAL,
    COMPLETED,
    INBOX,
    SENSITIVE,
    Columns,
    Key,
    Value,
    group_of,
    members,
    signed_text,
)
from tests.simulation.model.messages import Entry, Finding, Operation, Versions


@dataclass(slots=True)
class Meeting:
    """An operation and the row that it meets.

    ``later`` are the row's entries since the version that the writer saw, oldest first, each with
    whether the writer knows it: own ones, and what an earlier epoch had shown. ``stamp`` is the
    operation's, already clamped to the server's time.
    """

    operation: Operation
    incarnation: str
    stamp: int
    columns: Columns
    later: list[tuple[Entry, bool]]
    has_evidence: bool
    bug: str
    untouched: frozenset[str] = frozenset()
    """Groups of a restated row that have the value which both histories share: no edits."""
    versions: Versions = field(default_factory=dict)
    """As of which version of an ended epoch each group stands that the operation states."""
    won: Columns = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    rivals: dict[str, Entry] = field(default_factory=dict)
    stated: set[str] = field(default_factory=set)
    """Groups that were stated again since, unseen: what is in doubt may be in them already."""

    def __post_init__(self) -> None:
        """Find the unseen writer of each group's value; who knows the value has no rival.

        An unseen edit that an own one has beaten already is no rival of the next own one, whatever
        the clock says by then.
        """
        texts = {self.operation.replaced.get("text")}
        for entry, is_known in self.later:
            text = entry.columns.get("text")
            if entry.full and not is_known:
                self.stated.update(each for each in entry.won if self.may_hold(entry, each))
            for group in entry.won:
                if (
                    is_known
                    or self.is_replaced(entry, group)
                    or (group == "text" and text in texts)
                ):
                    if self.bug != "beaten_rivals_return":
                        self.rivals.pop(group, None)
                else:
                    self.rivals[group] = entry
            if is_known and "text" in entry.won:
                texts.add(text)

    def may_hold(self, entry: Entry, group: str) -> bool:
        """Whether what is in doubt may be in a restated row: not where that one is earlier."""
        version, stated = self.versions.get(group), entry.stated.get(group)
        if not version or not stated or self.bug == "restated_under_one_version":
            return True
        return stated > version

    def is_replaced(self, entry: Entry, group: str) -> bool:
        """Whether a restated row holds of a group just what this operation's writer replaced.

        A restated row names one version for all its columns; that one was late for this group.
        """
        replaced = self.operation.replaced
        columns = [column for column in members(group) if column in replaced]
        if not entry.full or not columns or self.bug == "restated_values_unknown":
            return False
        return all(entry.columns.get(column) == replaced[column] for column in columns)

    def beats(self, rival: Entry, mine: str, theirs: Iterable[str] = ()) -> bool:
        """Whether this operation's stamp wins the tie of its group with one or some of the rival's.

        Of two statements the later version of the group wins, which an epoch that a restore undid
        may have had from one before it: the row as a whole is younger there.

        What an earlier epoch may have accepted already may be in what was stated of it, and seen
        by whoever wrote over that.
        """
        was, version = self.operation.was, self.versions.get(mine)
        met = [rival.stated[each] for each in theirs or [mine] if each in rival.stated]
        tells = bool(met) and self.bug != "restated_under_one_version"
        if self.bug != "in_doubt_beats_restated":
            if self.operation.in_doubt and not self.stated.isdisjoint(rival.won):
                return False
            if self.operation.full and rival.in_doubt:
                return not tells or version is None or version > max(met)
        if was and rival.was and was.epoch == rival.was.epoch:
            return was.seq > rival.was.seq
        if tells and version and not self.operation.in_doubt and not rival.in_doubt:
            return version > max(met)
        return (self.stamp, self.incarnation) > (rival.hlc, rival.incarnation)

    def find(self, name: str, reason: str, group: str, mine: Value, theirs: Value) -> None:
        """Put something before a person."""
        key = self.operation.key
        self.findings.append(Finding(f"{key[1]}/{name}", reason, key, group, mine, theirs))

    @property
    def branch(self) -> str:
        """What this operation's text goes on from: one head for each such branch.

        A device that saw the winner and is beaten again later has begun another branch, whose
        text must not replace the first loser. So the device alone is no key.
        """
        operation = self.operation
        if operation.full and operation.was:
            return f"restated/{operation.was.epoch}"
        if self.bug == "one_head_per_device":
            return self.incarnation
        return f"{self.incarnation}/{operation.base.epoch}.{operation.base.seq}"


def merge(meeting: Meeting) -> None:
    """Fill ``won`` and ``findings`` of a meeting with an existing row."""
    entity = meeting.operation.key[0]
    if entity in APPEND_ONLY:
        return
    if not meeting.rivals and entity != "note" and not meeting.operation.full:
        meeting.won.update(meeting.operation.columns)
        if "number" in meeting.won:
            del meeting.won["number"]
            _number(meeting, "number", {"number": meeting.operation.columns["number"]})
        return
    groups: dict[str, Columns] = {}
    for column, value in meeting.operation.columns.items():
        groups.setdefault(group_of(column), {})[column] = value
    for group in meeting.untouched:
        groups.pop(group, None)
    if "signed" in groups:
        _sign(meeting, "signed", groups.pop("signed"))
    for group, columns in groups.items():
        _RULES.get(group, _field)(meeting, group, columns)
    _revive(meeting)
    _reopen(meeting)
    _keep_both(meeting)


def _field(meeting: Meeting, group: str, columns: Columns) -> None:
    """Last writer wins, the group as one; equal values collapse."""
    rival = meeting.rivals.get(group)
    current = {column: meeting.columns.get(column) for column in columns}
    if rival is None or current == columns:
        # Equal values collapse, and still count as written: later unseen edits meet them.
        meeting.won.update(columns)
    else:
        if group in SENSITIVE:
            column = members(group)[0]
            name = f"{group}/{meeting.operation.id}"
            meeting.find(name, "sensitive", group, columns[column], current[column])
        if meeting.beats(rival, group):
            meeting.won.update(columns)


def _text(meeting: Meeting, group: str, columns: Columns) -> None:
    """A draft is never overwritten by a text whose writer had not seen it."""
    text, signed = columns["text"], meeting.won.get("signed", meeting.columns.get("signed"))
    if signed:
        if text != signed_text(signed):
            meeting.find(meeting.branch, "late revision", group, text, signed)
    elif "text" not in meeting.rivals or text == meeting.columns.get("text"):
        # Identical texts collapse; the writer now knows the text that stands.
        meeting.won["text"] = text
    elif meeting.bug == "last_writer_wins_notes":
        _field(meeting, group, columns)
    else:
        meeting.find(meeting.branch, "two texts", group, text, meeting.columns.get("text"))


def _sign(meeting: Meeting, group: str, columns: Columns) -> None:
    """A signature beats unseen drafts and yields to an earlier signature; both stay."""
    signed, before = columns["signed"], meeting.columns.get("signed")
    if signed is None or signed == before:
        return
    if before and meeting.bug != "second_signature_replaces":
        meeting.find(f"signed/{meeting.operation.id}", "second signature", group, signed, before)
        return
    text, drafted = signed_text(signed), meeting.columns.get("text")
    meeting.won["signed"] = signed
    if drafted != text:
        meeting.won["text"] = text
        rival = meeting.rivals.get("text")
        if rival is not None:
            meeting.find(f"unseen/{rival.operation}", "late revision", "text", drafted, signed)


def _status(meeting: Meeting, group: str, columns: Columns) -> None:
    """COMPLETED with a charge beats any unseen status; against CANCELED both are shown."""
    rival = meeting.rivals.get(group)
    mine, theirs = str(columns["status"]), str(meeting.columns.get("status"))
    ties = meeting.bug == "later_status_wins"
    if rival is None or mine == theirs or not meeting.has_evidence or ties:
        _field(meeting, group, columns)
    elif COMPLETED in {mine, theirs}:
        if mine.startswith(CANCELED) or theirs.startswith(CANCELED):
            meeting.find(f"status/{meeting.operation.id}", "held or canceled", group, mine, theirs)
        if mine == COMPLETED:
            meeting.won.update(columns)
    else:
        _field(meeting, group, columns)


def _number(meeting: Meeting, group: str, columns: Columns) -> None:
    """A number that was given stays; a second one for the same draft is shown and never used."""
    given, before = columns["number"], meeting.columns.get("number")
    if before is None:
        meeting.won.update(columns)
    elif given is not None and given != before:
        meeting.find(f"number/{meeting.operation.id}", "numbered twice", group, given, before)


def _state(meeting: Meeting, group: str, columns: Columns) -> None:
    """A decision counts only for what the person saw: any unseen change of its row stops it."""
    if meeting.bug == "decided_unseen":
        meeting.won.update(columns)


def _delete(meeting: Meeting, group: str, columns: Columns) -> None:
    """An unseen edit beats the delete of a clinical row; elsewhere the later one wins."""
    if not columns["deleted"]:
        if group not in meeting.rivals:
            meeting.won.update(columns)
        return
    edits = [
        entry
        for entry, is_known in meeting.later
        if not is_known and any(each != group for each in entry.won)
    ]
    if not edits or meeting.bug == "deletes_win":
        meeting.won.update(columns)
    elif meeting.operation.key[0] in CLINICAL:
        name = f"deleted/{meeting.operation.id}"
        meeting.find(name, "deleted and changed", group, "deleted", "changed")
    elif all(meeting.beats(entry, group, entry.won) for entry in edits):
        meeting.won.update(columns)


def _revive(meeting: Meeting) -> None:
    """Bring back what another device deleted while this one, not knowing it, wrote."""
    rival = meeting.rivals.get("deleted")
    edited = any(column != "deleted" for column in meeting.operation.columns)
    if rival is None or not edited or not meeting.columns.get("deleted"):
        return
    if meeting.won.get("deleted") or meeting.operation.columns.get("deleted"):
        return
    if meeting.operation.key[0] in CLINICAL:
        meeting.won["deleted"] = None
        name = f"deleted/{meeting.operation.id}"
        meeting.find(name, "deleted and changed", "deleted", "changed", "deleted")
    elif meeting.beats(rival, "deleted"):
        meeting.won["deleted"] = None


def _reopen(meeting: Meeting) -> None:
    """A later text restated into a decided question opens it again: nobody decided about that."""
    won = meeting.won
    if meeting.operation.key[0] == INBOX and won.get("mine") not in {None, meeting.columns["mine"]}:
        # What states only what came since has the state of what it stated before.
        won["state"] = meeting.operation.columns.get("state", meeting.columns["state"])


def _keep_both(meeting: Meeting) -> None:
    """Where a question is stated again over one made anew, both sides' words stay.

    Both have one key: a file that was set back gives rise to its question a second time.
    """
    operation, before = meeting.operation, meeting.columns
    anew = any(not is_known for _, is_known in meeting.later)
    if operation.key[0] == INBOX and operation.full and anew:
        now = {**before, **meeting.won}
        for version in (before, {**before, **operation.columns}):
            meeting.findings += fallen(operation.key, version, now, meeting.bug)


def fallen(question: Key, version: Columns, now: Columns, bug: str) -> list[Finding]:
    """Return what falls of a version of a question as one of its own, decided or not as it was."""
    words = version["mine"]
    if words in {now["mine"], now["theirs"]} or bug == "stated_questions_fall":
        return []
    about = (str(version["entity"]), str(version["about"]))
    reason, group, state = (str(version[name]) for name in ("reason", "group", "state"))
    name = f"{question[1]}/{words}"
    return [Finding(name, reason, about, group, words, version["theirs"], state)]


_RULES: dict[str, Callable[[Meeting, str, Columns], None]] = {
    "text": _text,
    "status": _status,
    "number": _number,
    "state": _state,
    "deleted": _delete,
}
