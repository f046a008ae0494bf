"""Who is invited to a practice, joins it, changes role and leaves."""
