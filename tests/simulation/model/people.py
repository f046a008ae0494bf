"""What people do at the computers of the model."""

from __future__ import annotations

from collections.abc import Callable

from tests.simulation.entities import (
    AMENDMENT,
    APPOINTMENT,
    CANCELED,
    COMPLETED,
    CONTACT,
    INBOX,
    INVOICE,
    LEDGER,
    NOTE,
    OPEN,
    PERSON,
    RESOLVED,
    Columns,
    Key,
    members,
    signature,
)
from tests.simulation.model.witness import Computer
from tests.simulation.model.world import CASES, World
from tests.simulation.model.writing import Change, Form
from tests.simulation.scenario import Step

Act = Callable[[World, Computer, Step], None]
Found = tuple[Key, str, Columns]


def find(world: World, computer: Computer, entity: str, pick: int) -> Found | None:
    """Return a living row that the person sees, or None."""
    known = world.keys.get(entity, [])
    for offset in range(min(3, len(known))):
        key, case = known[(pick + offset) % len(known)]
        columns = computer.client.shown(key)
        if columns is not None and not columns.get("deleted"):
            return key, case, columns
    return None


def sees(computer: Computer, case: str) -> bool:
    """Whether a computer's copy covers a case."""
    file = computer.client.file
    return file.cases is None or case in file.cases


# --- fields -------------------------------------------------------------------------------------


def change(entity: str, *groups: str) -> Act:
    """Return the act that changes one of some groups of a row."""

    def act(world: World, computer: Computer, step: Step) -> None:
        found = find(world, computer, entity, step.pick)
        if found is None:
            return
        key, case, _ = found
        group = groups[step.variant % len(groups)]
        value = world.word(group)
        columns: Columns = dict.fromkeys(members(group), value)
        world.save(computer, [Change(key, case, columns)])

    return act


def change_pronouns(world: World, computer: Computer, step: Step) -> None:
    """Only a program of version 2 has the field."""
    if computer.client.file.version > 1:
        change(PERSON, "pronouns")(world, computer, step)


def name_server_column(world: World, computer: Computer, step: Step) -> None:
    """A faulty client writes what only the server may, and a note in the same change set."""
    found, note = (find(world, computer, each, step.pick) for each in (PERSON, NOTE))
    if found is None or note is None or note[2].get("signed") or found[1] != note[1]:
        return
    client = computer.client
    busy = {each.key for each in client.file.outbox.values()}
    if client.editor is not None or not busy.isdisjoint({found[0], note[0]}):
        return
    changes = [
        Change(found[0], found[1], {"portal_email": world.word("forged")}),
        Change(note[0], note[1], {"text": world.word("text")}),
    ]
    world.save(computer, changes)
    world.history.places.pop((found[0], "portal_email"), None)


def open_form(world: World, computer: Computer, step: Step) -> None:
    """Read a row into a form; what is pulled meanwhile stays unseen."""
    found = find(world, computer, PERSON, step.pick)
    if found is not None:
        key, case, shown = found
        bases = {each: computer.client.base(key, each) for each in ("name", "address", "risk")}
        computer.client.form = Form(key, case, bases, dict(shown))


def save_form(world: World, computer: Computer, step: Step) -> None:
    """Save what the person changed in the open form."""
    form, computer.client.form = computer.client.form, None
    if form is None:
        return
    shown = computer.client.shown(form.key)
    if shown is None or shown.get("deleted"):
        return
    group = ("name", "address", "risk")[step.variant % 3]
    columns: Columns = dict.fromkeys(members(group), world.word(group))
    change_ = Change(form.key, form.case, columns, bases=form.bases)
    world.save(computer, [change_], [form.seen])


def add_client(world: World, computer: Computer, step: Step) -> None:
    """New growth: the one act that a lapsed entitlement may refuse."""
    case = CASES[step.pick % len(CASES)]
    if sees(computer, case) and not computer.client.refuses(PERSON, new=True):
        key = (PERSON, world.word("p"))
        columns: Columns = {
            "name": "?", "phone": "?", "risk": "?", "street": "?", "city": "?", "deleted": None
        }  # fmt: skip
        world.save(computer, [Change(key, case, columns, new=True)])
        world.knows(key, case)


def delete(*entities: str) -> Act:
    """Return the act that deletes a row."""

    def act(world: World, computer: Computer, step: Step) -> None:
        found = find(world, computer, entities[step.variant % len(entities)], step.pick)
        if found is not None and not found[2].get("signed") and not found[2].get("number"):
            world.save(computer, [Change(found[0], found[1], {"deleted": 1})])

    return act


# --- notes --------------------------------------------------------------------------------------


def begin_note(world: World, computer: Computer, step: Step) -> None:
    """Begin a note on a case."""
    case = CASES[step.pick % len(CASES)]
    if sees(computer, case):
        key = (NOTE, world.word("n"))
        columns: Columns = {"text": world.word("text"), "signed": None, "deleted": None}
        world.save(computer, [Change(key, case, columns, new=True)])
        world.knows(key, case)


def type_(world: World, computer: Computer, step: Step) -> None:
    """Type into a note: the one in focus for as long as there is one."""
    client = computer.client
    if client.editor is not None:
        shown = client.shown(client.editor.key)
        if shown is None or shown.get("deleted") or shown.get("signed"):
            client.editor = None
    if client.editor is None:
        found = find(world, computer, NOTE, step.pick)
        if found is None or found[2].get("signed"):
            return
        key, case = found[:2]
    else:
        key = client.editor.key
        case = next(each for known, each in world.keys[NOTE] if known == key)
    if world.is_refused(computer, key):
        return
    same = f"same{step.pick % 2}{key[1]}"
    text = same if step.variant % 8 == 0 else world.word("text")
    world.type(computer, key, case, text)


def leave_note(world: World, computer: Computer, step: Step) -> None:
    """The note loses the focus."""
    computer.client.editor = None


def sign(world: World, computer: Computer, step: Step) -> None:
    """Sign the text that the person sees."""
    client = computer.client
    found = find(world, computer, NOTE, step.pick)
    if found is None or found[2].get("signed"):
        return
    key, case, columns = found
    if world.is_refused(computer, key):
        return
    text = columns["text"]
    base = client.base(key, "text")
    if client.editor is not None and client.editor.key == key:
        text, base = client.editor.text, client.editor.base
        client.editor = None
    signed = signature(str(text), world.word("hash"))
    world.save(computer, [Change(key, case, {"signed": signed}, bases={"signed": base})])


def amend(world: World, computer: Computer, step: Step) -> None:
    """Add an amendment to a signed note."""
    found = find(world, computer, NOTE, step.pick)
    if found is not None and found[2].get("signed"):
        key = (AMENDMENT, world.word("m"))
        columns: Columns = {"note": found[0][1], "text": world.word("text")}
        world.save(computer, [Change(key, found[1], columns, new=True)])


# --- appointments and money ---------------------------------------------------------------------


def make_appointment(world: World, computer: Computer, step: Step) -> None:
    """Make an occurrence; its id comes from series and start, so two devices make the same."""
    case = CASES[step.pick % len(CASES)]
    key = (APPOINTMENT, f"a{case}{step.variant % 3}")
    if sees(computer, case) and computer.client.shown(key) is None:
        when = world.word("when")
        columns: Columns = {"start": when, "zone": when, "status": "SCHEDULED", "deleted": None}
        world.save(computer, [Change(key, case, columns, new=True)])
        if (key, case) not in world.keys[APPOINTMENT]:
            world.knows(key, case)


def hold_session(world: World, computer: Computer, step: Step) -> None:
    """Attend: the charge and the status are one change set."""
    found = find(world, computer, APPOINTMENT, step.pick)
    if found is None or not str(found[2].get("status")).startswith("SCHEDULED"):
        return
    key, case, _ = found
    charge: Columns = {"amount": world.mint(), "appointment": key[1]}
    changes = [
        Change((LEDGER, world.word("l")), case, charge, new=True),
        Change(key, case, {"status": COMPLETED}),
    ]
    world.save(computer, changes)


def cancel_session(world: World, computer: Computer, step: Step) -> None:
    """Cancel what is scheduled, or (rarely) what the person knows as held."""
    found = find(world, computer, APPOINTMENT, step.pick)
    if found is None:
        return
    status = str(found[2].get("status"))
    if status.startswith("SCHEDULED") or step.variant % 4 == 0:
        canceled = f"{CANCELED}#{world.mint()}"
        world.save(computer, [Change(found[0], found[1], {"status": canceled})])


def charge(world: World, computer: Computer, step: Step) -> None:
    """Add one ledger entry."""
    case = CASES[step.pick % len(CASES)]
    if sees(computer, case):
        key = (LEDGER, world.word("l"))
        world.save(computer, [Change(key, case, {"amount": world.mint()}, new=True)])


def transfer(world: World, computer: Computer, step: Step) -> None:
    """Two entries that only make sense together."""
    case = CASES[step.pick % len(CASES)]
    if sees(computer, case):
        pair, amount = world.word("pair"), world.mint()
        world.save(
            computer,
            [
                Change((LEDGER, world.word("l")), case, {"amount": each, "pair": pair}, new=True)
                for each in (amount, -amount)
            ],
        )


def draft_invoice(world: World, computer: Computer, step: Step) -> None:
    """A draft has no number."""
    case = CASES[step.pick % len(CASES)]
    if sees(computer, case):
        key = (INVOICE, world.word("i"))
        columns: Columns = {"title": world.word("title"), "number": None, "deleted": None}
        world.save(computer, [Change(key, case, columns, new=True)])
        world.knows(key, case)


def issue_invoice(world: World, computer: Computer, step: Step) -> None:
    """Give a number; from here on it is printed and can never be taken back."""
    found = find(world, computer, INVOICE, step.pick)
    if found is None or found[2].get("number"):
        return
    key, case, _ = found
    number = computer.client.number(_highest(computer))
    world.history.numbers[number].append(key)
    world.save(computer, [Change(key, case, {"number": number})])


def _highest(computer: Computer) -> int:
    client = computer.client
    numbers = [
        str((client.shown(key) or {}).get("number") or "")
        for key in {*client.file.rows, *(each.key for each in client.file.outbox.values())}
        if key[0] == INVOICE
    ]
    ends = [each.removeprefix("INV-") for each in numbers]
    return max((int(each) for each in ends if each.isdigit()), default=0)


# --- decisions ----------------------------------------------------------------------------------


def decide(world: World, computer: Computer, step: Step) -> None:
    """Answer a question of the inbox: keep this one, that one, or both."""
    client = computer.client
    waiting = [
        key
        for key, row in client.file.rows.items()
        if key[0] == INBOX and (client.shown(key) or {}).get("state") == OPEN
    ]
    if not waiting:
        return
    key = waiting[step.pick % len(waiting)]
    row = client.file.rows[key]
    columns = row.columns
    about = (str(columns["entity"]), str(columns["about"]))
    group, mine, theirs = str(columns["group"]), columns["mine"], columns["theirs"]
    changes = [Change(key, row.case, {"state": RESOLVED})]
    note = client.shown(about) if about[0] == NOTE and group == "text" else None
    if note is not None and not note.get("signed") and not note.get("deleted"):
        if client.editor is not None and client.editor.key == about:
            client.editor = None
        now = note.get("text")
        kept = (None, mine, world.word("both"))[step.variant % 3]
        if kept is not None and kept != now:
            changes.append(Change(about, row.case, {"text": kept}))
            world.history.wrote(about, "text", row.case, kept, mine, now)
    elif note is None and group == "text" and step.variant % 2:
        return
    world.save(computer, changes)
    world.put_aside(about, group, mine, theirs)


PEOPLE: dict[str, Act] = {
    "change a field": change(PERSON, "name", "phone"),
    "change an address": change(PERSON, "address"),
    "change a risk flag": change(PERSON, "risk"),
    "change pronouns": change_pronouns,
    "name a server column": name_server_column,
    "open a form": open_form,
    "save the form": save_form,
    "change a contact": change(CONTACT, "label", "phone"),
    "delete a contact": delete(CONTACT),
    "begin a note": begin_note,
    "type": type_,
    "leave the note": leave_note,
    "sign": sign,
    "amend": amend,
    "make an appointment": make_appointment,
    "move an appointment": change(APPOINTMENT, "when"),
    "hold a session": hold_session,
    "cancel a session": cancel_session,
    "charge": charge,
    "transfer": transfer,
    "draft an invoice": draft_invoice,
    "issue an invoice": issue_invoice,
    "delete": delete(PERSON, NOTE, APPOINTMENT, INVOICE),
    "add a client": add_client,
    "decide": decide,
}
