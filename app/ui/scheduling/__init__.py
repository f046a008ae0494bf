"""The calendar: day and week, booking, and a record's sessions."""
