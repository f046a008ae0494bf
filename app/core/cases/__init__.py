"""Cases: who is treated together, by whom, and who pays."""
