"""The design language: tokens, type, icons, the one style sheet. No colour stands elsewhere."""
