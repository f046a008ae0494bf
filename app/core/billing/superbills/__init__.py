"""Superbills: what an insurer needs to pay a client back."""
