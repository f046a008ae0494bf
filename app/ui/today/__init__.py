"""Today: the day's sessions, what to know before the next one, what needs attention, the week."""
