"""Tasks: everything that needs attention, each with its mend; also the pane of Today."""
