"""Every command with its permission, whom that admits, and its row in the plan's table.

The table is whole: a new command fails here until it stands in it, so that none is forgotten.
"""

from __future__ import annotations

import importlib
import pkgutil

import app.core
from app.core.kernel.acting import GRANTS, Role
from app.core.store.command import Command

_LETTERS = {Role.OWNER: "o", Role.PROVIDER: "p", Role.ASSOCIATE: "s", Role.ADMIN: "a"}

#: Whom a command admits (owner, provider, associate, admin), its right, and its act.
DECLARED = {
    "billing.fees.set_client_fee": "opsa BILL BOOK",
    "billing.invoices.issue_invoice": "opsa BILL BOOK",
    "billing.invoices.take_out_invoice": "opsa BILL READ",
    "billing.invoices.void_invoice": "opsa BILL SETTLE",
    "billing.ledger.add_charges": "opsa BILL CLOSE",
    "billing.ledger.apply_credit": "opsa BILL SETTLE",
    "billing.ledger.enter_opening_balance": "opsa BILL BOOK",
    "billing.ledger.enter_opening_credit": "opsa BILL BOOK",
    "billing.ledger.record_payment": "opsa BILL SETTLE",
    "billing.ledger.refund_payment": "opsa BILL SETTLE",
    "billing.ledger.reverse_payment": "opsa BILL SETTLE",
    "billing.ledger.void_charge": "opsa BILL SETTLE",
    "billing.superbills.add_modifier": "opsa BILL CLOSE",
    "billing.superbills.keep_superbill": "opsa BILL SETTLE",
    "billing.superbills.take_out_superbill": "opsa BILL READ",
    "billing.superbills.take_superbill_number": "opsa BILL SETTLE",
    "cases.add_billing_contact": "opsa BILL BOOK",
    "cases.add_client_with_case": "opsa EDIT_CLIENTS BOOK",
    "cases.add_couple": "opsa EDIT_CLIENTS BOOK",
    "cases.change_case": "opsa EDIT_CLIENTS BOOK",
    "cases.close_case": "opsa EDIT_CLIENTS WITHDRAW",
    "cases.open_case": "opsa EDIT_CLIENTS BOOK",
    "cases.rename_case": "opsa EDIT_CLIENTS BOOK",
    "cases.reopen_case": "opsa EDIT_CLIENTS BOOK",
    "cases.set_identified_patient": "opsa EDIT_CLIENTS CLOSE",
    "cases.set_payers": "opsa BILL BOOK",
    "clinical.add_diagnosis": "ops DIAGNOSE CLOSE",
    "clinical.amend_note": "ops WRITE_NOTES FINISH",
    "clinical.attach_to_client": "opsa EDIT_CLIENTS BOOK",
    "clinical.attach_to_note": "ops WRITE_NOTES CLOSE",
    "clinical.discard_draft": "ops WRITE_NOTES CLOSE",
    "clinical.discard_empty_draft": "ops WRITE_NOTES FINISH",
    "clinical.end_diagnosis": "ops DIAGNOSE CLOSE",
    "clinical.make_valid_from": "ops DIAGNOSE CLOSE",
    "clinical.move_diagnosis": "ops DIAGNOSE CLOSE",
    "clinical.note_copy": "opsa READ_RECORDS READ",
    "clinical.open_note": "ops READ_NOTES READ",
    "clinical.remove_attachment": "opsa EDIT_CLIENTS CLOSE",
    "clinical.remove_diagnosis": "ops DIAGNOSE CLOSE",
    "clinical.save_amendment_draft": "ops WRITE_NOTES FINISH",
    "clinical.save_draft": "ops WRITE_NOTES FINISH",
    "clinical.sign_note": "ops WRITE_NOTES FINISH",
    "clinical.start_note": "ops WRITE_NOTES BOOK",
    "clinical.start_session_note": "ops WRITE_NOTES CLOSE",
    "demo.generator.furnish": "o IMPORT BOOK",
    "demo.generator.live_through": "o IMPORT BOOK",
    "exchange.begin_import": "o IMPORT BOOK",
    "exchange.begin_undo": "o IMPORT WITHDRAW",
    "exchange.import_slice": "o IMPORT BOOK",
    "exchange.listing.note_export": "op EXPORT READ",
    "exchange.stage_slices": "o IMPORT BOOK",
    "exchange.undo_slice": "o IMPORT WITHDRAW",
    "journeys.bookings.book_first": "opsa SCHEDULE BOOK",
    "journeys.bookings.delete_booking": "opsa SCHEDULE BOOK",
    "journeys.clients.add_person": "opsa EDIT_CLIENTS BOOK",
    "journeys.destroying.destroy_clients": "o MANAGE_TEAM WITHDRAW",
    "journeys.destroying.destroy_returned": "opsa READ_RECORDS READ",
    "journeys.imports.arrive": "o IMPORT BOOK",
    "journeys.invoices.create_invoice": "opsa BILL BOOK",
    "journeys.notes.write_note": "ops WRITE_NOTES CLOSE",
    "journeys.payments.pay_invoice": "opsa BILL SETTLE",
    "journeys.payments.void_charge": "opsa BILL SETTLE",
    "journeys.sessions.attend": "opsa SCHEDULE CLOSE",
    "journeys.sessions.cancel": "opsa SCHEDULE CLOSE",
    "journeys.sessions.enter_past": "opsa SCHEDULE BOOK",
    "journeys.sessions.miss": "opsa SCHEDULE CLOSE",
    "journeys.sessions.reopen": "opsa SCHEDULE CLOSE",
    "journeys.superbills.issue_superbill": "opsa BILL SETTLE",
    "journeys.superbills.issue_superbills": "opsa BILL SETTLE",
    "journeys.superbills.supersede_superbill": "opsa BILL SETTLE",
    "journeys.superbills.take_out_stack": "opsa BILL READ",
    "journeys.work.move_work": "o MANAGE_TEAM WITHDRAW",
    "membership.activate_clients": "opsa EDIT_CLIENTS GROW",
    "membership.choose_active": "opsa EDIT_CLIENTS WITHDRAW",
    "membership.keep_who_is_active": "opsa EDIT_CLIENTS WITHDRAW",
    "people.add_client": "opsa EDIT_CLIENTS BOOK",
    "people.add_contact": "opsa EDIT_CLIENTS BOOK",
    "people.add_contact_for": "opsa EDIT_CLIENTS BOOK",
    "people.add_relationship": "opsa EDIT_CLIENTS BOOK",
    "people.archive_client": "opsa EDIT_CLIENTS WITHDRAW",
    "people.change_contact": "opsa EDIT_CLIENTS CLOSE",
    "people.change_details": "opsa EDIT_CLIENTS CLOSE",
    "people.change_lifecycle": "opsa EDIT_CLIENTS BOOK",
    "people.change_name": "opsa EDIT_CLIENTS CLOSE",
    "people.change_relationship": "opsa EDIT_CLIENTS BOOK",
    "people.make_inactive": "opsa EDIT_CLIENTS WITHDRAW",
    "people.mark_reviewed": "opsa EDIT_CLIENTS CLOSE",
    "people.open_chart": "opsa READ_RECORDS READ",
    "people.remove_relationship": "opsa EDIT_CLIENTS BOOK",
    "people.set_addresses": "opsa EDIT_CLIENTS CLOSE",
    "people.set_emails": "opsa EDIT_CLIENTS CLOSE",
    "people.set_insurances": "opsa EDIT_CLIENTS CLOSE",
    "people.set_phones": "opsa EDIT_CLIENTS CLOSE",
    "people.verify_relationship": "opsa EDIT_CLIENTS BOOK",
    "practice.add_location": "oa OPERATIONAL_SETTINGS BOOK",
    "practice.add_service": "oa OPERATIONAL_SETTINGS BOOK",
    "practice.change_location": "oa OPERATIONAL_SETTINGS BOOK",
    "practice.change_practice": "o PRACTICE_SETTINGS BOOK",
    "practice.change_service": "oa OPERATIONAL_SETTINGS BOOK",
    "practice.retire_location": "oa OPERATIONAL_SETTINGS BOOK",
    "practice.retire_service": "oa OPERATIONAL_SETTINGS BOOK",
    "practice.set_office_hours": "oa OPERATIONAL_SETTINGS BOOK",
    "practice.set_setting": "o PRACTICE_SETTINGS BOOK",
    "practice.start_numbers_at": "o PRACTICE_SETTINGS BOOK",
    "scheduling.book_series": "opsa SCHEDULE BOOK",
    "scheduling.book_session": "opsa SCHEDULE BOOK",
    "scheduling.cancel_session": "opsa SCHEDULE CLOSE",
    "scheduling.change_session": "opsa SCHEDULE CLOSE",
    "scheduling.complete_session": "opsa SCHEDULE CLOSE",
    "scheduling.confirm_session": "opsa SCHEDULE BOOK",
    "scheduling.delete_session": "opsa SCHEDULE BOOK",
    "scheduling.edit_session": "opsa SCHEDULE CLOSE",
    "scheduling.end_series": "opsa SCHEDULE CLOSE",
    "scheduling.enter_past_sessions": "opsa SCHEDULE BOOK",
    "scheduling.keep_begun_sessions": "opsa SCHEDULE CLOSE",
    "scheduling.miss_session": "opsa SCHEDULE CLOSE",
    "scheduling.move_session": "opsa SCHEDULE BOOK",
    "scheduling.reopen_session": "opsa SCHEDULE CLOSE",
    "journeys.undoing.undo": "opsa READ_RECORDS CLOSE",
    "store.undoing.undo_change_set": "opsa READ_RECORDS CLOSE",
    "tasks.decide": "opsa READ_RECORDS FINISH",
    "team.add_license": "opsa OWN_SETTINGS CLOSE",
    "team.change_license": "opsa OWN_SETTINGS CLOSE",
    "team.change_member": "opsa OWN_SETTINGS CLOSE",
    "team.change_setting": "opsa OWN_SETTINGS BOOK",
    "team.remove_license": "opsa OWN_SETTINGS CLOSE",
    "team.set_permission": "o MANAGE_TEAM BOOK",
    "team.set_up_practice": "o PRACTICE_SETTINGS BOOK",
}


def every_command() -> dict[str, Command[..., object]]:
    """Return every command of the core by its name."""
    found = {}
    for module in pkgutil.walk_packages(app.core.__path__, "app.core."):
        if "migrations" in module.name:
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Command):
                found[value.declaration.name] = value
    return found


def described(command: Command[..., object]) -> str:
    """Return whom a command admits (owner, provider, associate, admin), its right and its act."""
    said = command.declaration
    roles = "".join(letter for role, letter in _LETTERS.items() if said.permission in GRANTS[role])
    return f"{roles} {said.permission} {said.act}"


def test_every_command_says_whom_it_admits_and_what_act_it_is() -> None:
    found = {name: described(command) for name, command in every_command().items()}
    assert found == DECLARED


def test_the_rules_of_roles_hold_for_every_command() -> None:
    for name, words in DECLARED.items():
        roles, right, _act = words.split()
        assert "o" in roles, name
        if right in {"WRITE_NOTES", "READ_NOTES", "DIAGNOSE"}:
            assert roles == "ops", name
        if name.startswith(("practice.", "exchange.begin", "journeys.imports")):
            assert not {"p", "s"} & set(roles), name
