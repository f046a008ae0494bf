"""The practice itself: its name and identifiers, services, locations, hours and settings."""
