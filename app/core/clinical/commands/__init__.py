"""Verbs of the clinical record: write, sign and amend notes; add, end and mend diagnoses."""
