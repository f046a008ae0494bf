"""The seeded bugs: each breaks one rule, and a simulator that does not find it proves nothing.

The first nine are those of the design's *Proof*; the last each undo a rule that this model showed
to be needed (see the decision record 0022 in ``tests/architecture``).
"""

from __future__ import annotations

#: Name, and the rule that it breaks.
OF_THE_DESIGN = {
    "cursor_jumps_to_own_push": "the cursor moves by pulled pages alone",
    "cursor_before_apply": "the cursor is stored with the last slice",
    "sequence_gap": "seqs are taken last before commit",
    "overlay_dropped_on_ack": "an operation stays until its own echo is pulled",
    "no_idempotency": "a duplicate gets the original answer",
    "last_writer_wins_notes": "a draft is never overwritten unseen",
    "shared_invoice_counter": "numbers come from a leased block or a series of the device",
    "no_future_stamp_check": "a stamp counts as 60 s ahead at most",
    "same_identity_after_restore": "a restored or copied file begins another life",
}
#: Of further rules of the page.
OF_THE_RULES = {
    "old_client_sends_whole_rows": "an operation names changed columns only",
    "lapsed_stops_notes": "a lapsed entitlement never blocks finishing a note",
    "half_a_group_is_sent": "the columns of a group move as one",
    "later_status_wins": "COMPLETED with a charge beats CANCELED",
    "deletes_win": "an unseen edit beats the delete of a clinical row",
    "second_signature_replaces": "what is signed is immutable",
    "scope_is_ignored": "a pull shows the cases that are assigned now",
    "purged_may_return": "what names a purged record is rejected",
}
FOUND_BY_THE_MODEL = {
    "base_of_the_row": "under an own pending operation its base is inherited",
    "base_stays_behind_own_echo": "what goes on from a won operation goes on from its echo",
    "form_stays_behind": "what an open form shows of a won operation goes on from its echo",
    "one_head_per_device": "a losing text is keyed by the branch it goes on from",
    "beaten_rivals_return": "who knows the value that stands has no rival",
    "decided_unseen": "a decision counts only for the versions that it saw",
    "coalesced_under_one_id": "a text that replaces an unsent one gets an id of its own",
    "forks_by_largest_counter": "a second life is known by what it does not hold",
    "no_echo_out_of_scope": "an own echo comes even from rows out of scope",
    "epoch_is_ignored": "a restored server begins an epoch",
    "restate_as_new_edit": "a restatement names the version it had in the old epoch",
    "restated_row_by_row": "rows of one change set are restated as one",
    "restates_what_never_changed": "only what differs from the common head is restated",
    "restates_what_is_shared": "what a backup holds of an earlier epoch is not stated to it again",
    "restated_values_unknown": "an operation says what it replaced",
    "restatement_taken_for_seen": "what is stated again was not seen under a change on top of it",
    "set_aside_unreplaced": "also what is set aside of a restatement has a whole row as its echo",
    "restated_over_a_restatement": "over a row not yet restated only what came since is restated",
    "restated_under_one_version": "after a restore a row has versions by column",
    "in_doubt_beats_restated": "what may be in a restated row already does not beat it",
    "lease_again_after_restore": "each epoch leases from a series of its own",
    "earlier_life_unknown": "what a file sends again of another life is its own",
    "stated_questions_fall": "a question stated again over one made anew keeps both sides' words",
    "questions_about_questions": "late words of a question are asked about what it is about",
    "purged_numbers_forgotten": "the number of a purged paper was given all the same",
    "purge_takes_unsent_papers": "a purge waits for the numbers of papers that were not sent",
    "purge_forgotten_by_restore": "the list of purges lies outside the server's backups",
}
BUGS = {**OF_THE_DESIGN, **OF_THE_RULES, **FOUND_BY_THE_MODEL}
