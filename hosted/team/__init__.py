"""The team of a practice's account: who is invited, who joins, in which role, and who leaves."""
