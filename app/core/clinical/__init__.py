"""The clinical record: notes, amendments, dated diagnoses and the table of diagnosis codes."""
