"""The account of a practice: who signs in, how they prove it, and which computers they connect."""
