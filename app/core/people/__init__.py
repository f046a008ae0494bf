"""Clients, how to reach them, who helps them, and where they are in their care."""
