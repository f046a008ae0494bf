"""A member with own cases only sees these, and what changes hands comes and goes."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from app.sync.protocol.messages import Digest, Wanted
from app.sync.protocol.terms import Verb
from tests.hosted.worlds import CLIENT, MEMBER, NOTE, PRACTICE, Computer, Server

DRAFT = {"format": "SOAP", "revision": 2}
AMENDMENT = {"text": "secret 3"}
FILE = {
    "name": "form.pdf",
    "media_type": "application/pdf",
    "size": 9,
    "address": "ab",
    "key": "AAAA",
    "added_at": "2026-11-19T19:00:00+00:00",
}


class Group:
    """An owner, and an associate with one case of her own."""

    def __init__(self, server: Server) -> None:
        practice = server.practice()
        self.owner = server.computer(practice, "Owner", uuid4())
        owner_id = self.owner.caller.member_id
        self.owner.add("member", MEMBER, owner_id)
        self.owner.add("practice", PRACTICE, practice)
        self.associate_id = uuid4()
        self.owner.add("member", {"given": "Kim", "role": "ASSOCIATE"}, self.associate_id)
        self.hers = self.case("Hers", self.associate_id)
        self.other = self.case("Other", owner_id)
        self.associate = server.computer(practice, "Kim", self.associate_id)

    def case(self, name: str, provider: UUID) -> dict[str, UUID]:
        """Make a client with a case and a note."""
        add = self.owner.add
        client = add("client", {**CLIENT, "legal_family": name})
        case = add("care_case", {"kind": "INDIVIDUAL", "provider_id": provider.hex})
        add("case_participant", {"case_id": case.hex, "client_id": client.hex})
        email = add("client_email", {"client_id": client.hex, "address": f"{name}@b.c"})
        author = self.owner.caller.member_id.hex
        said = {**NOTE, "case_id": case.hex, "author_id": author, "sections": {"plan": name}}
        return {
            "client": client,
            "care_case": case,
            "client_email": email,
            "note": add("note", said),
        }


@pytest.fixture
def group(server: Server) -> Group:
    """A practice of two members."""
    return Group(server)


def seen(computer: Computer) -> set[UUID]:
    """Return the ids of a snapshot."""
    return {row.pk for row in computer.snapshot()}


def test_of_clinical_records_only_ones_own_are_given(group: Group) -> None:
    associate = group.associate
    associate.pull()
    pulled = {pk for _, pk in associate.rows}
    assert pulled == seen(associate)
    assert set(group.hers.values()) <= pulled
    assert not set(group.other.values()) & pulled
    assert associate.caller.practice_id in pulled
    assert "Other" not in str(associate.rows)
    rows = associate.ask(Verb.ROWS, Wanted(associate.epoch, "note", tuple(group.other.values())))
    assert rows.rows == ()
    names = ("legal_family",)
    sums = [each.ask(Verb.DIGEST, Digest(each.epoch, "client", names)).sums
            for each in (associate, group.owner)]  # fmt: skip
    assert sums[0] != sums[1]
    assert set(group.other.values()) <= seen(group.owner)


def test_a_case_that_is_given_comes_and_one_that_is_taken_goes(group: Group) -> None:
    associate, owner = group.associate, group.owner
    associate.pull()
    version = associate.page().scope_version
    owner.change("care_case", group.other["care_case"], provider_id=group.associate_id.hex)
    page = associate.page()
    assert page.scope_version > version
    assert page.gone == ()
    assert set(group.other.values()) <= seen(associate)
    associate.pull()
    owner.pull()
    owner.change("care_case", group.other["care_case"], provider_id=owner.caller.member_id.hex)
    page = associate.page()
    assert set(group.other.values()) <= {pk for _, pk in page.gone}
    assert not set(group.hers.values()) & {pk for _, pk in page.gone}
    assert not set(group.other.values()) & seen(associate)
    associate.pull()
    assert associate.page().gone == ()


def test_a_person_shared_with_ones_own_case_stays(group: Group) -> None:
    associate, owner = group.associate, group.owner
    shared = {"case_id": group.hers["care_case"].hex, "client_id": group.other["client"].hex}
    version = associate.hello().scope_version
    owner.add("case_participant", shared)
    assert associate.hello().scope_version > version
    assert group.other["client"] in seen(associate)
    assert group.other["note"] not in seen(associate)


def test_a_contact_that_a_colleague_ties_comes_at_once(group: Group) -> None:
    owner, associate = group.owner, group.associate
    mother = owner.add("contact", {"name": "Mother"})
    associate.pull()
    version = associate.hello().scope_version
    tie = {"client_id": group.hers["client"].hex, "contact_id": mother.hex, "type": "PARENT"}
    tied = owner.add("relationship", tie)
    assert associate.hello().scope_version > version
    assert mother in seen(associate)
    # One that comes in the same change needs no new view: it is pulled.
    associate.pull()
    version, both = associate.hello().scope_version, uuid4()
    father = owner.write("contact", uuid4(), {"name": "Father"}, new=True, change_set=both)
    tie = {**tie, "contact_id": father.pk.hex}
    owner.push(father, owner.write("relationship", uuid4(), tie, new=True, change_set=both))
    assert associate.hello().scope_version == version
    assert father.pk in {entry.pk for entry in associate.pull()}
    # One tie that comes to name another: he comes, and she goes.
    other = owner.add("contact", {"name": "Guardian"})
    associate.pull()
    owner.change("relationship", tied, contact_id=other.hex)
    page = associate.page()
    assert page.scope_version > version
    assert ("contact", mother) in page.gone
    assert other in seen(associate)


@pytest.mark.parametrize("entity", ["care_case", "case_participant"])
def test_a_person_whom_a_link_comes_to_name_comes_and_the_one_before_goes(
    group: Group, entity: str
) -> None:
    owner, associate, case = group.owner, group.associate, group.hers["care_case"]
    first, second = (owner.add("client", CLIENT) for _ in range(2))
    emails = [
        owner.add("client_email", {"client_id": client.hex, "address": "a@b.c"})
        for client in (first, second)
    ]
    column = "identified_client_id" if entity == "care_case" else "client_id"
    if entity == "care_case":
        link = case
        owner.change("care_case", case, identified_client_id=first.hex)
    else:
        link = owner.add(entity, {"case_id": case.hex, "client_id": first.hex})
    assert {first, emails[0]} <= seen(associate)
    associate.pull()
    owner.pull()
    version = associate.hello().scope_version
    owner.change(entity, link, **{column: second.hex})
    page = associate.page()
    assert page.scope_version > version
    assert {("client", first), ("client_email", emails[0])} <= set(page.gone)
    assert not {second, emails[1]} & {pk for _, pk in page.gone}
    assert {second, emails[1]} <= seen(associate)


def test_a_person_without_a_case_comes_and_goes_with_whose_they_are(group: Group) -> None:
    owner, associate = group.owner, group.associate
    client = owner.add("client", CLIENT)
    email = owner.add("client_email", {"client_id": client.hex, "address": "a@b.c"})
    associate.pull()
    version = associate.hello().scope_version
    owner.change("client", client, primary_member_id=group.associate_id.hex)
    assert associate.hello().scope_version > version
    assert {client, email} <= seen(associate)
    associate.pull()
    owner.pull()
    owner.change("client", client, primary_member_id=owner.caller.member_id.hex)
    page = associate.page()
    assert {("client", client), ("client_email", email)} <= set(page.gone)
    # Or with a case of another's.
    owner.pull()
    owner.change("client", client, primary_member_id=group.associate_id.hex)
    associate.pull()
    assert associate.page().gone == ()
    tie = {"case_id": group.other["care_case"].hex, "client_id": client.hex}
    owner.add("case_participant", tie)
    assert {("client", client), ("client_email", email)} <= set(associate.page().gone)


def test_what_a_member_ties_herself_is_no_news_to_her(group: Group) -> None:
    associate, me = group.associate, group.associate_id.hex
    client = associate.add("client", {**CLIENT, "primary_member_id": me})
    mother = associate.write("contact", uuid4(), {"name": "Mother"}, new=True)
    associate.push(mother)
    version = associate.hello().scope_version
    case = associate.add("care_case", {"kind": "INDIVIDUAL", "provider_id": me})
    associate.add("case_participant", {"case_id": case.hex, "client_id": client.hex})
    tie = {"client_id": client.hex, "contact_id": mother.pk.hex, "type": "PARENT"}
    associate.add("relationship", tie)
    associate.change("care_case", case, identified_client_id=client.hex)
    assert associate.hello().scope_version == version
    assert {client, mother.pk} <= seen(associate)


def test_an_administrator_whose_case_is_taken_keeps_it_and_loses_its_words(group: Group) -> None:
    """Made administrator with cases of his own, which the owner hands over then."""
    owner = group.owner
    owner.change("member", group.associate_id, role="ADMIN")
    admin = group.associate
    admin.pull()
    owner.pull()
    owner.change("care_case", group.hers["care_case"], provider_id=owner.caller.member_id.hex)
    page = admin.page()
    assert {entity for entity, _ in page.gone} <= {"note"}
    admin.pull()
    assert group.hers["client"] in seen(admin)


def test_work_on_other_members_cases_is_refused(group: Group) -> None:
    associate = group.associate
    for entity, said in (("client", {"notes": "x"}), ("note", {"kind": "CONTACT"})):
        (answer,) = associate.push(associate.write(entity, group.other[entity], said))
        assert (answer.verdict, answer.refusal) == ("rejected", "out_of_scope")
    (answer,) = associate.push(associate.write("client", group.hers["client"], {"notes": "x"}))
    assert answer.verdict == "applied"


def test_new_work_on_a_case_that_is_not_ones_own_any_more_is_taken_and_not_given_back(
    group: Group,
) -> None:
    """Rule 9 of 0022: it was begun when the case was one's own, and belongs to it."""
    associate, owner = group.associate, group.owner
    owner.change("care_case", group.other["care_case"], provider_id=group.associate_id.hex)
    associate.pull()
    owner.pull()
    owner.change("care_case", group.other["care_case"], provider_id=owner.caller.member_id.hex)
    author = group.associate_id.hex
    words = {"sections": {"plan": "begun before"}, "author_id": author}
    said = {**NOTE, "case_id": group.other["care_case"].hex, **words}
    made = associate.write("note", uuid4(), said, new=True)
    assert associate.push(made)[0].verdict == "applied"
    assert made.pk in seen(owner)
    assert made.pk not in seen(associate)
    (echo,) = [entry for entry in associate.pull() if entry.operation == made.id]
    assert echo.columns == {}


def test_ones_own_echo_comes_back_and_from_a_hidden_row_without_content(group: Group) -> None:
    associate = group.associate
    associate.pull()
    made = associate.write("client", uuid4(), CLIENT, new=True)
    assert associate.push(made)[0].verdict == "applied"
    (echo,) = [entry for entry in associate.pull() if entry.operation == made.id]
    assert echo.columns == {}


def test_an_administrator_gets_no_words_of_notes(group: Group) -> None:
    admin_id = uuid4()
    owner = group.owner
    owner.add("member", {"given": "Pat", "role": "ADMIN"}, admin_id)
    note = group.other["note"]
    owner.add(
        "amendment_draft",
        {**AMENDMENT, "note_id": note.hex, "author_id": owner.caller.member_id.hex},
    )
    third = owner.server.computer(owner.caller.practice_id, "Third", owner.caller.member_id)
    third.pull()
    owner.push(owner.write("note", note, {**DRAFT, "sections": {"plan": "secret 1"}}))
    third.push(third.write("note", note, {**DRAFT, "sections": {"plan": "secret 2"}}))
    admin = owner.server.computer(owner.caller.practice_id, "Pat", admin_id)
    admin.pull()
    held = {entity for entity, _ in admin.rows}
    assert held.isdisjoint({"note", "amendment_draft", "inbox_item"})
    assert group.other["client"] in {pk for _, pk in admin.rows}
    told = str([row.columns for row in admin.snapshot()]) + str(admin.rows)
    assert "secret" not in told
    assert "'plan'" not in told
    (answer,) = admin.push(admin.write("note", note, {"kind": "CONTACT"}))
    assert answer.refusal == "out_of_scope"


def test_files_come_and_go_with_the_case_of_their_note(group: Group) -> None:
    owner = group.owner
    for case in (group.hers, group.other):
        said = {**FILE, "case_id": case["care_case"].hex, "note_id": case["note"].hex}
        case["attachment"] = owner.add("attachment", said)
    assert group.hers["attachment"] in seen(group.associate)
    assert group.other["attachment"] not in seen(group.associate)
