"""The practice itself: no Qt, no network."""
