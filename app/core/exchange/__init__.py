"""Formats in and out: other systems' client lists are read here, and ours is written."""
