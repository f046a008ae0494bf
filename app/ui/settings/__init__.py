"""Settings: a menu of pages; areas add their own as panels of (settings, page)."""
