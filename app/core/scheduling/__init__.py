"""Sessions and series: what is booked, when it really is, and what became of it."""
