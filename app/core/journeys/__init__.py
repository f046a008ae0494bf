"""Acts that touch several areas, one unit of work each."""
