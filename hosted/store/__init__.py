"""Where the server keeps practices: its own tables, the two databases, what isolates practices."""
