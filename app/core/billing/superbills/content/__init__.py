"""What a superbill prints, and how it is made of a draft."""
