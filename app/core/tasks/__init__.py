"""What needs attention, what to do next, Today, and the search over everything."""
