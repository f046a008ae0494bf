"""Help, offline: the first page, which says how the program thinks and where things are."""
