"""What a person does with the account; each is one verb of a page."""
