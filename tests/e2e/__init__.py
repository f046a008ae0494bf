"""Journeys in a therapist's words, on the real window."""
