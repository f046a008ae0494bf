"""What the practice's plan allows, and how much of it is used."""
