"""What a service costs whom."""
