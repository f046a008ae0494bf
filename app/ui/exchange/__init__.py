"""Import of client lists: choose files, look at what would arrive, bring it in, undo it."""
