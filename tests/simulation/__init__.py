"""Sync, proved by simulation: seeded scenarios, the invariants, and what runs them."""
