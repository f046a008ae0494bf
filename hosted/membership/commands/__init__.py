"""What changes a plan: the owner's own choice, and what the operator says."""
