"""Decisions about notes, diagnoses and diagnosis codes."""
