"""Decisions about superbills: what goes on one, what an insurer would refuse, how it is mended."""
